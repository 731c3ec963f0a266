"""Suggests known names for unknown ones, by the rule of the program, so that both suggest the same."""

from __future__ import annotations

from collections.abc import Iterable

_UNITS = frozenset((
    "percent", "fraction", "ms", "us", "s", "milliseconds", "microseconds", "seconds", "second", "millisecond", "nats",
    "bits", "mb", "bytes", "flops"))
"""Endings that name the unit of a value: `accuracy_percent` is near to `accuracy`."""


def suggestion(asked, known: Iterable) -> str:
    """` (did you mean NAME?)` where a known name is near, else an empty text."""
    found = nearest(str(asked), map(str, known))
    return "" if found is None else f" (did you mean {found}?)"


def nearest(asked: str, known: Iterable) -> str | None:
    """The nearest of `known`; None where none is near. Ties go to the first in alphabetical order."""
    found = ranked(asked, known)
    return min(found)[1] if found else None


def ranked(asked: str, known: Iterable) -> list:
    """Rank and name of the names that are near."""
    found = ((rank(asked, name), name) for name in known if name != asked)
    return [one for one in found if one[0] is not None]


def rank(asked: str, name: str) -> int | None:
    """How near two names are, where smaller is nearer; None where they are not near.

    From near to far: the same letters in another case; the same but for a unit at the end; one begins with the other,
    up to a mark such as `-` or a number; an edit distance of at most a third of the length and at most three; one
    begins with at least three letters of the other.
    """
    first, second = asked.lower(), name.lower()
    if first == second:
        return 0
    if without_unit(first) == without_unit(second):
        return 1
    short, long = (first, second) if len(first.encode()) < len(second.encode()) else (second, first)
    is_beginning = len(short.encode()) >= 3 and long.startswith(short)
    following = long[len(short):len(short) + 1]
    if is_beginning and following and not following.isalpha() and (not following.isnumeric() or short[-1].isalpha()):
        return 2
    distance = _distance(first.encode(), second.encode(), min(3, max(1, len(second.encode()) // 3)))
    if distance is not None:
        return 2 + distance
    return 6 if is_beginning and following.isalpha() else None


def without_unit(name: str) -> str:
    """The name without a unit at its end."""
    mark = max(name.rfind("_"), name.rfind("-"))
    return name[:mark] if mark > 0 and name[mark + 1:] in _UNITS else name


def _distance(first: bytes, second: bytes, limit: int) -> int | None:
    """Letters to insert, delete, replace, or swap with a neighbor (optimal string alignment); None above `limit`."""
    if abs(len(first) - len(second)) > limit:
        return None
    beyond = limit + 1
    before_last, last = [], [min(j, beyond) for j in range(len(second) + 1)]
    for i, one in enumerate(first):
        # Only cells within `limit` of the diagonal can count.
        row = [min(i + 1, beyond)] + [beyond] * len(second)
        for j in range(max(0, i - limit), min(len(second), i + limit + 1)):
            other = second[j]
            cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (one != other), beyond)
            if i and j and one == second[j - 1] and first[i - 1] == other:
                cost = min(cost, before_last[j - 1] + 1)
            row[j + 1] = cost
        if min(row) > limit:
            return None
        before_last, last = last, row
    return last[-1] if last[-1] <= limit else None
