"""An atlas on a server: the interface of `nasatlas.open` over HTTP.

    import nasatlas

    atlas = nasatlas.connect("http://localhost:8080")
    atlas.query(architecture, dataset="cifar10").value
    atlas.lookup(dataset="cifar10").values()          # of all architectures, as a numpy array

Every question names the digest of the atlas at the first connection, so no answer silently comes from another file.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Sequence
from urllib.parse import quote

import numpy as np

from nasatlas.answers import Evaluation, FrontPoint, Predictions, RankedArchitecture
from nasatlas.asking import Named
from nasatlas.atlas import Atlas
from nasatlas.errors import AtlasChanged, BrokenAnswer, NotOverHTTP, UnknownArchitecture, WrongArgument
from nasatlas.fidelity import Fidelity
from nasatlas.processes import renewed_after_fork
from nasatlas.reading.lookup import Answer
from nasatlas.reading.names import PLACE
from nasatlas.reading.setting import Setting
from nasatlas.remote import download
from nasatlas.remote.ledger import Ledger
from nasatlas.remote.lookup import BATCH_KEYS, TOP, RemoteLookup, context, number
from nasatlas.remote.server import Reply, Server
from nasatlas.remote.setting import RemoteQuantity, RemoteSetting

PAGE = 1000
DIGEST = re.compile(r'(?:W/)?"([0-9a-f]{64})"')


class RemoteAtlas(Atlas):
    """An atlas on a server. Threads may share it. Calls that need the file itself raise NotOverHTTP."""

    _lookup_kind = RemoteLookup
    has_slow_arrays = True

    def __init__(self, server: Server, name: str, follow: bool = False):
        self._server = server
        self._after_fork()
        renewed_after_fork(self)
        self._name, _, digest = name.partition("@")
        self._follow = follow
        self._take(self._card(digest))

    def _after_fork(self) -> None:
        self._lock = threading.RLock()
        """Protects the state of one edition, because `follow` may change to another."""

    def _card(self, digest: str) -> dict:
        name = quote(self._name, safe="") + (f"@{quote(digest, safe='')}" if digest else "")
        reply = self._server.get(f"/v1/atlases/{name}")
        with reply.reading():
            told = reply.json()
            self._compare(reply, told["digest"])
            return {**told, "reply": reply}

    def _take(self, told: dict) -> None:
        """Makes this the atlas that a card describes."""
        with self._lock, told["reply"].reading():
            self.path = f"{self._server.address}/v1/atlases/{self._name}"
            self.digest = told["digest"]
            if not re.fullmatch("[0-9a-f]{64}", self.digest):
                raise BrokenAnswer(f"{self.digest[:80]!r} is not the digest of an atlas")
            self.title = told.get("title")
            self.is_sealed = told["isSealed"]
            """Whether the server returns test values only in closed ledgers."""
            self.byte_count = told["bytes"]
            self._count = told["architectures"]
            self.metrics = {one["name"]: {"unit": one["unit"], "larger_is_better": one["largerIsBetter"],
                                          "meaning": one["meaning"], "target": one.get("target")}
                            for one in told["metrics"]}
            self.spaces = [one["name"] for one in told["spaces"]]
            self._definitions = {one["name"]: one.get("definition") or {} for one in told["spaces"]}
            self._spans, first = {}, 0
            for one in told["spaces"]:
                self._spans[one["name"]] = range(first, first + one["architectures"])
                first += one["architectures"]
            self.sources = {one["name"]: one for one in told["sources"]}
            cards = {one["name"]: one for one in told["datasets"]}
            self.datasets = {name: cards.get(name, {}) for name in dict.fromkeys(
                [*cards, *(one["dataset"] for one in told["settings"])])}
            protocols = {one["digest"]: one for one in told["protocols"]}
            for one in told["settings"]:
                protocols.setdefault(one["protocolDigest"], {})
            self.protocols = {digest: one.get("settings") or {} for digest, one in protocols.items()}
            self.fidelities = {digest: Fidelity.read(one.get("fidelity")) for digest, one in protocols.items()}
            self._source_numbers, self._sources = {}, {}
            self._position_list_numbers, self._position_lists = {}, {}
            self._version = None
            self._copy = None
            self._lookups = {}
            self._known_places = {}
            self._first_texts = []
            self._next_page = ""
            self._texts = None
            self.settings = [RemoteSetting(self, index, one, cards.get(one["dataset"]))
                             for index, one in enumerate(told["settings"])]
            self.quantities = [RemoteQuantity(self, number, one) for number, one in enumerate(told["quantities"])]

    def __repr__(self):
        return f"<RemoteAtlas {self.path}, {len(self)} architectures, digest {self.digest[:12]}>"

    def __len__(self):
        return self._count

    def __reduce__(self):
        for word in ("token", "tls"):
            if getattr(self._server, word) is not None:
                raise WrongArgument(f"a connection with {word}= cannot be pickled",
                                    remedy=f"connect in each process, with {word}=")
        from nasatlas.remote.connecting import connected
        return connected, (self._server.address, f"{self._name}@{self.digest}", self._server.timeout_seconds,
                           self._server.retries, self._follow)

    def close(self):
        """Closes the connections; a further question opens one again."""
        self._server.close()

    @property
    def version(self) -> str:
        """The version of NASAtlas that published it."""
        if self._version is None:
            reply = self._ask("GET", "/manifest")
            with reply.reading():
                self._version = str(reply.json()["manifest"]["version"])
        return self._version

    # Asking

    def _ask(self, method: str, route: str, query=(), *, digest: str | None = None, **how) -> Reply:
        """The answer of a route for the atlas with this digest; raises AtlasChanged where the server has another."""
        digest = digest or self.digest
        try:
            reply = self._server.ask(method, f"/v1/atlases/{quote(self._name, safe='')}@{digest}{route}", query, **how)
        except AtlasChanged as error:
            error.digest = next((str(name).rpartition("@")[2] for name in error.known), None)
            error.remedy = "connect again, or with follow=True"
            raise
        self._compare(reply, digest)
        return reply

    def _compare(self, reply: Reply, digest: str) -> None:
        tag = DIGEST.fullmatch(reply.headers.get("ETag", ""))
        if tag is not None and tag[1] != digest:
            with reply.reading():
                error = AtlasChanged(f"the answer is of the atlas {tag[1][:12]}, the question of {digest[:12]}",
                                     remedy="connect again, or with follow=True")
                error.digest = tag[1]
                raise error

    def _followed(self, ask: Callable, *architectures):
        # Repeats the question where `follow` changes to another edition.
        try:
            return ask()
        except AtlasChanged as error:
            if not self._follow:
                raise
            before = self.digest
            self._take(self._card(""))
            if self.digest == before:
                raise
            if any(not isinstance(one, str) or one.startswith(PLACE) for one in architectures):
                error.remedy = "look the places up again; places may be others in the new atlas, which answers now"
                raise
            return ask()

    def _whole(self, digest: str) -> Atlas | None:
        """The atlas in process, for calls that need whole columns: the file is smaller than an export of its runs.

        None where the server withholds the file, or its digest is no longer `digest`. The copy lives as long as this.
        """
        with self._lock:
            if self.is_sealed or digest != self.digest:
                return None
            if self._copy is None:
                folder = tempfile.mkdtemp(prefix="nasatlas-")
                try:
                    self._copy = download.fetch(self, os.path.join(folder, "whole.atlas"), False)
                except BaseException:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise
                weakref.finalize(self._copy, _remove, folder, os.getpid())
                # Numbers in its columns are indexes of these.
                self._sources = self._copy._sources
                self._position_lists = self._copy._position_lists
            return self._copy

    def _space_cards(self) -> dict:
        return self._definitions

    def _source_number(self, name: str) -> int:
        found = self._source_numbers.setdefault(name, len(self._source_numbers) + 1)
        self._sources[found] = name
        return found

    def _position_list_number(self, positions: list) -> int:
        found = self._position_list_numbers.setdefault(tuple(positions), len(self._position_list_numbers) + 1)
        self._position_lists[found] = positions
        return found

    def _rows(self, query: str, *values) -> list:
        raise NotOverHTTP("only the file itself can be read with SQL", remedy="call download(), which returns the opened file")

    # Architectures

    @property
    def architectures(self) -> Sequence:
        """The canonical texts of all architectures, by place; the first access transfers all of them."""
        if self._texts is None:
            return self._followed(lambda: tuple(self._read_texts(len(self))))
        return self._texts

    def _read_texts(self, count: int) -> list:
        """The first texts, at least `count`, read page by page, all from one edition."""
        with self._lock:
            texts, page, digest, limit = list(self._first_texts), self._next_page, self.digest, PAGE
        while len(texts) < count:
            query = {"limit": limit, **({"page": page} if page else {})}
            try:
                reply = self._ask("GET", "/architectures", query, digest=digest)
            except Exception as error:
                # The setting page-rows may allow fewer; the error lists "1 to N".
                allowed = re.fullmatch(r"1 to (\d+)", str(next(iter(getattr(error, "known", ())), "")))
                if getattr(error, "code", None) != "server.bad_parameter" or not allowed or int(allowed[1]) >= limit:
                    raise
                limit = int(allowed[1])
                continue
            with reply.reading():
                told = reply.json()
                lines = told["architectures"]
                if not lines or lines[0]["place"] != len(texts):
                    raise ValueError(f"the page does not begin at {len(texts)}")
                texts += [line["canonicalText"] for line in lines]
                page = told.get("nextPage")
                if not page and len(texts) != len(self) or len(texts) > len(self):
                    raise ValueError(f"the pages end after {len(texts)} of {len(self)} architectures")
        with self._lock:
            if digest == self.digest and len(texts) > len(self._first_texts):
                self._first_texts, self._next_page = texts, page
                if len(texts) == self._count:
                    self._texts = tuple(texts)
        return texts

    def _text(self, place: int) -> str:
        texts = self._first_texts
        return texts[place] if place < len(texts) else self._read_texts(place + 1)[place]

    @staticmethod
    def _id(space: str, text: str) -> str:
        """The id, as docs/file-format.md defines it."""
        return hashlib.sha256(f"{space}\n{text}".encode()).hexdigest()[:32]

    def architecture_id(self, architecture) -> str:
        index = self.index(architecture) if isinstance(architecture, str) else self._checked(architecture)
        space = next(name for name, span in self._spans.items() if index in span)
        return self._id(space, self._text(index))

    def _architecture_ids(self, places: range) -> list:
        texts = self._followed(lambda: self._read_texts(places.stop))
        spaces = [(span, name) for name, span in self._spans.items()]
        return [self._id(next(name for span, name in spaces if place in span), texts[place]) for place in places]

    def index(self, architecture, space: str | None = None) -> int:
        """The place of an architecture given by `place:N`, id, or any text that its space reads; may ask the server.

        A bare number is a place where the space has no published index, else refused with both spellings. Raises
        UnknownArchitecture and AmbiguousQuestion.
        """
        place = self._named_place(architecture, space)
        if place is not None:
            return place
        if not isinstance(architecture, str):
            raise UnknownArchitecture(f"{architecture!r} names no architecture",
                                      remedy="give a canonical text, an id, or place:N")
        known, texts, key = self._known_places, self._texts, (space, architecture)
        if key not in known and texts is not None and space is not None:
            span = self._places_of_space(space)
            if len(span) and (space, texts[span.start]) not in known:
                known.update(((space, text), place) for text, place in zip(texts[span.start:span.stop], span))
        found = known.get(key)
        if found is None:
            found = known[key] = self._followed(lambda: self._found(architecture, space), architecture)
        return found

    def _found(self, architecture: str, space: str | None) -> int:
        only = space or (self.spaces[0] if len(self.spaces) == 1 else None)
        spelled = self._id(only, architecture) if only is not None and len(architecture) > 2000 else architecture
        reply = self._ask("GET", f"/architectures/{quote(spelled, safe='')}", {} if space is None else {"space": space})
        with reply.reading():
            place = reply.json()["architecture"]["place"]
            if not isinstance(place, int) or not 0 <= place < len(self):
                raise ValueError(f"{place} is not a place")
            return place

    # Questions

    def query(self, architecture: Named, *, dataset: str | None = None, protocol: str | None = None,
              space: str | None = None, metric: str | None = None, split: str = "validation",
              epoch: int | str | None = None, seed: int | str = "mean", **unknown_words) -> Answer:
        words = (dataset, protocol, space, metric, split, epoch, seed)
        return self._followed(lambda: self._lookup(words, unknown_words).answer(architecture), architecture)

    def _front(self, objectives, where, dataset, protocol, space) -> list:
        query = [*self._setting_or_space(dataset, protocol, space).items(), *(("objective", one) for one in objectives)]
        reply = self._ask("GET", "/pareto", [*query, *([] if where is None else [("where", where)])])
        with reply.reading():
            return [FrontPoint(one["architecture"]["canonicalText"], one["architecture"]["id"],
                               tuple(number(value) for value in one["values"])) for one in reply.json()["front"]]

    def _drawn(self, setting: Setting, count: int, seed: int) -> list:
        reply = self._ask("GET", "/sample", {**self._words(setting), "count": count, "seed": seed})
        with reply.reading():
            return [one["canonicalText"] for one in reply.json()["architectures"]]

    def _ranked_by(self, by: str, count: int, where, show, dataset, protocol, space) -> list:
        if not 0 < count <= TOP:
            return super()._ranked_by(by, count, where, show, dataset, protocol, space)
        words = self._setting_or_space(dataset, protocol, space)
        query = [*words.items(), ("by", by), ("count", count), *(("show", field) for field in show)]
        reply = self._ask("GET", "/top", [*query, *([] if where is None else [("where", where)])])
        with reply.reading():
            return [RankedArchitecture(
                one["architecture"]["canonicalText"], one["architecture"]["id"], number(one["value"]), int(one["runs"]),
                {name: number(value) for name, value in one.get("fields", {}).items()})
                for one in reply.json()["places"]]

    def _texts_of(self, places: list) -> list:
        lacking = [place for place in dict.fromkeys(places) if place >= len(self._first_texts)]
        if self._texts is not None or len(lacking) > 16:
            return super()._texts_of(places)
        texts = {}
        for place in lacking:
            reply = self._ask("GET", f"/architectures/{PLACE}{place}")
            with reply.reading():
                texts[place] = str(reply.json()["architecture"]["canonicalText"])
        return [texts[place] if place in texts else self._first_texts[place] for place in places]

    def _setting_or_space(self, dataset, protocol, space) -> dict:
        """The parameters that name a setting, or in an atlas without runs a space and a data set."""
        if self.settings:
            return self._words(self.setting(dataset, protocol, space))
        if protocol is not None:
            raise self._no_runs()
        return {"space": self._space_name(space), **({} if dataset is None else {"dataset": dataset})}

    def _words(self, setting: Setting) -> dict:
        """The parameters that name a setting."""
        return dict(zip(("dataset", "protocol", "space"), self._setting_words(setting)))

    def _predicted(self, lookup: RemoteLookup, architectures: list) -> Predictions:
        words = {name: word for name, word in lookup._words.items() if name != "seed"}
        keys = [lookup._key(one) for one in architectures]
        found = np.empty((2, len(keys)))
        told = {}

        def part(first: int, last: int) -> None:
            reply = self._post("/predictions", words, {"architectures": keys[first:last]})
            with reply.reading():
                told.update(reply.json())
                found[:, first:last] = [[number(one) for one in told[name]] for name in ("predictions", "deviations")]

        lookup._in_parts(len(keys), part)
        if not keys:
            part(0, 0)
        return Predictions(found[0], found[1], told["surrogate"], context(told["context"]))

    def _judged(self, lookup: RemoteLookup, architectures: list, predictions: list,
                deviations: list | None) -> Evaluation:
        told = {"architectures": [lookup._key(one) for one in architectures], "predictions": predictions,
                **({} if deviations is None else {"deviations": deviations})}
        reply = self._post("/evaluate", lookup._words, told)
        with reply.reading():
            found = reply.json()
            return Evaluation(int(found["count"]), {name: number(one) for name, one in found["metrics"].items()},
                              dict(found["units"]), found["missing"], context(found["context"]))

    def _columns(self, architectures, fields, dataset, protocol, space) -> dict:
        fields = list(fields)
        words = self._setting_or_space(dataset, protocol, space)
        keys = [self._key(one, words["space"]) for one in architectures]
        rows = []
        for first in range(0, len(keys), BATCH_KEYS):
            reply = self._post("/fields", [*words.items(), *(("field", one) for one in fields)],
                               {"architectures": keys[first:first + BATCH_KEYS]})
            with reply.reading():
                rows += [[np.nan if value is None else number(value) for value in row]
                         for row in reply.json()["values"]]
        columns = np.array(rows).reshape(len(keys), len(fields))
        return {field: columns[:, column] for column, field in enumerate(fields)}

    def configuration_space(self, space: str | None = None) -> dict:
        def ask():
            name = self._space_name(space)
            reply = self._ask("GET", f"/spaces/{quote(name, safe='')}/configspace")
            with reply.reading():
                return reply.json()
        return self._followed(ask)

    def _key(self, architecture, space: str) -> str | int:
        """An architecture as the bodies of requests name it, in which a bare number is a place."""
        if isinstance(architecture, str):
            place = self._named_place(architecture, space)
            return architecture if place is None else place
        return self._listed_place(architecture, space)

    def _post(self, route: str, query, told: dict, safe: bool = True) -> Reply:
        return self._ask("POST", route, query, body=self._server.encoded(told), safe=safe)

    # Ledgers

    def ledger(self, *, queries: int | None = None, epochs: int | None = None, simulated_seconds: float | None = None,
               unlimited: bool = False, dataset: str | None = None, protocol: str | None = None,
               space: str | None = None, metric: str | None = None, split: str = "validation",
               epoch: int | str | None = None, seed: int | str = "mean", **unknown_words) -> Ledger:
        """Opens a ledger: a budget of queries, epochs or simulated seconds of training over one question. Give
        `unlimited=True` for a ledger without a budget, which only counts. Raises LedgerRefused."""
        words = (dataset, protocol, space, metric, split, epoch, seed)
        limits = {"queries": queries, "epochs": epochs, "simulatedTrainingSeconds": simulated_seconds,
                  "unlimited": unlimited or None}

        def ask():
            lookup = self._lookup(words, unknown_words)
            reply = self._post("/ledgers", lookup._words, {
                name: limit for name, limit in limits.items() if limit is not None}, safe=False)
            return Ledger(self, lookup, reply)
        return self._followed(ask)

    def resume_ledger(self, id: str) -> Ledger:  # noqa: A002
        """The ledger that was opened as `id`, of this atlas."""
        reply = self._server.get(f"/v1/ledgers/{quote(id, safe='')}")
        with reply.reading():
            terms = reply.json()["terms"]
            asked = terms["question"]
            if terms["atlasDigest"] != self.digest:
                raise AtlasChanged(f"the ledger is of the atlas {terms['atlas']} {terms['atlasDigest'][:12]}, and this "
                                   f"atlas is {self.digest[:12]}", remedy="connect to the ledger's atlas")
            lookup = self.lookup(
                dataset=asked["dataset"], protocol=asked["protocolDigest"], space=asked["space"],
                metric=asked["metric"], split=asked["split"], epoch=asked["epoch"], seed=asked["seeds"])
            return Ledger(self, lookup, reply)

    # Tables

    def table(self, dataset: str | None = None, protocol: str | None = None, space: str | None = None) -> dict:
        return self._followed(lambda: Atlas.table(self, dataset, protocol, space))

    def to_parquet(self, path: str | os.PathLike, dataset: str | None = None, protocol: str | None = None,
                   space: str | None = None, curves: bool = False) -> None:
        self._followed(lambda: Atlas.to_parquet(self, path, dataset, protocol, space, curves))

    def download(self, path: str | os.PathLike, *, replace: bool = False) -> Atlas:
        """Fetches the file and its manifest to `path`, continuing where an earlier fetch broke off, and opens it.

        A file that is complete is not fetched again. Another file at `path` is refused unless `replace` is True.
        """
        return self._followed(lambda: download.fetch(self, path, replace))


def _remove(folder: str, process: int) -> None:
    """Removes the folder of a copy, but only in the process that made it, because forked processes read it too."""
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
