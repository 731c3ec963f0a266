"""Writes the JavaScript that draws charts of the server's pages, Vega, Vega-Lite and Vega-Embed in one file, to a path."""

import sys

import vl_convert

with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write(vl_convert.javascript_bundle())
