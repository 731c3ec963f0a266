"""The tables of an atlas through SQLite, for several threads and for forked processes."""

from __future__ import annotations

import os
import pathlib
import sqlite3
import threading

from nasatlas.errors import ClosedAtlas, DamagedAtlas
from nasatlas.processes import renewed_after_fork


class Database:
    """The file at `path`, which never changes. A forked process opens it again: SQLite allows no shared connections."""

    def __init__(self, path: str):
        self._path = path
        self.lock_for_fork = threading.Lock()
        """Held during calls of SQLite, because a forked process could never acquire SQLite's own locks."""
        self._identity = self._file()
        self._is_closed = False
        self._inherited = []
        """Connections of the parent: closing them here could wait for one of its locks for ever."""
        self._connection = None
        renewed_after_fork(self)
        with self.lock_for_fork:
            self._connection = self._opened()

    def _file(self) -> tuple:
        status = os.stat(self._path)
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

    def _opened(self) -> sqlite3.Connection:
        uri = pathlib.Path(self._path).as_uri() + "?mode=ro&immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=False)

    def _after_fork(self) -> None:
        self.lock_for_fork = threading.Lock()
        if not self._is_closed:
            self._inherited.append(self._connection)
            self._connection = None

    def close(self) -> None:
        with self.lock_for_fork:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()

    def rows(self, query: str, values: tuple) -> list:
        """All rows of a query. Raises ClosedAtlas, and DamagedAtlas where the file cannot be read or was replaced."""
        try:
            with self.lock_for_fork:
                if self._is_closed:
                    raise ClosedAtlas(f"{self._path} was closed", remedy="open it again")
                if self._connection is None:
                    if self._file() != self._identity:
                        raise DamagedAtlas(f"{self._path} is another file than the one that the parent process opened",
                                           code="store.changed", remedy="open it again")
                    self._connection = self._opened()
                return self._connection.execute(query, values).fetchall()
        except (OSError, sqlite3.Error) as error:
            raise DamagedAtlas(f"SQLite could not read {self._path}: {error}", code="store.database",
                               remedy="check it with `nasatlas verify`") from error
