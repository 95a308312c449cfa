"""Units of work on SQLAlchemy Core. A write unit holds the process's one write lock, then the database's."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from appliance.office.ports import StoreUnavailable, Unit
from appliance.store.desktop import SqlDesktop
from appliance.store.house import SqlHouse
from appliance.store.journal import SqlJournal
from appliance.store.outbox import SqlOutbox
from appliance.store.queue import SqlQueue
from appliance.store.setup import Head, SetupCache


class SqlUnit:
    """One transaction; the repositories share its connection."""

    def __init__(self, connection: Connection, cache: SetupCache) -> None:
        self._connection = connection
        head = Head(connection, cache)
        self.house = SqlHouse(connection, head)
        self.queue = SqlQueue(connection, self.house)
        self.journal = SqlJournal(connection, head, self.house)
        self.outbox = SqlOutbox(connection, self.house)
        self.desktop = SqlDesktop(connection, self.house)

    def commit(self) -> None:
        """Make it durable."""
        self._connection.commit()


class SqlStore:
    """Opens units on one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cache = SetupCache()
        # SQLite's own waiting for a lock sleeps in steps of up to 100 ms; waiting here wakes at once.
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """Open a unit that sees one consistent state. Raises StoreUnavailable."""
        with _named_errors(), self._engine.connect() as connection:
            yield SqlUnit(connection, self._cache)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Open the one unit that may commit. Raises StoreUnavailable."""
        with (
            self._lock,
            _named_errors(),
            self._engine.connect().execution_options(kezek_write=True) as connection,
        ):
            yield SqlUnit(connection, self._cache)


@contextmanager
def _named_errors() -> Iterator[None]:
    """Name the operational faults of a disk or a lock; programming errors pass as they are."""
    try:
        yield
    except DBAPIError as error:
        if type(error.orig).__name__ in {"OperationalError", "DatabaseError"}:
            raise StoreUnavailable(f"the database cannot be used: {error.orig}") from error
        raise
