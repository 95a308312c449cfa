"""The append-only record of facts.

Its seq comes from one head row updated in the same transaction. A bare autoincrement would let a reader that polls
`seq > last` on PostgreSQL miss rows, because later numbers can commit first.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, insert, select, update

from appliance.contract import models as m
from appliance.domain.events import Event
from appliance.domain.model import Stamp
from appliance.store import rows
from appliance.store.house import SqlHouse
from appliance.store.schema import days, journal, journal_head


class SqlJournal:
    """Implements `office.ports.Journal`."""

    def __init__(self, connection: Connection, house: SqlHouse) -> None:
        self._connection = connection
        self._house = house

    def append(self, events: Sequence[Event], stamp: Stamp) -> int:
        """Record facts, in order, and return the seq of the last one."""
        last = self._connection.execute(
            update(journal_head).values(seq=journal_head.c.seq + len(events)).returning(journal_head.c.seq)
        ).scalar_one()
        shared = {
            "day": self._house.day_id,
            "at": stamp.at.wall.isoformat(),
            "running": stamp.at.running,
            "boot": stamp.at.boot,
            "actor": stamp.actor,
        }
        first = int(last) - len(events) + 1
        self._connection.execute(
            insert(journal),
            [
                {
                    **shared,
                    "seq": seq,
                    "type": type(event).__name__,
                    "version": event.version,
                    "data": msgspec.json.encode(event),
                }
                for seq, event in enumerate(events, first)
            ],
        )
        return int(last)

    def head(self) -> int:
        """Return the seq of the newest entry, 0 when there is none."""
        return int(self._connection.execute(select(journal_head.c.seq)).scalar_one())

    def after(self, seq: int, limit: int) -> list[m.Entry]:
        """Return up to `limit` entries after `seq`, in order, of all days."""
        query = _entries().where(journal.c.seq > seq).limit(limit)
        return [_entry(row) for row in self._connection.execute(query)]

    def of_day(self) -> Iterator[m.Entry]:
        """Yield all entries of the open day, in order."""
        for row in self._connection.execute(_entries().where(journal.c.day == self._house.day_id)):
            yield _entry(row)


def _entries() -> Select[Any]:
    return select(journal, days.c.label).join(days, days.c.id == journal.c.day).order_by(journal.c.seq)


def _entry(row: rows.AnyRow) -> m.Entry:
    return m.Entry(
        seq=row.seq,
        at=row.at,
        running=row.running,
        boot=row.boot,
        day=row.label,
        type=row.type,
        version=row.version,
        actor=row.actor,
        data=msgspec.json.decode(row.data),
    )
