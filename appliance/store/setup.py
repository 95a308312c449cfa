"""What rarely changes, kept in memory: the open day, services, desks and topics.

The head row counts changes of it (`setup`). A unit reads that count with its first statement and uses what is kept
for it, so that another process's change is seen by the next unit. A unit that changed something itself reads
afresh and keeps nothing: it may still roll back.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from appliance.contract import models as m
from appliance.domain.model import Desk, DeskId, ServiceCode
from appliance.domain.roster import Names, Roster, ServicePlan, Topic
from appliance.office.ports import Day, Service
from appliance.store import rows
from appliance.store.schema import days, desk_services, desks, journal_head, service_topics, services, topics

HEAD = select(journal_head.c.seq, journal_head.c.setup)
TOUCH = update(journal_head).values(setup=journal_head.c.setup + 1)
DAY = select(days).where(days.c.is_open)
SERVICES = select(services).where(services.c.active).order_by(services.c.position)
DESKS = (
    select(desks, desk_services.c.service)
    .join(desk_services, desk_services.c.desk == desks.c.id)
    .where(desks.c.active)
    .order_by(desks.c.position, desk_services.c.rank)
)
TOPICS = select(topics).order_by(topics.c.position)
SERVICE_TOPICS = select(service_topics).order_by(service_topics.c.position)


@dataclass(frozen=True, slots=True)
class Setup:
    """The open day and the roster in force; `desks` without what they have just now."""

    day: Day | None
    services: tuple[Service, ...]
    desks: tuple[Desk, ...]
    topics: tuple[Topic, ...]
    roster: Roster


class SetupCache:
    """The newest setup that was read, with its count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, Setup] | None = None

    def get(self, count: int) -> Setup | None:
        """Return the setup of this count, if it is the one kept."""
        with self._lock:
            return self._kept[1] if self._kept and self._kept[0] == count else None

    def put(self, count: int, setup: Setup) -> None:
        """Keep a setup that was read in a unit which had changed nothing."""
        with self._lock:
            self._kept = (count, setup)


class Head:
    """The head row as this unit sees it, and the setup that belongs to it."""

    def __init__(self, connection: Connection, cache: SetupCache) -> None:
        self._connection = connection
        self._cache = cache
        self._read: tuple[int, int] | None = None
        self._setup: Setup | None = None
        self._touched = False

    @property
    def seq(self) -> int:
        """The seq of the newest entry, 0 when there is none."""
        return self._row()[0]

    @seq.setter
    def seq(self, seq: int) -> None:
        self._read = (seq, self._row()[1])

    @property
    def setup(self) -> Setup:
        """The setup in force in this unit."""
        if self._setup is None:
            count = self._row()[1]
            self._setup = None if self._touched else self._cache.get(count)
            if self._setup is None:
                self._setup = read_setup(self._connection)
                if not self._touched:
                    self._cache.put(count, self._setup)
        return self._setup

    def touch(self) -> None:
        """Note that this unit changes the setup."""
        self._row()
        self._connection.execute(TOUCH)
        self._touched = True
        self._setup = None

    def _row(self) -> tuple[int, int]:
        if self._read is None:
            row = self._connection.execute(HEAD).one()
            self._read = (row.seq, row.setup)
        return self._read


def read_setup(connection: Connection) -> Setup:
    """Read the setup from the database."""
    service_rows = connection.execute(SERVICES).all()
    all_topics = connection.execute(TOPICS).all()
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for link in connection.execute(SERVICE_TOPICS):
        codes[link.service].append(link.topic)
    plans = tuple(
        ServicePlan(row.code, _names(row), row.desks, row.minutes, tuple(codes[row.code])) for row in service_rows
    )
    return Setup(
        day=_read_day(connection),
        services=tuple(
            Service(ServiceCode(row.code), rows.names(row), row.minutes, row.is_open) for row in service_rows
        ),
        desks=_read_desks(connection),
        topics=tuple(_topic(row) for row in all_topics),
        roster=Roster(plans, tuple(_topic(row) for row in all_topics if row.active)),
    )


def _read_day(connection: Connection) -> Day | None:
    row = connection.execute(DAY).first()
    return None if row is None else day_of(row)


def day_of(row: rows.AnyRow) -> Day:
    """Return a row of `days` as a Day."""
    title = rows.names(row, "title_")
    event = m.EventInfo(title=title, day=row.label, rehearsal=row.rehearsal, opens=row.opens, address=row.address)
    return Day(row.id, event)


def _read_desks(connection: Connection) -> tuple[Desk, ...]:
    found: dict[str, Desk] = {}
    for row in connection.execute(DESKS):
        earlier = found[row.id].services if row.id in found else ()
        given = (*earlier, ServiceCode(row.service))
        found[row.id] = Desk(DeskId(row.id), given, paused=row.paused, pause_reason=row.pause_reason)
    return tuple(found.values())


def _names(row: rows.AnyRow) -> Names:
    return Names(row.name_kk, row.name_ru, row.name_en)


def _topic(row: rows.AnyRow) -> Topic:
    return Topic(row.code, _names(row), row.group)
