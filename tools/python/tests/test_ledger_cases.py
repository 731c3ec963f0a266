"""Ledgers over HTTP charge as golden/ledger.json says; LedgerCasesTests runs the same cases through the ledger itself."""

import json
import tempfile
import unittest
from pathlib import Path

import nasatlas
from nasatlas import Metric, errors
from served import PROGRAM, REASON, Served

FILE = json.loads((Path(__file__).parent / "golden" / "ledger.json").read_text())
NAMES = ("queries", "epochs", "simulated_seconds", "untimed_queries")


@unittest.skipIf(PROGRAM is None, REASON)
class Cases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        rows = [{"run": run, "epoch": epoch + 1, "acc": epoch / 10, "seconds": seconds}
                for run, seconds in FILE["seconds_per_epoch"].items() for epoch in range(FILE["epochs"])]
        path = Path(folder.name, "runs.atlas")
        nasatlas.write_table(rows, path, architecture="run", epoch="epoch", train_seconds="seconds",
                             metrics={"acc": Metric("accuracy", "fraction", True)}).close()
        server = Served(path, state_folder=Path(folder.name, "ledgers"))
        cls.addClassCleanup(server.stop)
        cls.remote = nasatlas.connect(server.address)
        cls.addClassCleanup(cls.remote.close)

    def test_every_case(self):
        self.assertGreaterEqual(len(FILE["cases"]), 5)
        for case in FILE["cases"]:
            ledger = self.remote.ledger(**(case["limits"] or {"unlimited": True}))
            for place, step in enumerate(case["steps"]):
                with self.subTest(case["name"], step=place):
                    refusal = None
                    try:
                        answer = ledger.ask(f"run={step['run']}", epoch=step["epoch"])
                        self.assertEqual(answer.value, (step["epoch"] - 1) / 10)
                    except errors.LedgerRefused as error:
                        refusal = error.code
                    self.assertEqual(refusal, step.get("refused"))
                    ledger.refresh()
                    self.assertEqual([ledger.spent[name] for name in NAMES], step["spent"])


if __name__ == "__main__":
    unittest.main()
