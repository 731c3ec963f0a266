"""`nni.nas.benchmark.nlp` (NNI 3.0) with an atlas: `query_nlp_trial_stats(arch, "wikitext-2", atlas=…)`.

`nasatlas-import nas-bench-nlp` makes the atlas. Differs from the original, on purpose:
- A cell that was trained more than once is one architecture with as many trainings; NNI's file has it that many times.
- `reduction="mean"` gives one mean per cell and data set, as documented; the original gives one of all that match.
- None for both the architecture and the data set matches all; the original fails.
As published, `training_time` is seconds of training of the last epoch, in intermediates of each, and only trainings
that reached 50 epochs answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from nasatlas.atlas import Atlas
from nasatlas.errors import MissingValue, UnknownArchitecture, UnknownName
from nasatlas.shims.nni.trials import REASONS, averages, intermediate, mean, number
from nasatlas.shims.told import Told, interface

__all__ = ["query_nlp_trial_stats"]

SPACE = "nas-bench-nlp"
EPOCHS = 50
LOSSES = {"train_loss": "train", "val_loss": "validation", "test_loss": "test"}
"""Keys here, and splits."""


def query_nlp_trial_stats(arch: dict | None, dataset: str | None, reduction: str | None = None,
                          include_intermediates: bool = False, *, atlas) -> Iterator[dict]:
    """Yields the trainings that match, None matching all; with `reduction="mean"` one mean a cell and data set. Losses
    are nats a token, times seconds."""
    reduced = averages(reduction)
    recipes = interface(Recipes, atlas)
    settings = recipes.settings
    if dataset is not None and dataset not in list(settings):
        raise UnknownName(f"the atlas has no trainings on {dataset!r}; known: {', '.join(settings)}",
                          known=list(settings), code="benchmarks.unknown_dataset",
                          remedy="choose one of them with dataset=, or None for all")
    chosen = list(settings.values()) if dataset is None else [settings[dataset]]
    texts = recipes.atlas.architectures
    if arch is None:
        return _told(recipes, recipes.places, chosen, reduced, include_intermediates)
    place = recipes.place(arch)
    if not any(_runs(setting, place) for setting in chosen):
        raise MissingValue(f"the atlas has no training of {EPOCHS} epochs of {texts[place]}",
                           code="benchmarks.no_run", remedy="ask for another cell; nothing is filled in")
    return _told(recipes, [place], chosen, reduced, include_intermediates)


class Recipes:
    """The cells of an atlas as NNI writes them; raises UnknownName where the atlas has no trainings of them."""

    def __init__(self, atlas: Atlas):
        self.atlas = atlas
        self.settings = {one.dataset: one for one in atlas.settings
                         if one.space == SPACE and atlas.protocols[one.protocol_digest].get("epochs") == EPOCHS}
        """The settings with as many epochs as NNI has, by data set."""
        if not self.settings:
            raise UnknownName(f"{atlas.path} has no trainings of {SPACE} with {EPOCHS} epochs; its spaces are "
                              f"{', '.join(atlas.spaces)}", known=atlas.spaces, code="shims.other_space",
                              remedy=f"`nasatlas-import {SPACE}` makes an atlas that has")
        self.places = atlas._places_of_space(SPACE)
        self.flat = {place: _flat(atlas.architectures[place]) for place in self.places}
        """By place, operations and inputs."""
        self._places = {frozenset(flat.items()): place for place, flat in reversed(self.flat.items())}

    def place(self, arch) -> int:
        """Where the cell is in the atlas; raises UnknownArchitecture."""
        example = self.flat[self.places.start]
        if not isinstance(arch, Mapping):
            raise UnknownArchitecture(f"an architecture is a dict of nodes' operations and inputs, not {arch!r}",
                                      remedy=f"for instance {example}")
        try:
            return self._places[frozenset(arch.items())]
        except (KeyError, TypeError):
            raise UnknownArchitecture(f"the atlas has no cell {dict(arch)}; it has {len(self.places)}",
                                      known=[example], remedy="arch=None gives all cells that it has, "
                                      'each as its config["arch"]') from None


def _flat(text: str) -> dict:
    """A recipe as NNI writes it: a key for each operation and each input."""
    found = {}
    for node, one in json.loads(text).items():
        found[f"{node}_op"] = one["op"]
        found.update((f"{node}_input_{place}", source) for place, source in enumerate(one["input"]))
    return found


def _runs(setting, place: int) -> list:
    return [run for run in setting.runs_of(place) if setting.status(run) == "completed"
            and not str(setting.seed(run)).startswith("mean-of")]


def _told(recipes, places, settings, reduced, intermediates) -> Iterator[dict]:
    for place in places:
        for setting in settings:
            runs = _runs(setting, place)
            if not runs:
                continue
            about = f"{recipes.atlas.architectures[place]} on {setting.dataset}"
            curves = [_curve(setting, run) for run in runs]
            told = [curve.get(EPOCHS, {}) for curve in curves]
            config = {"arch": dict(recipes.flat[place]), "dataset": setting.dataset}
            for values, run, curve in zip([mean(told)] if reduced else told, runs, curves):
                whose = about if reduced else f"{setting.seed(run)} of {about}"
                found = {"config": Told(config, about, REASONS), **values}
                if intermediates:
                    # A mean has none, as published.
                    found["intermediates"] = [] if reduced else [
                        intermediate(epoch, (*LOSSES, "training_time"), there, f"epoch {epoch} of {whose}")
                        for epoch, there in sorted(curve.items())]
                yield Told(found, whose, REASONS)


def _curve(setting, run: int) -> dict:
    """By epoch what the run has, under NNI's names."""
    found = {}
    for key, split in LOSSES.items():
        curve = setting.curve(run, "loss", split) if ("loss", split) in setting.measures else None
        for epoch, value in zip(*(part.tolist() for part in curve)) if curve is not None else ():
            found.setdefault(epoch, {})[key] = number(value)
    costs = setting.column("epoch_cost", "train_seconds")
    for epoch, seconds in enumerate(() if costs is None else costs.values(run).tolist(), 1):
        found.setdefault(epoch, {})["training_time"] = seconds
    return found
