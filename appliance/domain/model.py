"""What the queue is made of. Values only: nothing here changes by itself, everything is replaced."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

ServiceCode = NewType("ServiceCode", str)
"""A service's prefix: one Cyrillic letter, the same on slip, TV and voice."""
DeskId = NewType("DeskId", str)
"""A desk's stable name, such as `К2`."""
Number = NewType("Number", str)
"""What is on the slip, such as `К-045`; unique in its day."""
VisitId = NewType("VisitId", int)


class State(StrEnum):
    """Where a ticket stands. The legal moves between states are `lifecycle.MOVES`."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    NO_SHOW = "no_show"
    DONE = "done"
    CANCELLED = "cancelled"


AT_DESK: Final = frozenset({State.CALLED, State.SERVING})
"""States in which a ticket occupies a desk and its visitor is busy."""
LIVE: Final = frozenset({State.WAITING, State.CALLED, State.SERVING, State.HELD, State.NO_SHOW})
"""States from which a ticket can still be served."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment: aware wall time, and the monotonic clock (seconds) of one boot for durations."""

    wall: datetime
    running: float
    boot: str


def elapsed(start: Instant, end: Instant) -> float:
    """Return the seconds from `start` to `end`, never negative.

    Within one boot the monotonic clock counts, because wall time may jump; across boots only wall time is left.
    """
    same_boot = start.boot == end.boot
    seconds = end.running - start.running if same_boot else (end.wall - start.wall).total_seconds()
    return max(0.0, seconds)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something is done and who does it (`operator:К1`, `device`, ...; never a person's name)."""

    at: Instant
    actor: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """One place in one service's queue. `place` is what issuing gave; nothing but issuing ever sets it."""

    number: Number
    service: ServiceCode
    place: int
    issued: Instant
    since: Instant
    state: State = State.WAITING
    desk: DeskId | None = None
    attempt: int = 0
    call_seq: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor's stay and all tickets of it, in the order of issue."""

    id: VisitId
    tickets: tuple[Ticket, ...] = ()
    language: str | None = None
    category: str | None = None

    def ticket(self, number: Number) -> Ticket:
        """Return the ticket of this number. Raises KeyError when the visit has none."""
        for ticket in self.tickets:
            if ticket.number == number:
                return ticket
        raise KeyError(number)

    @property
    def at_desk(self) -> Ticket | None:
        """The ticket that keeps this visitor busy, if any."""
        return next((ticket for ticket in self.tickets if ticket.state in AT_DESK), None)


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk, the services it gives in order of preference, and the ticket it has."""

    id: DeskId
    services: tuple[ServiceCode, ...]
    current: Number | None = None
    paused: bool = False
    pause_reason: str = field(default="")
