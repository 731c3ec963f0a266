"""Draws the charts of `nasatlas` and other Vega-Lite specifications as SVG, PNG or PDF, without a browser.

    pip install "nasatlas[plot]"

    from nasatlas import plot
    plot.render("tau-against-time.vl.json", "tau-against-time.pdf")

or `python3 -m nasatlas.plot SPECIFICATION OUT...`, where SPECIFICATION may be `-` for the standard input.
"""

from __future__ import annotations

import argparse
import json
import numbers
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from nasatlas.errors import MissingPackage, NASAtlasError
from nasatlas.outputs import Target, writing

FORMS = ("svg", "png", "pdf")


class PlotError(NASAtlasError, ValueError):
    """A chart that cannot be drawn."""

    code = "plot.chart"


def render(specification: Mapping | str | os.PathLike, path: str | os.PathLike, scale: float = 2.0) -> Path:
    """Draws `specification` (a dict, its JSON text, or the path of a file) into the file `path`.

    The ending of `path` determines the form. `scale` is the number of PNG pixels per pixel of the specification. The
    specification must contain its data: nothing is fetched. Raises PlotError, Unwritable where the file cannot be
    written or would replace something else, and MissingPackage where vl-convert-python is not installed.
    """
    try:
        path = Path(path)
    except TypeError as error:
        raise PlotError(f"a chart is drawn into a file, not into {path!r}", code="plot.unknown_form",
                        known=list(FORMS), remedy="name a file that ends with .svg, .png or .pdf") from error
    form = path.suffix.lower()[1:]
    if form not in FORMS:
        raise PlotError(f"{path} ends with {path.suffix or 'nothing'}; allowed: .svg, .png, .pdf", known=list(FORMS),
                        code="plot.unknown_form", remedy="give the file one of these endings")
    if not isinstance(scale, numbers.Real) or not 0 < scale <= 100:
        raise PlotError(f"a scale of {scale!r} cannot be drawn", code="plot.scale", remedy="give a number up to 100")
    chart = _read(specification)
    is_file = isinstance(specification, (str, os.PathLike)) and not _is_text(specification)
    inputs = (specification,) if is_file else ()
    Target(path).check(form, inputs)
    drawn = _drawn(chart, form, scale)
    with writing(path, form, inputs=inputs) as file:
        file.write(drawn)
    return path


def svg(specification: Mapping | str | os.PathLike) -> str:
    """The SVG text of a chart. Raises PlotError, and MissingPackage where vl-convert-python is not installed."""
    return _drawn(_read(specification), "svg", 1.0).decode()


def _drawn(chart: dict, form: str, scale: float) -> bytes:
    try:
        import vl_convert
    except ImportError as error:
        raise MissingPackage(f"vl_convert cannot be imported: {error}",
                             remedy='`pip install "nasatlas[plot]"`, or `pip install vl-convert-python`') from error
    try:
        if form == "svg":
            return vl_convert.vegalite_to_svg(chart, allowed_base_urls=[]).encode()
        if form == "png":
            return vl_convert.vegalite_to_png(chart, scale=scale, allowed_base_urls=[])
        return vl_convert.vegalite_to_pdf(chart, allowed_base_urls=[])
    except ValueError as error:
        told = [line for line in str(error).splitlines() if not line.lstrip().startswith("at ")]
        raise PlotError(f"the chart cannot be drawn: {' '.join(told)}", remedy="give a Vega-Lite specification that "
                        "contains its data") from error


def _is_text(specification) -> bool:
    """Whether it is a JSON text, not the path of a file."""
    return isinstance(specification, str) and specification.lstrip().startswith(("{", "["))


def _read(specification) -> dict:
    """The specification as a dict."""
    name = "the specification"
    if isinstance(specification, Mapping):
        return dict(specification)
    if not isinstance(specification, (str, os.PathLike)):
        raise PlotError(f"{specification!r} is not a specification", code="plot.unreadable",
                        remedy="name a JSON file, or give its text or a dict")
    text = specification
    if not _is_text(text):
        name = os.fspath(specification)
        try:
            text = Path(specification).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise PlotError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}",
                            code="plot.unreadable", remedy="name a JSON file, or give its text or a dict") from error
    try:
        chart = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlotError(f"{name} is not JSON: {error}", code="plot.not_json", remedy="write the file again") from error
    if not isinstance(chart, dict):
        raise PlotError(f"{name} is not a Vega-Lite specification: it is {type(chart).__name__} in JSON",
                        code="plot.not_json", remedy="give an object")
    return chart


def main(arguments: list | None = None) -> int:
    """Runs the command and returns its exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m nasatlas.plot", description="Draws a Vega-Lite specification.")
    parser.add_argument("specification", help="a JSON file, or - for the standard input")
    parser.add_argument("out", nargs="+", help="a file that ends with .svg, .png or .pdf")
    parser.add_argument("--scale", type=float, default=2.0, help="PNG pixels per pixel of the specification (2)")
    options = parser.parse_args(arguments)
    try:
        chart = _read(sys.stdin.read() if options.specification == "-" else Path(options.specification))
        for path in options.out:
            render(chart, path, options.scale)
    except NASAtlasError as error:
        print(f"nasatlas.plot: {error.code}: {error}", file=sys.stderr)
        return getattr(error, "exit_status", 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
