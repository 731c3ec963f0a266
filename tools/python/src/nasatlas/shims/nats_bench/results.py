"""Trainings as NATS-Bench shows them: ArchResults of an architecture, ResultsCount of one training.

Percent, seconds, millions of parameters and of multiply-adds; epochs count from 0, as published.
"""

from __future__ import annotations

import numbers
import random

from nasatlas.shims.nats_bench.faults import NoSuchName, NotThere
from nasatlas.shims.nats_bench.trainings import CLASSES, METRICS, SETS, Trainings
from nasatlas.shims.told import Told


def mean(xlist) -> float:
    """The arithmetic mean."""
    return sum(xlist) / len(xlist)


def remap_dataset_set_names(dataset: str, metric_on_set: str, verbose: bool = False) -> tuple:
    """The data set and evaluation that `valid` and `test` of CIFAR-10, CIFAR-100 and ImageNet16-120 mean; any
    other pair is returned unchanged. `verbose` is accepted."""
    if (dataset, metric_on_set) == ("cifar10", "valid"):
        return "cifar10-valid", "x-valid"
    published = {"valid": "x-valid", "test": "x-test" if "x-test" in SETS.get(dataset, ()) else "ori-test"}
    return dataset, metric_on_set if dataset == "cifar10-valid" or dataset not in SETS else published.get(
        metric_on_set, metric_on_set)


class ResultsCount:
    """One training of one architecture on one data set."""

    def __init__(self, trainings: Trainings, place: int, run: int):
        self._trainings = trainings
        self._place = place
        self._run = run
        self.name = trainings.dataset
        self.key = trainings.setting.seed(run)
        """The seed as ArchResults has it: a number; `unnamed-1` without a known seed; `mean-of-3` for a mean."""
        self.seed = f"{self.key:04d}" if isinstance(self.key, int) else self.key
        """The seed as a text of four digits, as published."""
        self.epochs = trainings.epochs
        self.net_state_dict = None

    @property
    def eval_names(self) -> list:
        """The evaluations that the atlas has."""
        setting = self._trainings.setting
        return [name for name, split in SETS[self.name].items()
                if any((metric, split) in setting.measures and setting.curve(self._run, metric, split) is not None
                       for _, metric in METRICS)]

    def __repr__(self):
        return f"{type(self).__name__}({self.name}, {self.arch_config['arch_str']}, seed {self.key}, " \
               f"{self.epochs} epochs, evaluated on {', '.join(self.eval_names) or 'nothing'})"

    @property
    def is_mean(self) -> bool:
        """Whether it is a published mean, not one training."""
        return str(self.key).startswith("mean-of")

    @property
    def arch_config(self) -> dict:
        """The description of the network, under the names of the archives, without values that the protocol lacks."""
        trainings = self._trainings
        text = trainings.atlas.architectures[self._place]
        rules = trainings.atlas.protocols[trainings.setting.protocol_digest]
        shape = ":" in text
        names = (("genotype", "cell"),) if shape else (("channel", "channels"), ("num_cells", "cellsAStage"))
        found = {"name": "infer.shape.tiny", "channels": text} if shape else {}
        found.update((key, rules[name]) for key, name in names if name in rules)
        return Told({**found, "arch_str": text, "class_num": CLASSES[self.name]},
                    f"the protocol {trainings.setting.protocol}")

    @property
    def params(self) -> float | None:
        """Millions."""
        return self._count("parameters")

    @property
    def flop(self) -> float | None:
        """Millions of multiply-adds."""
        return self._count("flops")

    def _count(self, name: str) -> float | None:
        column = self._trainings.setting.column("count", name)
        return None if column is None or not column.mask()[self._run] else float(column.values[self._run]) / 1e6

    @property
    def latency(self) -> list | None:
        found = self._trainings.latency(self._place)
        return None if found is None else [found]

    @property
    def train_losses(self) -> dict:
        return self._trainings.curve(self._run, "loss", "train")

    @property
    def train_acc1es(self) -> dict:
        return self._trainings.curve(self._run, "accuracy_percent", "train")

    @property
    def train_acc5es(self) -> dict | None:
        return self._trainings.curve(self._run, "top5_accuracy_percent", "train") or None

    @property
    def eval_losses(self) -> dict:
        """By `x-valid@11` and the like."""
        return self._evaluated("loss")

    @property
    def eval_acc1es(self) -> dict:
        """By `x-valid@11` and the like."""
        return self._evaluated("accuracy_percent")

    @property
    def train_times(self) -> dict | None:
        """Seconds of each epoch; None where only their sum is known."""
        return self._trainings.train_times(self._run, self._place)

    @property
    def eval_times(self) -> dict:
        """Seconds of each evaluation, by `x-valid@11` and the like."""
        known = ((name, self._trainings.evaluation_seconds(self._place, SETS[self.name][name]))
                 for name in self.eval_names)
        return {f"{name}@{epoch}": once for name, once in known if once is not None for epoch in range(self.epochs)}

    def _evaluated(self, metric: str) -> dict:
        return {f"{name}@{epoch}": value for name in self.eval_names for epoch, value
                in self._trainings.curve(self._run, metric, SETS[self.name][name]).items()}

    def get_total_epoch(self) -> int:
        return self.epochs

    def get_eval_set(self) -> list:
        return self.eval_names

    def get_latency(self) -> float:
        """Seconds; -1 where unknown, as published."""
        found = self._trainings.latency(self._place)
        return -1.0 if found is None else found

    def get_net_param(self, clone: bool = False):
        """None: an atlas keeps no weights."""
        return None

    def get_times(self) -> Told:
        """Seconds by `T-train@epoch`, `T-train@total`, `T-x-valid@epoch` and so on."""
        times = {}
        total = self._trainings.train_seconds(self._run, self._place, self.epochs)
        if total is not None:
            times.update({"T-train@epoch": total / self.epochs, "T-train@total": total})
        for name in self.eval_names:
            once = self._trainings.evaluation_seconds(self._place, SETS[self.name][name])
            if once is not None:
                times.update({f"T-{name}@epoch": once, f"T-{name}@total": once * self.epochs})
        return Told(times, self._about())

    def get_train(self, iepoch: int | None = None) -> Told:
        """loss, accuracy, cur_time and all_time after an epoch, on the training images; raises NotThere where the
        atlas has none of them."""
        epoch = self._epoch(iepoch)
        all_time = self._trainings.train_seconds(self._run, self._place, epoch)
        before = self._trainings.train_seconds(self._run, self._place, epoch - 1) if epoch > 1 else 0.0
        found = self._at("train", epoch, all_time, None if all_time is None or before is None else all_time - before)
        return found if len(found) > 1 else self._lack("train", "train", epoch)

    def get_eval(self, name: str, iepoch: int | None = None) -> Told:
        """The values of an evaluation; raises NotThere where the atlas has neither loss nor accuracy."""
        epoch = self._epoch(iepoch)
        name = "x-valid" if name == "valid" else name
        split = SETS[self.name].get(name)
        if split is None:
            raise NoSuchName(f"{self.name} has no evaluation {name}; known: {', '.join(SETS[self.name])}",
                              known=list(SETS[self.name]), code="benchmarks.unknown_split")
        once = self._trainings.evaluation_seconds(self._place, split)
        found = self._at(split, epoch, None if once is None else once * epoch, once)
        return found if found.keys() & {"loss", "accuracy"} else self._lack(name, split, epoch)

    def _lack(self, name: str, split: str, epoch: int) -> Told:
        """Raises NotThere, listing the epochs that there are."""
        known = sorted({one + 1 for _, metric in METRICS for one in self._trainings.curve(self._run, metric, split)})
        raise NotThere(
            f"{self._about()} has no {name} at epoch {epoch}; it has "
            + (f"{name} at epochs {_shown(known)}" if known else ", ".join(self.eval_names) or "no evaluation"),
            known=known or self.eval_names, remedy="iepoch is the epoch less one; nothing is filled in")

    def _at(self, split, epoch, all_time, cur_time) -> Told:
        found = {"iepoch": epoch - 1}
        for key, metric in METRICS:
            value = self._trainings.value(self._run, metric, split, epoch)
            if value is not None:
                found[key] = value
        if cur_time is not None:
            found["cur_time"] = cur_time
        if all_time is not None:
            found["all_time"] = all_time
        return Told(found, f"{split} of {self._about()} at epoch {epoch}")

    def _epoch(self, iepoch) -> int:
        if iepoch is None:
            return self.epochs
        if not isinstance(iepoch, numbers.Integral) or not 0 <= iepoch < self.epochs:
            raise NotThere(f"there is no iepoch {iepoch!r}: {self.epochs} epochs are 0 to {self.epochs - 1}",
                               known=[0, self.epochs - 1], code="benchmarks.unknown_epoch",
                               remedy="give one of these, or None for the last")
        return int(iepoch) + 1

    def _about(self) -> str:
        return f"seed {self.key} of {self._trainings.atlas.architectures[self._place]} on {self.name} " \
               f"({self.epochs} epochs)"

    def get_config(self, str2structure=None) -> Told:
        """The description of the network: name, C and N or channels and genotype, and num_classes."""
        own = self.arch_config
        shape = "channels" in own
        config = {"name": own.get("name", "infer.tiny")}
        names = (("channels",) * 2, ("genotype",) * 2) if shape else (("C", "channel"), ("N", "num_cells"))
        config.update((key, own[name]) for key, name in names if name in own)
        if shape and str2structure and "genotype" in config:
            config["genotype"] = str2structure(config["genotype"])
        elif not shape:
            text = own["arch_str"]
            config["genotype" if str2structure else "arch_str"] = str2structure(text) if str2structure else text
        return Told({**config, "num_classes": own["class_num"]}, own.about)

    def state_dict(self) -> dict:
        """The state for `create_from_state_dict` of the original's training; None for values that the atlas lacks."""
        names = ("name", "net_state_dict", "train_acc1es", "train_acc5es", "train_losses", "train_times", "params",
                 "flop", "seed", "epochs", "latency", "eval_names", "eval_acc1es", "eval_losses", "eval_times")
        return {"arch_config": dict(self.arch_config), **{name: getattr(self, name) for name in names}}


class ArchResults:
    """All trainings of one architecture with one number of epochs."""

    def __init__(self, arch_index: int, arch_str: str, place: int | None, trainings: dict, hp: str):
        self.arch_index = arch_index
        self.arch_str = arch_str
        self.clear_net_done = True
        self._place = place
        self._trainings = trainings
        self._hp = hp
        self._found = {}

    @property
    def dataset_seed(self) -> dict:
        """Seeds by data set."""
        return {name: [one.key for one in self._all(name)] for name in self._trainings if self._all(name)}

    def _all(self, dataset: str) -> list:
        if dataset not in self._found:
            known = self._trainings.get(dataset)
            runs = known.runs_of(self._place) if known is not None and self._place is not None else ()
            self._found[dataset] = [ResultsCount(known, self._place, run) for run in runs]
        return self._found[dataset]

    def _some(self, dataset: str) -> list:
        found = self._all(dataset)
        if not found:
            known = list(self.dataset_seed)
            raise NotThere(f"the atlas has no training of {self.arch_str} on {dataset} with hp={self._hp}; it has "
                               f"some on {', '.join(known) or 'none'}", known=known, code="benchmarks.no_run",
                               remedy="choose one of these data sets, or another architecture")
        return found

    def __repr__(self):
        count = sum(map(len, self.dataset_seed.values()))
        return f"{type(self).__name__}(arch-index={self.arch_index}, arch={self.arch_str}, {count} runs)"

    @property
    def all_results(self) -> dict:
        """By data set and seed."""
        return {(name, one.key): one for name in self.dataset_seed for one in self._all(name)}

    def arch_idx_str(self) -> str:
        return f"{self.arch_index:06d}"

    def get_dataset_names(self) -> list:
        return list(self.dataset_seed)

    def get_dataset_seeds(self, dataset: str) -> list:
        return [one.key for one in self._some(dataset)]

    def get_total_epoch(self, dataset: str | None = None) -> int:
        return self._some(next(iter(self.dataset_seed), "any data set") if dataset is None else dataset)[0].epochs

    def query(self, dataset: str, seed=None):
        """Trainings by seed, or the training of `seed`."""
        return {one.key: one for one in self._some(dataset)} if seed is None else self._seeded(dataset, seed)

    def _seeded(self, dataset, seed) -> ResultsCount:
        for one in self._some(dataset):
            if one.key == seed:
                return one
        known = self.get_dataset_seeds(dataset)
        raise NoSuchName(f"there is no seed {seed} of {self.arch_str} on {dataset}; known: "
                          f"{', '.join(map(str, known))}", known=known, code="benchmarks.unknown_seed",
                          remedy="is_random takes one of them, False for the mean, or True for a drawn one")

    def chosen(self, dataset: str, is_random) -> list:
        """The trainings that `is_random` chooses: False all, True a drawn one, a seed its training."""
        if isinstance(is_random, bool):
            if not is_random:
                return self._some(dataset)
            single = [one for one in self._some(dataset) if not one.is_mean]
            if not single:
                raise NotThere(f"the atlas has a published mean only of {self.arch_str} on {dataset}, and no "
                                   "training to draw", known=self.get_dataset_seeds(dataset),
                                   remedy="ask with is_random=False")
            return [random.choice(single)]
        return [self._seeded(dataset, is_random)]

    def get_metrics(self, dataset: str, setname: str, iepoch: int | None = None, is_random=False) -> Told:
        """iepoch, loss, accuracy, cur_time and all_time, as `is_random` chooses; means over trainings with a value."""
        return self.measured(self.chosen(dataset, is_random), setname, iepoch)

    @staticmethod
    def measured(chosen: list, setname: str, iepoch: int | None) -> Told:
        """The means over these trainings; raises what the first lacks where none has any."""
        told, lack = [], None
        for one in chosen:
            try:
                told.append((one, one.get_train(iepoch) if setname == "train" else one.get_eval(setname, iepoch)))
            except NotThere as error:
                lack = lack or error
        if not told:
            raise lack
        found = {}
        for key in ("iepoch", "loss", "accuracy", "cur_time", "all_time"):
            having = [(one, values[key]) for one, values in told if key in values]
            single = [value for one, value in having if not one.is_mean]
            if having:
                found[key] = mean(single or [value for _, value in having])
        found["iepoch"] = int(found["iepoch"])
        about = told[0][1].about if len(chosen) == 1 else f"the mean of {len(told)} trainings, as {told[0][1].about}"
        return Told(found, about)

    def get_compute_costs(self, dataset: str) -> Told:
        """flops, params, latency, and seconds as `ResultsCount.get_times`; means over the trainings."""
        results, trainings = self._some(dataset), self._trainings[dataset]
        costs, reasons = {}, {}
        for key, name in (("flops", "flops"), ("params", "parameters")):
            costs[key] = trainings.millions(self._place, name)
            if costs[key] is None and (why := trainings.disagreement(self._place, name)):
                reasons[key] = why
        costs["latency"] = trainings.latency(self._place)
        told = [one.get_times() for one in results]
        for key in dict.fromkeys(key for times in told for key in times):
            costs[key] = mean([times[key] for times in told if key in times])
        return Told({key: value for key, value in costs.items() if value is not None},
                    f"{self.arch_str} on {dataset} (hp={self._hp})", reasons)

    def get_latency(self, dataset: str) -> float:
        """Seconds for a batch."""
        self._some(dataset)
        found = self._trainings[dataset].latency(self._place)
        return self.get_compute_costs(dataset)["latency"] if found is None else found

    def get_net_param(self, dataset: str, seed=None):
        """Raises NotThere: an atlas keeps no weights."""
        raise NotThere("an atlas keeps no weights", code="shims.no_weights",
                           remedy="the archives of NATS-Bench that have them are the authors'")

    def clear_params(self) -> None:
        """Does nothing: there are no weights."""

    def state_dict(self) -> dict:
        """The state for `create_from_state_dict` of the original's results; None for values that the atlas lacks."""
        return {"arch_index": self.arch_index, "arch_str": self.arch_str, "clear_net_done": True,
                "dataset_seed": self.dataset_seed,
                "all_results": {key: one.state_dict() for key, one in self.all_results.items()}}


def _shown(epochs: list) -> str:
    whole = epochs == list(range(epochs[0], epochs[-1] + 1)) and len(epochs) > 2
    return f"{epochs[0]} to {epochs[-1]}" if whole else ", ".join(map(str, epochs))
