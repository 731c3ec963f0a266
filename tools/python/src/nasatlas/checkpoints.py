"""Reads the files of `nasatlas train --keep-weights`: weights, by the names that PyTorch gives them."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nasatlas.errors import CheckpointNotFound, DamagedCheckpoint

_MAGIC = b"NASCHKPT"
_VERSION = 1
_ALIGNMENT = 64
_TYPES = {"f64": "<f8", "f32": "<f4", "i32": "<i4", "u8": "u1"}


@dataclass(frozen=True)
class Checkpoint:
    """A run after a whole epoch."""

    space: str
    architecture: str
    """The canonical text."""
    dataset: str
    seed: int | None
    epoch: int
    """Whole epochs trained."""
    best_epoch: int | None
    """The epoch with the best validation value."""
    weights: Mapping[str, np.ndarray]
    """Parameters and running statistics of the best epoch, by name. A convolution has the shape out, in, taps."""
    last_weights: Mapping[str, np.ndarray]
    """The same after the last epoch."""
    best_train_logits: np.ndarray
    """Logits of the train split at the best epoch, one sequence after the other; `reshape(-1, classes)` makes rows."""

    def __repr__(self) -> str:
        count = sum(array.size for array in self.weights.values())
        return (f"Checkpoint({self.architecture!r}, dataset={self.dataset!r}, seed={self.seed}, epoch={self.epoch}, "
                f"{len(self.weights)} tensors, {count} numbers)")


def read_checkpoint(path: str | os.PathLike) -> Checkpoint:
    """Reads a checkpoint. Every bit of the file is checked, and nothing in it is executed.

    The tensors load into a PyTorch module of the same names:
    `module.load_state_dict({name: torch.from_numpy(array) for name, array in checkpoint.weights.items()})`.
    """
    path = os.fspath(path)
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise CheckpointNotFound(
            f"cannot read {path}: {error.strerror}",
            remedy="`nasatlas train --keep-weights` writes checkpoints into its folder `checkpoints`") from error
    try:
        header, arrays = _parts(content)
        settings, shapes = header["settings"], {}
        networks = {}
        for name in ("network", "best_network"):
            if name in header["parts"]:
                shapes = header["parts"][name]["settings"]["shapes"]
                networks[name] = {key: array.reshape(shapes[key]) for key, array in arrays[name].items()}
        progress = settings["progress"]
        logits = arrays[""]["best_train_logits"]
        return Checkpoint(
            settings["key"]["space"], settings["key"]["architecture"], settings["key"]["dataset"],
            _seed(settings["key"]["seed"]), progress["epoch"], (progress.get("best") or {}).get("epoch"),
            networks.get("best_network", networks["network"]), networks["network"], logits)
    except (KeyError, TypeError, ValueError, struct.error) as error:
        raise DamagedCheckpoint(
            f"{path} is not a whole checkpoint: {error}",
            remedy="copy the file again, or remove it and repeat `nasatlas train --keep-weights`") from error


def _seed(seed: object) -> int | None:
    return seed if isinstance(seed, int) else None


def _parts(content: bytes) -> tuple[dict, dict[str, dict[str, np.ndarray]]]:
    """The header, and the arrays of the archive ("") and of its parts, by name."""
    if content[:8] != _MAGIC:
        raise ValueError("it does not begin with NASCHKPT")
    version, length = struct.unpack_from("<II", content, 8)
    if version != _VERSION:
        raise ValueError(f"it has format {version}, this version reads {_VERSION}")
    if hashlib.sha256(content[:-32]).digest() != content[-32:]:
        raise ValueError("its bytes do not have the digest at their end")
    header = json.loads(content[16:16 + length])
    place = 16 + length
    arrays: dict[str, dict[str, np.ndarray]] = {}
    for name, part in (("", header), *sorted(header["parts"].items())):
        arrays[name] = {}
        for entry in part["arrays"]:
            place += -place % _ALIGNMENT
            array = np.frombuffer(content, _TYPES[entry["type"]], entry["count"], place)
            arrays[name][entry["name"]] = array
            place += array.nbytes
    return header, arrays
