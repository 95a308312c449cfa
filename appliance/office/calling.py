"""What an operator does at a desk: one function a verb, each answering with the desk after it."""

from collections.abc import Callable
from dataclasses import replace

from appliance.contract import models as m
from appliance.domain.dispatch import Waiting, choose_next
from appliance.domain.errors import (
    DeskBusy,
    DeskIdle,
    DeskNotPaused,
    DeskPaused,
    NobodyWaiting,
    NotAllowed,
    OtherTicket,
    UnknownService,
)
from appliance.domain.events import DeskPaused as DeskWasPaused
from appliance.domain.events import DeskResumed
from appliance.domain.lifecycle import Call, Command, Hold, NoShow, Recall, Start, Transfer
from appliance.domain.model import Desk, DeskId, Number, ServiceCode, Stamp
from appliance.office.desks import describe_desk
from appliance.office.ports import Unit
from appliance.office.recording import carry_out


def call_next(unit: Unit, desk_id: DeskId, stamp: Stamp) -> m.Desk:
    """Call the first who is free. Raises UnknownDesk, DeskBusy, DeskPaused, NobodyWaiting."""
    desk = unit.house.desk(desk_id)
    if desk.current:
        raise DeskBusy(f"desk {desk.id} has {desk.current}; finish it or send it on first")
    if desk.paused:
        raise DeskPaused(f"desk {desk.id} is paused; resume it first")
    choice = choose_next(desk, unit.queue.line(desk.services))
    if choice.ticket is None:
        raise NobodyWaiting(_why_nobody(desk, choice.skipped))
    number = choice.ticket.number
    skipped = tuple(one.number for one in choice.skipped)
    carry_out(unit, unit.queue.visit_of(number), Call(number, desk, skipped), stamp)
    return describe_desk(unit, desk_id, stamp.at)


def _why_nobody(desk: Desk, skipped: tuple[Waiting, ...]) -> str:
    if not skipped:
        return f"nobody waits for desk {desk.id}"
    where = ", ".join(f"{one.number} is at {one.busy_at}" for one in skipped[:3])
    return f"all who wait for desk {desk.id} are at other desks: {where}"


def call_chosen(unit: Unit, desk_id: DeskId, number: Number, reason: str, stamp: Stamp) -> m.Desk:
    """Call a chosen ticket, out of order, with a reason that is logged.

    Raises UnknownDesk, UnknownTicket, DeskBusy, DeskPaused, WrongDesk, VisitorBusy, NotAllowed.
    """
    desk = unit.house.desk(desk_id)
    carry_out(unit, unit.queue.visit_of(number), Call(number, desk, reason=reason), stamp)
    return describe_desk(unit, desk_id, stamp.at)


def recall(unit: Unit, desk_id: DeskId, meant: Number | None, stamp: Stamp) -> m.Desk:
    """Call the same ticket again. Raises UnknownDesk, DeskIdle, OtherTicket, NotAllowed."""
    return act_on_current(unit, desk_id, meant, Recall, stamp)


def start(unit: Unit, desk_id: DeskId, meant: Number | None, stamp: Stamp) -> m.Desk:
    """The visitor arrived. Raises UnknownDesk, DeskIdle, OtherTicket, NotAllowed."""
    return act_on_current(unit, desk_id, meant, Start, stamp)


def no_show(unit: Unit, desk_id: DeskId, meant: Number | None, stamp: Stamp) -> m.Desk:
    """The visitor did not come. Raises UnknownDesk, DeskIdle, OtherTicket, NotAllowed."""
    return act_on_current(unit, desk_id, meant, NoShow, stamp)


def hold(unit: Unit, desk_id: DeskId, body: m.HoldRequest, stamp: Stamp) -> m.Desk:
    """Let the ticket rest with its place kept. Raises UnknownDesk, DeskIdle, OtherTicket, NotAllowed."""
    return act_on_current(unit, desk_id, meant_in(body), lambda number: Hold(number, body.reason), stamp)


def transfer(unit: Unit, desk_id: DeskId, body: m.TransferRequest, stamp: Stamp) -> m.Desk:
    """Let the ticket wait for another service with its number and its place.

    Raises UnknownDesk, DeskIdle, OtherTicket, UnknownService, AlreadyHasTicket, NotAllowed.
    """
    desk, service = unit.house.desk(desk_id), ServiceCode(body.service)
    if service not in {one.code for one in unit.house.services()}:
        raise UnknownService(f"there is no service {service}")
    if service in desk.services:
        raise NotAllowed(f"desk {desk.id} gives service {service} itself; choose another service")
    return act_on_current(unit, desk_id, meant_in(body), lambda number: Transfer(number, service, body.reason), stamp)


def meant_in(body: m.OnCurrent) -> Number | None:
    """Return the ticket a request means, if it names one."""
    return Number(body.ticket) if body.ticket else None


def pause(unit: Unit, desk_id: DeskId, reason: str, stamp: Stamp) -> m.Desk:
    """Let the desk call nobody; a ticket it has stays. Raises UnknownDesk, DeskPaused."""
    desk = unit.house.desk(desk_id)
    if desk.paused:
        raise DeskPaused(f"desk {desk.id} is paused already")
    unit.house.save_desk(replace(desk, paused=True, pause_reason=reason))
    unit.journal.append((DeskWasPaused(desk.id, reason),), stamp)
    return describe_desk(unit, desk_id, stamp.at)


def resume(unit: Unit, desk_id: DeskId, stamp: Stamp) -> m.Desk:
    """Let a paused desk call again. Raises UnknownDesk, DeskNotPaused."""
    desk = unit.house.desk(desk_id)
    if not desk.paused:
        raise DeskNotPaused(f"desk {desk.id} is not paused")
    unit.house.save_desk(replace(desk, paused=False, pause_reason=""))
    unit.journal.append((DeskResumed(desk.id),), stamp)
    return describe_desk(unit, desk_id, stamp.at)


def act_on_current(
    unit: Unit, desk_id: DeskId, meant: Number | None, command: Callable[[Number], Command], stamp: Stamp
) -> m.Desk:
    """Carry out a command on the ticket at a desk.

    Raises UnknownDesk, DeskIdle, OtherTicket when another ticket is meant, and what the command refuses.
    """
    desk = unit.house.desk(desk_id)
    if desk.current is None:
        raise DeskIdle(f"desk {desk.id} has no ticket; call the next one first")
    if meant is not None and meant != desk.current:
        raise OtherTicket(f"desk {desk.id} has {desk.current}, not {meant}; nothing was done")
    carry_out(unit, unit.queue.visit_of(desk.current), command(desk.current), stamp)
    return describe_desk(unit, desk_id, stamp.at)
