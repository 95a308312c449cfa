"""`/desks`: what an operator sees and does."""

from typing import Final

from flask import Blueprint

from appliance.api.context import context
from appliance.api.operations import OPERATOR, SUPERVISOR, Operation, Work, reads, writes
from appliance.contract import models as m
from appliance.domain.model import DeskId, Number
from appliance.office import appeals, calling
from appliance.office.desks import describe_desk
from appliance.office.ports import Unit

blueprint: Final = Blueprint("desks", __name__)


def _verb(summary: str, *errors: str, body: type[m.Request] = m.Nothing) -> Operation:
    return Operation(summary, (OPERATOR, SUPERVISOR), body, m.Desk, 200, ("unknown_desk", *errors))


@blueprint.get("/desks/<desk>")
@reads(Operation("A desk as its operator sees it", (OPERATOR, SUPERVISOR), None, m.Desk, 200, ("unknown_desk",)))
def show(unit: Unit, desk: str) -> m.Desk:
    """Show a desk."""
    return describe_desk(unit, DeskId(desk), context().now())


@blueprint.post("/desks/<desk>/next")
@writes(_verb("Call the first who is free", "nobody_waiting", "desk_busy", "desk_paused"))
def call_next(work: Work[m.Nothing], desk: str) -> m.Desk:
    """Call the next."""
    return calling.call_next(work.unit, DeskId(desk), work.stamp)


@blueprint.post("/desks/<desk>/call")
@writes(
    _verb(
        "Call a chosen ticket, out of order",
        "unknown_ticket",
        "desk_busy",
        "desk_paused",
        "wrong_desk",
        "visitor_busy",
        "not_allowed",
        body=m.CallRequest,
    )
)
def call_chosen(work: Work[m.CallRequest], desk: str) -> m.Desk:
    """Call a chosen ticket."""
    body = work.body
    return calling.call_chosen(work.unit, DeskId(desk), Number(body.ticket), body.reason, work.stamp)


@blueprint.post("/desks/<desk>/recall")
@writes(_verb("Call the same ticket again", "desk_idle", "other_ticket", "not_allowed", body=m.OnCurrent))
def recall(work: Work[m.OnCurrent], desk: str) -> m.Desk:
    """Call again."""
    return calling.recall(work.unit, DeskId(desk), calling.meant_in(work.body), work.stamp)


@blueprint.post("/desks/<desk>/start")
@writes(_verb("The visitor arrived", "desk_idle", "other_ticket", "not_allowed", body=m.OnCurrent))
def start(work: Work[m.OnCurrent], desk: str) -> m.Desk:
    """Start the talk."""
    return calling.start(work.unit, DeskId(desk), calling.meant_in(work.body), work.stamp)


@blueprint.post("/desks/<desk>/finish")
@writes(_verb("The talk ended", "desk_idle", "other_ticket", "not_allowed", "unknown_topic", body=m.FinishRequest))
def finish(work: Work[m.FinishRequest], desk: str) -> m.Desk:
    """Finish the talk."""
    return appeals.finish(work.unit, DeskId(desk), work.body, work.stamp)


@blueprint.post("/desks/<desk>/no-show")
@writes(_verb("The visitor did not come", "desk_idle", "other_ticket", "not_allowed", body=m.OnCurrent))
def no_show(work: Work[m.OnCurrent], desk: str) -> m.Desk:
    """Mark absent."""
    return calling.no_show(work.unit, DeskId(desk), calling.meant_in(work.body), work.stamp)


@blueprint.post("/desks/<desk>/hold")
@writes(_verb("Let the ticket rest, its place kept", "desk_idle", "other_ticket", "not_allowed", body=m.HoldRequest))
def hold(work: Work[m.HoldRequest], desk: str) -> m.Desk:
    """Hold."""
    return calling.hold(work.unit, DeskId(desk), work.body, work.stamp)


@blueprint.post("/desks/<desk>/transfer")
@writes(
    _verb(
        "Let the ticket wait for another service, its place kept",
        "desk_idle",
        "other_ticket",
        "not_allowed",
        "unknown_service",
        "already_has_ticket",
        body=m.TransferRequest,
    )
)
def transfer(work: Work[m.TransferRequest], desk: str) -> m.Desk:
    """Transfer."""
    return calling.transfer(work.unit, DeskId(desk), work.body, work.stamp)


@blueprint.post("/desks/<desk>/pause")
@writes(_verb("Let the desk call nobody for a while", "desk_paused", body=m.Reason))
def pause(work: Work[m.Reason], desk: str) -> m.Desk:
    """Pause."""
    return calling.pause(work.unit, DeskId(desk), work.body.reason, work.stamp)


@blueprint.post("/desks/<desk>/resume")
@writes(_verb("Let a paused desk call again", "desk_not_paused"))
def resume(work: Work[m.Nothing], desk: str) -> m.Desk:
    """Resume."""
    return calling.resume(work.unit, DeskId(desk), work.stamp)
