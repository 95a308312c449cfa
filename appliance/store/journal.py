"""The append-only record of facts.

Its seq comes from one head row updated in the same transaction. A bare autoincrement would let a reader that polls
`seq > last` on PostgreSQL miss rows, because later numbers can commit first.
"""

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from appliance.contract import models as m
from appliance.domain.events import Event
from appliance.domain.model import Stamp
from appliance.office.ports import Day
from appliance.store import rows
from appliance.store.house import SqlHouse
from appliance.store.schema import days, journal, journal_head
from appliance.store.setup import Head

ADVANCE = update(journal_head).values(seq=journal_head.c.seq + bindparam("by")).returning(journal_head.c.seq)
RECORD = insert(journal)
ENTRIES = select(journal, days.c.label).join(days, days.c.id == journal.c.day).order_by(journal.c.seq)
AFTER = ENTRIES.where(journal.c.seq > bindparam("after")).limit(bindparam("most"))
OF_DAY = ENTRIES.where(journal.c.day == bindparam("day"))


class SqlJournal:
    """Implements `office.ports.Journal`."""

    def __init__(self, connection: Connection, head: Head, house: SqlHouse) -> None:
        self._connection = connection
        self._head = head
        self._house = house

    def append(self, events: Sequence[Event], stamp: Stamp) -> int:
        """Record facts, in order, and return the seq of the last one."""
        last = int(self._connection.execute(ADVANCE, {"by": len(events)}).scalar_one())
        self._head.seq = last
        shared = {
            "day": self._house.day_id,
            "at": stamp.at.wall.isoformat(),
            "running": stamp.at.running,
            "boot": stamp.at.boot,
            "actor": stamp.actor,
        }
        self._connection.execute(
            RECORD,
            [
                {
                    **shared,
                    "seq": seq,
                    "type": type(event).__name__,
                    "version": event.version,
                    "data": msgspec.json.encode(event),
                }
                for seq, event in enumerate(events, last - len(events) + 1)
            ],
        )
        return last

    def head(self) -> int:
        """Return the seq of the newest entry, 0 when there is none."""
        return self._head.seq

    def after(self, seq: int, limit: int) -> list[m.Entry]:
        """Return up to `limit` entries after `seq`, in order, of all days."""
        return [_entry(row) for row in self._connection.execute(AFTER, {"after": seq, "most": limit})]

    def of_day(self, day: Day) -> Iterator[m.Entry]:
        """Yield all entries of a day, in order."""
        for row in self._connection.execute(OF_DAY, {"day": day.id}):
            yield _entry(row)


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
