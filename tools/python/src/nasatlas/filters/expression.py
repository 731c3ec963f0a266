"""A parsed filter: conditions on fields, and their truth for values.

A field may be absent, so a condition is True, False, or None for unknown (Kleene's logic, as in SQL).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Optional, Union

import numpy as np

from nasatlas import nearest
from nasatlas.errors import FilterError
from nasatlas.filters.words import name_text, selector_text, value_text

Value = Optional[Union[float, str]]
COMPARISONS = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
               ">=": operator.ge}
FAILS, UNKNOWN, HOLDS = 0, 1, 2
"""Kleene's three values in arrays: AND is the minimum, OR the maximum."""


class Field(NamedTuple):
    """The name of a field: `accuracy.validation`, `attribute.firing_rate`, `latency[raspi4,batch=1]`."""

    path: tuple
    """The parts between dots."""
    selectors: tuple = ()
    """The parts in brackets, as pairs of key (None without one) and value."""

    @property
    def path_text(self) -> str:
        return ".".join(map(name_text, self.path))

    @property
    def text(self) -> str:
        """The one spelling of this field."""
        inside = [("" if key is None else selector_text(key) + "=") + selector_text(value)
                  for key, value in self.selectors]
        return self.path_text + (f"[{','.join(inside)}]" if inside else "")


SEED = Field(("seed",))
"""The one field that may be a number or a text; numbers come first."""
RUN_FIELDS = frozenset(Field((name,)) for name in ("seed", "status", "origin", "source"))
SETTING_FIELDS = frozenset(Field((name,)) for name in ("space", "dataset", "protocol"))
"""Fields with one value for all runs of a setting, so that either part of a filter may have them."""


class Parameter(NamedTuple):
    """`:name`, a placeholder for a value given beside the filter."""

    name: str


def _operand_text(operand) -> str:
    return f":{operand.name}" if isinstance(operand, Parameter) else value_text(operand)


class Condition(NamedTuple):
    """A condition on one field. `kind` is a comparison, `in`, `between`, `absent` or `present`."""

    field: Field
    kind: str
    operands: tuple = ()

    @property
    def text(self) -> str:
        return self._text("")

    def _text(self, negation: str) -> str:
        texts = [_operand_text(one) for one in self.operands]
        if self.kind == "in":
            return f"{self.field.text} {negation}IN ({', '.join(texts)})"
        if self.kind == "between":
            return f"{self.field.text} {negation}BETWEEN {texts[0]} AND {texts[1]}"
        if self.kind in COMPARISONS:
            return f"{self.field.text} {self.kind} {texts[0]}"
        return f"{self.field.text} IS {self.kind.upper()}"

    def conditions(self) -> Iterator[Condition]:
        yield self

    def truth(self, value: Callable[[Field], Value]) -> bool | None:
        """The truth of the condition, with `value` for fields; raises FilterError if it compares a text to a number."""
        held = value(self.field)
        if held is not None and held != held:
            held = None
        if self.kind in ("absent", "present"):
            return (held is None) == (self.kind == "absent")
        if held is None:
            return None
        orders = [_order(self.field, held, one) for one in self.operands]
        if self.kind == "in":
            return 0 in orders
        if self.kind == "between":
            return orders[0] >= 0 and orders[1] <= 0
        return COMPARISONS[self.kind](orders[0], 0)

    def truths(self, column: Callable[[Field], np.ndarray | None]) -> np.ndarray | None:
        """The truth for many rows; None where the condition is not only about numbers."""
        if not all(isinstance(one, float) for one in self.operands):
            return None
        values = column(self.field)
        if values is None:
            return None
        absent = np.isnan(values)
        if self.kind in ("absent", "present"):
            return np.where(absent == (self.kind == "absent"), HOLDS, FAILS)
        if self.kind == "in":
            holds = np.isin(values, self.operands)
        elif self.kind == "between":
            holds = (values >= self.operands[0]) & (values <= self.operands[1])
        else:
            holds = COMPARISONS[self.kind](values, self.operands[0])
        return np.where(absent, UNKNOWN, np.where(holds, HOLDS, FAILS))


class Not(NamedTuple):
    """True where `inner` is false."""

    inner: Expression

    @property
    def text(self) -> str:
        inner = self.inner
        if isinstance(inner, Condition) and inner.kind in ("in", "between"):
            return inner._text("NOT ")
        return f"NOT ({inner.text})" if isinstance(inner, Junction) else f"NOT {inner.text}"

    def conditions(self) -> Iterator[Condition]:
        return self.inner.conditions()

    def truth(self, value) -> bool | None:
        inner = self.inner.truth(value)
        return None if inner is None else not inner

    def truths(self, column) -> np.ndarray | None:
        inner = self.inner.truths(column)
        return None if inner is None else HOLDS - inner


class Junction(NamedTuple):
    """Two or more parts joined by AND (`is_and`) or OR."""

    is_and: bool
    parts: tuple

    @property
    def text(self) -> str:
        def is_bracketed(part) -> bool:
            return isinstance(part, Junction) and (self.is_and or not part.is_and)
        return (" AND " if self.is_and else " OR ").join(
            f"({part.text})" if is_bracketed(part) else part.text for part in self.parts)

    def conditions(self) -> Iterator[Condition]:
        for part in self.parts:
            yield from part.conditions()

    def truth(self, value) -> bool | None:
        is_known, decisive = True, not self.is_and
        for part in self.parts:
            found = part.truth(value)
            if found is None:
                is_known = False
            elif found == decisive:
                return decisive
        return self.is_and if is_known else None

    def truths(self, column) -> np.ndarray | None:
        whole = None
        for part in self.parts:
            found = part.truths(column)
            if found is None:
                return None
            whole = found if whole is None else (np.minimum if self.is_and else np.maximum)(whole, found)
        return whole


Expression = Union[Condition, Not, Junction]


def _order(field: Field, held: float | str, operand) -> int:
    """-1, 0 or 1: where `held` is in the order of values, seen from the operand."""
    if isinstance(held, str) != isinstance(operand, str):
        if field == SEED:
            return 1 if isinstance(held, str) else -1
        kinds = ["a text" if isinstance(one, str) else "a number" for one in (held, operand)]
        raise FilterError(f"{field.text} is {kinds[0]} ({value_text(held)}) and cannot be compared with {kinds[1]} "
                          f"({value_text(operand)})", code="benchmarks.filter_kind_mismatch",
                          remedy="write numbers without quotes and texts as 'text'")
    if isinstance(held, str):
        # The order of code points is that of UTF-8 bytes.
        return (held > operand) - (held < operand)
    return -1 if held < operand else 0 if held == operand else 1


def fields(filter: Expression | None) -> list:  # noqa: A002
    """The fields of a filter, each once, in the order in which they first occur."""
    return [] if filter is None else list(dict.fromkeys(one.field for one in filter.conditions()))


def check_texts(filter: Expression | None,  # noqa: A002
                listed: Callable[[Field], Sequence | None]) -> None:
    """Raises FilterError for a text that a field is compared with by =, != or IN and never has. `listed` returns the texts
    that a field may have, None where any is possible."""
    for one in () if filter is None else filter.conditions():
        texts = [operand for operand in one.operands if isinstance(operand, str)] if one.kind in ("=", "!=", "in") else []
        known = listed(one.field) if texts else None
        for text in () if known is None else texts:
            if text not in known:
                shown = ", ".join(known[:16]) + (f" and {len(known) - 16} more" if len(known) > 16 else "")
                raise FilterError(
                    f"{one.field.text} is never {value_text(text)}{nearest.suggestion(text, known)}; known: {shown}",
                    code="benchmarks.filter_unknown_value", remedy="choose one of the known values")


def parts(filter: Expression | None) -> tuple:  # noqa: A002
    """The part of a filter that chooses runs and the part about architectures, each None where the filter lacks it.

    Raises FilterError for a part, as AND joins them at the top, that is about both.
    """
    runs, architectures = [], []
    for part in () if filter is None else _flat(filter):
        of_runs = [one for one in fields(part) if one in RUN_FIELDS]
        others = [one for one in fields(part) if one not in RUN_FIELDS and one not in SETTING_FIELDS]
        if of_runs and others:
            said = [", ".join(one.text for one in both) for both in (of_runs, others)]
            raise FilterError(
                f"one part of the filter mixes fields of runs ({said[0]}) with means over runs ({said[1]}): {part.text}",
                code="benchmarks.filter_mixed", remedy="separate the condition on runs and the condition on "
                "architectures with AND; see docs/filters.md")
        (architectures if others else runs).append(part)
    return _joined(runs), _joined(architectures)


def _flat(filter: Expression) -> Iterator[Expression]:  # noqa: A002
    if isinstance(filter, Junction) and filter.is_and:
        for part in filter.parts:
            yield from _flat(part)
    else:
        yield filter


def _joined(found: list) -> Expression | None:
    return Junction(True, tuple(found)) if len(found) > 1 else found[0] if found else None
