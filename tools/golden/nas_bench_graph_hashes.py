"""The published keys of every way to write a NAS-Bench-Graph cell, as one SHA-256.

For 24 link lists (each of four nodes below the input or an earlier node) times 9^4 operations, in ascending order and
without the cells of skips alone: `Arch(link, ops).valid_hash()`, a decimal number a line, no line feed at the end.
Checked by Tests/SpacesTests/NASBenchGraph/NASBenchGraphTests.swift. With an argument, writes the keys of a published table to
that file, one a line, for NASATLAS_NAS_BENCH_GRAPH_KEYS.

    pip install nas-bench-graph==1.4.0
    python tools/golden/nas_bench_graph_hashes.py [KEYS]
"""

import hashlib
import itertools
import sys

from nas_bench_graph.architecture import Arch, all_archs, gnn_list

keys = []
for link in itertools.product(*(range(node + 1) for node in range(4))):
    for operations in itertools.product(gnn_list, repeat=4):
        if set(operations) != {"skip"}:
            keys.append(Arch(list(link), list(operations)).valid_hash())

print(len(keys), "forms,", len(set(keys)), "keys")
print(hashlib.sha256("\n".join(map(str, keys)).encode()).hexdigest())
if len(sys.argv) > 1:
    with open(sys.argv[1], "w") as file:
        file.writelines(f"{cell.hash_arch()}\n" for cell in all_archs())
