"""Boosted trees beside the real package: seconds of fits and predictions, one thread each, in turns.

    catboost_trees.py SURROGATES_BENCH SEQNAS_ZIP NB201_ROWS [--rounds 3]

NB201_ROWS is a text file of NAS-Bench-201 rows: an architecture's six operations as digits 0…4, a space, its
accuracy. Both sides learn 1,000 trees of depth 6 at learning rate 0.03 with CatBoost's defaults otherwise. A line
`figure NAME VALUE` each: how many times faster ours is (the medians over the rounds), and ours over the peer's RMSE
on rows that neither has seen. Needs catboost and NumPy.
"""

import argparse
import pathlib
import sys
import time

import numpy as np
from catboost import CatBoostRegressor

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from ours import Ours  # noqa: E402
from seqnas_catboost import SEED, tables  # noqa: E402

SETTINGS = {"iterations": 1000, "depth": 6, "learningRate": 0.03}


def one_hots(path):
    lines = pathlib.Path(path).read_text().split("\n")
    rows = [line.split() for line in lines if line]
    x = np.array([[float(int(digit) == operation) for digit in digits for operation in range(5)] for digits, _ in rows])
    return x, np.array([float(value) for _, value in rows])


def seconds(action):
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def rmse(found, expected):
    return float(np.sqrt(np.mean((np.asarray(found) - expected) ** 2)))


def compare(ours, x, y, unseen, values, rounds, predictions):
    taken = {"fit": [], "one": [], "bulk": []}
    errors = []
    for round in range(rounds):
        model = CatBoostRegressor(
            iterations=1000, depth=6, learning_rate=0.03, thread_count=1, random_seed=round, verbose=False,
            allow_writing_files=False)
        peer, _ = seconds(lambda: model.fit(x, y))
        own = ours.ask(fit={"x": x.tolist(), "y": y.tolist(), "settings": SETTINGS, "seed": round})["seconds"]
        taken["fit"].append((peer, own))
        found = model.predict(unseen, thread_count=1)
        answer = ours.ask(predict={"x": unseen.tolist(), "repeats": 5})
        errors.append((rmse(found, values), rmse(answer["mean"], values)))
        if predictions:
            bulk = min(seconds(lambda: model.predict(unseen, thread_count=1))[0] for _ in range(5))
            taken["bulk"].append((bulk, answer["seconds"]))
            few = unseen[:200]
            one = min(
                seconds(lambda: [model.predict(row, thread_count=1) for row in few])[0] for _ in range(3))
            taken["one"].append((one, ours.ask(one={"x": few.tolist(), "repeats": 3})["seconds"]))
    return {name: np.median(pairs, 0) for name, pairs in taken.items() if pairs}, np.mean(errors, 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("archive")
    parser.add_argument("cells")
    parser.add_argument("--rounds", type=int, default=3)
    words = parser.parse_args()
    ours = Ours(words.binary, "trees")
    random = np.random.default_rng(SEED)

    # Scores are unseen for the error only: 400 rows learn, four fifths of them in a second comparison.
    x, y = tables(words.archive)["seqnas ABank"]
    scores = (y - y.mean()) / y.std()
    order = random.permutation(len(y))
    taken, _ = compare(ours, x, scores, x, scores, words.rounds, False)
    _, errors = compare(
        ours, x[order[:320]], scores[order[:320]], x[order[320:]], scores[order[320:]], words.rounds, False)
    print(f"400 AVecs: catboost {taken['fit'][0]:.3f} s, ours {taken['fit'][1]:.4f} s")
    print(f"figure fit-400-over-catboost {taken['fit'][0] / taken['fit'][1]:.1f}")
    print(f"figure fit-400-rmse-ratio {errors[1] / errors[0]:.4f}")

    x, y = one_hots(words.cells)
    order = random.permutation(len(y))
    train, rest = order[:3200], order[3200:]
    taken, errors = compare(ours, x[train], y[train], x[rest], y[rest], words.rounds, True)
    print(f"3,200 cells: catboost {taken['fit'][0]:.3f} s, ours {taken['fit'][1]:.4f} s; "
          f"{len(rest)} rows {taken['bulk'][0] / len(rest) * 1e6:.2f} and {taken['bulk'][1] / len(rest) * 1e6:.2f} "
          f"us a row; one row {taken['one'][0] / 200 * 1e6:.1f} and {taken['one'][1] / 200 * 1e6:.2f} us")
    print(f"figure fit-3200-over-catboost {taken['fit'][0] / taken['fit'][1]:.1f}")
    print(f"figure fit-3200-rmse-ratio {errors[1] / errors[0]:.4f}")
    print(f"figure predict-one-over-catboost {taken['one'][0] / taken['one'][1]:.1f}")
    print(f"figure predict-bulk-over-catboost {taken['bulk'][0] / taken['bulk'][1]:.2f}")


if __name__ == "__main__":
    main()
