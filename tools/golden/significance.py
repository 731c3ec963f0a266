"""Significance tests by SciPy and scikit-posthocs, for Tests/StatisticsTests/Golden/significance.json.

The columns come from NumPy's PCG64 with the seed below. The tail of the studentized range is integrated by mpmath to 30
digits (SciPy's own is good to about 1e-10); everywhere else SciPy is the oracle. Needs NumPy, SciPy, mpmath,
scikit-posthocs and statsmodels.
"""

import json
import pathlib
import warnings

import mpmath
import numpy as np
import scikit_posthocs
import scipy
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

SEED = 20241103
PATH = pathlib.Path(__file__).parents[2] / "Tests/StatisticsTests/Golden/significance.json"


def number(value):
    return None if value is None or not np.isfinite(value) else float(value)


def paired(name, first, second):
    first, second = np.asarray(first, float), np.asarray(second, float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wilcoxon = stats.wilcoxon(first, second)
        student = stats.ttest_rel(first, second)
    same = np.ptp(first - second) == 0
    return {
        "name": name, "first": first.tolist(), "second": second.tolist(),
        "wilcoxon": [0.0, 1.0] if (first == second).all() else [float(wilcoxon.statistic), float(wilcoxon.pvalue)],
        "student": None if same else [float(student.statistic), float(student.pvalue)]}


def friedman(name, scores, larger=True):
    scores = np.asarray(scores, float)
    statistic, p = stats.friedmanchisquare(*scores)
    ranks = np.apply_along_axis(stats.rankdata, 0, -scores if larger else scores)
    k, n = scores.shape
    nemenyi = scikit_posthocs.posthoc_nemenyi_friedman(scores.T).to_numpy()
    mean = ranks.mean(axis=1)
    q = np.abs(mean[:, None] - mean[None]) / np.sqrt(k * (k + 1) / (6 * n)) * np.sqrt(2)
    exact = [[1.0 if a == b else float(studentized_range(q[a, b], k)) for b in range(k)] for a in range(k)]
    assert np.abs(np.asarray(exact) - nemenyi).max() < 1e-8
    return {"name": name, "scores": scores.tolist(), "largerIsBetter": larger, "statistic": float(statistic),
            "p": float(p), "ranks": mean.tolist(), "nemenyi": exact}


def studentized_range(q, k):
    """1 - P(Q < q) with infinitely many degrees of freedom."""
    if q == 0:
        return mpmath.mpf(1)
    with mpmath.workdps(30):
        inner = lambda z: mpmath.npdf(z) * (mpmath.ncdf(-z) - mpmath.ncdf(-z - q)) ** (k - 1)
        return 1 - k * mpmath.quad(inner, list(range(-14, 15, 2)))


def main():
    random = np.random.default_rng(SEED)
    x = random.normal(size=200)
    grades = random.integers(0, 6, size=120)
    shift = random.integers(-2, 3, size=120)
    cases = [
        paired("two", [1, 2], [3, 5]),
        paired("five", x[:5], x[5:10]),
        paired("twenty", x[:20], x[20:40] + 0.8),
        paired("twenty.far", x[:20], x[:20] + 1 + random.random(20)),
        paired("fifty", x[:50], x[50:100] + 0.3),
        paired("fifty-one", x[:51], x[60:111] + 0.3),
        paired("hundred", x[:100], x[100:] + 0.2),
        paired("ties.ten", grades[:10], grades[:10] + shift[:10]),
        paired("ties.thirteen", grades[10:23], grades[30:43]),
        paired("ties.fourteen", grades[10:24], grades[30:44]),
        paired("ties.hundred", grades, grades + shift),
        paired("ties.signs", [1, -1, 1, 1, 1, -1, 1, 1], np.zeros(8)),
        paired("zero.one", [1, 2, 3, 4, 5, 6.5], [1, 2.5, 2, 4.1, 5.7, 1]),
        paired("equal", [1, 2, 3], [1, 2, 3]),
        paired("shifted", [1, 2, 3, 4], [2, 3, 4, 5]),
    ]
    groups = [
        friedman("three", random.normal(size=(3, 8))),
        friedman("five", random.normal(size=(5, 20)) + np.arange(5)[:, None] / 2),
        friedman("five.far", random.normal(size=(5, 20)) + 3 * np.arange(5)[:, None]),
        friedman("ten", random.normal(size=(10, 30)) + np.arange(10)[:, None] / 8, larger=False),
        friedman("ties", random.integers(0, 4, size=(4, 15))),
    ]
    holm = [random.random(8) ** 3, [0.01, 0.04, 0.03, 0.005], [0.6, 0.7], [0.2], [0.01, 0.01, 0.01]]
    points = [(0.5, 0.5), (1, 1), (2, 3.5), (9.5, 0.5), (0.5, 9.5), (49.5, 0.5), (120, 80), (1000, 0.5), (0.01, 5)]
    record = {
        "oracle": f"SciPy {scipy.__version__}, scikit-posthocs {scikit_posthocs.__version__}, NumPy {np.__version__}",
        "seed": SEED, "paired": cases, "friedman": groups,
        "holm": [{"p": list(map(float, p)), "adjusted": multipletests(p, method="holm")[1].tolist()} for p in holm],
        "beta": [[a, b, x, float(special.betainc(a, b, x))] for a, b in points
                 for x in (0, 1e-9, 0.01, 0.3, 0.5, 0.77, 0.99, 1)],
        "gamma": [[a, x, float(special.gammaincc(a, x))] for a in (0.01, 0.5, 1, 1.5, 2, 4.5, 30, 500)
                  for x in (0, 1e-6, 0.3, 1, 2.5, 5.5, 29, 60, 480)],
        "student": [[t, nu, float(stats.t.cdf(t, nu)), float(2 * stats.t.sf(abs(t), nu))]
                    for nu in (1, 2, 3.5, 19, 199) for t in (-12, -2.1, -0.3, 0, 0.05, 0.7, 1.9, 8, 40)],
        "range": [[q, k, float(studentized_range(q, k))] for k in (2, 3, 5, 10, 40)
                  for q in (0.01, 0.5, 1, 2.77, 3.9, 6, 9)]}
    PATH.write_text(json.dumps(record, allow_nan=False, separators=(",", ":")).replace('},{', '},\n{') + "\n",
                    encoding="utf-8")
    print(f"{PATH}: {len(cases) + len(groups)} cases")


if __name__ == "__main__":
    main()
