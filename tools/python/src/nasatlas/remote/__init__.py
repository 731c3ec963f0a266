"""Atlases over HTTP: what `nasatlas.connect` is made of."""
