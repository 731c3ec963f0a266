"""Ledgers: a server charges every answer once, and ends with the regret of what was chosen."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from nasatlas.errors import LedgerRefused, ServerError, ServerUnreachable
from nasatlas.remote.lookup import RemoteAnswer, RemoteLookup, number, optional
from nasatlas.remote.server import Reply

NAMES = {"queries": "queries", "epochs": "epochs", "simulatedTrainingSeconds": "simulated_seconds",
         "untimedQueries": "untimed_queries"}


class Outcome(NamedTuple):
    """What the chosen architecture is worth on one split."""

    value: float | None
    best: float | None
    """Of all architectures of the atlas."""
    regret: float | None
    """The distance of the two, not below 0."""


class Report(NamedTuple):
    """How a ledger ended."""

    architecture: str
    architecture_id: str
    asked: Outcome
    """By the split that was asked."""
    test: Outcome | None
    """By the test split; None where the atlas has no test value of it."""


class Charge(NamedTuple):
    """One answer of a ledger's history."""

    architecture: str
    epoch: str
    value: float | None
    spent: dict
    """What the ledger had spent after it."""


class Ledger:
    """A budget over one question. It lives on the server under its `id`, also when this program ends."""

    def __init__(self, atlas, lookup: RemoteLookup, reply: Reply):
        self._atlas = atlas
        self._lookup = lookup
        self._take(reply, reply.json())

    def _take(self, reply: Reply, told: dict) -> None:
        with reply.reading():
            self.id = told["terms"]["id"]
            self.limits = _amounts(told["terms"]["limits"])
            """What it was opened with: `queries`, `epochs`, `simulated_seconds`."""
            self.spent = _amounts(told["spent"])
            self.remaining = _amounts(told["remaining"])
            """What is left of each limit."""
            report = told.get("report")
            self.report = None if report is None else Report(
                report["canonicalText"], report["incumbent"], _outcome(report["asked"]),
                _outcome(report["test"]) if report.get("test") else None)
            """How it ended; None while it is open."""

    def __repr__(self):
        return f"<Ledger {self.id}, {'open' if self.report is None else 'closed'}, remaining {self.remaining}>"

    def _ask(self, method: str, route: str, told: dict | None = None, safe: bool = True) -> Reply:
        server = self._atlas._server
        return server.ask(method, f"/v1/ledgers/{quote(self.id, safe='')}{route}",
                          body=None if told is None else server.encoded(told), safe=safe)

    def ask(self, architecture, epoch: int | str | None = None) -> RemoteAnswer:
        """The value of an architecture, at the ledger's epoch unless another is given; charged the first time.

        An answer that was lost may be asked again. Raises BudgetExhausted, LedgerClosed and QuestionError.
        """
        told = {"architecture": self._lookup._key(architecture), **({} if epoch is None else {"epoch": str(epoch)})}
        reply = self._ask("POST", "/ask", told)
        with reply.reading():
            found = reply.json()
            self._take(reply, found["ledger"])
            return self._lookup._answer(reply, found["answer"], any_epoch=epoch is not None)

    def refresh(self) -> Ledger:
        """Reads anew what was spent, for one that several programs ask."""
        reply = self._ask("GET", "")
        self._take(reply, reply.json())
        return self

    @property
    def history(self) -> list:
        """One Charge for each answer that was charged, in order."""
        reply = self._ask("GET", "/history")
        with reply.reading():
            return [Charge(one["architecture"], one["epoch"], optional(one.get("value")), _amounts(one["spent"]))
                    for one in reply.json()["answers"]]

    def close(self, incumbent) -> Report:
        """Ends the ledger with the architecture that was chosen. This is sent once, whatever happens to the answer."""
        try:
            reply = self._ask("POST", "/close", {"incumbent": self._lookup._key(incumbent)}, safe=False)
        except ServerError as error:
            if error.status is None or isinstance(error, ServerUnreachable):
                error.remedy = "the ledger may be closed or not: .refresh().report tells"
            raise
        self._take(reply, reply.json())
        if self.report is None:
            with reply.reading():
                raise LedgerRefused("the server did not say how the ledger ended", remedy=".refresh() it")
        return self.report


def _amounts(told: dict) -> dict:
    found = {NAMES[name]: told[name] for name in NAMES if name in told}
    if "simulated_seconds" in found:
        found["simulated_seconds"] = number(found["simulated_seconds"])
    return found


def _outcome(told: dict) -> Outcome:
    return Outcome(optional(told.get("value")), optional(told.get("best")), optional(told.get("regret")))
