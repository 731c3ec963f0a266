"""Time of a whole `nasatlas query` process on an atlas of one thousand runs, beside a Python process that asks SQLite
for the same value without checking a byte. Both are started in turn; the figure is the median of 30.

    query.py FOLDER_OF_BINARIES PEER_SCRIPT
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 30


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()


def milliseconds(command):
    start = time.perf_counter()
    output(command)
    return 1e3 * (time.perf_counter() - start)


def main():
    binaries, peer = sys.argv[1:]
    nasatlas = binaries + "/nasatlas"
    with tempfile.TemporaryDirectory() as folder:
        journal, working, atlas = (folder + "/" + name for name in ("runs.journal", "runs.sqlite", "runs.atlas"))
        output([binaries + "/synthetic-journal", journal, "1000"])
        output([nasatlas, "ingest", journal, "--into", working])
        output([nasatlas, "publish", working, atlas])
        places = json.loads(output([nasatlas, "top", atlas, "-k", "500", "--json"]))["places"]
        middle = places[-1]["architecture"]["id"]
        ours = [nasatlas, "query", atlas, "--architecture", middle, "--epoch", "last", "--json"]
        theirs = [sys.executable, peer, atlas, middle, "accuracy", "validation"]
        value = json.loads(output(ours))["answers"][0]["value"]
        if abs(value - float(output(theirs))) > 1e-6:
            sys.exit("the two do not agree")
        times = {"ours": [], "theirs": [], "list": []}
        for _ in range(ROUNDS):
            times["ours"].append(milliseconds(ours))
            times["theirs"].append(milliseconds(theirs))
            times["list"].append(milliseconds([nasatlas, "top", atlas, "-k", "5"]))
    middle = {name: statistics.median(values) for name, values in times.items()}
    print(f"one value {middle['ours']:.1f} ms (best {min(times['ours']):.1f}), best five {middle['list']:.1f} ms, "
          f"Python and sqlite3 {middle['theirs']:.1f} ms")
    print(f"figure query-process-ms {middle['ours']:.1f} ms (peer python-sqlite3 {middle['theirs']:.1f}, bar 50)")


main()
