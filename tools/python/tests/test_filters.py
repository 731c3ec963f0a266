"""The filter language in Python: docs/filters.md, spellings, and texts of any kind."""

import random
import unittest
from pathlib import Path

import numpy as np
from nasatlas import errors
from nasatlas.filters import Field, Vocabulary, parts, read_field, read_filter
from nasatlas.filters.expression import HOLDS, UNKNOWN

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "filters.md").read_text(encoding="utf-8")


def examples(kind):
    return [line for part in PAGE.split(f"```{kind}\n")[1:] for line in part.partition("\n```")[0].splitlines()]


class Language(unittest.TestCase):
    def test_the_page(self):
        found = examples("filter")
        self.assertGreater(len(found), 10)
        for text in found:
            once = read_filter(text)
            self.assertEqual(read_filter(once.text), once, text)
        faults = examples("filter-errors")[::2]
        self.assertGreater(len(faults), 3)
        for text in faults:
            with self.assertRaises(errors.FilterError) as caught:
                read_filter(text)
            self.assertGreater(caught.exception.column, 0)
            self.assertTrue(caught.exception.remedy)

    def test_one_spelling(self):
        for text, spelled in (
                ("not a = 1 and b = 1 or c = 1", "NOT a = 1 AND b = 1 OR c = 1"), ("((a=1))", "a = 1"),
                ("a = 1 and (b = 1 or c = 1)", "a = 1 AND (b = 1 OR c = 1)"),
                ("not (a = 1 or b = 1)", "NOT (a = 1 OR b = 1)"),
                ("a not in (1, x)", "a NOT IN (1, 'x')"), ("A NOT BETWEEN -0 AND 1E6", "A NOT BETWEEN 0 AND 1000000"),
                ("a is not absent", "a IS PRESENT"), ("a != 'it''s'", "a != 'it''s'"),
                ("a = 9007199254740993", "a = 9007199254740992.0"),
                ('"a b".c[x,"k k"=\'/y\'] < .5', '"a b".c[x,\'k k\'=\'/y\'] < 0.5'), ("a = :b", "a = :b"),
                ("attribute.\"number of spikes\" > 1000", 'attribute."number of spikes" > 1000')):
            found = read_filter(text).text
            self.assertEqual(found, spelled)
            self.assertEqual(read_filter(found).text, found)

    def test_columns_of_faults(self):
        for text, column in (("a", 2), ("ä = 1", 1), ("a = ä", 5), ("a = 1 b", 7), ("a = 'x", 5), ("(a = 1", 7),
                             ("a = 3x", 5), ("not", 4), ("a in ()", 7), ("a in (1", 8), ("a between 1 or 2", 13),
                             ("a is b", 6), ("a. = 1", 4), ("a[x", 4), ("a[=", 3), ("a = 1e999", 5),
                             ("x = 1 and nosuch = 1", 11), ("\t\na ~ 1", 5)):
            with self.assertRaises(errors.FilterError, msg=text) as caught:
                read_filter(text, Vocabulary(["a", "x"]))
            self.assertEqual(caught.exception.column, column, text)

    def test_limits(self):
        deepest = ["(" * 200 + "a = 1" + ")" * 200, "not " * 200 + "a = 1"]
        for inner in ("a = 1 or b = 1 and (", "not (a = 2 or "):
            deepest.append(inner * 100 + "a = 3" + ")" * 100)
        for text in deepest:
            found = read_filter(text)
            self.assertEqual(read_filter(found.text), found)
            self.assertIsNotNone(found.truth({Field(("a",)): 3.0, Field(("b",)): 1.0}.get))
        for text, code in (("(" * 201 + "a = 1" + ")" * 201, "too_deep"), ("not " * 201 + "a = 1", "too_deep"),
                           ("a = 1 " + " " * 65_536, "too_long"), ("a = 'ä" + "ä" * 32_768 + "'", "too_long")):
            with self.assertRaises(errors.FilterError) as caught:
                read_filter(text)
            self.assertEqual(caught.exception.code, f"benchmarks.filter_{code}")
        with self.assertRaises(errors.WrongArgument):
            read_filter(5)

    def test_any_text_is_read_or_refused(self):
        draw = random.Random(7)
        pieces = ["a", "b.c", "and", "or", "NOT", "in", "between", "is", "absent", "(", ")", "[", "]", ",", "=", "<", "!=",
                  "<<", "1", "-.5e+3", "'x'", "'", '"', ":p", ":", ".", "é", "\x00", "\ud800", " ", "\n", "🙂", "/", "3x3"]
        read = 0
        for _ in range(40_000):
            text = draw.choice(["", " "]).join(draw.choices(pieces, k=draw.randrange(1, 9)))
            try:
                found = read_filter(text)
            except errors.FilterError as error:
                self.assertTrue(error.code.startswith("benchmarks.filter_"))
                continue
            read += 1
            self.assertEqual(read_filter(found.text).text, found.text)
            try:
                parts(found)
            except errors.FilterError:
                pass
        self.assertGreater(read, 15)

    def test_fields(self):
        self.assertEqual(read_field("latency[raspi4, batch = 1]"),
                         Field(("latency",), ((None, "raspi4"), ("batch", "1"))))
        self.assertEqual(read_field("latency[raspi4,batch=1]").text, "latency[raspi4,batch=1]")
        for wrong in ("", "a b", "a = 1", "a[", "and", "1"):
            with self.assertRaises(errors.FilterError):
                read_field(wrong)

    def test_unknown_is_neither_true_nor_false(self):
        values = {Field(("a",)): 1.0, Field(("t",)): "x"}
        for text, truth in (("b = 1", None), ("not b = 1", None), ("b = 1 and a = 2", False), ("b = 1 or a = 1", True),
                            ("b = 1 or a = 2", None), ("b is absent", True), ("t = x and a < 2", True), ("b in (1)", None),
                            ("not (b = 1 and a = 1)", None), ("t between a and z", True), ("t > 'w'", True)):
            self.assertIs(read_filter(text).truth(values.get), truth, text)
        columns = {Field(("a",)): np.array([1.0, np.nan, 3.0]), Field(("b",)): np.array([np.nan, np.nan, 1.0])}
        self.assertEqual(read_filter("not (a = 3 or b = 2)").truths(columns.get).tolist(), [UNKNOWN, UNKNOWN, 0])
        self.assertEqual(read_filter("a is absent or a < 2").truths(columns.get).tolist(), [HOLDS, HOLDS, 0])
        self.assertIsNone(read_filter("a = x").truths(columns.get))


if __name__ == "__main__":
    unittest.main()
