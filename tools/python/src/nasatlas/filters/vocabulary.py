"""The fields that a filter may use."""

from __future__ import annotations

from collections.abc import Iterable

from nasatlas import nearest
from nasatlas.filters.expression import Field


class Vocabulary:
    """Known fields, spelled as in filters; `latency[*]` allows any brackets."""

    def __init__(self, names: Iterable[str]):
        self.names = sorted(set(names))
        self._selectable = {name[:-3] for name in self.names if name.endswith("[*]")}
        self._exact = {name for name in self.names if not name.endswith("[*]")}

    def __contains__(self, field: Field) -> bool:
        return field.text in self._exact or bool(field.selectors) and field.path_text in self._selectable

    def suggestion(self, field: Field) -> str:
        """` (did you mean NAME?)` where a known field is near, else nothing."""
        brackets = field.text[len(field.path_text):]
        offers = [(_rank(field.text, name), name) for name in sorted(self._exact)]
        offers += [(_rank(field.path_text, name), name + (brackets or "[*]")) for name in sorted(self._selectable)]
        best = None
        for rank, name in offers:
            if name != field.text and rank is not None and (best is None or rank < best[0]):
                best = rank, name
        return "" if best is None else f" (did you mean {best[1]}?)"


def _rank(asked: str, name: str) -> int | None:
    """How near two spellings are: by the part that differs where all other parts are the same, else as wholes."""
    first, second = ([part for part in text.split(".") if part] for text in (asked, name))
    if len(first) > 1 and len(first) == len(second):
        differing = [(one, other) for one, other in zip(first, second) if one != other]
        if len(differing) == 1 and (found := nearest.rank(*differing[0])) is not None:
            return found
    return nearest.rank(asked, name)
