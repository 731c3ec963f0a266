"""Metrics of predictions by scikit-learn and SciPy, for Tests/StatisticsTests/Golden/prediction-metrics.json.

What is not defined (constant columns, fewer than two pairs, fewer pairs than places) is null. Precision and regret with
ties are the mean over many ways to break them: over all permutations where there are at most seven pairs, else there are
no ties in those columns. The columns come from NumPy's PCG64 with the seed below. Needs NumPy, SciPy and scikit-learn.
"""

import itertools
import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics

SEED = 20240917
PATH = pathlib.Path(__file__).parents[2] / "Tests/StatisticsTests/Golden/prediction-metrics.json"


def number(value):
    return None if value is None or not np.isfinite(value) else float(value)


def correlation(function, truth, predictions):
    if len(truth) < 2 or np.ptp(truth) == 0 or np.ptp(predictions) == 0:
        return None
    return number(function(truth, predictions).statistic)


def orders(costs):
    """Indices sorted by cost in every order of ties."""
    seen = set()
    for shuffled in itertools.permutations(range(len(costs))):
        order = tuple(sorted(shuffled, key=lambda index: costs[index]))
        seen.add(order)
    return sorted(seen)


def best(truth, predictions, places, sign):
    if len(truth) < places:
        return None, None
    small = len(truth) <= 7
    by_truth = orders(-sign * truth) if small else [np.argsort(-sign * truth, kind="stable")]
    by_prediction = orders(-sign * predictions) if small else [np.argsort(-sign * predictions, kind="stable")]
    overlap = [len(set(a[:places]) & set(b[:places])) / places for a in by_truth for b in by_prediction]
    regret = [max(sign * truth) - max(sign * truth[list(b[:places])]) for b in by_prediction]
    return float(np.mean(overlap)), float(np.mean(regret))


def case(name, truth, predictions, deviations=None, larger=True):
    truth, predictions = np.asarray(truth, float), np.asarray(predictions, float)
    sign = 1 if larger else -1
    constant = len(truth) < 2 or np.ptp(truth) == 0
    record = {
        "name": name, "truth": truth.tolist(), "predictions": predictions.tolist(), "largerIsBetter": larger,
        "mae": number(metrics.mean_absolute_error(truth, predictions)),
        "rmse": number(metrics.root_mean_squared_error(truth, predictions)),
        "mape": number(100 * metrics.mean_absolute_percentage_error(truth, predictions)) if np.all(truth) else None,
        "r2": None if constant else number(metrics.r2_score(truth, predictions)),
        "pearson": correlation(stats.pearsonr, truth, predictions),
        "spearman": correlation(stats.spearmanr, truth, predictions),
        "kendall": correlation(stats.kendalltau, truth, predictions),
        "kendallTwoDecimals": correlation(stats.kendalltau, truth, np.round(predictions, 2)),
        "kendallOneDecimal": correlation(stats.kendalltau, truth, np.round(predictions, 1)),
        "best": [{"places": places, "precision": best(truth, predictions, places, sign)[0],
                  "regret": best(truth, predictions, places, sign)[1]} for places in (1, 2, 3, 10, 20)]}
    if deviations is not None:
        deviations = np.asarray(deviations, float)
        intervals = [stats.norm.interval(level, predictions, deviations) for level in (0.5, 0.8, 0.95)]
        residual = truth - predictions
        record["calibration"] = {
            "deviations": deviations.tolist(),
            "coverage": [float(np.mean((low <= truth) & (truth <= high))) for low, high in intervals],
            "width": [float(np.mean(high - low)) for low, high in intervals],
            "sharpness": float(deviations.mean()),
            "nll": float(-stats.norm.logpdf(truth, predictions, deviations).mean()),
            "constantNLL": float(-stats.norm.logpdf(residual, 0, np.sqrt(np.mean(residual ** 2))).mean())}
    return record


def main():
    random = np.random.default_rng(SEED)
    accuracy = 85 + 8 * random.beta(5, 2, size=100)
    guess = accuracy + random.normal(size=100)
    width = 0.2 + random.gamma(2, 0.5, size=100)
    loss = random.gamma(2, 1, size=40)
    rounded = np.round(accuracy, 1)
    cases = [
        case("one", [91.5], [90]),
        case("two", [1, 2], [5, 3]),
        case("constant.truth", [3, 3, 3, 3], [1, 2, 3, 4]),
        case("constant.predictions", [1, 2, 3, 4, 5], [2, 2, 2, 2, 2]),
        case("perfect", [1, 2, 3, 4], [1, 2, 3, 4]),
        case("ties.truth", [1, 2, 2, 2, 3, 3], [6, 5, 4, 3, 2, 1]),
        case("ties.predictions", [9, 4, 7, 1, 8, 3], [5, 5, 5, 2, 2, 2]),
        case("ties.both", [1, 1, 2, 2, 2, 3, 3], [4, 5, 5, 4, 5, 5, 4]),
        case("ties.smaller", [1, 1, 2, 2, 2, 3, 3], [4, 5, 5, 4, 5, 5, 4], larger=False),
        case("accuracies", accuracy, guess, width),
        case("bad", accuracy, 90 + random.normal(size=100), 0.5 + random.random(100)),
        case("overconfident", accuracy, guess, width / 20),
        case("losses", loss, loss + 0.3 * random.normal(size=40), 0.1 + random.random(40), larger=False),
        case("reversed", accuracy, -guess),
        case("shifted", 1e6 + accuracy, 1e6 + guess, width),
        case("halves", accuracy, np.round(guess * 8) / 8 + 1e-6 * random.random(100)),
        case("many.ties", np.arange(100) + 0.0, np.arange(100) + 0.001 * random.random(100)),
    ]
    # Without the orders of ties: only what does not depend on them.
    tied = case("rounded.truth", rounded, guess, width)
    tied["best"] = []
    cases.append(tied)
    lines = ",\n".join(json.dumps(record, separators=(",", ":"), allow_nan=False) for record in cases)
    oracle = f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, NumPy {np.__version__}"
    PATH.write_text(f'{{"oracle": "{oracle}", "seed": {SEED},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{PATH}: {len(cases)} cases")


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
