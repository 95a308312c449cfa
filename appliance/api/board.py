"""`/health` and `/board`: what anyone on the LAN may see."""

from typing import Final

import msgspec
from flask import Blueprint, Response, request

from appliance.api.context import context
from appliance.api.operations import Operation, describe
from appliance.contract import models as m

blueprint: Final = Blueprint("board", __name__)


@blueprint.get("/board")
@describe(Operation("Everything a screen shows", (), None, m.Board, 200, ()))
def board() -> Response:
    """Answer the board, or 304 when the client's ETag is still right."""
    etag, body = context().board.read(context().store)
    response = Response(body, mimetype="application/json")
    response.set_etag(etag)
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@blueprint.get("/health")
@describe(Operation("How the appliance is", (), None, m.Health, 200, ()))
def health() -> Response:
    """Answer how the appliance is, and its time."""
    here = context()
    with here.store.read() as unit:
        seq = unit.journal.head()
        printers, unheard = unit.outbox.printers(), unit.outbox.unheard()
        day = unit.house.day()
        served = bool(unit.house.services())
        live = unit.queue.live()
        failed = unit.outbox.failed()
    notes = [] if served else ["no roster is loaded"]
    printers = [_as_heard(one, here.presence.silence(one.id)) for one in printers]
    notes += [f"printer {one.id} is {one.state}: {one.detail}" for one in printers if one.state != "ready"]
    notes += [f"{owed} slips wait for printer {name}, which never reported" for name, owed in unheard.items()]
    notes += [f"the slip of {number} was not printed: reprint it" for number in failed]
    now = here.now()
    if day and not live and not day.event.rehearsal and day.event.day != now.wall.date().isoformat():
        notes.append(f"the open day began on {day.event.day}; `kezek day open` begins a new one")
    answer = m.Health(
        status="degraded" if notes else "ok",
        version=here.version,
        seq=seq,
        now=now.wall.isoformat(timespec="milliseconds"),
        speed=here.speed,
        printers=printers,
        displays=here.streams.displays(),
        notes=notes,
    )
    return Response(msgspec.json.encode(answer), mimetype="application/json")


def _as_heard(printer: m.PrinterHealth, silence: float | None) -> m.PrinterHealth:
    """Return a printer as it is; one that said it was ready and has been silent since may be gone."""
    if printer.state != "ready" or silence is None:
        return printer
    detail = f"its process has been silent for {silence:.0f} s; it said: {printer.detail or 'ready'}"
    return msgspec.structs.replace(printer, state="unknown", detail=detail)
