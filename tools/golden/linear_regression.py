"""Ridge and Bayesian ridge regression by scikit-learn, for Tests/SurrogatesTests/Golden/linear-regression.json.

Columns and values are brought to mean 0 and variance 1 here as the predictors do it; predictions are given for values as
they were. Needs NumPy and scikit-learn only.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import BayesianRidge, Ridge
from sklearn.model_selection import LeaveOneOut, cross_val_predict

SEED = 20240613
PATH = pathlib.Path(__file__).parents[2] / "Tests/SurrogatesTests/Golden/linear-regression.json"


def case(random, count, columns, noise):
    inputs = random.normal(size=(count + 5, columns)) * np.exp(random.normal(size=columns)) + 3
    inputs[:, 1] = inputs[:, 0] * 2 + random.normal(size=count + 5) * 0.1
    values = 50 + inputs @ random.normal(size=columns) + random.normal(size=count + 5) * noise
    training = slice(0, count)
    x = (inputs - inputs[training].mean(0)) / inputs[training].std(0)
    mean, scale = values[training].mean(), values[training].std()
    y = (values[training] - mean) / scale
    bayes = BayesianRidge().fit(x[training], y)
    found, deviation = bayes.predict(x[count:], return_std=True)
    ridge = Ridge(alpha=0.7).fit(x[training], y)
    # Columns are centred once for all rows, so the same model without an intercept for the rows that are left out would
    # differ; with one it is exact.
    held_out = cross_val_predict(Ridge(alpha=0.7), x[training], y, cv=LeaveOneOut())
    return {
        "training": count, "inputs": inputs.tolist(), "values": values.tolist(),
        "bayes": (found * scale + mean).tolist(), "deviation": (deviation * scale).tolist(),
        "noise": scale / np.sqrt(bayes.alpha_), "ridge": (ridge.predict(x[count:]) * scale + mean).tolist(),
        "heldOut": (held_out * scale + mean).tolist()}


def main():
    random = np.random.default_rng(SEED)
    cases = [case(random, 30, 4, 0.5), case(random, 60, 12, 3), case(random, 8, 12, 0.5)]
    lines = ",\n".join(json.dumps(record) for record in cases)
    PATH.write_text(
        f'{{"oracle": "scikit-learn {sklearn.__version__}", "seed": {SEED},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{PATH}: {len(cases)} cases")


if __name__ == "__main__":
    main()
