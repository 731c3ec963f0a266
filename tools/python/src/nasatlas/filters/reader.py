"""Reads filters and fields, by recursive descent over one token of look-ahead. docs/filters.md has the grammar."""

from __future__ import annotations

from nasatlas.errors import FilterError, WrongArgument
from nasatlas.filters.expression import COMPARISONS, Condition, Expression, Field, Junction, Not, Parameter
from nasatlas.filters.lexer import tokens
from nasatlas.filters.vocabulary import Vocabulary
from nasatlas.filters.words import cut, is_identifier, is_reserved
from nasatlas.reading.lacking import listed

LONGEST = 65_536
"""Bytes of a filter."""
SHOWN_FIELDS = 16
"""The largest number of known fields that a message lists."""
DEEPEST = 200
"""Parentheses and NOTs that may be open at once."""


def read_filter(text: str, vocabulary: Vocabulary | None = None) -> Expression:
    """A filter over the fields of a vocabulary; None allows any. Raises FilterError."""
    reader = _Reader(text, vocabulary)
    found = reader.disjunction()
    reader.end("AND", "OR", "the end")
    return found


def read_field(text: str) -> Field:
    """One field, spelled as in a filter. Raises FilterError."""
    reader = _Reader(text, None)
    found = reader.field()
    reader.end("the end")
    return found


class _Reader:
    def __init__(self, text: str, vocabulary: Vocabulary | None):
        if not isinstance(text, str):
            raise WrongArgument(f"a filter or a field must be a str; the argument is {text!r}",
                                remedy="write it as in docs/filters.md, for example 'parameters < 1e6'")
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > LONGEST:
            raise FilterError(f"the filter has {size} bytes; allowed: at most {LONGEST}",
                              code="benchmarks.filter_too_long", remedy="split the filter into several questions")
        self._tokens = tokens(text)
        self._vocabulary = vocabulary
        self._depth = 0
        self._advance()

    # Conditions

    def disjunction(self) -> Expression:
        # Two calls per level of parentheses, so that the deepest filter fits into the stack.
        either = []
        while True:
            both = [self._negation()]
            while self._token.keyword == "and":
                self._advance()
                both.append(self._negation())
            either.append(both[0] if len(both) == 1 else Junction(True, tuple(both)))
            if self._token.keyword != "or":
                return either[0] if len(either) == 1 else Junction(False, tuple(either))
            self._advance()

    def _negation(self) -> Expression:
        negations = 0
        while self._token.keyword == "not":
            self._open()
            negations += 1
        if self._is_mark("("):
            self._open()
            found = self.disjunction()
            self._take(")", "AND", "OR", ")")
            self._depth -= 1
        else:
            found = self._condition()
        for _ in range(negations):
            found = Not(found)
        self._depth -= negations
        return found

    def _open(self) -> None:
        """Takes a NOT or a parenthesis that opens."""
        if self._depth == DEEPEST:
            raise FilterError(f"the filter is nested deeper than {DEEPEST} levels at column {self._token.column}",
                              code="benchmarks.filter_too_deep", column=self._token.column,
                              remedy="remove redundant parentheses")
        self._depth += 1
        self._advance()

    def _condition(self) -> Expression:
        column = self._token.column
        field = self.field()
        if self._vocabulary is not None and field not in self._vocabulary:
            raise FilterError(
                f"unknown field {cut(field.text)} at column {column}{self._vocabulary.suggestion(field)}; known: "
                + listed(self._vocabulary.names, SHOWN_FIELDS),
                code="benchmarks.filter_unknown_field", column=column, known=self._vocabulary.names,
                remedy="choose one of the known fields")
        if self._token.kind == "comparison":
            comparison = self._token.text
            if comparison not in COMPARISONS:
                raise self._unexpected(*COMPARISONS)
            self._advance()
            return Condition(field, comparison, (self._operand(),))
        if self._token.keyword == "is":
            return self._presence(field)
        is_negated = self._token.keyword == "not"
        if is_negated:
            self._advance()
        if self._token.keyword == "in":
            found = Condition(field, "in", self._list())
        elif self._token.keyword == "between":
            self._advance()
            low = self._operand()
            if self._token.keyword != "and":
                raise self._unexpected("AND")
            self._advance()
            found = Condition(field, "between", (low, self._operand()))
        else:
            raise self._unexpected(*(() if is_negated else (*COMPARISONS, "IS", "NOT")), "IN", "BETWEEN")
        return Not(found) if is_negated else found

    def _presence(self, field: Field) -> Condition:
        self._advance()
        is_negated = self._token.keyword == "not"
        if is_negated:
            self._advance()
        word = self._token.keyword
        if word not in ("absent", "present"):
            raise self._unexpected("ABSENT", "PRESENT", *(() if is_negated else ("NOT",)))
        self._advance()
        return Condition(field, "absent" if (word == "absent") != is_negated else "present")

    def _list(self) -> tuple:
        self._advance()
        if not self._is_mark("("):
            raise self._unexpected("(")
        found = []
        while not found or self._is_mark(","):
            self._advance()
            found.append(self._operand())
        self._take(")", ",", ")")
        return tuple(found)

    # Values and fields

    def _operand(self):
        token = self._token
        if token.kind in ("text", "name") or token.kind == "word" and token.keyword is None:
            found = token.text
        elif token.kind == "digits":
            found = self._number(token.text)
        elif token.kind == "parameter":
            found = Parameter(token.text)
        else:
            sample = token.text if token.kind == "word" else "text"
            raise self._unexpected("a number", f"a text ('{sample}')", ":parameter")
        self._advance()
        return found

    def _number(self, text: str) -> float:
        column = self._token.column
        try:
            found = float(text) if set(text) <= set("0123456789.eE+-") else None
        except ValueError:
            found = None
        if found is None:
            raise FilterError(f"the filter has {cut(text)} at column {column}, which begins like a number but "
                              "is not one", code="benchmarks.filter_not_a_number", column=column,
                              remedy=f"for a text, put quotes around it: '{cut(text)}'")
        if abs(found) == float("inf"):
            raise FilterError(f"the filter has the number {cut(text)} at column {column}; allowed: at most "
                              "1.7976931348623157e308", code="benchmarks.filter_number_range",
                              column=column, remedy="write a smaller number")
        return found

    def field(self) -> Field:
        path, is_open = [], True
        while is_open:
            token = self._token
            if token.kind == "word" and not is_reserved(token.text):
                names = token.text.split(".")
                is_open = names[-1] == ""
                names = names[:-1] if is_open else names
                if not all(map(is_identifier, names)):
                    raise self._unexpected("a field (put parts that are not names in double quotes)")
                path += names
            elif token.kind == "name":
                path.append(token.text)
                is_open = False
            else:
                raise self._unexpected(*(("the next part of the field's name",) if path else ("a field", "NOT", "(")))
            self._advance()
            if not is_open and self._token.kind == "dot":
                is_open = True
                self._advance()
        if self._is_mark("["):
            return Field(tuple(path), self._selectors("]"))
        # `count(skip_connect)` reads as a person writes it; a parenthesis behind another field is a mistake.
        is_count = path in (["count"], ["architecture", "count"]) and self._is_mark("(")
        return Field(tuple(path), self._selectors(")") if is_count else ())

    def _selectors(self, end: str) -> tuple:
        found = []
        while not found or self._is_mark(","):
            self._advance()
            first = self._selector()
            if self._token.kind == "comparison" and self._token.text == "=":
                self._advance()
                found.append((first, self._selector()))
            else:
                found.append((None, first))
        self._take(end, *(("=",) if found[-1][0] is None else ()), ",", end)
        return tuple(found)

    def _selector(self) -> str:
        token = self._token
        if token.kind not in ("word", "digits", "text", "name"):
            raise self._unexpected("a name", "a number", "a text ('text')")
        self._advance()
        return token.text

    # Tokens

    def _advance(self) -> None:
        self._token = next(self._tokens)

    def _is_mark(self, mark: str) -> bool:
        return self._token.kind == "mark" and self._token.text == mark

    def _take(self, mark: str, *allowed: str) -> None:
        if not self._is_mark(mark):
            raise self._unexpected(*allowed)
        self._advance()

    def end(self, *allowed: str) -> None:
        """Raises FilterError where something follows."""
        if self._token.kind != "end":
            raise self._unexpected(*allowed)

    def _unexpected(self, *allowed: str) -> FilterError:
        what = "ends" if self._token.kind == "end" else f"has {self._token.found}"
        return FilterError(f"the filter {what} at column {self._token.column}; allowed there: {', '.join(allowed)}", code="benchmarks.filter_unexpected", column=self._token.column,
                           known=list(allowed), remedy="see docs/filters.md for the grammar")
