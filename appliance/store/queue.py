"""Visits and tickets of the open day."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, insert, select, update

from appliance.domain.dispatch import Waiting
from appliance.domain.errors import UnknownTicket, UnknownVisit
from appliance.domain.model import DeskId, Number, ServiceCode, State, Ticket, Visit, VisitId
from appliance.office.ports import NewVisit
from appliance.store import rows
from appliance.store.house import SqlHouse
from appliance.store.schema import counters, days, is_at_desk, is_live, tickets, visits

# Statements are built once: building and hashing one costs more than running it.
DAY: BindParameter[int] = bindparam("day_")
NUMBER: BindParameter[str] = bindparam("number_")
MY_COUNTER = (counters.c.day == DAY) & (counters.c.service == bindparam("service_"))
TAKE_COUNT = update(counters).where(MY_COUNTER).values(last=counters.c.last + 1).returning(counters.c.last)
FIRST_COUNT = insert(counters)
TAKE_PLACE = (
    update(days).where(days.c.id == DAY).values(last_place=days.c.last_place + 1).returning(days.c.last_place)
)
ADD_VISIT = insert(visits).returning(visits.c.id)
ADD_TICKET = insert(tickets)
SAVE_TICKET = update(tickets).where((tickets.c.day == DAY) & (tickets.c.number == NUMBER))
VISIT = (
    select(tickets, visits.c.id.label("visit_id"), visits.c.language, visits.c.category)
    .join(visits, visits.c.id == tickets.c.visit)
    .order_by(tickets.c.place)
)
VISIT_OF = VISIT.where(
    tickets.c.visit
    == select(tickets.c.visit).where((tickets.c.day == DAY) & (tickets.c.number == NUMBER)).scalar_subquery()
)
VISIT_BY_SECRET = VISIT.where((visits.c.secret == bindparam("secret")) & (visits.c.day == DAY))
SECRET = select(visits.c.secret).where(visits.c.id == bindparam("visit"))
WAITS = (tickets.c.state == State.WAITING.value) & is_live(tickets.c.state) & (tickets.c.day == DAY)
AHEAD = (
    select(func.count())
    .select_from(tickets)
    .where(WAITS, tickets.c.service == bindparam("service_"), tickets.c.place < bindparam("place_"))
)


def _line() -> Select[tuple[object, ...]]:
    busy = tickets.alias("busy")
    columns = (
        tickets.c.number,
        tickets.c.service,
        tickets.c.place,
        tickets.c.issued_at,
        tickets.c.issued_running,
        tickets.c.issued_boot,
        visits.c.category,
        busy.c.desk.label("busy_at"),
    )
    return (
        select(*columns)
        .join(visits, visits.c.id == tickets.c.visit)
        .outerjoin(busy, (busy.c.visit == tickets.c.visit) & is_at_desk(busy.c.state))
        .where(WAITS)
        .order_by(tickets.c.place)
    )


LINE = _line()
LINE_FOR = LINE.where(tickets.c.service.in_(bindparam("services", expanding=True)))


def _today(condition: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return select(tickets).where(tickets.c.day == DAY, condition).order_by(tickets.c.place)


AT_DESKS = _today(is_at_desk(tickets.c.state))
ABSENT = _today(is_live(tickets.c.state) & (tickets.c.state == State.NO_SHOW.value))
HELD = _today(is_live(tickets.c.state) & (tickets.c.state == State.HELD.value))
LIVE_SERVICES = select(tickets.c.service).where(tickets.c.day == DAY, is_live(tickets.c.state)).distinct()

ISSUED = select(func.count()).select_from(tickets).where(tickets.c.day == DAY)
LIVE = ISSUED.where(is_live(tickets.c.state))


class SqlQueue:
    """Implements `office.ports.Queue`."""

    def __init__(self, connection: Connection, house: SqlHouse) -> None:
        self._connection = connection
        self._house = house

    @property
    def _day(self) -> dict[str, object]:
        return {"day_": self._house.day_id}

    def take_count(self, service: ServiceCode) -> int:
        """Return the next count of the service's day, from 1, taken by this transaction."""
        taken = self._connection.execute(TAKE_COUNT, {**self._day, "service_": service}).scalar()
        if taken is None:
            self._connection.execute(FIRST_COUNT, {"day": self._house.day_id, "service": service, "last": 1})
            return 1
        return int(taken)

    def take_place(self) -> int:
        """Return the next place in the day's order, from 1, taken by this transaction."""
        return int(self._connection.execute(TAKE_PLACE, self._day).scalar_one())

    def add_visit(self, visit: NewVisit) -> VisitId:
        """Store a visit without tickets."""
        columns = {
            "day": self._house.day_id,
            "secret": visit.secret,
            "language": visit.language,
            "category": visit.category,
            "kiosk": visit.kiosk,
        }
        return VisitId(self._connection.execute(ADD_VISIT, columns).scalar_one())

    def add_ticket(self, visit: VisitId, ticket: Ticket) -> None:
        """Store a new ticket."""
        columns = {
            "day": self._house.day_id,
            "number": ticket.number,
            "visit": visit,
            "place": ticket.place,
            **rows.instant_columns("issued", ticket.issued),
            **_state_columns(ticket),
        }
        self._connection.execute(ADD_TICKET, columns)

    def save_ticket(self, ticket: Ticket) -> None:
        """Store a ticket's changed state, found by its number."""
        self._connection.execute(SAVE_TICKET, {**self._day, "number_": ticket.number, **_state_columns(ticket)})

    def visit_of(self, number: Number) -> Visit:
        """Return the visit that holds this ticket of the open day. Raises UnknownTicket."""
        found = self._connection.execute(VISIT_OF, {**self._day, "number_": number}).all()
        if not found:
            raise UnknownTicket(f"there is no ticket {number} today; numbers look like К-045, in Cyrillic")
        return _visit(found)

    def visit_by_secret(self, secret: str) -> Visit:
        """Return the open day's visit by its slip's secret. Raises UnknownVisit."""
        found = self._connection.execute(VISIT_BY_SECRET, {**self._day, "secret": secret}).all()
        if not found:
            raise UnknownVisit("no visit of this day has this code; scan the code on today's slip")
        return _visit(found)

    def secret_of(self, visit: VisitId) -> str:
        """Return the visit's secret."""
        return str(self._connection.execute(SECRET, {"visit": visit}).scalar_one())

    def line(self, services: tuple[ServiceCode, ...] | None = None) -> list[Waiting]:
        """Return all who wait today, or for these services, by place, with the desk where each visitor is busy."""
        if services is None:
            found = self._connection.execute(LINE, self._day)
        else:
            found = self._connection.execute(LINE_FOR, {**self._day, "services": services})
        return [_waiting(row) for row in found]

    def ahead(self, service: ServiceCode, place: int) -> int:
        """Return how many wait for this service with an earlier place."""
        mine = {**self._day, "service_": service, "place_": place}
        return int(self._connection.execute(AHEAD, mine).scalar_one())

    def at_desks(self) -> list[Ticket]:
        """Return today's tickets that are called or served."""
        return [rows.ticket(row) for row in self._connection.execute(AT_DESKS, self._day)]

    def absent(self) -> list[Ticket]:
        """Return today's tickets that did not come when called, oldest call first."""
        found = [rows.ticket(row) for row in self._connection.execute(ABSENT, self._day)]
        return sorted(found, key=lambda ticket: ticket.call_seq)

    def held(self) -> list[Ticket]:
        """Return today's tickets that rest by their visitors' wish, by place."""
        return [rows.ticket(row) for row in self._connection.execute(HELD, self._day)]

    def issued(self) -> int:
        """Return how many tickets were issued today."""
        return int(self._connection.execute(ISSUED, self._day).scalar_one())

    def live(self) -> int:
        """Return how many of today's tickets can still be served."""
        return int(self._connection.execute(LIVE, self._day).scalar_one())

    def live_services(self) -> frozenset[ServiceCode]:
        """Return the services for which anybody waits, is held, absent or at a desk."""
        found = self._connection.execute(LIVE_SERVICES, self._day).scalars()
        return frozenset(ServiceCode(code) for code in found)


def _state_columns(ticket: Ticket) -> dict[str, object]:
    return {
        "service": ticket.service,
        "state": ticket.state.value,
        "desk": ticket.desk,
        "attempt": ticket.attempt,
        "call_seq": ticket.call_seq,
        **rows.instant_columns("since", ticket.since),
    }


def _visit(found: Sequence[rows.AnyRow]) -> Visit:
    first = found[0]
    return Visit(
        VisitId(first.visit_id),
        tuple(rows.ticket(row) for row in found),
        language=first.language,
        category=first.category,
    )


def _waiting(row: rows.AnyRow) -> Waiting:
    return Waiting(
        Number(row.number),
        ServiceCode(row.service),
        row.place,
        rows.instant(row, "issued"),
        DeskId(row.busy_at) if row.busy_at else None,
        row.category,
    )
