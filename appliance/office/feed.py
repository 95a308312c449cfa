"""What the hall may see: the board, and the journal as a stream."""

from typing import Final, Literal

import msgspec

from appliance.contract import models as m
from appliance.domain.model import Desk, Ticket
from appliance.office.ports import Service, Unit

NEXT_SHOWN: Final = 3
BATCH: Final = 200
PRIVATE: Final = frozenset({"reason", "detail", "topics", "outcome", "visit", "category", "kiosk", "changes"})
"""Fields of facts that are for staff only."""


def board(unit: Unit) -> m.Board:
    """Return everything a screen shows, as of one seq: a pure function of what is stored."""
    day = unit.house.today()
    line: dict[str, list[str]] = {}
    for one in unit.queue.line():
        line.setdefault(one.service, []).append(one.number)
    newest = sorted(unit.queue.at_desks(), key=lambda ticket: -ticket.call_seq)
    return m.Board(
        seq=unit.journal.head(),
        event=day.event,
        calls=[_call(ticket) for ticket in newest],
        desks=[_desk(desk) for desk in unit.house.desks()],
        services=[_service(service, line.get(service.code, [])) for service in unit.house.services()],
        notices=[],
    )


def _call(ticket: Ticket) -> m.Call:
    state: Literal["called", "serving"] = "called" if ticket.state.value == "called" else "serving"
    return m.Call(
        number=ticket.number,
        desk=ticket.desk or "",
        service=ticket.service,
        state=state,
        attempt=ticket.attempt,
        seq=ticket.call_seq,
    )


def _desk(desk: Desk) -> m.DeskOnBoard:
    state: Literal["paused", "open"] = "paused" if desk.paused else "open"
    return m.DeskOnBoard(id=desk.id, services=list(desk.services), state=state, current=desk.current)


def _service(service: Service, line: list[str]) -> m.ServiceOnBoard:
    return m.ServiceOnBoard(
        code=service.code,
        names=service.names,
        open=service.open,
        waiting=len(line),
        wait=None,
        next=line[:NEXT_SHOWN],
    )


def entries_after(unit: Unit, seq: int, *, staff: bool) -> list[m.Entry]:
    """Return the next entries after `seq`, at most BATCH; without what is for staff only unless `staff`."""
    found = unit.journal.after(seq, BATCH)
    return found if staff else [_public(entry) for entry in found]


def _public(entry: m.Entry) -> m.Entry:
    data = {name: value for name, value in entry.data.items() if name not in PRIVATE}
    return msgspec.structs.replace(entry, actor=None, data=data)
