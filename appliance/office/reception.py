"""Issuing tickets, and what may happen to one away from a desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.contract import models as m
from appliance.domain.errors import (
    DuplicateService,
    RosterEmpty,
    ServiceClosed,
    ServiceWithoutDesks,
    UnknownService,
)
from appliance.domain.events import Event, ServiceOpened, SlipQueued, TicketIssued
from appliance.domain.events import ServiceClosed as ServiceWasClosed
from appliance.domain.lifecycle import Cancel, Command, Resume, Return
from appliance.domain.model import Number, ServiceCode, Stamp, State, Ticket, Visit, VisitId
from appliance.domain.numbering import format_number
from appliance.office.ports import NewVisit, Unit
from appliance.office.printing import compose_slips, printer_for
from appliance.office.recording import carry_out


@dataclass(frozen=True, slots=True)
class Order:
    """What a visitor asks for; `secret` is fresh, unguessable and not yet used."""

    services: tuple[ServiceCode, ...]
    secret: str
    language: m.Language | None = None
    category: str | None = None
    kiosk: str | None = None


def issue(unit: Unit, order: Order, stamp: Stamp) -> m.Visit:
    """Issue one ticket for each service, queue its slip, and return the visit.

    Raises UnknownService, ServiceClosed, ServiceWithoutDesks, DuplicateService, NumbersExhausted, RosterEmpty;
    then no ticket of the order exists.
    """
    _check(unit, order)
    visit_id = unit.queue.add_visit(NewVisit(order.secret, order.language, order.category, order.kiosk))
    tickets = tuple(_new_ticket(unit, service, stamp) for service in order.services)
    facts: list[Event] = []
    for ticket in tickets:
        unit.queue.add_ticket(visit_id, ticket)
        facts.append(_issued(order, ticket, visit_id))
    visit = Visit(visit_id, tickets, order.language, order.category)
    ahead = {ticket.number: unit.queue.ahead(ticket.service, ticket.place) for ticket in tickets}
    printer = printer_for(unit, order.kiosk)
    for slip in compose_slips(unit, visit, order.secret, ahead):
        job = unit.outbox.put(printer, slip, copy=False, at=stamp.at)
        facts.append(SlipQueued(job, Number(slip.number), printer))
    unit.journal.append(facts, stamp)
    return _describe(unit, visit, order.secret, ahead)


def _check(unit: Unit, order: Order) -> None:
    known = {service.code: service for service in unit.house.services()}
    if not known:
        raise RosterEmpty("no roster is loaded; load the list of who receives first")
    for service in order.services:
        if service not in known:
            raise UnknownService(f"there is no service {service}; there are {', '.join(known)}, in Cyrillic")
        if order.services.count(service) > 1:
            raise DuplicateService(f"service {service} is named twice; one ticket for each service")
        if not known[service].open:
            raise ServiceClosed(f"service {service} takes no new tickets")
        if not unit.house.desks_giving(service):
            raise ServiceWithoutDesks(f"no desk gives service {service}")


def _new_ticket(unit: Unit, service: ServiceCode, stamp: Stamp) -> Ticket:
    number = format_number(service, unit.queue.take_count(service))
    return Ticket(number, service, unit.queue.take_place(), issued=stamp.at, since=stamp.at)


def _issued(order: Order, ticket: Ticket, visit: VisitId) -> TicketIssued:
    return TicketIssued(
        ticket.number, ticket.service, visit, ticket.place, order.language, order.category, order.kiosk
    )


def describe_visit(unit: Unit, visit: Visit, secret: str) -> m.Visit:
    """Return a visit as its holder may see it."""
    return _describe(unit, visit, secret, {ticket.number: _ahead(unit, ticket) for ticket in visit.tickets})


def _ahead(unit: Unit, ticket: Ticket) -> int | None:
    """Return how many stand before a ticket that waits."""
    return unit.queue.ahead(ticket.service, ticket.place) if ticket.state is State.WAITING else None


def _describe(unit: Unit, visit: Visit, secret: str, ahead: Mapping[Number, int | None]) -> m.Visit:
    return m.Visit(
        id=str(visit.id),
        secret=secret,
        language=visit.language,  # type: ignore[arg-type] # was checked when it came in
        category=visit.category,
        tickets=[_place(unit, ticket, ahead[ticket.number]) for ticket in visit.tickets],
    )


def _place(unit: Unit, ticket: Ticket, ahead: int | None) -> m.TicketPlace:
    names = next((one.names for one in unit.house.services() if one.code == ticket.service), None)
    return m.TicketPlace(
        number=ticket.number,
        service=ticket.service,
        names=names or m.Names(kk=ticket.service, ru=ticket.service),
        state=ticket.state.value,
        position=None if ahead is None else ahead + 1,
        wait=None,
        desk=ticket.desk,
    )


def visit_by_secret(unit: Unit, secret: str) -> m.Visit:
    """Return what the holder of a slip may see. Raises UnknownVisit."""
    return describe_visit(unit, unit.queue.visit_by_secret(secret), secret)


def cancel(unit: Unit, number: Number, reason: str, stamp: Stamp) -> m.TicketPlace:
    """End a ticket that will not be served. Raises UnknownTicket, NotAllowed."""
    return _move(unit, Cancel(number, reason), stamp)


def return_ticket(unit: Unit, number: Number, reason: str, stamp: Stamp) -> m.TicketPlace:
    """Let a called or absent ticket wait again, in its place. Raises UnknownTicket, NotAllowed."""
    return _move(unit, Return(number, reason), stamp)


def resume(unit: Unit, number: Number, reason: str, stamp: Stamp) -> m.TicketPlace:
    """Let a held ticket wait again, in its place. Raises UnknownTicket, NotAllowed."""
    return _move(unit, Resume(number, reason), stamp)


def _move(unit: Unit, command: Command, stamp: Stamp) -> m.TicketPlace:
    visit = carry_out(unit, unit.queue.visit_of(command.number), command, stamp)
    return describe_ticket(unit, visit.ticket(command.number))


def describe_ticket(unit: Unit, ticket: Ticket) -> m.TicketPlace:
    """Return one ticket as staff and holder may see it."""
    return _place(unit, ticket, _ahead(unit, ticket))


def set_service_open(unit: Unit, code: ServiceCode, reason: str, stamp: Stamp, *, is_open: bool) -> m.ServiceOnBoard:
    """Open or close a service's intake; doing it twice changes nothing. Raises UnknownService."""
    service = next((one for one in unit.house.services() if one.code == code), None)
    if service is None:
        raise UnknownService(f"there is no service {code}")
    if service.open != is_open:
        unit.house.set_open(code, is_open=is_open)
        fact = ServiceOpened(code, reason) if is_open else ServiceWasClosed(code, reason)
        unit.journal.append((fact,), stamp)
    line = [one.number for one in unit.queue.line((code,))]
    return m.ServiceOnBoard(
        code=code, names=service.names, open=is_open, waiting=len(line), wait=None, next=list(line[:3])
    )
