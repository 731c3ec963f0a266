"""NASAtlas for Python; `nasatlas.importing` turns published benchmark tables into interchange files."""

__version__ = "0.1.0"
