"""A pickle of the size of NAS-Bench-101 in the two dictionaries that its library keeps, with synthetic values.

`nogc` loads it with the garbage collector off, which a user may think of and the library does not do.
"""

import gc
import os
import pickle

import numpy as np

import synthetic
from protocol import Absent, Subject
from sources import require_memory

CHUNK = 4096
LABELS = ("conv3x3-bn-relu", "conv1x1-bn-relu", "maxpool3x3")


def tables():
    """({hash: fixed statistics}, {hash: {epochs: repeats × metrics}}), as nasbench's `NASBench` object holds them."""
    fixed, computed = {}, {}
    upper = np.triu(np.ones((7, 7), np.int8), 1)
    for first in range(0, synthetic.ARCHITECTURES, CHUNK):
        count = min(CHUNK, synthetic.ARCHITECTURES - first)
        shapes = synthetic.outputs(102, first, count)
        for place, values in enumerate(synthetic.values(first, count).tolist()):
            name, shape = synthetic.digest(first + place), int(shapes[place])
            bits = np.array([shape >> bit & 1 for bit in range(49)], np.int8).reshape(7, 7)
            fixed[name] = {
                "module_adjacency": bits * upper,
                "module_operations": ["input", *(LABELS[(shape >> 49 + 2 * node & 3) % 3] for node in range(5)),
                                      "output"],
                "trainable_parameters": 200_000 + shape % 50_000_000,
            }
            computed[name] = {
                epochs: [dict(zip(synthetic.METRICS, repeat)) for repeat in repeats]
                for epochs, repeats in zip(synthetic.EPOCHS, values)
            }
    return fixed, computed


class Pickle(Subject):
    def __init__(self, folder, variant):
        super().__init__(folder)
        self.path, self.collects = folder / "nb101size.pickle", variant != "nogc"

    def prepare(self):
        if not self.path.exists():
            require_memory(6000, "making the pickle")
            gc.disable()
            partial = self.path.with_suffix(".part")
            with open(partial, "wb") as file:
                pickle.dump(tables(), file)
            os.replace(partial, self.path)
        return {"pickle": self.path.stat().st_size}

    def load(self):
        require_memory(4500, "loading the pickle")
        if not self.path.exists():
            raise Absent(f"{self.path.name} is not prepared")
        if not self.collects:
            gc.disable()
        with open(self.path, "rb") as file:
            self.fixed, self.computed = pickle.load(file)

    def query(self, kind, draw):
        if kind != "value":
            return super().query(kind, draw)
        return synthetic.digest(draw % synthetic.ARCHITECTURES)

    def run(self, kind):
        return lambda name: self.computed[name][108][0]["final_validation_accuracy"]

    def values(self, kind, query):
        return [repeat["final_validation_accuracy"] for repeat in self.computed[query][108]]


def subject(folder, variant):
    return Pickle(folder, variant)
