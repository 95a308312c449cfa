"""What the TV knows and what it shows at one instant. Pure: time comes in from outside.

`Watch` is all that was learned, changed only by `reduce`. `look_at` makes of it the `View` of one instant, which
holds nothing that is not seen, so that equal views need no new picture. The stream only says that something
changed: truth is the board, read again each time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from appliance.contract import models as m

FRESH_SECONDS: Final = 10.0
"""How long a call stands in the inverted bar."""
PAGE_SECONDS: Final = 10.0
"""How long a page stands when there is more than fits."""
UNKNOWN_TIME: Final = "—"


@dataclass(frozen=True, slots=True)
class BoardRead:
    """The server gave its board."""

    board: m.Board


@dataclass(frozen=True, slots=True)
class ClockRead:
    """The server told its time and how fast its clock runs."""

    now: datetime
    speed: float


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """The server could not be asked."""

    reason: str


News = BoardRead | ClockRead | ReadFailed


@dataclass(frozen=True, slots=True)
class Clock:
    """The appliance's time: what it was at a moment of this machine's monotonic clock, and its speed."""

    server: datetime
    local: float
    speed: float

    def at(self, local: float) -> datetime:
        """Return the appliance's time at `local`."""
        return self.server + timedelta(seconds=(local - self.local) * self.speed)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A call that was first seen at `since`; a recall has a new `seq` and is fresh again."""

    seq: int
    since: float


@dataclass(frozen=True, slots=True)
class Watch:
    """All that the TV has learned. `read_at` is when the board was last known to be true."""

    board: m.Board | None = None
    clock: Clock | None = None
    read_at: float | None = None
    away_since: float | None = None
    fresh: tuple[Fresh, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What is seen at one instant.

    `clock` and `as_of` are HH:MM of the appliance; `as_of` is set when the server is away. `doors` is when the
    doors open, as long as that is to come. `fresh` are the seqs of the calls in the inverted bar. `page` counts
    on without end: whoever shows pages takes the remainder.
    """

    board: m.Board | None
    clock: str | None = None
    as_of: str | None = None
    doors: str | None = None
    fresh: frozenset[int] = frozenset()
    page: int = 0


def reduce(watch: Watch, news: News, at: float) -> Watch:
    """Return what is known after `news`, which came at `at` of the monotonic clock."""
    match news:
        case BoardRead(board):
            fresh = _refreshed(watch, board, at)
            return replace(watch, board=board, read_at=at, away_since=None, fresh=fresh)
        case ClockRead(now, speed):
            return replace(watch, clock=Clock(now, at, speed))
        case ReadFailed():
            return watch if watch.away_since is not None else replace(watch, away_since=at)


def look_at(watch: Watch, at: float) -> View:
    """Return what is seen at `at` of the monotonic clock."""
    now = watch.clock.at(at) if watch.clock else None
    return View(
        board=watch.board,
        clock=_hours(now) if now else None,
        as_of=_as_of(watch) if watch.away_since is not None else None,
        doors=_doors(watch.board.event, now) if watch.board else None,
        fresh=frozenset(call.seq for call in watch.fresh if at - call.since < FRESH_SECONDS),
        page=int(at // PAGE_SECONDS),
    )


def opening(event: m.EventInfo, now: datetime | None) -> datetime | None:
    """Return when the doors open: `opens` is ISO 8601, or `HH:MM` of the event's day; None when it is neither."""
    text = event.opens or ""
    try:
        opens = datetime.fromisoformat(text)
    except ValueError:
        try:
            opens = datetime.combine(datetime.fromisoformat(event.day), time.fromisoformat(text))
        except ValueError:
            return None
    if now is None:
        return opens
    return opens.astimezone(now.tzinfo) if opens.tzinfo else opens.replace(tzinfo=now.tzinfo)


def _refreshed(watch: Watch, board: m.Board, at: float) -> tuple[Fresh, ...]:
    """Return the calls still fresh and those that are new on `board`.

    Of the first board, or the first of another journal, nobody knows how old its calls are: the newest is given
    its time.
    """
    if watch.board is None or board.seq < watch.board.seq:
        return tuple(Fresh(call.seq, at) for call in board.calls[:1] if call.state == "called")
    known = watch.board.seq
    still = tuple(call for call in watch.fresh if at - call.since < FRESH_SECONDS)
    return (*still, *(Fresh(call.seq, at) for call in board.calls if call.seq > known))


def _as_of(watch: Watch) -> str:
    if watch.clock is None or watch.read_at is None:
        return UNKNOWN_TIME
    return _hours(watch.clock.at(watch.read_at))


def _doors(event: m.EventInfo, now: datetime | None) -> str | None:
    opens = opening(event, now)
    if opens is None or (now is not None and now >= opens):
        return None
    return _hours(opens)


def _hours(moment: datetime) -> str:
    return f"{moment:%H:%M}"
