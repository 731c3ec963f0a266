"""Boosted oblivious trees by CatBoost, for Tests/SurrogatesTests/Golden/boosted-trees.json.

Everything random is off (no sampling of rows, random strength 0), leaf estimation takes its one step whole (no
backtracking), one thread. Features come from NumPy's PCG64 with the
seed below: zeros and ones as strings of digits, real numbers rounded to six decimals so that the JSON is exact. Each case
holds settings by the names of our own, predictions of the unseen rows, and what else was asked of the package.
Needs catboost and NumPy.
"""

import json
import pathlib
import tempfile

import catboost
import numpy as np
from catboost import CatBoostRegressor, Pool

SEED = 20241121
PATH = pathlib.Path(__file__).parents[2] / "Tests/SurrogatesTests/Golden/boosted-trees.json"
NAMES = {
    "iterations": "iterations", "depth": "depth", "learningRate": "learning_rate", "l2": "l2_leaf_reg",
    "loss": "loss_function", "score": "score_function", "leafMethod": "leaf_estimation_method",
    "modelShrinkRate": "model_shrink_rate", "missing": "nan_mode", "borderCount": "border_count",
    "posteriorSampling": "posterior_sampling", "earlyStoppingRounds": "early_stopping_rounds"}


def rounded(values, digits=10):
    return [float(f"{value:.{digits}g}") for value in np.ravel(values)]


def tables(random):
    def target(x):
        return x @ np.linspace(-1, 1, x.shape[1]) + x[:, 0] * x[:, 1] - 2 * x[:, 2] * x[:, 3]

    def noisy(x):
        return np.round(target(x) + 0.2 * random.normal(size=len(x)), 5)

    binary = random.integers(0, 2, size=(260, 16)).astype(float)
    real = np.round(random.normal(size=(420, 5)), 6)
    mixed = np.hstack([random.integers(0, 2, size=(200, 5)), random.integers(0, 6, size=(200, 3))]).astype(float)
    mixed[random.random(mixed.shape) < 0.05] = np.nan
    found = {}
    for name, x, train in (("binary", binary, 200), ("real", real, 360), ("mixed", mixed, 150)):
        y = noisy(np.nan_to_num(x, nan=0.5))
        found[name] = (x, y, train)
    return found


def case(name, table, data, extras=(), evaluate=False, feature_weights=None, **settings):
    x, y, train = data[table]
    words = {NAMES[key]: value for key, value in settings.items()}
    if feature_weights:
        words["feature_weights"] = {int(column): weight for column, weight in feature_weights.items()}
    model = CatBoostRegressor(
        **words, bootstrap_type="No", random_strength=0, leaf_estimation_backtracking="No", thread_count=1, verbose=False, allow_writing_files=False,
        random_seed=1)
    end = train if not evaluate else train * 3 // 4
    held_out = (x[end:train], y[end:train]) if evaluate else None
    model.fit(x[:end], y[:end], eval_set=held_out, use_best_model=evaluate)
    unseen = x[train:]
    found = model.predict(unseen)
    record = {"name": name, "table": table, "settings": settings, "trees": int(model.tree_count_), "learnt": end}
    if feature_weights:
        record["featureWeights"] = feature_weights
    record["mean"] = rounded(found[:, 0] if found.ndim == 2 else found)
    if found.ndim == 2:
        record["variance"] = rounded(found[:, 1])
    if "importance" in extras:
        record["importances"] = rounded(model.get_feature_importance(type="PredictionValuesChange"))
    if "shap" in extras:
        values = np.array(model.get_feature_importance(Pool(unseen[:12]), type="ShapValues"))
        record["shap"] = rounded(values)
    if "rate" in extras:
        record["learningRate"] = float(model.get_all_params()["learning_rate"])
    if "ensembles" in extras:
        parts = model.virtual_ensembles_predict(
            unseen, prediction_type="TotalUncertainty", virtual_ensembles_count=5)
        record["virtualEnsembles"] = 5
        record["total"] = rounded(parts)
    if "borders" in extras:
        pool = Pool(x[:end], y[:end])
        pool.quantize()
        with tempfile.NamedTemporaryFile("r") as file:
            pool.save_quantization_borders(file.name)
            lines = [line.split() for line in file.read().split("\n") if line]
        record["borders"] = [[float(line[1]) for line in lines if int(line[0]) == column] for column in range(x.shape[1])]
    return record


def main():
    data = tables(np.random.default_rng(SEED))
    cases = [
        case("rmse", "binary", data, ("importance", "shap"), loss="RMSE", iterations=60, depth=6, learningRate=0.1),
        case("rmse.gradient", "binary", data, loss="RMSE", iterations=100, depth=3, learningRate=0.03,
             leafMethod="Gradient", l2=0.5),
        case("rmse.l2-score", "binary", data, loss="RMSE", iterations=50, depth=4, learningRate=0.2, score="L2", l2=10.0),
        case("rmse.shallow", "binary", data, loss="RMSE", iterations=200, depth=1, learningRate=0.3),
        case("rmse.rate", "binary", data, ("rate",), loss="RMSE", iterations=120, depth=5),
        case("rmse.rate-best", "binary", data, ("rate",), True, loss="RMSE", iterations=150, depth=5),
        case("rmse.stopped", "binary", data, ("importance",), True, loss="RMSE", iterations=400, depth=5,
             learningRate=0.2, earlyStoppingRounds=15),
        case("rmse.shrunk", "binary", data, ("ensembles",), loss="RMSE", iterations=64, depth=4, learningRate=0.1,
             modelShrinkRate=0.05),
        case("rmse.posterior", "binary", data, ("ensembles",), loss="RMSE", iterations=50, depth=5, learningRate=0.1,
             posteriorSampling=True),
        case("mae", "binary", data, ("importance",), loss="MAE", iterations=60, depth=6, learningRate=0.1),
        case("mae.gradient", "binary", data, loss="MAE", iterations=60, depth=4, learningRate=0.3, leafMethod="Gradient"),
        case("mae.posterior", "binary", data, ("ensembles",), loss="MAE", iterations=100, depth=6, learningRate=0.03,
             posteriorSampling=True),
        case("uncertainty", "binary", data, ("importance",), loss="RMSEWithUncertainty", iterations=80, depth=5,
             learningRate=0.1),
        case("uncertainty.gradient", "binary", data, loss="RMSEWithUncertainty", iterations=60, depth=4,
             learningRate=0.05, leafMethod="Gradient"),
        case("uncertainty.ensembles", "binary", data, ("ensembles",), loss="RMSEWithUncertainty", iterations=60,
             depth=4, learningRate=0.1, modelShrinkRate=0.02),
        case("real", "real", data, ("importance", "shap", "borders"), loss="RMSE", iterations=60, depth=6,
             learningRate=0.1),
        case("real.mae", "real", data, loss="MAE", iterations=60, depth=5, learningRate=0.1),
        case("mixed", "mixed", data, ("shap", "borders", "importance"), loss="RMSE", iterations=60, depth=6,
             learningRate=0.1, missing="Min"),
        case("mixed.max", "mixed", data, loss="RMSE", iterations=60, depth=5, learningRate=0.1, missing="Max"),
        case("mixed.weights", "mixed", data, ("importance",), False, {"0": 1.5, "5": 3.0, "6": 0.2}, loss="RMSE",
             iterations=40, depth=4, learningRate=0.1, missing="Min"),
    ]
    stored = {
        name: {
            "train": train, "y": rounded(y[:train]),
            "x": ["".join(str(int(value)) for value in row) for row in x] if name == "binary"
            else [[None if np.isnan(value) else value for value in row] for row in x.tolist()]}
        for name, (x, y, train) in data.items()}
    lines = ",\n".join(json.dumps(record, separators=(",", ":"), allow_nan=False) for record in cases)
    head = json.dumps(stored, separators=(",", ":"))
    PATH.write_text(
        f'{{"oracle": "CatBoost {catboost.__version__}", "seed": {SEED},\n"tables": {head},\n"cases": [\n{lines}\n]}}\n',
        encoding="utf-8")
    print(f"{PATH}: {len(cases)} cases, {PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
