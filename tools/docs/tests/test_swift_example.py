"""The example of docs/examples/swift: a package that depends on this one by branch, built as its reader would.

The build takes about ten minutes of two cores: it runs where NASATLAS_SLOW=1.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "docs" / "examples" / "swift"
URL = "the URL of this repository"


class SwiftExample(unittest.TestCase):
    def test_the_readme_shows_the_dependency(self):
        shown = f'.package(url: "{URL}/NASAtlas", branch: "main")'
        self.assertIn(shown, (ROOT / "README.md").read_text())
        self.assertIn(shown, (EXAMPLE / "Package.swift").read_text())

    @unittest.skipUnless(os.environ.get("NASATLAS_SLOW"), "builds for ten minutes (NASATLAS_SLOW=1)")
    def test_it_builds_and_finds_a_cell(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="nasatlas-swift-example-"))
        self.addCleanup(shutil.rmtree, folder)
        clone = folder / "NASAtlas"
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
        subprocess.run(["git", "-C", clone, "checkout", "-q", "-B", "main"], check=True)
        shutil.copytree(EXAMPLE, folder / "search")
        manifest = folder / "search" / "Package.swift"
        manifest.write_text(manifest.read_text().replace(URL, f"file://{folder}"))
        built = subprocess.run(["swift", "build", "-c", "release", "--product", "search"], cwd=folder / "search",
                               capture_output=True, text=True, check=False)
        self.assertEqual(built.returncode, 0, (built.stdout + built.stderr)[-4_000:])
        found = subprocess.run([folder / "search" / ".build" / "release" / "search", ROOT / "data" / "nasbench201.atlas"],
                               capture_output=True, text=True, check=True).stdout
        self.assertRegex(found, r"^found 9[01]\.\d+ percent: \|.+\|\n$")


if __name__ == "__main__":
    unittest.main()
