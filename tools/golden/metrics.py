"""Classification metrics by scikit-learn -> Tests/TrainingTests/Golden/metrics.json.

Logits are rounded to `digits` decimals, so that they are stored exactly and ties occur. Run: python metrics.py
"""

import pathlib

import numpy as np
import sklearn
from scipy.special import log_softmax, logsumexp, softmax
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

import fill

PATH = pathlib.Path(__file__).parents[2] / "Tests" / "TrainingTests" / "Golden" / "metrics.json"


def amex(labels, predictions):
    """The formula of the competition's metric; rows sorted by prediction, descending, stable."""
    y = labels[np.argsort(-predictions, kind="stable")].astype(np.float64)
    weight = 20 - 19 * y
    share = weight.cumsum() / weight.sum()
    positives, negatives = y.sum(), (1 - y).sum()
    captured = y[share <= 0.04].sum() / positives
    gini = ((y.cumsum() / positives - share) * weight).sum()
    largest = 10 * negatives * (1 - 19 / (positives + 20 * negatives))
    return 0.5 * (gini / largest + captured)


def roc_auc(labels, logits):
    """Binary, or the macro mean of one against the rest, by log-odds (softmax would saturate and make ties)."""
    classes = logits.shape[1]
    if set(labels.tolist()) != set(range(classes)):
        return None
    areas = []
    for positive in range(1 if classes == 2 else 0, classes):
        others = np.delete(logits, positive, axis=1)
        largest = others.max(1)
        odds = (logits[:, positive] - largest) - logsumexp(others - largest[:, None], axis=1)
        areas.append(roc_auc_score(labels == positive, odds))
    return float(np.mean(areas))


def case(name, rows, classes, scale=3.0, digits=2, labels=None, weights=None, logits=None):
    if logits is None:
        logits = np.round(fill.values(f"{name}.logits", (rows, classes), scale).astype(np.float64), digits)
    logits = np.asarray(logits, dtype=np.float32).astype(np.float64)
    labels = fill.codes(f"{name}.labels", (rows,), classes) if labels is None else np.asarray(labels)
    area = roc_auc(labels, logits)
    if area is not None and classes > 2 and digits > 1 and scale < 10:
        probabilities = softmax(logits, axis=1)
        again = roc_auc_score(labels, probabilities, multi_class="ovr", average="macro")
        assert abs(area - again) < 1e-9, (name, area, again)
    predictions = logits.argmax(1)
    weight = np.ones(classes) if weights is None else np.asarray(weights, np.float32).astype(np.float64)
    losses = -log_softmax(logits, axis=1)[np.arange(rows), labels]
    both = classes == 2 and area is not None
    return {
        "name": name, "classes": classes, "class_weights": [fill.rounded(value) for value in weight],
        "labels": labels.tolist(),
        "logits": [float(f"{value:.9g}") for value in logits.reshape(-1)],
        "loss": float(np.average(losses, weights=weight[labels])),
        "accuracy": float(accuracy_score(labels, predictions)), "roc_auc": area,
        "macro_f1": float(f1_score(labels, predictions, average="macro", zero_division=0)),
        "amex": float(amex(labels, logits[:, 1] - logits[:, 0])) if both else None}


def main():
    wave = np.array([np.sin(1.7 * i) + 0.5 * (i % 4 == 0) for i in range(200)])
    cases = [
        case("binary", 300, 2),
        case("binary.weighted", 120, 2, weights=[0.25, 1.75]),
        case("binary.ties", 250, 2, 1.0, 0),
        case("binary.imbalanced", 300, 2, labels=[int(i % 25 == 3) for i in range(300)]),
        case("binary.constant", 9, 2, logits=np.zeros((9, 2)), labels=[0, 1, 1, 0, 0, 0, 1, 0, 0]),
        case("binary.extreme", 40, 2, 90.0),
        case("binary.single-class", 12, 2, labels=[1] * 12),
        case("binary.one-row", 1, 2),
        case("binary.two-rows", 2, 2, labels=[0, 1]),
        case("binary.two-rows-reversed", 2, 2, logits=[[0.0, 2.0], [1.5, 0.0]], labels=[0, 1]),
        case("amex.five-rows", 5, 2, logits=[[0, 0.9], [0, 0.8], [0, 0.3], [0, 0.2], [0, 0.1]],
             labels=[1, 0, 1, 0, 0]),
        case("amex.wave", 200, 2, logits=np.stack([0 * wave, wave], 1), labels=[int(i % 4 == 0) for i in range(200)]),
        case("multi", 200, 4),
        case("multi.weighted", 90, 3, weights=[0.3, 1.2, 1.5]),
        case("multi.ties", 150, 3, 1.0, 0),
        case("multi.extreme", 60, 3, 90.0),
        case("multi.ten", 150, 10),
        case("multi.absent-label", 40, 4, labels=[i % 3 for i in range(40)]),
        case("multi.absent-everywhere", 20, 3, labels=[i % 2 for i in range(20)],
             logits=[[np.cos(i), np.sin(2 * i), -9] for i in range(20)]),
        case("multi.one-row", 1, 3),
    ]
    by_name = {record["name"]: record for record in cases}
    assert abs(by_name["amex.five-rows"]["amex"] - 0.5096899224806202) < 1e-12
    assert abs(by_name["amex.wave"]["amex"] - 0.361276806334543) < 1e-12
    fill.write_cases(PATH, {"oracle": f"scikit-learn {sklearn.__version__}"}, cases)


if __name__ == "__main__":
    main()
