"""Least-squares fits of parametric learning curves by SciPy, and nu-SVR by scikit-learn, for
Tests/SurrogatesTests/Golden/learning-curves.json.

Curves come from NumPy's PCG64 with the seed below. A fit is `scipy.optimize.least_squares` (method trf, bounds of the
family) from the published start values and from all ones; the least cost is stored. The regressions are
`sklearn.svm.NuSVR` with an RBF kernel and tolerance 1e-9, on three features; stored are its predictions.
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.optimize import least_squares
from sklearn.svm import NuSVR

SEED = 20250203
PATH = pathlib.Path(__file__).parents[2] / "Tests/SurrogatesTests/Golden/learning-curves.json"
INF, EPS = np.inf, np.finfo(float).eps
FREE, POSITIVE = (-INF, INF), (EPS, INF)

# name: formula, start values, bounds
FAMILIES = {
    "vap": (lambda x, a, b, c: np.exp(a + b / x + c * np.log(x)), [-0.622028, -0.470050, 0.042322], [FREE] * 3),
    "pow3": (lambda x, c, a, s: c - a * x ** -s, [0.84, 0.52, 0.01], [POSITIVE, (0, 2), POSITIVE]),
    "loglog-linear": (lambda x, a, b: np.log(a * np.log(x) + b), [1, 1], [POSITIVE] * 2),
    "hill3": (
        lambda x, t, e, k: t * x ** e / (k ** e + x ** e), [0.772320, 0.586449, 2.460843], [POSITIVE, FREE, POSITIVE]),
    "log-power": (lambda x, a, b, c: a / (1 + (x / np.exp(b)) ** c), [0.77, 2.98, -0.51], [FREE] * 3),
    "pow4": (lambda x, c, a, b, s: c - (a * x + b) ** -s, [0.8, 200, 0.0, 0.1], [POSITIVE] * 4),
    "mmf": (
        lambda x, a, b, k, d: a - (a - b) / (1 + (k * x) ** d), [0.7, 0.1, 0.01, 5], [FREE, FREE, POSITIVE, FREE]),
    "exp4": (lambda x, c, a, b, s: c - np.exp(-a * x ** s + b), [0.7, 0.8, -0.8, 0.3], [FREE] * 4),
    "janoschek": (lambda x, a, b, k, d: a - (a - b) * np.exp(-k * x ** d), [0.73, 0.07, 0.355, 0.46], [FREE] * 4),
    "weibull": (
        lambda x, a, b, k, d: a - (a - b) * np.exp(-(k * x) ** d), [0.7, 0.1, 0.01, 1], [FREE, FREE, POSITIVE, FREE]),
    "ilog2": (lambda x, c, a: c - a / np.log(x + 1), [0.78, 0.43], [POSITIVE] * 2),
}


def least_cost(family, values, weights):
    formula, start, bounds = FAMILIES[family]
    epochs = np.arange(1, len(values) + 1, dtype=float)
    lower, upper = np.array(bounds, dtype=float).T
    costs = []
    for first in (start, np.ones(len(start))):
        try:
            with np.errstate(all="ignore"):
                fit = least_squares(
                    lambda p: np.sqrt(weights) * (formula(epochs, *p) - values),
                    np.clip(first, lower + 1e-9, upper), bounds=(lower, upper), max_nfev=5000,
                    xtol=1e-12, ftol=1e-12, gtol=1e-12)
            costs.append(2 * fit.cost)
        except ValueError:
            continue
    return min(costs)


def main():
    random = np.random.default_rng(SEED)
    curves = []
    for length in (6, 12, 12, 25, 25, 50):
        end, span, rate = random.uniform(0.6, 0.95), random.uniform(0.2, 0.5), random.uniform(0.3, 1.2)
        x = np.arange(1, length + 1)
        curves.append(np.round(end - span * x ** -rate + random.normal(0, 0.005, length), 6))
    fits = []
    for values in curves:
        for recent in (False, True):
            n = len(values)
            weights = 10 ** (np.arange(n) / n) if recent else np.ones(n)
            fits.append({
                "values": values.tolist(), "recent": recent,
                "costs": {family: least_cost(family, values, weights) for family in FAMILIES}})
    x = np.round(random.normal(size=(60, 3)), 6)
    y = np.round(np.sin(x[:, 0]) + 0.5 * x[:, 1] ** 2 + 0.1 * random.normal(size=60), 6)
    regressions = []
    for c, nu, gamma in ((1.0, 0.5, 0.3), (10.0, 0.2, 0.05), (0.05, 0.8, 1.0), (5.0, 0.95, 2.0), (0.01, 0.33, 0.5)):
        model = NuSVR(C=c, nu=nu, gamma=gamma, tol=1e-9).fit(x[:40], y[:40])
        regressions.append({
            "c": c, "nu": nu, "gamma": gamma, "predictions": model.predict(x[40:]).tolist(),
            "intercept": float(model.intercept_[0]), "supports": int(len(model.support_))})
    record = {
        "oracle": f"SciPy {scipy.__version__}, scikit-learn {sklearn.__version__}, NumPy {np.__version__}", "seed": SEED,
        "fits": fits, "x": x.tolist(), "y": y.tolist(), "regressions": regressions}
    PATH.write_text(json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n", encoding="utf-8")
    print(f"{PATH}: {len(fits)} curves, {len(regressions)} regressions")


if __name__ == "__main__":
    main()
