"""Services, desks and topics in force, and the open day."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from appliance.contract import models as m
from appliance.domain.errors import UnknownDesk
from appliance.domain.model import Desk, DeskId, Number, ServiceCode
from appliance.domain.roster import Names, Roster, ServicePlan, Topic
from appliance.office.ports import Day, Service
from appliance.store import rows
from appliance.store.schema import days, desk_services, desks, is_at_desk, service_topics, services, tickets, topics


class SqlHouse:
    """Implements `office.ports.House`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- the day

    @cached_property
    def _day_row(self) -> rows.AnyRow | None:
        return self._connection.execute(select(days).where(days.c.is_open)).first()

    @property
    def day_id(self) -> int:
        """The open day's id. Raises LookupError before the first day was opened, which wiring does."""
        if self._day_row is None:
            raise LookupError("no day is open")
        return int(self._day_row.id)

    def day(self) -> Day | None:
        """Return the open day, if one was ever opened."""
        row = self._day_row
        if row is None:
            return None
        event = m.EventInfo(
            title=rows.names(row, "title_"),
            day=row.label,
            rehearsal=row.rehearsal,
            opens=row.opens,
            address=row.address,
        )
        return Day(row.id, event)

    def open_day(self, event: m.EventInfo) -> Day:
        """Close the open day, if any, and open a new one."""
        self._connection.execute(update(days).where(days.c.is_open).values(is_open=False))
        self._connection.execute(insert(days).values(is_open=True, last_place=0, **_day_columns(event)))
        self._forget_day()
        day = self.day()
        if day is None:
            raise LookupError("the day that was just opened is gone")
        return day

    def describe_day(self, event: m.EventInfo) -> None:
        """Replace the open day's title, opening time and address."""
        self._connection.execute(update(days).where(days.c.is_open).values(**_day_columns(event)))
        self._forget_day()

    def _forget_day(self) -> None:
        self.__dict__.pop("_day_row", None)

    # --- services and desks

    def services(self) -> list[Service]:
        """Return the services in the roster's order."""
        return [
            Service(ServiceCode(row.code), rows.names(row), row.minutes, row.is_open) for row in self._service_rows()
        ]

    def _service_rows(self) -> list[rows.AnyRow]:
        return list(self._connection.execute(select(services).where(services.c.active).order_by(services.c.position)))

    def desks(self) -> list[Desk]:
        """Return the desks in the roster's order, with the ticket each has."""
        return self._desks()

    def desk(self, desk: DeskId) -> Desk:
        """Return one desk. Raises UnknownDesk."""
        found = self._desks(desk)
        if not found:
            raise UnknownDesk(f"there is no desk {desk}; desks look like К2, in Cyrillic")
        return found[0]

    def _desks(self, only: DeskId | None = None) -> list[Desk]:
        at_desk = and_(tickets.c.desk == desks.c.id, is_at_desk(tickets.c.state), tickets.c.day == self.day_id)
        query = (
            select(desks, desk_services.c.service, tickets.c.number)
            .join(desk_services, desk_services.c.desk == desks.c.id)
            .outerjoin(tickets, at_desk)
            .where(desks.c.active)
            .order_by(desks.c.position, desk_services.c.rank)
        )
        if only is not None:
            query = query.where(desks.c.id == only)
        found: dict[str, Desk] = {}
        for row in self._connection.execute(query):
            earlier = found[row.id].services if row.id in found else ()
            found[row.id] = Desk(
                id=DeskId(row.id),
                services=(*earlier, ServiceCode(row.service)),
                current=Number(row.number) if row.number else None,
                paused=row.paused,
                pause_reason=row.pause_reason,
            )
        return list(found.values())

    def save_desk(self, desk: Desk) -> None:
        """Store whether the desk is paused and why."""
        changed = {"paused": desk.paused, "pause_reason": desk.pause_reason}
        self._connection.execute(update(desks).where(desks.c.id == desk.id).values(**changed))

    def set_open(self, service: ServiceCode, *, is_open: bool) -> None:
        """Store whether the service takes new tickets."""
        self._connection.execute(update(services).where(services.c.code == service).values(is_open=is_open))

    # --- topics and roster

    def topics_of(self, wanted: Iterable[ServiceCode]) -> list[Topic]:
        """Return the topics of these services, in their order, each once."""
        order = list(wanted)
        found = self._connection.execute(
            select(topics, service_topics.c.service)
            .join(service_topics, service_topics.c.topic == topics.c.code)
            .where(service_topics.c.service.in_(order), topics.c.active)
            .order_by(service_topics.c.position)
        ).all()
        ranked = sorted(found, key=lambda row: order.index(row.service))
        return list({row.code: _topic(row) for row in ranked}.values())

    def topics(self) -> list[Topic]:
        """Return all topics ever loaded, so that old records keep their names."""
        return [_topic(row) for row in self._connection.execute(select(topics).order_by(topics.c.position))]

    def roster(self) -> Roster:
        """Return the roster in force; empty when none was loaded."""
        wanted = select(service_topics).order_by(service_topics.c.position)
        codes: dict[str, list[str]] = {}
        for row in self._connection.execute(wanted):
            codes.setdefault(row.service, []).append(row.topic)
        plans = tuple(
            ServicePlan(
                prefix=row.code,
                names=Names(row.name_kk, row.name_ru, row.name_en),
                desks=row.desks,
                minutes=row.minutes,
                topics=tuple(codes.get(row.code, ())),
            )
            for row in self._service_rows()
        )
        active = select(topics).where(topics.c.active).order_by(topics.c.position)
        return Roster(plans, tuple(_topic(row) for row in self._connection.execute(active)))

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


def _topic(row: rows.AnyRow) -> Topic:
    return Topic(row.code, Names(row.name_kk, row.name_ru, row.name_en), row.group)
