"""Writes Tests/SurrogatesTests/Golden/forest.json: trees and forests of scikit-learn.

Trees: data without ties (checked: another order of features changes no prediction), so that there is one best tree.
Forests: R2 and Kendall tau on held-out rows, means over seeds. Features are multiples of 1/1024, which float32 holds:
scikit-learn narrows features to that.
"""

import json
import pathlib

import numpy as np
import scipy.stats
import sklearn
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeRegressor

SEED = 20240607


def draw(generator, rows, missing):
    x = np.round(generator.random((rows, 10)) * 1024) / 1024
    x[:, 6:8] = x[:, 6:8] > 0.5
    x[:, 8] = np.floor(x[:, 8] * 4)
    y = (
        10 * np.sin(np.pi * x[:, 0] * x[:, 1])
        + 20 * (x[:, 2] - 0.5) ** 2
        + 10 * x[:, 3]
        + 5 * x[:, 4]
        + 3 * x[:, 6] * x[:, 8]
        + generator.normal(size=rows)
    )
    if missing:
        x[generator.random((rows, 10)) < 0.15] = np.nan
    return x, np.round(y, 3)


def numbers(matrix):
    return [[None if np.isnan(v) else float(v) for v in row] for row in matrix]


def trees():
    cases = []
    for name, missing, settings in [
        ("leaves of five", False, {"min_samples_leaf": 5}),
        ("three deep", False, {"max_depth": 3}),
        ("splits of forty", False, {"min_samples_split": 40, "min_samples_leaf": 4}),
        ("missing values", True, {"min_samples_leaf": 5}),
    ]:
        # The first seed whose data has no ties between splits.
        for seed in range(SEED, SEED + 500):
            generator = np.random.default_rng(seed)
            x, y = draw(generator, 160, missing)
            unseen, _ = draw(generator, 60, missing)
            columns = [0, 1, 2, 3, 4]
            x, unseen = x[:, columns], unseen[:, columns]
            found = [DecisionTreeRegressor(random_state=s, **settings).fit(x, y).predict(unseen) for s in range(8)]
            if all(np.abs(found[0] - other).max() < 1e-13 for other in found):
                break
        else:
            raise SystemExit(f"{name}: ties with every seed")
        cases.append(
            {
                "name": name,
                "minLeaf": settings.get("min_samples_leaf", 1),
                "minSplit": settings.get("min_samples_split", 2),
                "maxDepth": settings.get("max_depth"),
                "features": numbers(x),
                "values": y.tolist(),
                "unseen": numbers(unseen),
                "predictions": found[0].tolist(),
            }
        )
    return cases


def forests(x, y, unseen, truth):
    naslib = {"n_estimators": 116, "max_features": 0.17, "min_samples_leaf": 2, "bootstrap": False}
    smac = {"n_estimators": 10, "max_features": 5 / 6, "min_samples_leaf": 3, "min_samples_split": 3, "max_depth": 20}
    cases = []
    for name, model, settings, seeds in [
        ("random-forest", RandomForestRegressor, {"n_estimators": 500}, 5),
        ("extra-trees", ExtraTreesRegressor, {"n_estimators": 500}, 5),
        ("random-forest-naslib", RandomForestRegressor, naslib, 10),
        ("random-forest-smac", RandomForestRegressor, smac, 40),
    ]:
        scores = []
        for seed in range(seeds):
            predicted = model(random_state=seed, **settings).fit(x, y).predict(unseen)
            scores.append((r2_score(truth, predicted), scipy.stats.kendalltau(truth, predicted).statistic))
        r2, tau = np.mean(scores, axis=0)
        cases.append({"name": name, "seeds": seeds, "r2": r2, "tau": tau})
    bagged = RandomForestRegressor(500, oob_score=True, random_state=0).fit(x, y)
    return cases, r2_score(y, bagged.oob_prediction_)


generator = np.random.default_rng(SEED + 1)
x, y = draw(generator, 200, False)
unseen, truth = draw(generator, 300, False)
cases, out_of_bag = forests(x, y, unseen, truth)
golden = {
    "oracle": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, seed {SEED}",
    "trees": trees(),
    "features": x.tolist(),
    "values": y.tolist(),
    "unseen": unseen.tolist(),
    "truth": truth.tolist(),
    "forests": cases,
    "outOfBagR2": out_of_bag,
}
path = pathlib.Path(__file__).resolve().parents[2] / "Tests/SurrogatesTests/Golden/forest.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print({case["name"]: (round(case["r2"], 4), round(case["tau"], 4)) for case in cases}, out_of_bag)
