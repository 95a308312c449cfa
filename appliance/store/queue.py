"""Visits and tickets of the open day."""

from functools import cached_property

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from appliance.domain.dispatch import Waiting
from appliance.domain.errors import UnknownTicket, UnknownVisit
from appliance.domain.model import DeskId, Number, ServiceCode, State, Ticket, Visit, VisitId
from appliance.office.ports import NewVisit
from appliance.store import rows
from appliance.store.house import SqlHouse
from appliance.store.schema import counters, days, is_at_desk, is_live, tickets, visits


class SqlQueue:
    """Implements `office.ports.Queue`."""

    def __init__(self, connection: Connection, house: SqlHouse) -> None:
        self._connection = connection
        self._house = house

    @cached_property
    def _day(self) -> int:
        return self._house.day_id

    def take_count(self, service: ServiceCode) -> int:
        """Return the next count of the service's day, from 1, taken by this transaction."""
        mine = (counters.c.day == self._day) & (counters.c.service == service)
        taken = self._connection.scalar(
            update(counters).where(mine).values(last=counters.c.last + 1).returning(counters.c.last)
        )
        if taken is None:
            self._connection.execute(insert(counters).values(day=self._day, service=service, last=1))
            return 1
        return int(taken)

    def take_place(self) -> int:
        """Return the next place in the day's order, from 1, taken by this transaction."""
        taken = self._connection.scalar(
            update(days)
            .where(days.c.id == self._day)
            .values(last_place=days.c.last_place + 1)
            .returning(days.c.last_place)
        )
        return int(taken or 0)

    def add_visit(self, visit: NewVisit) -> VisitId:
        """Store a visit without tickets."""
        result = self._connection.execute(
            insert(visits)
            .values(
                day=self._day,
                secret=visit.secret,
                language=visit.language,
                category=visit.category,
                kiosk=visit.kiosk,
            )
            .returning(visits.c.id)
        )
        return VisitId(result.scalar_one())

    def add_ticket(self, visit: VisitId, ticket: Ticket) -> None:
        """Store a new ticket."""
        self._connection.execute(
            insert(tickets).values(
                day=self._day,
                number=ticket.number,
                visit=visit,
                place=ticket.place,
                **rows.instant_columns("issued", ticket.issued),
                **self._state_columns(ticket),
            )
        )

    def save_ticket(self, ticket: Ticket) -> None:
        """Store a ticket's changed state, found by its number."""
        mine = (tickets.c.day == self._day) & (tickets.c.number == ticket.number)
        self._connection.execute(update(tickets).where(mine).values(**self._state_columns(ticket)))

    def _state_columns(self, ticket: Ticket) -> dict[str, object]:
        return {
            "service": ticket.service,
            "state": ticket.state.value,
            "desk": ticket.desk,
            "attempt": ticket.attempt,
            "call_seq": ticket.call_seq,
            **rows.instant_columns("since", ticket.since),
        }

    def visit_of(self, number: Number) -> Visit:
        """Return the visit that holds this ticket of the open day. Raises UnknownTicket."""
        mine = (tickets.c.day == self._day) & (tickets.c.number == number)
        visit = self._connection.scalar(select(tickets.c.visit).where(mine))
        if visit is None:
            raise UnknownTicket(f"there is no ticket {number} today; numbers look like К-045, in Cyrillic")
        return self._visit(VisitId(visit))

    def _visit(self, visit: VisitId) -> Visit:
        found = self._connection.execute(
            select(tickets, visits.c.language, visits.c.category)
            .join(visits, visits.c.id == tickets.c.visit)
            .where(tickets.c.visit == visit)
            .order_by(tickets.c.place)
        ).all()
        return Visit(
            visit,
            tuple(rows.ticket(row) for row in found),
            language=found[0].language if found else None,
            category=found[0].category if found else None,
        )

    def visit_by_secret(self, secret: str) -> Visit:
        """Return the open day's visit by its slip's secret. Raises UnknownVisit."""
        mine = (visits.c.secret == secret) & (visits.c.day == self._day)
        visit = self._connection.scalar(select(visits.c.id).where(mine))
        if visit is None:
            raise UnknownVisit("no visit of this day has this code; scan the code on today's slip")
        return self._visit(VisitId(visit))

    def secret_of(self, visit: VisitId) -> str:
        """Return the visit's secret."""
        return str(self._connection.execute(select(visits.c.secret).where(visits.c.id == visit)).scalar_one())

    def _tickets(self, condition: ColumnElement[bool]) -> list[Ticket]:
        query = select(tickets).where(tickets.c.day == self._day, condition).order_by(tickets.c.place)
        return [rows.ticket(row) for row in self._connection.execute(query)]

    def line(self) -> list[Waiting]:
        """Return all who wait today, by place, with the desk where each one's visitor is busy."""
        busy = tickets.alias("busy")
        found = self._connection.execute(
            select(
                tickets.c.number,
                tickets.c.service,
                tickets.c.place,
                tickets.c.issued_at,
                tickets.c.issued_running,
                tickets.c.issued_boot,
                visits.c.category,
                busy.c.desk.label("busy_at"),
            )
            .join(visits, visits.c.id == tickets.c.visit)
            .outerjoin(busy, (busy.c.visit == tickets.c.visit) & is_at_desk(busy.c.state))
            .where(tickets.c.day == self._day, tickets.c.state == State.WAITING.value, is_live(tickets.c.state))
            .order_by(tickets.c.place)
        )
        return [
            Waiting(
                Number(row.number),
                ServiceCode(row.service),
                row.place,
                rows.instant(row, "issued"),
                DeskId(row.busy_at) if row.busy_at else None,
                row.category,
            )
            for row in found
        ]

    def ahead(self, service: ServiceCode, place: int) -> int:
        """Return how many wait for this service with an earlier place."""
        waiting = (tickets.c.state == State.WAITING.value) & is_live(tickets.c.state)
        mine = (tickets.c.day == self._day) & (tickets.c.service == service) & (tickets.c.place < place)
        return int(self._connection.execute(select(func.count()).where(mine, waiting)).scalar_one())

    def at_desks(self) -> list[Ticket]:
        """Return today's tickets that are called or served."""
        return self._tickets(is_at_desk(tickets.c.state))

    def absent(self) -> list[Ticket]:
        """Return today's tickets that did not come when called, oldest call first."""
        found = self._tickets(is_live(tickets.c.state) & (tickets.c.state == State.NO_SHOW.value))
        return sorted(found, key=lambda ticket: ticket.call_seq)

    def live_services(self) -> frozenset[ServiceCode]:
        """Return the services for which anybody waits, is held, absent or at a desk."""
        found = self._connection.scalars(
            select(tickets.c.service).where(tickets.c.day == self._day, is_live(tickets.c.state)).distinct()
        )
        return frozenset(ServiceCode(code) for code in found)
