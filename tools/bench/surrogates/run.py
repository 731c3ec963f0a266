"""Every figure of the surrogates, by the program itself, beside the packages that it is compared with.

    run.py BINARIES [--only GROUP...] [--trials 20]

BINARIES is the folder that holds `nasatlas` and `surrogates-bench`. Groups: nb201, published, nb201-large, nbgraph,
seqnas, coverage, catboost. Ends with a line `figure NAME VALUE bar BAR` each; a figure whose data or package is absent is named
as absent. NAS-Bench-201 is the atlas of this repository, NAS-Bench-Graph that of `tools/setup --benchmarks`; the tables
of SeqNAS and SpikeNAS come from files beside the project (NASATLAS_SHARED, else ../shared) by `nasatlas-import`.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHARED = pathlib.Path(os.environ.get("NASATLAS_SHARED", ROOT.parent / "shared")) / "data" / "benchmarks"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "nasatlas" / "benchmarks"
NB201 = ROOT / "data" / "nasbench201.atlas"
GROUPS = ["nb201", "published", "nb201-large", "nbgraph", "seqnas", "coverage", "catboost"]

# Kendall's tau of EmProx Table 1 (NAO: of its README), minus 0.02, and the seconds that a fit may take.
PUBLISHED = {
    "emprox": (0.547, 1), "nao": (0.484, 4), "seminas": (0.582, 40), "naslib-trees": (0.472, 0.05),
    "mlp": (0.376, None), "bananas": (0.291, None)}
SEQNAS = [
    ("abank", "random"), ("rbchurn", "random"), ("abank", "search"), ("age", "search"), ("amex", "search"),
    ("rbchurn", "search"), ("taobao", "search"), ("vbank", "search")]

figures = []


def figure(name, value, bar=None, least=True):
    met = "" if bar is None else " met" if (value >= bar if least else value <= bar) else " MISSED"
    sign = "" if bar is None else f" bar {'≥' if least else '≤'} {bar}"
    figures.append(f"figure {name} {value:.4f}{sign}{met}")
    print(figures[-1], flush=True)


def absent(name, why):
    figures.append(f"absent {name}: {why}")
    print(figures[-1], flush=True)


class Program:
    def __init__(self, folder):
        self.nasatlas = folder / "nasatlas"
        self.bench = folder / "surrogates-bench"
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="nasatlas-bench-"))

    def run(self, *words, **more):
        return subprocess.run([str(self.nasatlas), *map(str, words)], check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, **more).stdout

    def evaluate(self, atlas, *words):
        """The values of all trials by predictor and metric."""
        rows = json.loads(self.run("evaluate", "predictors", atlas, *words, "--json"))["rows"]
        found = {}
        for row in rows:
            for metric, value in row["values"].items():
                found.setdefault(row["predictor"], {}).setdefault(metric, []).append(value)
        return found

    def atlas(self, name):
        """The atlas of files beside the project; None where they are not there."""
        if not (SHARED / name).exists():
            return None
        source, working, atlas = (self.scratch / f"{name}.{kind}" for kind in ("ndjson", "sqlite", "atlas"))
        if not atlas.exists():
            environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools" / "python" / "src"))
            subprocess.run([sys.executable, "-m", "nasatlas.importing", name, "--from", SHARED / name, "--out", source],
                           check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.run("ingest", source, "--into", working)
            self.run("publish", working, atlas)
        return atlas


def mean(values):
    return statistics.fmean(values)


def nb201(program, trials):
    """Each predictor by its own encoding, 121 cells to learn from, 100 to test."""
    common = ["--dataset", "cifar10", "--train-size", 121, "--trials", trials]
    found = program.evaluate(NB201, *common, "--predictor", "default")["default"]
    figure("nb201-121-kendall-default", mean(found["kendall"]), 0.84)
    for name, (tau, seconds) in PUBLISHED.items():
        found = program.evaluate(NB201, *common, "--predictor", name)[name]
        figure(f"nb201-121-kendall-{name}", mean(found["kendall"]), tau - 0.02)
        figure(f"nb201-121-fit-s-{name}", statistics.median(found["fit_seconds"]), seconds, least=False)


def published(program, _):
    """The same predictors on the one draw of splits that the published values belong to."""
    try:
        from published_draw import splits
        from scipy.stats import kendalltau
    except ImportError as error:
        return absent("nb201-121-kendall-published-draw", f"{error}")
    answer = json.loads(program.run("top", NB201, "--dataset", "cifar10", "-k", 20000, "--json"))
    values = {place["architecture"]["canonicalText"]: place["value"] for place in answer["places"]}
    with subprocess.Popen([str(program.bench), "fit", "nasbench201"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as process:
        for name, (tau, _) in PUBLISHED.items():
            taus = []
            for trial, (train, test) in enumerate(splits()):
                request = {"predictor": name, "train": train, "values": [values[cell] for cell in train], "test": test,
                           "seed": trial}
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                found = json.loads(process.stdout.readline())["mean"]
                taus.append(kendalltau(found, [values[cell] for cell in test])[0])
            figure(f"nb201-121-kendall-{name}-published-draw", mean(taus), tau - 0.02)
        process.stdin.close()


def nb201_large(program, _):
    found = program.evaluate(
        NB201, "--dataset", "cifar10", "--train-size", 2000, "--test", "rest", "--trials", 3, "--predictor", "default")
    figure("nb201-2000-kendall", mean(found["default"]["kendall"]), 0.92)
    figure("nb201-2000-r2", mean(found["default"]["r2"]), 0.993)


def nbgraph(program, _):
    atlas = CACHE / "nas-bench-graph.atlas"
    if not atlas.exists():
        return absent("nbgraph", "run tools/setup --benchmarks")
    for size, bar, trials in ((121, 0.68, 10), (2000, 0.81, 10)):
        found = program.evaluate(
            atlas, "--dataset", "ogbn-arxiv", "--train-size", size, "--test", 1000, "--trials", trials, "--predictor",
            "default")
        figure(f"nbgraph-{size}-kendall", mean(found["default"]["kendall"]), bar)


def seqnas(program, trials):
    """The default and the authors' CatBoost, fitted to the same splits: the peer reads them from a file."""
    atlas = program.atlas("seqnas")
    if atlas is None:
        return absent("seqnas-300-over-catboost", "the released tables are not there")
    try:
        from peers.catboost_splits import predict
    except ImportError as error:
        return absent("seqnas-300-over-catboost", f"{error}")
    differences = []
    for dataset, origin in SEQNAS:
        words = ["--dataset", dataset, "--where", f"origin = '{origin}'", "--train-size", 300, "--test", "rest",
                 "--trials", trials]
        splits, theirs = program.scratch / "splits.csv", program.scratch / "catboost.csv"
        program.run("evaluate", "predictors", atlas, *words, "--export-splits", splits)
        predict(splits, theirs, program.bench)
        found = program.evaluate(
            atlas, *words, "--predictor", "default", "--predictions", f"{theirs}:catboost")
        own, peer = mean(found["default"]["kendall"]), mean(found["catboost"]["kendall"])
        differences.append(own - peer)
        print(f"  {dataset:8} {origin:7} default {own:.4f} catboost {peer:.4f} difference {own - peer:+.4f}", flush=True)
        coverage(f"seqnas-{dataset}-{origin}", found["default"])
    figure("seqnas-300-over-catboost", mean(differences), 0.03)


def coverage(name, found):
    share = mean(found["coverage_80"])
    figure(f"coverage80-{name}-low", share, 0.75)
    figure(f"coverage80-{name}-high", share, 0.85, least=False)
    gain = mean(found["nll_constant_width"]) - mean(found["nll"])
    figure(f"nll-gain-{name}", gain, 0)


def coverages(program, trials):
    words = ["--train-size", 121, "--trials", trials, "--predictor", "default"]
    coverage("nb201", program.evaluate(NB201, "--dataset", "cifar10", *words)["default"])
    atlas = program.atlas("spikenas")
    if atlas is None:
        return absent("coverage80-spikenas", "the published table is not there")
    coverage("spikenas", program.evaluate(
        atlas, "--dataset", "cifar10", "--protocol", "spikenas-100", *words)["default"])


def catboost(program, trials):
    tables = SHARED / "seqnas" / "nas-bench-event-sequences.zip"
    if not tables.exists():
        return absent("catboost", "the released tables are not there")
    rows = program.scratch / "nb201.txt"
    answer = json.loads(program.run("top", NB201, "--dataset", "cifar10", "-k", 20000, "--json"))
    digits = {"none": 0, "skip_connect": 1, "nor_conv_1x1": 2, "nor_conv_3x3": 3, "avg_pool_3x3": 4}
    with open(rows, "w") as file:
        for place in answer["places"]:
            edges = place["architecture"]["canonicalText"].replace("+", "").strip("|").replace("||", "|").split("|")
            file.write("".join(str(digits[edge.split("~")[0]]) for edge in edges) + f" {place['value']}\n")
    here = pathlib.Path(__file__).parent
    for words in (
            [here / "seqnas_catboost.py", program.bench, tables, "--splits", trials],
            [here / "peers" / "catboost_trees.py", program.bench, tables, rows]):
        subprocess.run([sys.executable, *map(str, words)], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS)
    parser.add_argument("--trials", type=int, default=20)
    words = parser.parse_args()
    program = Program(words.binaries)
    runs = {"nb201": nb201, "published": published, "nb201-large": nb201_large, "nbgraph": nbgraph, "seqnas": seqnas,
            "coverage": coverages, "catboost": catboost}
    for group in words.only:
        print(f"{group}:", flush=True)
        runs[group](program, words.trials)
    print("\n".join(["", *figures]))


if __name__ == "__main__":
    main()
