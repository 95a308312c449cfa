"""Facts: typed, frozen, past tense. The class name is the type in the journal and on the event stream.

`version` rises when a field changes its meaning; a new field with a default does not raise it. Nothing personal
is ever a field: what a visitor said belongs to the appeal, not to the journal.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from appliance.domain.model import DeskId, Number, ServiceCode, VisitId


@dataclass(frozen=True, slots=True)
class Event:
    """Root of all facts."""

    version: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class TicketIssued(Event):
    """A ticket was committed. `place` orders all tickets of the day."""

    number: Number
    service: ServiceCode
    visit: VisitId
    place: int
    language: str | None = None
    category: str | None = None
    kiosk: str | None = None


@dataclass(frozen=True, slots=True)
class TicketCalled(Event):
    """A ticket was asked to a desk. `skipped` were earlier in line and kept their place; `reason` if by hand."""

    number: Number
    service: ServiceCode
    desk: DeskId
    attempt: int
    skipped: tuple[Number, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketRecalled(Event):
    """The same ticket was asked to the same desk again."""

    number: Number
    service: ServiceCode
    desk: DeskId
    attempt: int


@dataclass(frozen=True, slots=True)
class TicketStarted(Event):
    """The visitor arrived at the desk."""

    number: Number
    service: ServiceCode
    desk: DeskId


@dataclass(frozen=True, slots=True)
class TicketFinished(Event):
    """The talk ended; `topics` are codes, `outcome` is explained, accepted, redirected or None."""

    number: Number
    service: ServiceCode
    desk: DeskId
    topics: tuple[str, ...] = ()
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class TicketMissed(Event):
    """The visitor did not come to the desk."""

    number: Number
    service: ServiceCode
    desk: DeskId


@dataclass(frozen=True, slots=True)
class TicketReturned(Event):
    """The ticket waits again, in the place that issuing gave."""

    number: Number
    service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketHeld(Event):
    """The ticket rests by the visitor's wish; its place is kept."""

    number: Number
    service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketResumed(Event):
    """A held ticket waits again, in its place."""

    number: Number
    service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketTransferred(Event):
    """The ticket waits for another service, with its number and its place."""

    number: Number
    service: ServiceCode
    from_service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketCancelled(Event):
    """The ticket will not be served."""

    number: Number
    service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeskPaused(Event):
    """The desk calls nobody for a while."""

    desk: DeskId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeskResumed(Event):
    """The desk calls again."""

    desk: DeskId


@dataclass(frozen=True, slots=True)
class ServiceOpened(Event):
    """The service takes new tickets."""

    service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ServiceClosed(Event):
    """The service takes no new tickets; those who wait are still called."""

    service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RosterChanged(Event):
    """A roster was loaded; each change reads like `service К changed: minutes 10 -> 12`."""

    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayOpened(Event):
    """Numbers begin again at 001; every service is open and no desk is paused."""

    day: str
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class DayDescribed(Event):
    """The day's title, opening time or address was set."""

    title: str


@dataclass(frozen=True, slots=True)
class SlipQueued(Event):
    """A slip is owed to paper. `copy` marks a reprint."""

    job: int
    number: Number
    printer: str
    copy: bool = False


@dataclass(frozen=True, slots=True)
class SlipPrinted(Event):
    """The slip is on paper; `proof` says how that is known."""

    job: int
    number: Number
    printer: str
    proof: str


@dataclass(frozen=True, slots=True)
class SlipSent(Event):
    """The slip went to a printer that cannot answer."""

    job: int
    number: Number
    printer: str


@dataclass(frozen=True, slots=True)
class SlipUncertain(Event):
    """Some of the slip went out and no proof came back; a marked copy is queued."""

    job: int
    number: Number
    printer: str
    reason: str


@dataclass(frozen=True, slots=True)
class SlipFailed(Event):
    """The slip will not print without a person."""

    job: int
    number: Number
    printer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PrinterChanged(Event):
    """A printer reported another state than before."""

    printer: str
    state: str
    paper: str
    detail: str = field(default="")
