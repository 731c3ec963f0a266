"""The list of phrases: what it finds, where it looks, and what it leaves alone."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import words  # noqa: E402


def found(texts):
    """The lines and phrases found in texts."""
    return [(finding.line, " ".join(finding.phrase.split())) for finding in words.findings("file", texts)]


def prose(text):
    """The phrases found in a sentence."""
    return [phrase for _, phrase in found([words.Text(1, text)])]


class Phrases(unittest.TestCase):
    def test_every_phrase_is_found_and_its_replacement_is_not(self):
        for bad, good in (
            ("each bad line is told", "each invalid line is reported"),
            ("a filter that is none", "an invalid filter"),
            ("this is no list", "this is not a list"),
            ("what it stands on", "what it depends on"),
            ("files of yours", "your files"),
            ("asked in vain", "unknown"),
            ("makes deviations honest", "calibrates deviations"),
            ("honest uncertainties", "calibrated uncertainties"),
            ("every byte that an answer rests on", "every byte used in an answer"),
            ("a line a run", "one line per run"),
            ("one a core", "one per core"),
            ("50 requests a second", "50 requests per second"),
            ("made anew", "made again"),
            ("a fault of ours", "internal error"),
            ("20 learnt from", "20 training architectures"),
            ("parted by commas", "separated by commas"),
            ("in place of the metric", "instead of the metric"),
            ("may be given more than once", "may be repeated"),
            ("architectures that no other one beats", "Pareto-optimal architectures"),
            ("the data set is not clear; there are: a", "ambiguous data set; choose one of: a"),
            ("a number is wanted here", "expected a number"),
            ("the neighbours", "the neighbors"),
            ("its licence", "its license"),
        ):
            with self.subTest(bad):
                self.assertTrue(prose(bad))
                self.assertEqual(prose(good), [])

    def test_ordinary_words_are_left_alone(self):
        for text in ("standard deviation", "there is no run", "a stand-alone file", "the rest on disk",
                     "1 stands for missing", "it is no longer read", "returns None", "the query is None",
                     "a predictor of your own", "a published table numbers architectures", "no more than one"):
            with self.subTest(text):
                self.assertEqual(prose(text), [])

    def test_a_phrase_over_two_lines_has_the_line_of_its_beginning(self):
        self.assertEqual(found([words.Text(7, "first\nit is\nnone")]), [(8, "is none")])


class Readers(unittest.TestCase):
    def test_markdown_without_code_and_links(self):
        page = "# Told\n\n    told\n\nIt `told` and ``told ` told``.\n\n```sh\ntold\n```\n\n"
        page += "[x](told.md) stands\n"
        self.assertEqual(found(words.markdown(page)), [(1, "Told"), (11, "stands")])

    def test_swift_literals_without_code_and_comments(self):
        source = 'let told = f("it is " // told\n  + "none \\(told("told by nobody"))")\n'
        source += '/* told */ let key = "licence"\n'
        source += 'let text = """\n  joined is \\\n  none `told`, {{licence}}\n  """\n'
        self.assertEqual(found(words.swift_literals(source)), [(1, "is none"), (2, "told"), (5, "is none")])

    def test_descriptions_and_not_names(self):
        text = '{\n"licence": {"type": "object"},\n"summary": "It is told, `told`.",\n"name": "told"\n}\n'
        self.assertEqual(found(words.descriptions(text)), [(3, "told")])

    def test_docstrings_and_not_code(self):
        source = '"""Is told."""\ntold = "told"\n\n\nclass C:\n'
        source += '    """A thing.\n\n    Told of `told`.\n    """\n    # told\n'
        self.assertEqual(found(words.docstrings(source)), [(1, "told"), (8, "Told")])

    def test_errors_and_not_other_texts(self):
        source = 'told = "It is told here"\nraise Fault(f"{told(\'it is told\')!r} is "\n            "none", "told")\n'
        source += 'found = Fault(f"all {told} stands", remedy="told by `told`")\n'
        self.assertEqual(found(words.python(source)), [(2, "is none"), (4, "stands"), (4, "told")])

    def test_help_texts_without_examples(self):
        text = "OVERVIEW: Tell all.\n\n  nasatlas told x\n"
        self.assertEqual(found(words.plain(text)), [(1, "Tell")])


class Repository(unittest.TestCase):
    def test_every_kind_of_text_is_read(self):
        names = {path.relative_to(words.ROOT).as_posix() for path, _ in words.files()}
        for name in ("README.md", "docs/server.md", "schemas/openapi.json", "schemas/interchange.schema.json",
                     "Sources/Store/StoreError.swift",
                     "Sources/nasatlas/Commands/FitCommand.swift", "Sources/WebPages/Templates/PageTemplates.swift",
                     "Tests/nasatlasTests/Snapshots/fit.txt", "tools/python/src/nasatlas/atlas.py"):
            self.assertIn(name, names)

    def run_on(self, text):
        """The exit status and the output of a run over one page with this text."""
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text(text)
            kept = words.ROOT, words.files
            words.ROOT, words.files = pathlib.Path(folder), lambda: iter([(page, words.markdown)])
            try:
                with contextlib.redirect_stdout(io.StringIO()) as output:
                    status = words.main([])
            finally:
                words.ROOT, words.files = kept
        return status, output.getvalue()

    def test_a_finding_names_the_line_and_what_to_write_and_fails(self):
        status, output = self.run_on("Fine.\n\nA filter that is none.\n")
        self.assertEqual(status, 1)
        self.assertRegex(output, "^page.md:3: 'is none': write invalid X")
        self.assertEqual(self.run_on("An invalid filter.\n"), (0, ""))

    def test_the_texts_of_this_repository_pass(self):
        with contextlib.redirect_stdout(io.StringIO()) as output:
            status = words.main([])
        self.assertEqual((status, output.getvalue()), (0, ""))


if __name__ == "__main__":
    unittest.main()
