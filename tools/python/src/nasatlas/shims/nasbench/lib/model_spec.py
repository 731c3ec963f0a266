"""`nasbench.lib.model_spec`: a cell and the check of its matrix. Drawing a cell is not there."""

from __future__ import annotations

import numpy as np

from nasatlas.shims.nasbench.cell import ModelSpec

__all__ = ["ModelSpec", "is_upper_triangular"]


def is_upper_triangular(matrix) -> bool:
    """Whether a square matrix is 0 on its diagonal and below."""
    return not np.any(np.tril(np.asarray(matrix)))
