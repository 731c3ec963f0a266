"""NASAtlas for Python: `nasatlas.importing` turns published benchmark tables into interchange files, `nasatlas.evaluate`
predicts for the splits of an evaluation, `nasatlas.charts` draws charts."""

__version__ = "0.1.0"
