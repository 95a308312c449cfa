"""`/tickets`: what staff do to a ticket away from a desk."""

from typing import Final

from flask import Blueprint

from appliance.api.operations import OPERATOR, SUPERVISOR, Operation, Work, writes
from appliance.api.problems import BadRequest
from appliance.contract import models as m
from appliance.domain.model import Number
from appliance.office import printing, reception

blueprint: Final = Blueprint("tickets", __name__)


def _verb(summary: str, *errors: str) -> Operation:
    errors = ("unknown_ticket", *errors)
    return Operation(summary, (OPERATOR, SUPERVISOR), m.Reason, m.TicketPlace, 200, errors)


def _mine(work: Work[m.Reason], number: str) -> Number:
    """Return the number, if the asker's desk has to do with it. Raises UnknownTicket, BadRequest (wrong_role)."""
    found = Number(number)
    if work.desk is not None:
        ticket = work.unit.queue.visit_of(found).ticket(found)
        if ticket.service not in work.unit.house.desk(work.desk).services:
            words = f"{number} is for service {ticket.service}; this token is for desk {work.desk} only"
            raise BadRequest("wrong_role", words)
    return found


@blueprint.post("/tickets/<number>/cancel")
@writes(_verb("End a ticket that will not be served", "not_allowed"))
def cancel(work: Work[m.Reason], number: str) -> m.TicketPlace:
    """Cancel."""
    return reception.cancel(work.unit, _mine(work, number), work.body.reason, work.stamp)


@blueprint.post("/tickets/<number>/return")
@writes(_verb("Let a called or absent ticket wait again, in its place", "not_allowed"))
def return_ticket(work: Work[m.Reason], number: str) -> m.TicketPlace:
    """Return."""
    return reception.return_ticket(work.unit, _mine(work, number), work.body.reason, work.stamp)


@blueprint.post("/tickets/<number>/resume")
@writes(_verb("Let a held ticket wait again, in its place", "not_allowed"))
def resume(work: Work[m.Reason], number: str) -> m.TicketPlace:
    """Resume."""
    return reception.resume(work.unit, _mine(work, number), work.body.reason, work.stamp)


@blueprint.post("/tickets/<number>/reprint")
@writes(_verb("Print the slip again, marked as a copy"))
def reprint(work: Work[m.Reason], number: str) -> m.TicketPlace:
    """Reprint."""
    ticket = work.unit.queue.visit_of(Number(number)).ticket(Number(number))
    printing.reprint(work.unit, ticket.number, work.stamp)
    return reception.describe_ticket(work.unit, ticket)
