"""A question bound to a served atlas, and its answers."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from nasatlas.answers import AbsentRun, Context, CurveAnswer, CurveRun, Point
from nasatlas.errors import AtlasChanged, MissingValue, ServerError
from nasatlas.fidelity import Fidelity
from nasatlas.reading.lookup import Answer, Lookup, curve_answer, several
from nasatlas.reading.setting import Setting
from nasatlas.remote.server import BATCH, Reply

PARAMETERS = {
    "space": "space", "dataset": "dataset", "dataset_digest": "datasetDigest", "protocol": "protocolName",
    "protocol_digest": "protocolDigest", "metric": "metric", "unit": "unit", "larger_is_better": "largerIsBetter",
    "split": "split", "epoch": "epoch", "seeds": "seeds", "kind": "kind", "atlas_digest": "atlasDigest"}
TOP = 1000
"""The largest number of architectures that a server ranks in one answer."""
BATCH_KEYS = 10_000
"""The largest batch of a server by default; its settings may allow less."""
BATCH_BYTES = 1 << 20


def number(told) -> float:
    """A number of JSON, where a text spells a number that is not finite."""
    if isinstance(told, str) and told in ("nan", "inf", "-inf") or isinstance(told, (int, float)) \
            and not isinstance(told, bool):
        return float(told)
    raise TypeError(f"{told!r} is not a number")


def optional(told) -> float | None:
    """A number, or None where it is absent."""
    return None if told is None else number(told)


def seed(told) -> int | str:
    """A seed as this package spells it."""
    if isinstance(told, dict):
        return f"unnamed-{told['unnamed']}" if "unnamed" in told else f"mean-of-{told['meanOf']}"
    return int(told)


def context(told: dict) -> Context:
    return Context(**{mine: told.get(theirs) for mine, theirs in PARAMETERS.items()},
                   fidelity=Fidelity.read(told.get("fidelity")))


def absent(told: list) -> list:
    return [AbsentRun(seed(run["seed"]), run["status"], run["reason"]) for run in told]


def points(told: dict) -> tuple:
    """Points, and the runs without a point."""
    found = []
    for point in told["points"]:
        seconds = point.get("trainSeconds") or {}
        found.append(Point(seed(point["seed"]), point["status"], int(point["epoch"]), number(point["value"]),
                           point.get("source"), optional(seconds.get("seconds")), seconds.get("isDerived")))
    return found, absent(told["absent"])


class RemoteAnswer(Answer):
    """The value of one architecture, from a server."""

    __slots__ = ("_text", "_space", "_context", "_told")

    def __init__(self, lookup, architecture: dict, value: float | None, told: tuple | None = None,
                 said: Context | None = None, fields: dict | None = None):
        self._lookup = lookup
        self._text, self._space = architecture["canonicalText"], architecture["space"]
        self.value = value
        self._told = told
        self._context = said or lookup.context
        self._fields = fields

    def __reduce__(self):
        # The base class pickles the place, which is not a slot here.
        architecture = {"canonicalText": self._text, "space": self._space}
        return RemoteAnswer, (self._lookup, architecture, self.value, self._told, self._context, self.fields)

    @property
    def index(self) -> int:
        """The architecture's place in the atlas, from 0; the first access may ask the server."""
        return self._lookup.place(self._text)

    @property
    def architecture(self) -> str:
        return self._text

    @property
    def architecture_id(self) -> str:
        return self._lookup.atlas._id(self._space, self._text)

    @property
    def context(self) -> Context:
        return self._context

    @property
    def points(self) -> list:
        """One Point per run, sorted by seed; an answer of a ranking asks the server for them."""
        return self._all()[0]

    @property
    def absent(self) -> list:
        return self._all()[1]

    def _all(self) -> tuple:
        if self._told is None:
            self._told = self._lookup.answer(self._text)._told
        return self._told


class RemoteLookup(Lookup):
    """Answers one question for any architecture of one edition of a served atlas."""

    def __init__(self, atlas, setting: Setting, metric: str, split: str, epoch, seed):
        super().__init__(atlas, setting, metric, split, epoch, seed)
        self._words = {
            **atlas._words(setting), "metric": metric, "split": split, "epoch": str(epoch), "seed": str(seed)}
        self._keys = BATCH_KEYS

    def _check_edition(self) -> None:
        if self.context.atlas_digest != self.atlas.digest:
            error = AtlasChanged(f"this lookup is of the atlas {self.context.atlas_digest[:12]}, and {self.atlas.path} "
                                 f"is {self.atlas.digest[:12]} now", remedy="make the lookup again with .lookup()")
            error.digest = self.atlas.digest
            raise error

    def _ask(self, method: str, route: str, query: dict, **how) -> Reply:
        self._check_edition()
        return self.atlas._ask(method, route, query, digest=self.context.atlas_digest, **how)

    def _compare(self, said: Context, any_epoch: bool = False) -> Context:
        """The context of an answer; raises ValueError for that of another question, which a cache could return."""
        epoch = self.context.epoch if any_epoch else said.epoch
        if said._replace(epoch=epoch, kind="measured") != self.context:
            raise ValueError(f"it is of {said}; the question is about {self.context}")
        return said

    def _key(self, architecture) -> str | int:
        """An architecture as the body of a request names it, in a list or for a ledger: a bare number is a place."""
        return self.atlas._key(architecture, self.setting.space)

    def _named(self, architecture) -> dict:
        """The parameter that names one architecture; texts too long for a URL become ids."""
        place = self.atlas._named_place(architecture, self.setting.space)
        if place is None and not isinstance(architecture, str):
            place = self.atlas.index(architecture, self.setting.space)
        if place is not None:
            return {"place": place}
        short = len(architecture) <= 2000
        return {"architecture": architecture if short else self.atlas._id(self.setting.space, architecture)}

    def place(self, architecture) -> int:
        """The place of an architecture in the atlas of this lookup."""
        found = self.atlas.index(architecture, self.setting.space)
        self._check_edition()
        return found

    # One architecture

    def __call__(self, architecture) -> float:
        if self.seed == "all":
            index = self.place(architecture)
            value = float(self._batch(np.array([index]))[0])
            return self._answer_of({"place": index}).value if value != value else value
        reply = self._ask("GET", "/value", {**self._words, **self._named(architecture)})
        with reply.reading():
            told, asked = reply.json(), self.context
            if (told["unit"], told["split"], told["epoch"], told["seeds"]) != (
                    asked.unit, asked.split, asked.epoch, asked.seeds):
                raise ValueError("it is of another question")
            return number(told["value"])

    def answer(self, architecture) -> RemoteAnswer:
        return self._answer_of(self._named(architecture))

    def _answer_of(self, named: dict) -> RemoteAnswer:
        reply = self._ask("GET", "/answer", {**self._words, **named})
        return self._answer(reply, reply.json())

    def _answer(self, reply: Reply, told: dict, any_epoch: bool = False) -> RemoteAnswer:
        with reply.reading():
            there = points(told)
            value = optional(told.get("value"))
            if self.seed == "all" and len(there[0]) != 1:
                value = None
            return RemoteAnswer(self, told["architecture"], value, there,
                                self._compare(context(told["context"]), any_epoch))

    def points(self, index: int) -> tuple:
        return self._answer_of({"place": int(index)})._told

    def curves(self, architecture) -> CurveAnswer:
        words = {name: word for name, word in self._words.items() if name != "epoch"}
        reply = self._ask("GET", "/curve", {**words, **self._named(architecture)})
        with reply.reading():
            told = reply.json()
            self._compare(context(told["context"]), any_epoch=True)
            runs = [CurveRun(seed(run["seed"]), run["status"], np.array(run["epochs"], np.int64),
                             np.array([number(value) for value in run["values"]]), run.get("source"))
                    for run in told["runs"]]
            if any(run.positions.shape != run.values.shape for run in runs):
                raise ValueError("epochs do not fit values")
            found = told["architecture"]
            return curve_answer(found["canonicalText"], self.atlas._id(found["space"], found["canonicalText"]),
                                self.context, runs, absent(told["absent"]), self.epoch)

    # Several architectures

    def values(self, architectures=None) -> np.ndarray:
        if architectures is None:
            self.require_answers()
            return self._means()[0]
        asked = several(architectures)
        if isinstance(asked, list):
            found = self._named_values(asked)
        else:
            self.atlas._check_places(asked)
            found = self._batch(asked)
        if len(found) and np.isnan(found).all():
            self._require_ranking()
        return found

    def require_answers(self) -> None:
        if not self._means()[1].any():
            self._require_ranking()

    def _require_ranking(self) -> None:
        """Asks for the best architecture: where nothing has a value, the server refuses and lists what exists."""
        if not self._ranked(self._ask("GET", "/top", {**self._batch_words(), "count": 1})):
            raise MissingValue(f"no architecture has a value of {self}", code="benchmarks.no_values",
                               remedy="choose another epoch, metric, split or seed")

    def top(self, count: int = 10, where: str | None = None, show: Sequence[str] = ()) -> list[Answer]:
        if where is not None or len(show) or 0 < count <= TOP:
            query = [*self._words.items(), ("count", count), *(("show", field) for field in show)]
            best = self._ranked(self._ask("GET", "/top", [*query, *([] if where is None else [("where", where)])]))
            if not best and where is None:
                self._require_ranking()
            return best
        best = super().top(count)
        texts = self.atlas._read_texts(max((answer.index for answer in best), default=-1) + 1)
        self._check_edition()
        return [RemoteAnswer(self, {"space": self.setting.space, "canonicalText": texts[answer.index]}, answer.value)
                for answer in best]

    def neighbors(self, architecture: str | int) -> list[Answer]:
        return self._ranked(self._ask("GET", "/neighbors", {**self._words, **self._named(architecture)}))

    def _ranked(self, reply: Reply) -> list:
        with reply.reading():
            told = reply.json()
            said = self._compare(context(told["context"]))
            return [RemoteAnswer(self, place["architecture"], number(place["value"]), None, said,
                                 {name: number(one) for name, one in place.get("fields", {}).items()})
                    for place in told["places"]]

    def _means(self) -> tuple:
        if self._values is None:
            values = self._batch(np.arange(len(self.atlas)))
            values.flags.writeable = False
            self._values = values, ~np.isnan(values)
        return self._values

    def _batch_words(self) -> dict:
        # For the seed `all`, an array has means, as in process.
        return {**self._words, "seed": "mean"} if self.seed == "all" else self._words

    def _batch(self, places: np.ndarray) -> np.ndarray:
        """Values of places; request and answer are bytes."""
        found = np.empty(len(places))

        def ask(first: int, last: int) -> None:
            reply = self._ask("POST", "/values", self._batch_words(), body=places[first:last].astype("<u4").tobytes(),
                              body_type=BATCH, accept=BATCH)
            with reply.reading():
                if len(reply.body) != 8 * (last - first):
                    raise ValueError(f"{len(reply.body)} bytes are not {last - first} values")
                found[first:last] = np.frombuffer(reply.body, "<f8")

        self._in_parts(len(places), ask)
        return found

    def _named_values(self, architectures: list) -> np.ndarray:
        """Values of texts and ids, as JSON."""
        keys = [self._key(one) for one in architectures]
        found = np.empty(len(keys))

        def ask(first: int, last: int) -> None:
            part = keys[first:last]
            while len(body := json.dumps({"architectures": part}).encode()) > BATCH_BYTES and len(part) > 1:
                ask(first, first + len(part) // 2)
                first += len(part) // 2
                part = keys[first:last]
            reply = self._ask("POST", "/values", self._batch_words(), body=body)
            with reply.reading():
                values = reply.json()["values"]
                if len(values) != len(part):
                    raise ValueError(f"{len(values)} values for {len(part)} architectures")
                found[first:last] = [np.nan if value is None else number(value) for value in values]
                lacking = [key for key, value in zip(part, values) if value is None and isinstance(key, str)]
            if len(lacking) > 16:
                self.atlas.architectures  # noqa: B018  One transfer is less than a request for each.
            for key in lacking:
                self.place(key)

        self._in_parts(len(keys), ask)
        return found

    def _in_parts(self, count: int, ask) -> None:
        """Asks in parts of a size that the server accepts; smaller parts where its settings allow less."""
        first = 0
        while first < count:
            last = min(first + self._keys, count)
            try:
                ask(first, last)
            except ServerError as error:
                if error.status != 413 or last - first == 1:
                    raise
                self._keys = (last - first) // 2
                continue
            first = last
