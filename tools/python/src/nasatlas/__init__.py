"""NASAtlas for Python.

    import nasatlas

    atlas = nasatlas.open("nasbench201.atlas")
    atlas.query(architecture, dataset="cifar10").value

`nasatlas.connect("http://localhost:8080")` gives the same of an atlas that `nasatlas serve` has.

`nasatlas.importing` turns published benchmark tables into interchange files, `nasatlas.evaluate` predicts for the splits
of an evaluation, `nasatlas.plot` draws charts, `nasatlas.adapters` lets other frameworks ask an atlas. Importers and
charts need no numpy.
"""

from __future__ import annotations

__version__ = "0.1.0"


def __getattr__(name):
    # Importers and scripts that need no numpy must not wait for it.
    if name in ("open", "Atlas"):
        from nasatlas import atlas
        return getattr(atlas, name)
    if name == "connect":
        from nasatlas.remote.connecting import connect
        return connect
    if name == "RemoteAtlas":
        from nasatlas.remote.atlas import RemoteAtlas
        return RemoteAtlas
    if name == "NASAtlasError":
        from nasatlas.errors import NASAtlasError
        return NASAtlasError
    raise AttributeError(f"module 'nasatlas' has no attribute {name!r}")
