"""read_checkpoint, on what the program writes."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import nasatlas
import numpy as np
from made_up_atlas import PROGRAM, REASON
from nasatlas import errors

ARCHITECTURE = "stem:k3/time:on/encoder:gru+conv/decoder:self1+cross2/head:avg"


def trained(folder):
    """None where the data set is absent."""
    command = [PROGRAM, "train", "--dataset", "cdnow-churn", "--epochs", "1", "--architecture", ARCHITECTURE,
               "--keep-weights", "--workers", "1", "--out", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    return next((Path(folder) / "checkpoints").glob("*.checkpoint"))


@unittest.skipUnless(PROGRAM, REASON)
class Checkpoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.file = trained(folder.name)
        if cls.file is None:
            raise unittest.SkipTest("cdnow-churn is absent: run tools/setup")

    def test_everything_is_there(self):
        found = nasatlas.read_checkpoint(self.file)
        self.assertEqual((found.space, found.dataset, found.seed, found.epoch, found.best_epoch),
                         ("seqnas", "cdnow-churn", 1, 1, 1))
        self.assertEqual(found.architecture, ARCHITECTURE)
        self.assertEqual(set(found.weights), set(found.last_weights))
        for name, array in found.weights.items():
            self.assertTrue(np.isfinite(array).all(), name)
            np.testing.assert_array_equal(array, found.last_weights[name])
        self.assertGreater(sum(array.size for array in found.weights.values()), 10_000)
        self.assertIn("stem.norm.running_mean", found.weights)
        classes = found.weights["head.linear.weight"].shape[0]
        self.assertEqual((classes, found.best_train_logits.size % classes), (2, 0))
        self.assertIn(ARCHITECTURE, repr(found))

    def test_damage_is_noticed(self):
        content = self.file.read_bytes()
        damaged = self.folder / "damaged.checkpoint"
        for place in range(0, len(content), len(content) // 50):
            damaged.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1:])
            self.assertRaises(errors.DamagedCheckpoint, nasatlas.read_checkpoint, damaged)
        for length in (0, 8, 15, 40, len(content) - 1):
            damaged.write_bytes(content[:length])
            self.assertRaises(errors.DamagedCheckpoint, nasatlas.read_checkpoint, damaged)

    def test_an_absent_file(self):
        with self.assertRaises(FileNotFoundError) as caught:
            nasatlas.read_checkpoint(self.folder / "absent")
        self.assertIn("--keep-weights", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
