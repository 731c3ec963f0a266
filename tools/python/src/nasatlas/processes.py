"""State that a forked process must not share with its parent: connections, and locks that another thread may hold."""

from __future__ import annotations

import os
import weakref

_live = weakref.WeakSet()
_held = []


def renewed_after_fork(handle) -> None:
    """Calls `handle._after_fork()` in every process that is forked while the handle lives.

    A handle with `lock_for_fork` is forked only while no other thread holds that lock.
    """
    _live.add(handle)


def _acquire() -> None:
    for handle in list(_live):
        lock = getattr(handle, "lock_for_fork", None)
        if lock is not None:
            lock.acquire()
            _held.append(lock)


def _release() -> None:
    while _held:
        _held.pop().release()


def _renew() -> None:
    _held.clear()
    for handle in list(_live):
        handle._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_acquire, after_in_parent=_release, after_in_child=_renew)
