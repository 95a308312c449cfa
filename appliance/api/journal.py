"""`/events` and `/journal`: the record of facts, as a stream that resumes without a gap, and whole."""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from flask import Blueprint, Response, request

from appliance.api.context import Context, context
from appliance.api.operations import (
    SUPERVISOR,
    Operation,
    authorise,
    describe,
    optional_token,
    parse_number,
    read_number,
)
from appliance.contract import models as m
from appliance.office import feed

blueprint: Final = Blueprint("journal", __name__)
HEARTBEAT_SECONDS: Final = 15.0
GLANCE_SECONDS: Final = 1.0
"""How often a stream looks for itself: another process (`kezek roster load`) rings no bell here."""


@blueprint.get("/events")
@describe(
    Operation(
        "Server-sent events: id is the journal's seq; resumes after Last-Event-ID",
        (),
        None,
        m.Entry,
        200,
        ("too_many_streams", "invalid_parameter"),
        "text/event-stream",
    )
)
def events() -> Response:
    """Stream the journal, from now or from after Last-Event-ID (or `?after=`)."""
    here = context()
    token = optional_token()
    staff = token is not None and token.role != "device"
    with here.store.read() as unit:
        head = unit.journal.head()
    after = _resume_after(head)
    display = request.args.get("display", "")[:32] or None
    release = here.streams.reserve(display, here.now().wall.isoformat(timespec="seconds"))
    gone = request.environ.get("waitress.client_disconnected", _never)
    stream = _stream(here, after, gone, staff=staff)
    response = Response(stream, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})
    response.call_on_close(release)
    return response


def _resume_after(head: int) -> int:
    """Return where to resume; a seq from the future is another database's, so everything is sent again."""
    text = request.headers.get("Last-Event-ID", request.args.get("after", ""))
    if not text:
        return head
    after = parse_number("Last-Event-ID", text)
    return after if after <= head else 0


def _never() -> bool:
    """Answer for a server that cannot tell whether a client is gone."""
    return False


def _stream(here: Context, after: int, gone: Callable[[], bool], *, staff: bool) -> Iterator[bytes]:
    yield b"retry: 1000\n: kezek\n\n"
    quiet = 0.0
    while not (here.bell.closed or gone()):
        count = here.bell.count
        with here.store.read() as unit:
            entries = feed.entries_after(unit, after, staff=staff)
        if entries:
            quiet = 0.0
            after = entries[-1].seq
            yield b"".join(_event(entry) for entry in entries)
            continue
        here.bell.wait(count, GLANCE_SECONDS)
        quiet += GLANCE_SECONDS
        if quiet >= HEARTBEAT_SECONDS:
            quiet = 0.0
            yield b": heartbeat\n\n"


def _event(entry: m.Entry) -> bytes:
    return f"id: {entry.seq}\nevent: {entry.type}\ndata: ".encode() + msgspec.json.encode(entry) + b"\n\n"


@blueprint.get("/journal")
@describe(
    Operation(
        "The journal after a seq, one JSON entry a line",
        (SUPERVISOR,),
        None,
        m.Entry,
        200,
        ("invalid_parameter",),
        "application/x-ndjson",
    )
)
def journal() -> Response:
    """Answer all entries after `?after=` (0 when absent)."""
    authorise((SUPERVISOR,))
    return Response(_lines(context(), read_number("after", 0)), mimetype="application/x-ndjson")


def _lines(here: Context, after: int) -> Iterator[bytes]:
    while True:
        with here.store.read() as unit:
            entries = feed.entries_after(unit, after, staff=True)
        if not entries:
            return
        after = entries[-1].seq
        yield b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
