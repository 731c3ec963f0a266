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
        self.assertGreater(self.browser.value("document.querySelectorAll('.card svg.histogram rect').length"), 10)
        self.assertIn("Best 91.607 %: nats:6111", self.text())

    def test_an_atlas_with_its_charts_and_rows(self):
        marks = self.look("/atlases/nasbench201", 3)
        self.assertGreater(marks[1], 2_000, "one point per architecture")
        self.assertEqual(self.browser.value("document.querySelectorAll('#rows tbody tr').length"), 25)
        self.assertEqual(self.browser.value("document.querySelectorAll('#rows tbody svg.glyph path').length > 100"), True)

    def test_rank_drawing_and_name_are_on_the_screen(self):
        for width in (390, 1280):
            self.look("/atlases/nasbench201", 3, width=width)
            found = self.browser.value(
                "(row => ['.number', '.glyph', '.entry code'].map(name => { const box = "
                "row.querySelector(name).getBoundingClientRect(); return [box.left, box.right, box.height]; }))"
                "(document.querySelector('#rows tbody tr'))")
            self.assertEqual([left for left, _, _ in found], sorted(left for left, _, _ in found), found)
            self.assertTrue(all(0 <= left < right <= width for left, right, _ in found), (width, found))
            self.assertEqual(found[1][2], 48)
            self.assertEqual(self.browser.value("document.querySelector('#rows .entry code').textContent"), "nats:6111")
            value = self.browser.value("document.querySelectorAll('#rows tbody tr:first-child td')[3]"
                                       ".getBoundingClientRect().right")
            self.assertLessEqual(value, width, "the measure is on the screen too")

    def test_charts_hold_their_place_from_the_first_paint(self):
        self.browser.show(1280)
        self.browser.ask("Network.setBlockedURLs", urls=["*/assets/charts.js"])
        places = ("[...document.querySelectorAll('.pair .plot'), document.querySelector('#rows')].map(e => { const box = "
                  "e.getBoundingClientRect(); return [box.left, box.top + scrollY].map(Math.round); })")
        try:
            self.browser.ask("Page.navigate", url=self.origin + "/atlases/nasbench201")
            self.browser.wait("document.readyState === 'complete'")
            before = self.browser.value(places)
            self.assertEqual(before[0][1], before[1][1], "side by side")
            self.assertLess(before[1][1], 900 - 340, "both are on the first screen")
        finally:
            self.browser.ask("Network.setBlockedURLs", urls=[])
        self.look("/atlases/nasbench201", 3)
        self.assertEqual(self.browser.value(places), before)
        with urllib.request.urlopen(f"{self.origin}/atlases/nasbench201") as answer:
            self.assertEqual(answer.read().decode().count("Loading the chart…"), 3)

    def test_a_point_opens_its_architecture(self):
        self.look("/atlases/nasbench201", 3)
        x, y = self.browser.value(
            "(mark => { mark.scrollIntoView({block: 'center'}); const box = mark.getBoundingClientRect(); "
            "return [box.left + box.width / 2, box.top + box.height / 2]; })"
            "([...document.querySelectorAll('figure[data-open] .mark-symbol path')].at(-1))")
        self.browser.drag((x, y))
        self.browser.wait("location.pathname.endsWith('/architecture') && document.readyState === 'complete'")
        self.assertRegex(self.browser.value("document.querySelector('h1').textContent"), r"^nats:\d+$")

    def region(self, place):
        """The middle of a chart's drawing area and a corner of it, in the window."""
        return self.browser.value(
            f"(figure => {{ figure.scrollIntoView(); const box = figure.querySelector('.plot svg').getBoundingClientRect(), "
            "view = figure.view, at = view.origin(); const left = box.left + at[0], top = box.top + at[1]; "
            "return [[left + view.width() / 2, top + view.height() / 3], [left + view.width() - 4, top + 4]]; })"
            f"(document.querySelectorAll('.pair figure')[{place}])")

    def test_a_brushed_region_filters_the_table(self):
        for place, field in ((0, "accuracy_percent.validation"), (1, "parameters")):
            self.look("/atlases/nasbench201", 3)
            self.browser.drag(*self.region(place))
            self.browser.wait("location.search.includes('where=')")
            where = self.browser.value("document.querySelector('[name=where]').value")
            low, high = re.search(rf"{field} >= ([\d.]+) and {field} <= ([\d.]+)", where).groups()
            self.assertIn("architectures where", self.browser.value("document.querySelector('#summary').innerText"))
            column = 3 if place == 0 else 5
            shown = self.browser.value(
                f"[...document.querySelectorAll('#rows tbody tr')].map(row => row.cells[{column}].textContent"
                ".replaceAll('\\u202f', ''))")
            self.assertTrue(shown and all(float(low) - 0.001 <= float(text) <= float(high) + 0.001 for text in shown),
                            (where, shown))
            self.browser.value("document.querySelectorAll('.pair figure')[%d].querySelector('[aria-label^=Show]').click()"
                               % place)
            self.browser.wait("!location.search.includes('where=')")
            self.browser.wait("document.querySelector('#rows').innerText.includes('of 15\u202f625')")

    def test_charts_zoom_by_buttons(self):
        self.look("/atlases/nasbench201", 3)
        for place, axes in ((0, "x"), (1, "xy")):
            figure = f"document.querySelectorAll('.pair figure')[{place}]"

            def widths():
                return self.browser.value(
                    f"[...'{axes}'].map(axis => {{ const ends = {figure}.view.scale(axis).domain(); "
                    "return Math.abs(ends.at(-1) - ends[0]); })")

            whole = widths()
            self.browser.value(f"{figure}.querySelector('[aria-label=\"Zoom in\"]').focus()")
            self.browser.press("Enter")
            self.browser.wait(f"{figure}.zoom && Math.abs({figure}.view.scale('x').domain().at(-1) - "
                              f"{figure}.view.scale('x').domain()[0]) < {whole[0]} * 0.7")
            self.assertTrue(all(small < large * 0.7 for small, large in zip(widths(), whole)))
            self.browser.value(f"{figure}.querySelector('[aria-label^=Show]').click()")
            self.browser.wait(f"!{figure}.zoom && Math.abs({figure}.view.scale('x').domain().at(-1) - "
                              f"{figure}.view.scale('x').domain()[0]) > {whole[0]} * 0.99")

    def test_charts_are_saved_as_svg_and_png(self):
        self.look("/atlases/nasbench201", 3)
        for kind, least in (("SVG", 20), ("PNG", 5_000)):
            self.browser.value(f"document.querySelector('figure [aria-label=\"Save the chart as {kind}\"]').click()")
            self.browser.wait(f"(document.querySelector('figure').dataset.saved || '').startsWith('{kind.lower()} ')")
            size = self.browser.value("Number(document.querySelector('figure').dataset.saved.split(' ')[1])")
            self.assertGreater(size, least)

    def test_columns_are_chosen_and_stay_in_the_address(self):
        self.look("/atlases/nasbench201", 3)
        self.browser.value("document.querySelector('.chooser').open = true; "
                           "document.querySelectorAll('.chooser [name=show]').forEach(box => "
                           "{ box.checked = box.value === 'latency'; }); document.querySelector('.chooser button').click()")
        self.browser.wait("location.search.includes('show=latency') && document.readyState === 'complete'")
        headings = "[...document.querySelectorAll('#rows thead th')].map(th => th.innerText).slice(2)"
        self.assertEqual(self.browser.value(headings), ["architecture", "accuracy, validation (%) ↓", "latency (s)"])
        self.browser.value("document.querySelectorAll('#rows thead a')[1].click()")
        self.browser.wait("location.search.includes('sort=latency') && document.readyState === 'complete'")
        self.assertEqual(len(self.browser.value(headings)), 3)

    def test_points_are_readable_in_dark(self):
        def luminance(text):
            parts = [int(one) / 255 for one in re.findall(r"\d+", text)[:3]]
            light = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
            return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]

        self.look("/atlases/nasbench201", 3, dark=True)
        paper, ink, opacity = self.browser.value(
            "(mark => [getComputedStyle(document.body).backgroundColor, getComputedStyle(mark).fill, "
            "Number(getComputedStyle(mark).opacity)])(document.querySelector('.mark-symbol path'))")
        self.assertGreaterEqual((luminance(ink) + 0.05) / (luminance(paper) + 0.05), 7)
        self.assertGreaterEqual(opacity, 0.7)

    def test_an_architecture_its_drawing_and_its_neighbors(self):
        self.look(f"/atlases/nasbench201/architecture?a={CELL}", 1)
        self.assertEqual(self.browser.value("document.querySelectorAll('svg.diagram .arrow').length"), 6)
        self.assertIn("The surrogate ridge predicts", self.text())
        self.assertEqual(self.browser.value("document.querySelectorAll('svg.interval .held, svg.interval .truth').length"), 2)
        halves = self.browser.value("[...document.querySelector('.facts').children].map(e => e.getBoundingClientRect().height)")
        self.assertGreater(min(halves), 150, "no half of the page is empty")

    def test_architectures_without_curves_side_by_side(self):
        self.look(f"/atlases/nasbench201/compare?a={CELL}&a=nats:6111&a=nats:1", 0)
        self.assertIn("The atlas has no learning curves", self.text())
        names = "[...document.querySelectorAll('tbody .entry code')].map(e => e.textContent)"
        self.assertEqual(self.browser.value(names), ["nats:9930", "nats:6111", "nats:1"])

    def test_search_by_keys(self):
        self.look("/", 0)
        self.browser.value("document.querySelector('[name=q]').focus()")
        self.browser.ask("Input.insertText", text="ffd8d66b")
        self.browser.press("Enter")
        self.browser.wait("location.pathname === '/search' && document.readyState === 'complete'")
        self.browser.value("document.querySelector('.found a').focus()")
        self.browser.press("Enter")
        self.browser.wait("location.pathname.endsWith('/architecture') && document.readyState === 'complete'")
        self.assertEqual(self.browser.value("document.querySelector('h1').textContent"), "nats:9930")

    def test_an_error_keeps_what_was_written(self):
        self.browser.show(1280)
        self.browser.open(self.origin + "/atlases/nasbench201?where=accuracy+%3E+3")
        self.assertEqual(self.browser.value("document.querySelector('[name=where]').value"), "accuracy > 3")
        self.browser.value("document.querySelector('[name=where]').value = 'parameters < 100000'")
        self.browser.value("document.querySelector('[name=where]').focus()")
        self.browser.press("Enter")
        self.browser.wait("document.querySelector('#summary') && document.readyState === 'complete'")
        self.assertIn("architectures where parameters < 100000", self.text())

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
        self.look("/ledgers", 0)
        self.assertIn(f"{ledger[:8]}…", self.text())
        self.assertNotIn(ledger, self.text())
        self.look(f"/ledgers/{ledger}", 3)
        spent = "Math.max(...document.querySelector('figure.chart').spec.data.values.map(step => step.spent))"
        self.assertEqual(self.browser.value(spent), 3)
        post(f"/v1/ledgers/{ledger}/ask", '{"architecture": "nats:6111"}')
        self.browser.wait(f"{spent} === 4", 10)

    def test_phones_and_darkness(self):
        for path, charts in (("/", 0), ("/atlases/nasbench201", 3), (f"/atlases/nasbench201/architecture?a={CELL}", 1),
                             ("/atlases/nasbench201/surrogates", 2), ("/ledgers", 0), ("/docs", 0),
                             ("/search?q=6111", 0), (f"/atlases/nasbench201/compare?a={CELL}&a=nats:1", 0)):
            self.look(path, charts, width=390, dark=True)
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
        self.assertLessEqual({"skip", "home", "q", "setting", "measure", "against", "where", "Show", "Open"}, reached)
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
        links |= {f"{self.origin}/search?q=nats:6111", f"{self.origin}/docs"}
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
