"""All predictors on all atlases: the table of docs/predictors.md, as Markdown.

    table.py NASATLAS FOLDER... [--trials 3] [--train-size 121]

NASATLAS is the program; each FOLDER holds atlases as `tools/setup --benchmarks` and `nasatlas-import` make them. What is
in none of them is left out. Each predictor by its own encoding, 100 architectures to test on; a `–` is a predictor that
cannot see the architectures.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

COLUMNS = [
    ("NB201 C10", "nasbench201", ["--dataset", "cifar10"]),
    ("NB201 IN16", "nasbench201", ["--dataset", "imagenet16-120"]),
    ("NB101", "nasbench101-sample", ["--protocol", "nasbench101-108"]),
    ("graph arxiv", "nas-bench-graph", ["--dataset", "ogbn-arxiv"]),
    ("graph Cora", "nas-bench-graph", ["--dataset", "cora"]),
    ("SpikeNAS C10", "spikenas", ["--dataset", "cifar10", "--protocol", "spikenas-100"]),
    ("ABank", "seqnas", ["--dataset", "abank", "--where", "origin = 'search'"]),
    ("RBchurn, random", "seqnas", ["--dataset", "rbchurn", "--where", "origin = 'random'"]),
    ("FCNet protein", "fcnet", ["--dataset", "fcnet-protein-structure"]),
    ("HPOBench car", "hpobench-nn", ["--dataset", "hpobench-car"]),
    ("NB201 raspi4 ms", "hw-latency-nb201", ["--target", "latency[raspi4]"]),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--train-size", type=int, default=121)
    words = parser.parse_args()
    titles, taus, order = [], {}, []
    for title, name, question in COLUMNS:
        atlas = next((folder / f"{name}.atlas" for folder in words.folders if (folder / f"{name}.atlas").exists()), None)
        if atlas is None:
            print(f"{title}: there is no {name}.atlas", file=sys.stderr)
            continue
        rest = [] if "--train-size" in question else ["--train-size", str(words.train_size)]
        run = subprocess.run(
            [words.program, "evaluate", "predictors", str(atlas), *question, *rest, "--trials", str(words.trials),
             "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            print(f"{title}: {run.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            continue
        titles.append(title)
        found = {}
        for row in json.loads(run.stdout)["rows"]:
            if row["values"].get("kendall") is not None:
                found.setdefault(row["predictor"], []).append(row["values"]["kendall"])
        for predictor, values in found.items():
            if predictor not in order:
                order.append(predictor)
            taus[predictor, title] = statistics.fmean(values)
        print(f"{title}: done", file=sys.stderr, flush=True)
    best = {title: max(value for (_, where), value in taus.items() if where == title) for title in titles}
    print("| | " + " | ".join(titles) + " |")
    print("|---" * (len(titles) + 1) + "|")
    for predictor in order:
        cells = []
        for title in titles:
            tau = taus.get((predictor, title))
            text = "–" if tau is None else f"{tau:.2f}".replace("0.", ".", 1)
            cells.append(f"**{text}**" if tau is not None and best[title] - tau < 0.005 else text)
        print(f"| `{predictor}` | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
