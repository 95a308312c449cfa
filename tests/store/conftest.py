"""A hall on the real store: visits issued and desks worked through the office, no API."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from appliance.contract import models as m
from appliance.domain.model import DeskId, ServiceCode
from appliance.office import calling, reception
from appliance.wiring import DATABASE


class Hall:
    """Issues and calls, each in a transaction of its own."""

    def __init__(self, store, clock) -> None:
        self.store = store
        self.clock = clock
        self._secrets = iter(range(10**9))

    def issue(self, *services: str) -> list[str]:
        """Issue a visit; return its numbers."""
        order = reception.Order(tuple(map(ServiceCode, services)), f"secret-{next(self._secrets)}")
        with self.store.write() as unit:
            visit = reception.issue(unit, order, self.clock.stamp())
            unit.commit()
        return [one.number for one in visit.tickets]

    def next(self, desk: str) -> m.Desk:
        """Call the next."""
        with self.store.write() as unit:
            after = calling.call_next(unit, DeskId(desk), self.clock.stamp(f"operator:{desk}"))
            unit.commit()
        return after


@pytest.fixture
def hall(store, clock) -> Hall:
    return Hall(store, clock)


@pytest.fixture
def raw(store, place) -> Iterator[sqlite3.Connection]:
    """The database file itself, past Kezek."""
    with closing(sqlite3.connect(place.data / DATABASE, timeout=5, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection
