"""Gaussian process regression at fixed hyperparameters by scikit-learn, for
Tests/SurrogatesTests/Golden/gaussian-process.json.

Inputs are standardised here as the predictor does it; values by `normalize_y`. Length scales are given in units of the
root of the number of columns of their kernel. Categories become one-hot columns, on which a squared exponential with
length scale √2·l is the Hamming kernel with l. Needs NumPy and scikit-learn only.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Kernel, Matern

SEED = 20240612
PATH = pathlib.Path(__file__).parents[2] / "Tests/SurrogatesTests/Golden/gaussian-process.json"


class OnColumns(Kernel):
    """A kernel that sees some columns only."""

    def __init__(self, kernel, columns):
        self.kernel = kernel
        self.columns = columns

    def __call__(self, first, second=None, eval_gradient=False):
        return self.kernel(first[:, self.columns], None if second is None else second[:, self.columns])

    def diag(self, inputs):
        return self.kernel.diag(inputs[:, self.columns])

    def is_stationary(self):
        return True


def main():
    random = np.random.default_rng(SEED)
    count = 40
    # Block `a`: three numbers; block `b`: two numbers, one of them constant; block `c`: two categories of 0, 1, 2.
    a = random.normal(size=(count, 3)) * [1, 10, 0.1] + [0, 5, -3]
    b = np.stack([random.integers(0, 6, size=count), np.full(count, 4)], axis=1)
    c = random.integers(0, 3, size=(count, 2))
    y = 70 + 5 * np.sin(a[:, 0]) + a[:, 1] / 4 + b[:, 0] + 2 * (c[:, 0] == 1) + random.normal(size=count) * 0.3
    training, unseen = slice(0, 30), slice(30, count)

    def standard(columns):
        return (columns - columns[training].mean(0)) / columns[training].std(0)

    one_hot = np.concatenate([np.eye(3)[c[:, 0]], np.eye(3)[c[:, 1]]], axis=1)
    inputs = np.concatenate([standard(a), standard(b[:, :1]), one_hot], axis=1)
    A, B, C = [0, 1, 2], [3], [4, 5, 6, 7, 8, 9]
    l = [0.7, 1.9, 1.2, 0.8, 0.6, 1.4]
    numbers, noises = [1.7, 0.4], 0.05
    r2, r3 = np.sqrt(2), np.sqrt(3)
    hamming = RBF(r2 * r2 * np.repeat(l[4:6], 3))
    kernels = {
        "matern-5/2 each": (
            ConstantKernel(numbers[0]) * OnColumns(Matern(r3 * np.array(l[:3]), nu=2.5), A), l[:3] + numbers[:1]),
        "squared-exponential one": (
            ConstantKernel(numbers[0]) * OnColumns(RBF(r3 * l[0]), A), l[:1] + numbers[:1]),
        "groups": (
            ConstantKernel(numbers[0]) * OnColumns(Matern(2 * np.array([l[0]] * 3 + [l[3]]), nu=2.5), A + B),
            [l[0], l[3]] + numbers[:1]),
        "sum": (
            ConstantKernel(numbers[0]) * OnColumns(Matern(r3 * np.array(l[:3]), nu=2.5), A)
            + ConstantKernel(numbers[1]) * OnColumns(Matern(l[3], nu=1.5), B), l[:4] + numbers),
        "product": (
            ConstantKernel(numbers[0]) * OnColumns(Matern(r3 * np.array(l[:3]), nu=2.5), A) * OnColumns(hamming, C),
            l[:3] + l[4:6] + numbers[:1]),
    }
    cases = []
    for name, (kernel, hyperparameters) in kernels.items():
        model = GaussianProcessRegressor(kernel, alpha=noises, optimizer=None, normalize_y=True)
        model.fit(inputs[training], y[training])
        mean, deviation = model.predict(inputs[unseen], return_std=True)
        cases.append({
            "name": name, "hyperparameters": hyperparameters + [noises],
            "likelihood": model.log_marginal_likelihood_value_, "mean": mean.tolist(), "deviation": deviation.tolist()})
    document = {
        "oracle": f"scikit-learn {sklearn.__version__}", "seed": SEED, "training": 30,
        "a": a.tolist(), "b": b.tolist(), "c": c.tolist(), "values": y.tolist()}
    lines = ",\n".join(json.dumps(case) for case in cases)
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(f'{json.dumps(document)[:-1]},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{PATH}: {len(cases)} cases")


if __name__ == "__main__":
    main()
