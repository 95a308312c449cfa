"""A desk as its operator sees it: its ticket, who can come next, who is busy elsewhere and where."""

from typing import Final, Literal

from appliance.contract import models as m
from appliance.domain.dispatch import Waiting, in_line
from appliance.domain.model import Desk, DeskId, Instant, Number, State, Visit, elapsed
from appliance.domain.roster import Topic
from appliance.office.ports import Unit

NEXT_SHOWN: Final = 3
BUSY_SHOWN: Final = 10


def describe_desk(unit: Unit, desk_id: DeskId, now: Instant) -> m.Desk:
    """Return the desk and the line before it. Raises UnknownDesk."""
    desk = unit.house.desk(desk_id)
    line = in_line(desk, unit.queue.line(desk.services))
    services = {service.code: service for service in unit.house.services()}
    current = _current(unit, unit.queue.visit_of(desk.current), desk.current, now) if desk.current else None
    return m.Desk(
        id=desk.id,
        seq=unit.journal.head(),
        services=list(desk.services),
        names=services[desk.services[0]].names,
        state="paused" if desk.paused else "open",
        pause_reason=desk.pause_reason,
        current=current,
        waiting=len(line),
        next=[_waiting(one, now) for one in line if one.busy_at is None][:NEXT_SHOWN],
        busy=[_skipped(one) for one in line if one.busy_at is not None][:BUSY_SHOWN],
        absent=[ticket.number for ticket in unit.queue.absent() if ticket.service in desk.services],
        held=[ticket.number for ticket in unit.queue.held() if ticket.service in desk.services],
        topics=[describe_topic(topic) for topic in _topics(unit, desk, current)],
        rehearsal=unit.house.today().event.rehearsal,
    )


def _current(unit: Unit, visit: Visit, number: Number, now: Instant) -> m.DeskTicket:
    ticket = visit.ticket(number)
    state: Literal["called", "serving"] = "serving" if ticket.state is State.SERVING else "called"
    names = {service.code: service.names for service in unit.house.services()}
    return m.DeskTicket(
        number=ticket.number,
        service=ticket.service,
        names=names[ticket.service],
        state=state,
        attempt=ticket.attempt,
        elapsed=round(elapsed(ticket.since, now), 1),
        language=visit.language,  # type: ignore[arg-type] # was checked when it came in
        category=visit.category,
        others=[
            m.OtherTicket(number=other.number, service=other.service, state=other.state.value, desk=other.desk)
            for other in visit.tickets
            if other.number != number
        ],
    )


def _topics(unit: Unit, desk: Desk, current: m.DeskTicket | None) -> list[Topic]:
    return unit.house.topics_of([s for s in desk.services if current is None or s == current.service])


def describe_topic(topic: Topic) -> m.TopicChoice:
    """Return a topic as an operator may choose it."""
    names = m.Names(kk=topic.names.kk, ru=topic.names.ru, en=topic.names.en)
    return m.TopicChoice(code=topic.code, names=names, group=topic.group)


def _waiting(one: Waiting, now: Instant) -> m.Waiting:
    waited = round(elapsed(one.issued, now), 1)
    return m.Waiting(number=one.number, service=one.service, waited=waited, category=one.category)


def _skipped(one: Waiting) -> m.Skipped:
    return m.Skipped(number=one.number, service=one.service, reason="busy", desk=one.busy_at)
