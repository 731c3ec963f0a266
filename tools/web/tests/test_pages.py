"""The server's pages in a real browser: what is drawn, at which widths, by keys alone, and that nothing complains."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path
from urllib.parse import quote

import browser

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("NASATLAS", str(ROOT / ".build" / "release" / "nasatlas"))
CELL = quote("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|", "")


@unittest.skipUnless(browser.PROGRAM, "there is no Chromium; tools/setup --browser installs it")
class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        atlas = Path(folder.name, "nasbench201.atlas")
        for ending in ("", ".manifest.json"):
            shutil.copy(f"{ROOT / 'data' / 'nasbench201.atlas'}{ending}", f"{atlas}{ending}")
        subprocess.run([PROGRAM, "fit", atlas, "--dataset", "cifar10", "--predictor", "ridge", "--limit", "300"],
                       check=True, capture_output=True)
        cls.server = subprocess.Popen(
            [PROGRAM, "serve", atlas, "--port", "0", "--set", "admin-port=0", "--set",
             f"state-folder={folder.name}/ledgers"], stderr=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)
        lines = (re.search(r"listening on (http://[\d.]+:\d+)/v1", line) for line in cls.server.stderr)
        cls.origin = next(found[1] for found in lines if found)
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    @classmethod
    def stop(cls):
        cls.server.send_signal(signal.SIGTERM)
        cls.server.wait(20)
        cls.server.stderr.close()

    def look(self, path, charts, width=1280, dark=False):
        """Opens a page; all its charts must be drawn, nothing may complain, and nothing may be wider than the page."""
        self.browser.show(width, dark=dark)
        self.browser.open(self.origin + path)
        self.assertEqual(self.browser.said, [], path)
        figures = self.browser.value(
            "[...document.querySelectorAll('figure.chart')].map(figure => [figure.dataset.drawn, "
            "figure.querySelectorAll('.plot svg path').length, figure.querySelector('.plot').textContent.slice(0, 200)])")
        self.assertEqual([drawn for drawn, _, _ in figures], ["yes"] * charts, figures)
        for _, marks, text in figures:
            self.assertGreater(marks, 8, text)
        self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), width)
        return [marks for _, marks, _ in figures]

    def text(self):
        return self.browser.value("document.querySelector('main').innerText")

    def test_the_first_page(self):
        self.look("/", 0)
        self.assertIn("nasbench201", self.text())
        self.assertIn("Cite", self.text())

    def test_an_atlas_with_its_charts_and_rows(self):
        marks = self.look("/atlases/nasbench201", 3)
        self.assertGreater(marks[1], 2_000, "a point an architecture")
        self.assertEqual(self.browser.value("document.querySelectorAll('tbody tr').length"), 25)

    def test_an_architecture_its_drawing_and_its_neighbours(self):
        self.look(f"/atlases/nasbench201/architecture?a={CELL}", 1)
        self.assertEqual(self.browser.value("document.querySelectorAll('svg.diagram .arrow').length"), 6)
        self.assertIn("The surrogate ridge says", self.text())

    def test_curves_side_by_side(self):
        self.look(f"/atlases/nasbench201/compare?a={CELL}&a=nats:6111&a=nats:1", 1)

    def test_surrogates(self):
        self.look("/atlases/nasbench201/surrogates", 2)
        self.assertIn("300 architectures", self.text())

    def test_a_ledger_while_it_is_spent(self):
        def post(path, body):
            request = urllib.request.Request(self.origin + path, body.encode(), {"Content-Type": "application/json"})
            with urllib.request.urlopen(request) as answer:
                return answer.read().decode()

        opened = post("/v1/atlases/nasbench201/ledgers?dataset=cifar10", '{"queries": 20}')
        ledger = re.search(r'"id":"([0-9a-f]+)"', opened)[1]
        for number in (0, 900, 7000):
            post(f"/v1/ledgers/{ledger}/ask", f'{{"architecture": "nats:{number}"}}')
        self.look(f"/ledgers/{ledger}", 3)
        self.assertIn("3 of 20", self.text())
        spent = "Math.max(...document.querySelector('figure.chart').spec.data.values.map(step => step.spent))"
        self.assertEqual(self.browser.value(spent), 3)
        post(f"/v1/ledgers/{ledger}/ask", '{"architecture": "nats:6111"}')
        self.browser.wait(f"{spent} === 4", 10)

    def test_phones_and_darkness(self):
        for path, charts in (("/", 0), ("/atlases/nasbench201", 3), (f"/atlases/nasbench201/architecture?a={CELL}", 1),
                             ("/atlases/nasbench201/surrogates", 2), ("/ledgers", 0)):
            self.look(path, charts, width=360, dark=True)
            paper = self.browser.value("getComputedStyle(document.body).backgroundColor")
            self.assertEqual(paper, "rgb(20, 24, 29)")

    def test_keys_alone_lead_everywhere(self):
        self.look("/atlases/nasbench201", 3)
        reached = set()
        for _ in range(25):
            self.browser.press("Tab")
            reached.add(self.browser.value(
                "(e => e.name || e.className || e.textContent.trim())(document.activeElement)"))
            if self.browser.value("document.activeElement.name === 'where'"):
                outline = self.browser.value("getComputedStyle(document.activeElement).outlineStyle")
                self.assertEqual(outline, "solid", "what has the focus is seen")
                self.browser.ask("Input.insertText", text="parameters < 100000")
        self.assertLessEqual({"skip", "home", "setting", "measure", "against", "where", "Show", "Open"}, reached)
        self.browser.value("document.querySelector('[name=where]').focus()")
        self.browser.press("Enter")
        self.browser.wait("location.search.includes('where=') && document.readyState === 'complete'")
        self.assertIn("architectures where parameters < 100000", self.text())

    def test_every_picture_and_field_has_a_name(self):
        for path in ("/atlases/nasbench201", f"/atlases/nasbench201/architecture?a={CELL}"):
            self.browser.open(self.origin + path)
            nameless = self.browser.value(
                "[...document.querySelectorAll('input:not([type=hidden]), select, button, a, svg.diagram, .plot')].filter("
                "e => !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels || []).length)).length")
            self.assertEqual(nameless, 0, path)

    def test_every_link_and_every_line_to_copy_leads_somewhere(self):
        links = set()
        for path in ("/", "/atlases/nasbench201", f"/atlases/nasbench201/architecture?a={CELL}",
                     "/atlases/nasbench201/surrogates", f"/atlases/nasbench201/compare?a={CELL}&a=nats:1"):
            self.browser.open(self.origin + path)
            links |= set(self.browser.value("[...document.querySelectorAll('a[href]')].map(a => a.href)"))
            for lines in self.browser.value("[...document.querySelectorAll('details.copy code')].map(e => e.textContent)"):
                links |= set(re.findall(r"^curl '([^']+)'", lines))
        links = {link.partition("#")[0] for link in links}
        self.assertGreater(len(links), 60)
        self.assertTrue(any("/v1/atlases/nasbench201/answer?" in link for link in links))
        for link in sorted(links):
            self.assertTrue(link.startswith(self.origin), link)
            with urllib.request.urlopen(link) as answer:
                self.assertEqual(answer.status, 200, link)
                answer.read(100)

    def test_pages_read_without_scripts(self):
        with urllib.request.urlopen(f"{self.origin}/atlases/nasbench201") as answer:
            text = answer.read().decode()
            policy = answer.headers["Content-Security-Policy"]
        self.assertIn("script-src 'self'", policy)
        self.assertNotIn("unsafe-eval", policy)
        self.assertIn("quartiles", text)
        self.assertNotRegex(text, r"<script>|\son\w+=|(?:src|href)=.?https?://")


if __name__ == "__main__":
    unittest.main()
