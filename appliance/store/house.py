"""Services, desks and topics in force, and the open day."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from appliance.contract import models as m
from appliance.domain.errors import UnknownDesk
from appliance.domain.model import Desk, DeskId, Number, ServiceCode
from appliance.domain.roster import Roster, ServicePlan, Topic
from appliance.office.ports import Day, Service
from appliance.store.schema import days, desk_services, desks, is_at_desk, service_topics, services, tickets, topics
from appliance.store.setup import Head, Setup, day_of

AT_DESKS = select(tickets.c.desk, tickets.c.number).where(
    tickets.c.day == bindparam("day"), is_at_desk(tickets.c.state)
)
AT_DESK = AT_DESKS.where(tickets.c.desk == bindparam("desk"))

ALL_DAYS = select(days).order_by(days.c.id.desc())


class SqlHouse:
    """Implements `office.ports.House`."""

    def __init__(self, connection: Connection, head: Head) -> None:
        self._connection = connection
        self._head = head

    @property
    def _setup(self) -> Setup:
        return self._head.setup

    # --- the day

    @property
    def day_id(self) -> int:
        """The open day's id. Raises LookupError before the first day was opened, which wiring does."""
        return self.today().id

    def today(self) -> Day:
        """Return the open day. Raises LookupError before the first one, which wiring opens."""
        if self._setup.day is None:
            raise LookupError("no day is open")
        return self._setup.day

    def day(self) -> Day | None:
        """Return the open day, if one was ever opened."""
        return self._setup.day

    def days(self) -> list[Day]:
        """Return every day that was ever opened, newest first."""
        return [day_of(row) for row in self._connection.execute(ALL_DAYS)]

    def open_day(self, event: m.EventInfo) -> Day:
        """Close the open day, if any, and open a new one, with every service open and no desk paused."""
        self._connection.execute(update(days).where(days.c.is_open).values(is_open=False))
        self._connection.execute(insert(days).values(is_open=True, last_place=0, **_day_columns(event)))
        self._connection.execute(update(services).values(is_open=True))
        self._connection.execute(update(desks).values(paused=False, pause_reason=""))
        self._head.touch()
        return self.today()

    def describe_day(self, event: m.EventInfo) -> None:
        """Replace the open day's title, opening time and address."""
        self._connection.execute(update(days).where(days.c.is_open).values(**_day_columns(event)))
        self._head.touch()

    # --- services and desks

    def services(self) -> list[Service]:
        """Return the services in the roster's order."""
        return list(self._setup.services)

    def desks(self) -> list[Desk]:
        """Return the desks in the roster's order, with the ticket each has."""
        found = self._connection.execute(AT_DESKS, {"day": self.day_id})
        taken = {row.desk: Number(row.number) for row in found}
        return [replace(desk, current=taken.get(desk.id)) for desk in self._setup.desks]

    def desks_giving(self, service: ServiceCode) -> list[DeskId]:
        """Return the desks that give a service."""
        return [desk.id for desk in self._setup.desks if service in desk.services]

    def desk(self, desk: DeskId) -> Desk:
        """Return one desk. Raises UnknownDesk."""
        known = next((one for one in self._setup.desks if one.id == desk), None)
        if known is None:
            raise UnknownDesk(f"there is no desk {desk}; desks look like К2, in Cyrillic")
        row = self._connection.execute(AT_DESK, {"day": self.day_id, "desk": desk}).first()
        return replace(known, current=Number(row.number) if row else None)

    def save_desk(self, desk: Desk) -> None:
        """Store whether the desk is paused and why."""
        changed = {"paused": desk.paused, "pause_reason": desk.pause_reason}
        self._connection.execute(update(desks).where(desks.c.id == desk.id).values(**changed))
        self._head.touch()

    def set_open(self, service: ServiceCode, *, is_open: bool) -> None:
        """Store whether the service takes new tickets."""
        self._connection.execute(update(services).where(services.c.code == service).values(is_open=is_open))
        self._head.touch()

    # --- topics and roster

    def topics_of(self, wanted: Iterable[ServiceCode]) -> list[Topic]:
        """Return the topics of these services, in their order, each once."""
        known = {topic.code: topic for topic in self._setup.roster.topics}
        plans = {plan.prefix: plan for plan in self._setup.roster.services}
        codes = [code for service in wanted if service in plans for code in plans[service].topics]
        return [known[code] for code in dict.fromkeys(codes)]

    def topics(self) -> list[Topic]:
        """Return all topics ever loaded, so that old records keep their names."""
        return list(self._setup.topics)

    def roster(self) -> Roster:
        """Return the roster in force; empty when none was loaded."""
        return self._setup.roster

    def replace_roster(self, roster: Roster) -> None:
        """Put this roster in force; what is left out becomes inactive and keeps its history."""
        for link in (service_topics, desk_services):
            self._connection.execute(delete(link))
        for table in (services, desks, topics):
            self._connection.execute(update(table).values(active=False))
        for position, topic in enumerate(roster.topics):
            self._upsert(topics, topics.c.code == topic.code, _topic_columns(topic, position), {})
        for position, plan in enumerate(roster.services):
            columns = _service_columns(plan, position)
            self._upsert(services, services.c.code == plan.prefix, columns, {"is_open": True})
            for rank, code in enumerate(plan.topics):
                link_row = {"service": plan.prefix, "topic": code, "position": rank}
                self._connection.execute(insert(service_topics).values(**link_row))
        self._place_desks(roster)
        self._head.touch()

    def _place_desks(self, roster: Roster) -> None:
        homes = [(desk, plan.prefix) for plan in roster.services for desk in plan.desk_ids]
        for position, (desk, service) in enumerate(homes):
            columns = {"id": desk, "position": position, "active": True}
            self._upsert(desks, desks.c.id == desk, columns, {"paused": False, "pause_reason": ""})
            self._connection.execute(insert(desk_services).values(desk=desk, service=service, rank=0))

    def _upsert(self, table: Any, mine: Any, columns: dict[str, Any], first: dict[str, Any]) -> None:
        """Update the row, or insert it with the values that only a new row gets."""
        if not self._connection.execute(update(table).where(mine).values(**columns)).rowcount:
            self._connection.execute(insert(table).values(**columns, **first))


def _day_columns(event: m.EventInfo) -> dict[str, object]:
    return {
        "label": event.day,
        "rehearsal": event.rehearsal,
        "title_kk": event.title.kk,
        "title_ru": event.title.ru,
        "title_en": event.title.en,
        "opens": event.opens,
        "address": event.address,
    }


def _service_columns(plan: ServicePlan, position: int) -> dict[str, object]:
    return {
        "code": plan.prefix,
        "name_kk": plan.names.kk,
        "name_ru": plan.names.ru,
        "name_en": plan.names.en,
        "desks": plan.desks,
        "minutes": plan.minutes,
        "position": position,
        "active": True,
    }


def _topic_columns(topic: Topic, position: int) -> dict[str, object]:
    return {
        "code": topic.code,
        "name_kk": topic.names.kk,
        "name_ru": topic.names.ru,
        "name_en": topic.names.en,
        "group": topic.group,
        "position": position,
        "active": True,
    }
