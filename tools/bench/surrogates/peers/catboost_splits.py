"""The predictor of SeqNAS's authors on the splits of `nasatlas evaluate predictors`: CatBoost as they call it."""

import pathlib
import subprocess
import sys

import numpy as np
from catboost import CatBoostRegressor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "python" / "src"))
from nasatlas import evaluate  # noqa: E402


def vectors(binary, texts):
    """The architecture vectors of SeqNAS architectures."""
    answer = subprocess.run([str(binary), "encode", "seqnas", "avec"], input="\n".join(texts) + "\n", check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    return np.array([[float(number) for number in line.split()] for line in answer.splitlines()])


def predict(splits, predictions, binary):
    """Writes what CatBoost predicts for every split of the file `splits`."""
    def fit(texts, values):
        model = CatBoostRegressor(
            iterations=100, posterior_sampling=True, loss_function="MAE", nan_mode="Max", task_type="CPU",
            thread_count=1, verbose=False, allow_writing_files=False)
        return model.fit(vectors(binary, texts), np.array(values))

    def means(model, texts):
        return model.virtual_ensembles_predict(
            vectors(binary, texts), prediction_type="TotalUncertainty", virtual_ensembles_count=5)[:, 0].tolist()

    evaluate.predict_splits(splits, predictions, fit, means)
