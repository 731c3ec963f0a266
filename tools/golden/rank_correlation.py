"""Kendall's tau-b, Spearman and Pearson by SciPy, for Tests/StatisticsTests/Golden/rank-correlation.json.

Absent numbers are null; a pair with one is left out before SciPy sees the columns. SciPy's NaN (a constant column, fewer
than two pairs) becomes null: not defined. The columns come from NumPy's PCG64 with the seed below. Needs NumPy and SciPy
only.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
from scipy import stats

SEED = 20240611
PATH = pathlib.Path(__file__).parents[2] / "Tests/StatisticsTests/Golden/rank-correlation.json"


def defined(function, first, second):
    if len(first) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = float(function(first, second).statistic)
    return None if np.isnan(value) else value


def case(name, first, second):
    first, second = [[None if value is None else float(value) for value in column] for column in (first, second)]
    pairs = [pair for pair in zip(first, second) if None not in pair]
    columns = [np.array([pair[place] for pair in pairs]) for place in (0, 1)]
    # The rounding of SciPy's own mean makes a constant column look varied; there is nothing to correlate.
    constant = any(len(column) == 0 or column.min() == column.max() for column in columns)
    return {
        "name": name, "first": first, "second": second, "pairs": len(pairs),
        "kendall": defined(stats.kendalltau, *columns),
        "spearman": defined(stats.spearmanr, *columns),
        "pearson": None if constant else defined(stats.pearsonr, *columns)}


def holes(random, column, share):
    return [None if random.random() < share else value for value in column]


def main():
    random = np.random.default_rng(SEED)
    x = random.normal(size=200)
    noisy = x + random.normal(size=200)
    grades = random.integers(0, 5, size=300)
    accuracy = np.round(90 + 2 * random.random(250), 2)
    cases = [
        case("none", [], []),
        case("one", [1], [2]),
        case("two", [1, 2], [5, 3]),
        case("two.equal", [1, 1], [5, 3]),
        case("two.close", [1e16, 1e16 + 2], [1, 2]),
        case("three.cycle", [1, 2, 3], [2, 3, 1]),
        case("constant.first", [0.1] * 7, range(7)),
        case("constant.both", [3] * 4, [3] * 4),
        case("perfect", range(50), [value ** 3 for value in range(50)]),
        case("reversed", range(50), [-2 * value for value in range(50)]),
        case("normal", x, noisy),
        case("independent", x, random.normal(size=200)),
        case("ties.one", grades, grades + random.normal(size=300)),
        case("ties.both", grades, (grades + random.integers(0, 4, size=300)) // 2),
        case("ties.binary", random.integers(0, 2, size=64), random.integers(0, 2, size=64)),
        case("accuracies", accuracy, np.round(accuracy - 20 + 0.5 * random.normal(size=250), 2)),
        case("shifted", 1e9 + x, 1e9 - noisy),
        case("tiny", x * 1e-300, noisy * 1e-200),
        case("huge", x * 1e300, noisy),
        case("heavy", np.exp(5 * x), np.exp(5 * noisy)),
        case("signed-zeros", [0.0, -0.0, 1, 2, -0.0], [1, 2, 3, 3, 1]),
        case("holes", holes(random, x, 0.2), holes(random, noisy, 0.3)),
        case("holes.all", [None, 1, None], [2, None, None]),
        case("holes.leave-one", [None, 1, 3], [2, 4, None]),
        case("odd-length", x[:129], noisy[:129]),
    ]
    lines = ",\n".join(json.dumps(record, separators=(",", ":"), allow_nan=False) for record in cases)
    header = f'{{"oracle": "SciPy {scipy.__version__}, NumPy {np.__version__}", "seed": {SEED},\n"cases": [\n'
    PATH.write_text(f"{header}{lines}\n]}}\n", encoding="utf-8")
    print(f"{PATH}: {len(cases)} cases")


if __name__ == "__main__":
    main()
