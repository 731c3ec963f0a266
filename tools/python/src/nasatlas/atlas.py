"""An atlas in process: one file, read with sqlite3 and numpy, verified before the first answer.

    import nasatlas

    atlas = nasatlas.open("data/nasbench201.atlas")
    atlas.query("|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|", dataset="cifar10").value
    atlas.lookup(dataset="cifar10").values()          # of all architectures, as a numpy array
"""

from __future__ import annotations

import json
import os
import shlex
import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nasatlas import spaces, tables
from nasatlas.answers import Evaluation, Predictions
from nasatlas.asking import Questions
from nasatlas.errors import (
    AmbiguousQuestion, DamagedAtlas, MissingSurrogate, MissingValue, NASAtlasError, NotInSpace, UnknownArchitecture,
    UnsupportedSpace, WrongArgument)
from nasatlas.fidelity import Fidelity
from nasatlas.processes import renewed_after_fork
from nasatlas.reading import manifest, names, ranking
from nasatlas.reading.across import AcrossProtocols, across_protocols
from nasatlas.reading.columns import Blocks
from nasatlas.reading.database import Database
from nasatlas.reading.lacking import unknown
from nasatlas.reading.lookup import Lookup
from nasatlas.reading.nearest_texts import NearestTexts
from nasatlas.reading.setting import Quantity, Setting
from nasatlas.seeded import SeededGenerator
from nasatlas.spaces import Space


OTHER_NAMES = "give a canonical text, an id or place:N"
"""The remedy where the atlas does not know a name of an architecture."""


def open(path: str | os.PathLike) -> Atlas:  # noqa: A001
    """Opens the atlas file at `path` and compares its SHA-256 with the manifest beside it.

        atlas = nasatlas.open("data/nasbench201.atlas")

    Opening takes less than a second per gigabyte. Raises AtlasNotFound, NotAnAtlas or DamagedAtlas.
    """
    return Atlas(path)


class Atlas(Questions):
    """A published atlas. Threads and forked processes may share it, and other processes can unpickle it.

    Architectures have places from 0 on, in the order of space and canonical text.

    Lists of architectures and arguments called `index` take places as bare numbers. A question about one architecture
    takes a bare number only where its space has no published index.
    """

    def __init__(self, path: str | os.PathLike):
        if not isinstance(path, (str, bytes, os.PathLike)):
            raise WrongArgument(f"open needs the path of an atlas; the argument is {path!r}",
                                remedy="give a str or a pathlib.Path; if the atlas is open already, use it directly")
        self.path = os.fsdecode(path)
        # A pickled atlas is found after a change of the working directory too.
        self._absolute_path = os.path.abspath(self.path)
        found = manifest.check(self.path)
        self.digest = found.digest
        """SHA-256 of the file; its first twelve digits identify the atlas in citations."""
        self.version = found.version
        """The version of NASAtlas that published the atlas."""
        self._database = Database(self._absolute_path)
        self._blocks = Blocks(self._rows, self.path)
        self.title = next((value for _, value in self._rows("SELECT * FROM meta WHERE key = 'title'")), None)
        self.metrics = {
            name: {"unit": unit, "larger_is_better": bool(larger), "meaning": meaning, "target": target}
            for name, unit, larger, meaning, target
            in self._rows("SELECT name, unit, larger_is_better, meaning, target FROM metrics ORDER BY id")}
        """Unit, direction and meaning of each metric, by name; and the target that it measures, None for all."""
        self.spaces = [name for name, in self._rows("SELECT name FROM spaces ORDER BY id")]
        self.sources = self._cards("SELECT name, card FROM sources ORDER BY id")
        """Cards by name: title, license, citation, known defects."""
        self.datasets = self._cards("SELECT name, card FROM datasets ORDER BY id")
        """Cards by name; a card is empty where the atlas has none."""
        cards = {digest.hex(): json.loads(card) if card else {}
                 for digest, card in self._rows("SELECT digest, card FROM protocols ORDER BY id")}
        self.protocols = {digest: card.get("settings", {}) for digest, card in cards.items()}
        """Settings of the trainings, by the digest of the protocol; empty where the atlas does not have them."""
        self.fidelities = {digest: Fidelity.read(card.get("fidelity")) for digest, card in cards.items()}
        """The axis of the positions of curves, by the digest of the protocol: epochs, steps, seconds or others."""
        self._sources = dict(self._rows("SELECT id, name FROM sources"))
        self._position_lists = {
            number: json.loads(text) for number, text in self._rows("SELECT id, positions FROM position_lists")}
        self._spans = {name: range(first - 1, last) for name, first, last in self._rows(
            "SELECT s.name, MIN(a.id), MAX(a.id) FROM architectures a JOIN spaces s ON s.id = a.space GROUP BY s.id")}
        self.settings = [
            Setting(self, number, runs, space, dataset, digest and digest.hex(), card and json.loads(card), protocol,
                    protocol_digest.hex(), self.fidelities[protocol_digest.hex()])
            for number, runs, space, dataset, digest, card, protocol, protocol_digest in self._rows(
                "SELECT s.id, s.runs, x.name, d.name, d.digest, d.card, p.name, p.digest FROM settings s"
                " JOIN spaces x ON x.id = s.space JOIN datasets d ON d.id = s.dataset"
                " JOIN protocols p ON p.id = s.protocol ORDER BY s.id")]
        """Groups of runs: each has one space, one data set and one protocol."""
        self.quantities = [
            Quantity(self, *row[:7], row[7], row[8] and row[8].hex(), *row[9:]) for row in self._rows(
                "SELECT q.id, q.measurements, x.name, q.name, q.unit, q.device, q.conditions, q.dataset, q.protocol,"
                " o.name, t.name FROM quantities q JOIN spaces x ON x.id = q.space"
                " LEFT JOIN sources o ON o.id = q.source"
                " LEFT JOIN columns c ON c.quantity = q.id AND c.name = 'value' LEFT JOIN splits t ON t.id = c.split"
                " ORDER BY q.id")]
        """Measurements without training."""
        self._texts = None
        self._indexes = None
        self._nearest = None
        self._lookups = {}
        self._rules = {}
        self._encoded = {}
        self._own_server = self._served = None
        self._after_fork()
        renewed_after_fork(self)

    def _after_fork(self) -> None:
        """Makes a new lock in a forked process."""
        self._program_lock = threading.Lock()

    def __repr__(self):
        return f"<Atlas {self.path}, {len(self)} architectures, digest {self.digest[:12]}>"

    def _repr_html_(self) -> str:
        from nasatlas import display
        return display.atlas(self)

    def __len__(self):
        return self._rows("SELECT COUNT(*) FROM architectures")[0][0] if self._texts is None else len(self._texts)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __reduce__(self):
        return _reopened, (self._absolute_path, self.digest)

    def close(self):
        """Closes the file, and ends the program where a question started it. Values in memory stay readable.

            >>> import nasatlas
            >>> with nasatlas.open("data/nasbench201.atlas") as atlas:  # closes at the end of the block
            ...     len(atlas)
            15625
        """
        self._database.close()
        if self._own_server is not None:
            self._served.close()
            self._own_server.close()
            self._own_server = self._served = None

    def _rows(self, query: str, *values) -> list:
        return self._database.rows(query, values)

    def _cards(self, query: str) -> dict:
        return {name: json.loads(card) if card else {} for name, card in self._rows(query)}

    def _space_cards(self) -> dict:
        return self._cards("SELECT name, card FROM spaces ORDER BY id")

    def _places_of_space(self, space: str) -> range:
        return self._spans.get(space, range(0))

    # Architectures

    def space(self, name: str | None = None) -> Space:
        """A space of the atlas. Leave out `name` if the atlas has only one space.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> cell = atlas.space().sample(1, seed=7)[0]
            >>> round(atlas.query(cell, dataset="cifar10").value, 2)
            87.98

        Raises UnknownName, AmbiguousQuestion, and UnsupportedSpace for a space without rules here.
        """
        name = self._space_name(name)
        return spaces.space(name, self._space_cards()[name])

    def _canonical(self, text: str, space: str) -> str | None:
        """The canonical text of an architecture, in the atlas or not; None for a text that the space does not read."""
        try:
            return self._read_text(text, space)
        except NotInSpace:
            return None

    def _read_text(self, text: str, space: str) -> str:
        """The canonical text of an architecture, in the atlas or not; raises NotInSpace."""
        if space not in self._rules:
            try:
                self._rules[space] = spaces.space(space, self._space_cards().get(space))
            except UnsupportedSpace:
                self._rules[space] = None
        found, rules = names.canonical(text, space), self._rules[space]
        if found is not None or rules is None:
            # In a space without rules, any text may be an architecture.
            return found or text
        return rules.canonical(text)

    def _spelled(self, architecture, space: str) -> tuple:
        """The rules of a space, and the canonical text of an architecture of it, which the atlas need not have."""
        try:
            text = self.architectures[self.index(architecture, space)]
        except UnknownArchitecture as error:
            text = self._canonical(architecture, space) if isinstance(architecture, str) else None
            if text is None or error.code != UnknownArchitecture.code:
                raise
        try:
            return self.space(space), text
        except UnsupportedSpace as error:
            raise MissingValue(f"the space {space} has no rules that say which architectures are neighbors",
                                code="benchmarks.no_neighbors") from error

    def _points(self, space) -> tuple:
        """The texts of the architectures of a space with distances, and their numbers by column."""
        if space.name not in self._encoded:
            span = self._spans[space.name]
            texts = self.architectures[span.start:span.stop]
            self._encoded[space.name] = texts, np.array(
                [space.encode(text, space.distance_encoding) for text in texts]).T
        return self._encoded[space.name]

    def _places_by_text(self, space: str) -> dict:
        return (self._indexes or self._indexed()).get(space, {})

    def _indexed(self) -> dict:
        """The places of architectures by text, by space. It is complete before other threads see it."""
        self._indexes = {name: dict(zip(self.architectures[span.start:span.stop], span))
                         for name, span in self._spans.items()}
        return self._indexes

    def _space_name(self, name: str | None) -> str:
        """The name of a space of the atlas; the only one for None."""
        if name is None and len(self.spaces) > 1:
            raise AmbiguousQuestion(f"there are several spaces: {', '.join(self.spaces)}", known=self.spaces,
                                    code="benchmarks.ambiguous_space", remedy="name one of them")
        name = self.spaces[0] if name is None else name
        if name not in self.spaces:
            raise unknown("space", name, self.spaces)
        return name

    @property
    def architectures(self) -> Sequence:
        """The canonical texts of all architectures, by place."""
        if self._texts is None:
            self._texts = tuple(text for text, in self._rows("SELECT text FROM architectures ORDER BY id"))
        return self._texts

    def architecture_id(self, architecture) -> str:
        """The id of an architecture: 32 hexadecimal digits. A whole number is a place, such as `Answer.index`; a text is
        read as by `index`.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.architecture_id("nats:6111")
            'c57bc6e7ebd59ef05a2eb552d6c0dd3a'
            >>> atlas.architecture_id(12731)
            '361367a0c900b81fade4aaa6cce0b15d'
        """
        place = self.index(architecture) if isinstance(architecture, str) else self._checked(architecture)
        return self._rows("SELECT digest FROM architectures WHERE id = ?", place + 1)[0][0].hex()

    def _checked(self, place, number: int | None = None) -> int:
        """The place as a number; raises UnknownArchitecture, which names its position `number` in a list."""
        count, found = len(self), names.whole_number(place)
        if found is None or not 0 <= found < count:
            where = "" if number is None else f" (architectures[{number}])"
            raise UnknownArchitecture(
                f"there is no architecture {place!r}{where}; allowed: places 0 to {count - 1}",
                known=[f"0 to {count - 1}"], remedy="give one of these, a canonical text, or an id",
                code="benchmarks.unknown_place")
        return found

    def _check_places(self, places: np.ndarray) -> None:
        """Raises UnknownArchitecture for the first of an array that the atlas does not have."""
        if places.size and (places.min() < 0 or places.max() >= len(self)):
            number = np.flatnonzero((places < 0) | (places >= len(self)))[0]
            self._checked(int(places[number]), number)

    def _listed_place(self, architecture, space: str | None = None) -> int:
        """The place of an architecture in a list, where a whole number is a place."""
        number = names.whole_number(architecture)
        return self.index(architecture, space) if number is None else self._checked(number)

    def _named_place(self, architecture, space: str | None) -> int | None:
        """The place that a number or `place:N` names, None for other texts; raises AmbiguousQuestion for a bare number
        that may be a published index."""
        count = len(self)
        place = names.named_place(architecture, self.spaces if space is None else (space,), count)
        return place if place is None or 0 <= place < count else self._checked(place)

    def _architecture_ids(self, places: range) -> list:
        return [digest.hex() for digest, in self._rows(
            "SELECT digest FROM architectures WHERE id BETWEEN ? AND ? ORDER BY id", places.start + 1, places.stop)]

    def index(self, architecture, space: str | None = None) -> int:
        """The place of an architecture given by canonical text, id, the first eight or more digits of an id, `place:N`,
        or a published index such as `nats:N`.

        A bare number is a place where the space has no published index, else refused with both spellings.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> atlas.index("nats:6111"), atlas.index("place:5")
            (11742, 5)

        Raises UnknownArchitecture, naming the nearest texts, and AmbiguousQuestion.
        """
        indexes, found = self._indexes or self._indexed(), None
        if space is not None:
            try:
                found = indexes.get(space, {}).get(architecture)
            except TypeError:
                found = None
        elif isinstance(architecture, str):
            several = [places[architecture] for places in indexes.values() if architecture in places]
            if len(several) > 1:
                raise AmbiguousQuestion(f"{architecture} is in several spaces: {', '.join(self.spaces)}",
                                        known=self.spaces, code="benchmarks.ambiguous_space",
                                        remedy="choose one with space=")
            found = several[0] if several else None
        return self._other_index(architecture, space) if found is None else found

    def _other_index(self, architecture, space: str | None) -> int:
        place = self._named_place(architecture, space)
        if place is not None:
            return place
        if not isinstance(architecture, str):
            raise UnknownArchitecture(
                f"{architecture!r} names no architecture",
                remedy="space().text(choices) makes a canonical text of choices" if isinstance(architecture, Mapping)
                else "ask for one, or give all to lookup(...).values"
                if isinstance(architecture, (Sequence, np.ndarray))
                else "give a canonical text, an id, or place:N")
        texts = {name: self._canonical(architecture, name) for name in (self.spaces if space is None else [space])}
        found = {place for name, text in texts.items() if (place := self._places_by_text(name).get(text)) is not None}
        if len(found) > 1:
            raise AmbiguousQuestion(f"{architecture} is in several spaces: {', '.join(texts)}", known=list(texts),
                                    code="benchmarks.ambiguous_space", remedy="choose one with space=")
        if found:
            return found.pop()
        digits = architecture.lower()
        if names.SHORTEST_ID <= len(digits) <= 32 and not digits.strip("0123456789abcdef"):
            low = bytes.fromhex(digits.ljust(32, "0"))
            high = bytes.fromhex(digits.ljust(32, "f"))
            matches = self._rows("SELECT id, text FROM architectures WHERE digest BETWEEN ? AND ? LIMIT 6", low, high)
            if len(matches) == 1:
                return matches[0][0] - 1
            if matches:
                raise AmbiguousQuestion(f"several ids begin with {architecture}: "
                                        + ", ".join(text for _, text in matches),
                                        code="benchmarks.ambiguous_architecture", remedy="give more digits")
            if not any(texts.values()):
                raise UnknownArchitecture(f"{self.path} has no architecture {architecture}", remedy=OTHER_NAMES)
        readable = next((text for text in texts.values() if text is not None), None)
        raise self._no_architecture(architecture, list(texts), readable)

    def _no_architecture(self, architecture: str, among: list, readable: str | None) -> UnknownArchitecture:
        """The error that the atlas lacks an architecture, which has the canonical text `readable` in one of the spaces
        `among`; it looks reasons and nearest texts up when it is read."""
        def absent(error):
            near = ", the nearest:\n    " + "\n    ".join(error.known) if error.known else ""
            return f"{self.path} has no run of {readable}; it has {len(self)} architectures{near}"

        def unreadable(error):
            reasons = "".join(f"\n    {space}: {self._why_unreadable(architecture, space)}" for space in among)
            near = "\n  near are:\n    " + "\n    ".join(error.known) if error.known else ""
            return f"{json.dumps(architecture, ensure_ascii=False)} is not an architecture of this atlas:{reasons}{near}"

        return UnknownArchitecture(
            unreadable if readable is None else absent, known=lambda _: self._near(architecture), remedy=OTHER_NAMES,
            code="benchmarks.unreadable_architecture" if readable is None else None)

    def _why_unreadable(self, architecture: str, space: str) -> str:
        try:
            return f"{self._read_text(architecture, space)} is not in the atlas"
        except NotInSpace as error:
            return getattr(error, "reason", error.message)

    def _near(self, architecture: str) -> list:
        """The three nearest canonical texts."""
        if self._nearest is None:
            self._nearest = NearestTexts(self.architectures)
        return self._nearest.nearest(architecture, 3)

    # Questions

    def _front(self, objectives, where, dataset, protocol, space) -> list:
        if self.settings:
            return ranking.front(self, self.setting(dataset, protocol, space), objectives, where)
        if protocol is not None:
            raise self._no_runs()
        return ranking.front_measured(self, objectives, where, dataset, space)

    def _ranked_by(self, by: str, count: int, where, show, dataset, protocol, space) -> list:
        return ranking.best_by(self, by, count, where, show, dataset, protocol, space)

    def _drawn(self, setting: Setting, count: int, seed: int) -> list:
        generator = SeededGenerator(seed).stream("server/sample")
        return [self.architectures[setting.draw(generator)] for _ in range(count)]

    def _drawn_of_space(self, space: str, count: int, seed: int) -> list:
        generator, places = SeededGenerator(seed).stream("server/sample"), self._places_of_space(space)
        if not places:
            raise UnknownArchitecture(f"{self.path} has no architecture of {space}", code="benchmarks.no_architecture",
                                      remedy=f"space({space!r}).sample(...) draws from the space itself")
        return self._texts_of([places[generator.below(len(places))] for _ in range(count)])

    def _texts_of(self, places: list) -> list:
        return [self.architectures[place] for place in places]

    def _columns(self, architectures, fields, dataset, protocol, space) -> dict:
        asked = dict(zip(fields, ranking.read_fields(fields)))
        if not self.settings:
            if protocol is not None:
                self.setting(dataset, protocol, space)
            space = self._space_name(space)
            return ranking.measured_columns(self, space, dataset, self._places_of(architectures, space), asked)
        setting = self.setting(dataset, protocol, space)
        return ranking.columns(self, setting, self._places_of(architectures, setting.space), asked)

    def _places_of(self, architectures: Sequence, space: str) -> list:
        """Places; None for a text or an id that the atlas does not have."""
        found = []
        for one in architectures:
            try:
                found.append(self._listed_place(one, space))
            except UnknownArchitecture as error:
                if error.code != UnknownArchitecture.code:
                    raise
                found.append(None)
        return found

    def _predicted(self, lookup: Lookup, architectures: list) -> Predictions:
        try:
            return self._asked_of_program(
                lambda served: served._predicted(served._lookup(lookup.words), architectures))
        except MissingSurrogate as error:
            # The program looks for surrogates when it starts, so the next question starts another one. This one ends
            # when no thread uses it.
            with self._program_lock:
                self._own_server = self._served = None
            context = lookup.context
            raise MissingSurrogate(
                f"there is no surrogate of {context.metric} on {context.split} of {self.name(lookup.setting)}",
                remedy=f"make one with `nasatlas fit {shlex.quote(self.path)} {_options(lookup)}`, then ask again; "
                "lookup(...) has the measured values") from error

    def _judged(self, lookup: Lookup, architectures: list, predictions: list, deviations: list | None) -> Evaluation:
        return self._asked_of_program(lambda served: served._judged(
            served._lookup(lookup.words), architectures, predictions, deviations))

    def configuration_space(self, space: str | None = None) -> dict:
        """A space as a dict for `ConfigurationSpace.from_serialized_dict` of ConfigSpace 1.0 or later.

        Leave out `space` if the atlas has only one space. In process this runs the `nasatlas` program.

        `nasatlas.spaces.spell` turns configurations into texts.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> [one["name"] for one in atlas.configuration_space()["hyperparameters"]][:2]
            ['edge_0_1', 'edge_0_2']
        """
        name = self._space_name(space)
        return self._asked_of_program(lambda served: served.configuration_space(name))

    def _asked_of_program(self, ask: Callable):
        """Asks the program: the first such question starts it as a server for this process alone."""
        with self._program_lock:
            if self._own_server is None or self._own_server.process_id != os.getpid():
                from nasatlas.program import OwnServer
                from nasatlas.remote.connecting import connect
                server = OwnServer(self._absolute_path)
                self._served = connect(server.address, timeout_seconds=600)
                self._own_server = server
            if self._served.digest != self.digest:
                raise DamagedAtlas(f"{self.path} has the digest {self._served.digest[:12]} now, and {self.digest[:12]} "
                                   "was opened", code="store.changed", remedy="open the atlas again")
            served, server = self._served, self._own_server
        try:
            return ask(served)
        except NASAtlasError as error:
            # Nobody can read the log of this server.
            error.request_id = None
            raise
        finally:
            del server

    # Tables

    def table(self, dataset: str | None = None, protocol: str | None = None, space: str | None = None) -> dict:
        """Columns by name, one row per run: lists of texts, arrays of numbers (NaN where absent). Needs numpy only.

        The table has final values, counts, costs and attributes of the runs, and measurements of the architectures. In
        a space without runs, it has one row per architecture, with the measurements.

            >>> import nasatlas
            >>> table = nasatlas.open("data/nasbench201.atlas").table("cifar10")
            >>> len(table["architecture"]), "train_seconds" in table, "latency" in table
            (39419, True, True)
        """
        return tables.columns(self, self._tabulated(dataset, protocol, space))[0]

    def _tabulated(self, dataset, protocol, space) -> Setting | tables.Measurements:
        """What a table is about: a setting, or the measurements of a space that has no runs."""
        runs_of_space = [one for one in self.settings if space is None or one.space == space]
        if runs_of_space or self.settings and space not in self.spaces:
            return self.setting(dataset, protocol, space)
        if protocol is not None:
            raise self._no_runs()
        return tables.Measurements.of(self, self._space_name(space), dataset)

    def dataframe(self, dataset: str | None = None, protocol: str | None = None, space: str | None = None,
                  kind: str | None = None):
        """The table as a data frame of `kind` "pandas" or "polars"; None takes the installed one.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> len(atlas.dataframe("cifar10"))
            39419
        """
        return tables.dataframe(self.table(dataset, protocol, space), kind)

    def to_parquet(self, path: str | os.PathLike, dataset: str | None = None, protocol: str | None = None,
                   space: str | None = None, curves: bool = False) -> None:
        """Writes a Parquet file with the rows and columns of `table`. With `curves`, it has a list per run for
        each curve and for each cost by epoch too. Needs pyarrow.

        `path` may be a pipe or a device. Of existing files, only a Parquet file is replaced.

            >>> import nasatlas, os, tempfile
            >>> path = os.path.join(tempfile.mkdtemp(), "cifar10.parquet")
            >>> nasatlas.open("data/nasbench201.atlas").to_parquet(path, "cifar10")
            >>> os.path.getsize(path) > 100_000
            True

        Raises Unwritable.
        """
        tables.write_parquet(path, self, self._tabulated(dataset, protocol, space), curves)

    # Several protocols

    def across_protocols(self, at_epoch: int, *, dataset: str | None = None, space: str | None = None,
                         metric: str | None = None, split: str = "validation",
                         seed: int | str = "mean") -> AcrossProtocols:
        """A lookup over several protocols at one epoch, for spaces whose architectures have different protocols.

        The answer comes from the protocol with the fewest epochs under which the architecture has a value at the epoch,
        and its context names that protocol.

            >>> import nasatlas
            >>> atlas = nasatlas.open("data/nasbench201.atlas")
            >>> round(atlas.across_protocols(200, dataset="cifar10")("nats:6111"), 2)
            91.61

        Raises MissingValue where no protocol has values there, UnknownName and AmbiguousQuestion.
        """
        return across_protocols(self, at_epoch, dataset, space, metric, split, seed)


def _options(lookup: Lookup) -> str:
    """The question of a lookup as options of `nasatlas fit`."""
    atlas, setting = lookup.atlas, lookup.setting
    words = {"dataset": atlas._setting_words(setting)[0], "protocol": atlas.protocol_name(setting)}
    if len(atlas.spaces) > 1:
        words["space"] = setting.space
    words["metric"] = lookup.metric
    if lookup.split != "validation":
        words["split"] = lookup.split
    if lookup.epoch not in ("best", "last"):
        words["epoch"] = lookup.epoch
    return " ".join(f"--{word} {shlex.quote(str(value))}" for word, value in words.items())


def _reopened(path: str, digest: str) -> Atlas:
    """The atlas that was pickled; raises DamagedAtlas where another file has its path now."""
    atlas = Atlas(path)
    if atlas.digest != digest:
        raise DamagedAtlas(f"{path} has the digest {atlas.digest[:12]}, and the atlas that was pickled {digest[:12]}",
                           code="store.changed", remedy="put the atlas back that the pickle was made with")
    return atlas
