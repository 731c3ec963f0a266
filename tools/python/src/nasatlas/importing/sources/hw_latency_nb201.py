"""Latencies of all cells of NAS-Bench-201 on 27 settings of devices, one torch archive with a list per setting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from nasatlas.importing import cards, safe_pickle
from nasatlas.importing.entries import Entry, Measurement, SourceCard
from nasatlas.importing.faults import BadData, MissingInput
from nasatlas.importing.files import SourceFiles, file_card
from nasatlas.importing.loose_files import AGAIN
from nasatlas.importing.source import Source


class Setting(NamedTuple):
    """Where one file was measured: batch and data set only where the source or its origin says."""

    device: str
    batch: str | None = None
    dataset: str | None = None


# A trailing number is a batch, except for the phone Essential PH-1.
SETTINGS = {f"{gpu}_{batch}": Setting(gpu, str(batch))
            for gpu in ("1080ti", "2080ti", "titan_rtx", "titanx", "titanxp") for batch in (1, 32, 256)}
SETTINGS |= {cpu: Setting(cpu) for cpu in ("gold_6226", "gold_6240", "silver_4114", "silver_4210r")}
SETTINGS |= {phone: Setting(phone) for phone in ("essential_ph_1", "pixel2", "samsung_a50", "samsung_s7")}
SETTINGS |= {d: Setting(d, None, "cifar10") for d in ("eyeriss", "fpga", "pixel3", "raspi4")}

SOURCE = Source(
    name="hw-latency-nb201", title="NAS-Bench-201 latencies on 27 settings of devices (HELP)",
    expects=(f"{min(SETTINGS)}.pt to {max(SETTINGS)}.pt, {len(SETTINGS)} files",),
    help="name the folder with the .pt files of HELP's data/nasbench201/latency")

NOTES = (
    "The position in a file is the NATS index.",
    "Batch is given where the file's name gives it: the graphics processors. The phone essential_ph_1 is the model "
    "PH-1, not a batch of 1.",
    "eyeriss, fpga, pixel3 and raspi4 equal HW-NAS-Bench on CIFAR-10; the other files do not say the data set.",
)
KNOWN_DEFECTS = (
    "essential_ph_1, pixel2, samsung_a50 and samsung_s7 are whole milliseconds: 39 to 79 distinct values for 15,625 "
    "cells, so ties are many.",
    "pixel3 and raspi4 hold less than 0.1 ms, as if nothing were computed, for 202 and 157 of the 341 cells whose "
    "input does not reach their output.",
    "The source's example says batch 256 for gold_6226, which 2.7 to 20 ms make implausible; no batch is kept here.",
)
MADE_UP = ("eyeriss and fpga are estimated by models of the hardware: 38 and 84 distinct values for 15,625 cells.",)


def entries(folder: Path) -> Iterator[Entry]:
    """Yields one measurement per setting and cell."""
    with SourceFiles(folder) as files:
        names = {PurePosixPath(n).stem: n for n in files.names if n.endswith(".pt")}
        unknown, missing = sorted(names.keys() - SETTINGS.keys()), sorted(SETTINGS.keys() - names.keys())
        if missing:
            raise MissingInput(f"{folder} lacks {', '.join(missing)} (.pt)", SOURCE.help)
        if unknown:
            raise BadData(f"{folder} contains files of unknown devices: {', '.join(unknown)}",
                          f"keep only {', '.join(sorted(SETTINGS))} (.pt)")
        raws = {s: files.read(names[s]) for s in sorted(SETTINGS)}
    yield SourceCard(
        name=SOURCE.name, title=SOURCE.title, origin="HayeonLee/HELP 45f70eb, data/nasbench201/latency",
        files=[file_card(names[s], raw) for s, raw in raws.items()], license="MIT",
        citation=("H. Lee, S. Lee, S. Chong, S. J. Hwang. HELP: Hardware-Adaptive Efficient Latency Prediction for "
                  "NAS via Meta-Learning. NeurIPS 2021. arXiv:2106.08630. Four devices after C. Li et al. "
                  "HW-NAS-Bench. ICLR 2021."),
        notes=NOTES, known_defects=KNOWN_DEFECTS, made_up=MADE_UP)
    yield cards.ACCURACY_PERCENT
    yield cards.cifar10("only the size of its images and its ten classes matter to a latency")
    for name, raw in raws.items():
        setting = SETTINGS[name]
        values = safe_pickle.load_torch(raw)
        if (not isinstance(values, list) or len(values) != cards.CELLS_201
                or any(type(v) not in (int, float) or not 0 < v < 1e6 for v in values)):
            raise BadData(f"{name}.pt is not a list of {cards.CELLS_201} positive numbers", AGAIN)
        conditions = None if setting.batch is None else {"batch": setting.batch}
        for index, value in enumerate(values):
            yield Measurement(space=cards.SPACE_201, architecture=f"nats:{index}", source=SOURCE.name,
                              quantity="latency", unit="millisecond", value=value, device=setting.device,
                              conditions=conditions, dataset=setting.dataset)
