"""Turns the problem documents of a server (RFC 9457) into errors of this package."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime

from nasatlas import errors

BUSY = (429, 502, 503, 504)
WORDS = ("space", "dataset", "protocol", "metric", "seed")
REMEDIES = {
    "benchmarks.ambiguous_quantity": "name one of these, with its brackets",
    "benchmarks.no_completed_run": 'ask with seed="all"',
    "benchmarks.no_epoch": 'choose epoch="last", or another seed',
    "benchmarks.no_run": "choose one of these with dataset= and protocol=",
    "benchmarks.no_run_passes": "change or leave out this part of where=",
    "benchmarks.filter_unbound_parameter": "write the value into the filter",
    "benchmarks.unknown_architecture": "give a canonical text, an id or place:N",
    "benchmarks.unknown_field": "name one of these fields; docs/filters.md explains how they are spelled",
    "benchmarks.unknown_quantity": "name one of these, with its brackets",
    "benchmarks.unreadable_architecture": "give a canonical text, an id or place:N"}


def refusal(status: int, headers, body: bytes) -> errors.NASAtlasError:
    """The error for an answer with a status of 400 or more; its type depends on the code, else on the status."""
    told = _told(headers, body)
    code = _text(told, "code") or f"client.http_{status}"
    message = _text(told, "detail") or _text(told, "title") or f"the server answered with status {status}"
    remedy = _remedy(code) or _text(told, "hint")
    known = told.get("allowed")
    known = known if isinstance(known, list) else []
    if code in ("benchmarks.unknown_epoch", "benchmarks.unknown_seed"):
        # The form of answers in process.
        known = [int(one) if isinstance(one, str) and one.isascii() and one.isdigit() else one for one in known]
    found = _kind(status, code)(message, code=code, known=known, remedy=remedy)
    found.status = status
    if isinstance(found, errors.ServerError):
        found.retry_after_seconds = _seconds(headers.get("Retry-After"))
        if found.retry_after_seconds is not None and remedy is None:
            found.remedy = f"ask again in {found.retry_after_seconds:g} seconds"
    return found


def _kind(status: int, code: str) -> type:
    family, _, name = code.partition(".")
    if status == 429:
        return errors.TooManyRequests
    if status in BUSY:
        return errors.ServerBusy
    if status == 401:
        return errors.AccessRefused
    if code == "server.sealed":
        return errors.SealedValue
    if status == 403:
        return errors.AccessRefused
    if code == errors.MissingSurrogate.code:
        return errors.MissingSurrogate
    if code == "server.other_digest":
        return errors.AtlasChanged
    if code == "server.ledger_closed":
        return errors.LedgerClosed
    if code.startswith("oracles.budget_"):
        return errors.BudgetExhausted
    if code == "server.unknown_atlas":
        return errors.UnknownName
    if code in ("server.unknown_ledger", "server.not_asked", "server.ledger_full", "server.no_budget"):
        return errors.LedgerRefused
    if family != "benchmarks" or status >= 500:
        return errors.ServerError
    if name.startswith("filter_"):
        return errors.FilterError
    if name in ("unknown_architecture", "unreadable_architecture", "unknown_place"):
        return errors.UnknownArchitecture
    if name.startswith("ambiguous_") or name in ("bare_integer", "no_primary_metric"):
        return errors.AmbiguousQuestion
    if name == "no_runs":
        return errors.QuestionError
    # The client itself reports a metric or split that the setting lacks; here an architecture lacks it.
    if name in ("unknown_epoch", "unknown_metric", "unknown_split") or name.startswith("no_"):
        return errors.MissingValue
    return errors.UnknownName if name.startswith("unknown_") else errors.QuestionError


def _remedy(code: str) -> str | None:
    """The next step in the words of this package, as in process; hints of the server have those of HTTP."""
    name = code.removeprefix("benchmarks.unknown_")
    return f"choose one of them with {name}=" if name in WORDS else REMEDIES.get(code)


def _told(headers, body: bytes) -> dict:
    if not headers.get("Content-Type", "").startswith(("application/problem+json", "application/json")):
        return {}
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _text(told: dict, name: str) -> str | None:
    found = told.get(name)
    return found if isinstance(found, str) and found else None


def _seconds(text: str | None) -> float | None:
    """The seconds of a `Retry-After` header, which has seconds or a date."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
