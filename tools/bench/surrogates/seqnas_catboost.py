"""Boosted trees with SeqNAS's settings beside the real package, on the released SeqNAS tables.

    seqnas_catboost.py SURROGATES_BENCH SEQNAS_ZIP [--splits 20]

SEQNAS_ZIP is the released NAS-Bench Event Sequences archive. For each of the eight tables and 100 or 300 training
architectures: the mean of Kendall's tau-b over the same random splits for both, on all architectures that are left.
Prints a row each, the largest deviation as a figure, and the deviations of the knowledge uncertainty. One thread.
Needs catboost, NumPy and SciPy.
"""

import argparse
import json
import pathlib
import sys
import zipfile

import numpy as np
from catboost import CatBoostRegressor
from scipy.stats import kendalltau

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from ours import Ours  # noqa: E402

SEED = 20240917


def tables(path):
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if not name.endswith(".json") or "__MACOSX" in name:
                continue
            source, dataset = name.split("/")[-3:-1]
            record = json.loads(archive.read(name))
            found.setdefault(f"{source} {dataset}", []).append((record["arch_code"], record["score"]))
    return {
        name: (np.array([row for row, _ in rows], float), np.array([score for _, score in rows]))
        for name, rows in found.items()}


def package(x, y, unseen, seed):
    """The authors' call."""
    model = CatBoostRegressor(
        iterations=100, posterior_sampling=True, loss_function="MAE", nan_mode="Max", task_type="CPU", thread_count=1,
        random_seed=seed, verbose=False, allow_writing_files=False)
    model.fit(x, y)
    parts = model.virtual_ensembles_predict(unseen, prediction_type="TotalUncertainty", virtual_ensembles_count=5)
    return parts[:, 0], np.sqrt(parts[:, 1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("archive")
    parser.add_argument("--splits", type=int, default=20)
    words = parser.parse_args()
    ours = Ours(words.binary, "trees")
    largest = 0
    print(f"{'table':28} train  catboost  ours     deviation  spread of both")
    for name, (x, y) in tables(words.archive).items():
        for count in (100, 300):
            random = np.random.default_rng(SEED)
            taus, spreads = [], []
            for split in range(words.splits):
                order = random.permutation(len(y))
                train, rest = order[:count], order[count:]
                theirs = package(x[train], y[train], x[rest], split)
                ours.ask(fit={
                    "x": x[train].tolist(), "y": y[train].tolist(), "seed": split,
                    "settings": {"preset": "seqnas-trees"}})
                answer = ours.ask(predict={"x": x[rest].tolist()})
                taus.append([kendalltau(mean, y[rest]).statistic for mean in (theirs[0], answer["mean"])])
                spreads.append([theirs[1].mean(), np.mean(answer["epistemic"])])
            peer, own = np.mean(taus, 0)
            largest = max(largest, abs(own - peer))
            print(
                f"{name:28} {count:5}  {peer:.4f}    {own:.4f}  {own - peer:+.4f}    "
                f"{np.mean(spreads, 0)[0]:.2e} {np.mean(spreads, 0)[1]:.2e}", flush=True)
    print(f"figure seqnas-kendall-max-deviation {largest:.4f}")


if __name__ == "__main__":
    main()
