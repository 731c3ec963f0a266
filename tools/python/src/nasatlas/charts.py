"""Draws the charts that `nasatlas` writes as Vega-Lite specifications: SVG, PNG or PDF, without a browser.

    pip install "nasatlas[charts]"

    from nasatlas import charts
    charts.render("tau-against-time.vl.json", "tau-against-time.pdf")
"""

import json
import os
from pathlib import Path


class ChartsError(RuntimeError):
    """A chart that cannot be drawn here."""


def render(specification, path, scale=2.0):
    """Draws `specification` (a dict, or the path of a JSON file) into the file `path`; its ending tells the form.

    `scale` is pixels of a PNG a pixel of the specification. Raises ChartsError for other endings, and where
    vl-convert-python is not installed.
    """
    path = Path(path)
    form = path.suffix.lower().removeprefix(".")
    if form not in ("svg", "png", "pdf"):
        raise ChartsError(f"{path} ends with {path.suffix or 'nothing'}; allowed: .svg, .png, .pdf")
    try:
        import vl_convert
    except ImportError as error:
        raise ChartsError('drawing needs vl-convert-python: pip install "nasatlas[charts]"') from error
    if isinstance(specification, (str, os.PathLike)):
        specification = json.loads(Path(specification).read_text(encoding="utf-8"))
    if form == "svg":
        path.write_text(vl_convert.vegalite_to_svg(specification), encoding="utf-8")
    elif form == "png":
        path.write_bytes(vl_convert.vegalite_to_png(specification, scale=scale))
    else:
        path.write_bytes(vl_convert.vegalite_to_pdf(specification))
    return path
