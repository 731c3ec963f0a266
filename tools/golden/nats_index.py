"""Writes the order in which NATS-Bench numbers the cells of its topology space, as Swift source and for Python.

    python3 tools/golden/nats_index.py FOLDER

FOLDER holds `meta.pickle.pbz2` of the archive NATS-tss-v1_0-3ffb9-simple (MIT license, Xuanyi Dong). The pickle is read
by the allow-list reader, which refuses any name; no package is needed. Both files that it writes hold the same lines:
Sources/Spaces/NASBench201/NATSOrder+Letters.swift and tools/python/src/nasatlas/shims/nats_bench/topology-order.txt.

A cell has six edges of five operations, 5^6 = 25^3: it is written as three letters a...y, each the digits of two edges
(5 * first + second) in the order of the published text, digits 0 none, 1 skip, 2 1x1, 3 3x3, 4 pool.
"""

import bz2
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "python" / "src"))
from nasatlas.importing import safe_pickle  # noqa: E402

SWIFT = ROOT / "Sources" / "Spaces" / "NASBench201" / "NATSOrder+Letters.swift"
PYTHON = ROOT / "tools" / "python" / "src" / "nasatlas" / "shims" / "nats_bench" / "topology-order.txt"

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
SHAPE = re.compile(r"\|(\w+)~0\|\+\|(\w+)~0\|(\w+)~1\|\+\|(\w+)~0\|(\w+)~1\|(\w+)~2\|")
CELLS_A_LINE = 38

HEADER = '''\
extension NATSOrder {
  /// Made by `tools/golden/nats_index.py` from the list of names of NATS-Bench (Dong, Liu, Musial and Gabrys, 2021).
  static let letters = """
'''


def letters(name):
    match = SHAPE.fullmatch(name)
    if not match:
        raise SystemExit(f"nats_index.py: {name!r} is no cell")
    digits = [OPERATIONS.index(operation) for operation in match.groups()]
    return "".join(chr(ord("a") + 5 * digits[i] + digits[i + 1]) for i in (0, 2, 4))


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: nats_index.py FOLDER_OF_THE_TOPOLOGY_ARCHIVE")
    raw = bz2.decompress((pathlib.Path(sys.argv[1]) / "meta.pickle.pbz2").read_bytes())
    names = safe_pickle.load(raw)["meta_archs"]
    words = [letters(name) for name in names]
    if len(words) != 5**6 or len(set(words)) != len(words):
        raise SystemExit(f"nats_index.py: {len(words)} names, {len(set(words))} different; expected 15625")
    lines = ["".join(words[i:i + CELLS_A_LINE]) for i in range(0, len(words), CELLS_A_LINE)]
    SWIFT.write_text(HEADER + "".join(f"    {line}\n" for line in lines) + '    """\n}\n')
    PYTHON.write_text("".join(f"{line}\n" for line in lines))


main()
