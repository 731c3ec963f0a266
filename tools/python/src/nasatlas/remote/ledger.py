"""Ledgers: a server charges every answer once, and reports the regret of the chosen architecture at the end."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from nasatlas.errors import LedgerRefused, ServerError, ServerUnreachable
from nasatlas.remote.lookup import RemoteAnswer, RemoteLookup, number, optional
from nasatlas.remote.server import Reply

NAMES = {"queries": "queries", "epochs": "epochs", "simulatedTrainingSeconds": "simulated_seconds",
         "untimedQueries": "untimed_queries"}


class Outcome(NamedTuple):
    """The value of the chosen architecture on one split."""

    value: float | None
    best: float | None
    """The best value of all architectures of the atlas."""
    regret: float | None
    """The difference of the two, at least 0."""


class Report(NamedTuple):
    """How a ledger ended."""

    architecture: str
    architecture_id: str
    asked: Outcome
    """On the split of the ledger's question."""
    test: Outcome | None
    """On the test split; None where the atlas has no test value of the architecture."""


class Charge(NamedTuple):
    """One answer of a ledger's history."""

    architecture: str
    epoch: str
    value: float | None
    spent: dict
    """The total that the ledger had spent after it."""


class Ledger:
    """A budget over one question. The server keeps it under its `id`, also when this program ends."""

    def __init__(self, atlas, lookup: RemoteLookup, reply: Reply):
        self._atlas = atlas
        self._lookup = lookup
        self._take(reply, reply.json())

    def _take(self, reply: Reply, told: dict) -> None:
        with reply.reading():
            self.id = told["terms"]["id"]
            self.limits = _amounts(told["terms"]["limits"])
            """The limits of the budget: `queries`, `epochs`, `simulated_seconds`."""
            self.spent = _amounts(told["spent"])
            self.remaining = _amounts(told["remaining"])
            """What is left of each limit."""
            report = told.get("report")
            self.report = None if report is None else Report(
                report["canonicalText"], report["incumbent"], _outcome(report["asked"]),
                _outcome(report["test"]) if report.get("test") else None)
            """The result; None while the ledger is open."""

    def __repr__(self):
        return f"<Ledger {self.id}, {'open' if self.report is None else 'closed'}, remaining {self.remaining}>"

    def _ask(self, method: str, route: str, told: dict | None = None, safe: bool = True) -> Reply:
        server = self._atlas._server
        return server.ask(method, f"/v1/ledgers/{quote(self.id, safe='')}{route}",
                          body=None if told is None else server.encoded(told), safe=safe)

    def ask(self, architecture, epoch: int | str | None = None) -> RemoteAnswer:
        """The value of an architecture, at the ledger's epoch unless you give another. Only the first time is charged.

        After a lost answer, ask again. Raises BudgetExhausted, LedgerClosed and QuestionError.
        """
        told = {"architecture": self._lookup._key(architecture), **({} if epoch is None else {"epoch": str(epoch)})}
        reply = self._ask("POST", "/ask", told)
        with reply.reading():
            found = reply.json()
            self._take(reply, found["ledger"])
            return self._lookup._answer(reply, found["answer"], any_epoch=epoch is not None)

    def refresh(self) -> Ledger:
        """Reads again what was spent, for a ledger that several programs use."""
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
        """Ends the ledger with the chosen architecture. The request is sent only once, even if the answer is lost."""
        try:
            reply = self._ask("POST", "/close", {"incumbent": self._lookup._key(incumbent)}, safe=False)
        except ServerError as error:
            if error.status is None or isinstance(error, ServerUnreachable):
                error.remedy = "the ledger may be closed or open; read .refresh().report"
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
