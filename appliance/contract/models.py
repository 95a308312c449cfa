"""The wire models of `/api/v1`, read and written by the server and by `appliance.client`.

Requests refuse fields they do not know; answers may grow, so readers ignore what they do not know.
Times are ISO 8601 strings with an offset; lengths of time are seconds.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Language = Literal["kk", "ru", "en"]
TicketState = Literal["waiting", "called", "serving", "held", "no_show", "done", "cancelled"]
DeskState = Literal["open", "paused"]
PrinterState = Literal["ready", "blocked", "offline", "unknown"]
Paper = Literal["ok", "low", "out", "unknown"]
Proof = Literal["echo", "processed", "drawn"]
Outcome = Literal["explained", "accepted", "redirected"]
Role = Literal["device", "operator", "supervisor"]

Text = Annotated[str, Meta(max_length=2000)]
ShortText = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the server sends: unknown fields are ignored by readers."""


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what the server reads: an unknown field is an error that names it."""


class Names(Answer, frozen=True, kw_only=True):
    """One name in the three languages."""

    kk: str
    ru: str
    en: str = ""


class Range(Answer, frozen=True, kw_only=True):
    """An honest wait: four of five waits end between `low` and `high` (minutes)."""

    low: int
    high: int


class EventInfo(Answer, frozen=True, kw_only=True):
    """The reception day as every surface names it."""

    title: Names
    day: str
    rehearsal: bool = False
    opens: str | None = None
    address: str | None = None


# --- health -------------------------------------------------------------------------------------------------


class PrinterHealth(Answer, frozen=True, kw_only=True):
    """A printer as last heard of; `queued` counts jobs that have not reached paper."""

    id: str
    state: PrinterState
    paper: Paper
    detail: str
    seen_at: str
    queued: int


class DisplayHealth(Answer, frozen=True, kw_only=True):
    """A TV whose event stream is open now."""

    id: str
    since: str


class Health(Answer, frozen=True, kw_only=True):
    """`GET /health`. `now` and `speed` let a TV without a clock battery show the appliance's time."""

    status: Literal["ok", "degraded"]
    version: str
    seq: int
    now: str
    speed: float
    printers: list[PrinterHealth]
    displays: list[DisplayHealth]
    notes: list[str] = []


class WhoAmI(Answer, frozen=True, kw_only=True):
    """`GET /whoami`: what a token is for. `desk` null means any desk."""

    role: Role
    desk: str | None


# --- board --------------------------------------------------------------------------------------------------


class Call(Answer, frozen=True, kw_only=True):
    """A ticket that is at a desk or on its way there. `seq` is the journal's seq of its latest call."""

    number: str
    desk: str
    service: str
    state: Literal["called", "serving"]
    attempt: int
    seq: int


class DeskOnBoard(Answer, frozen=True, kw_only=True):
    """A desk as the hall sees it."""

    id: str
    services: list[str]
    state: DeskState
    current: str | None


class ServiceOnBoard(Answer, frozen=True, kw_only=True):
    """A service as the hall sees it. `next` lists the first few who wait; `wait` is null until it is estimated."""

    code: str
    names: Names
    open: bool
    waiting: int
    wait: Range | None
    next: list[str]


class Notice(Answer, frozen=True, kw_only=True):
    """A line for every screen."""

    id: str
    text: Names


class Board(Answer, frozen=True, kw_only=True):
    """`GET /board`: everything a screen shows, a pure function of the journal up to `seq`. Newest call first."""

    seq: int
    event: EventInfo
    calls: list[Call]
    desks: list[DeskOnBoard]
    services: list[ServiceOnBoard]
    notices: list[Notice]


# --- visits and tickets -------------------------------------------------------------------------------------


class IssueRequest(Request, frozen=True, kw_only=True):
    """`POST /visits`: one visitor asks for one or more services, one ticket each."""

    services: Annotated[list[Code], Meta(min_length=1, max_length=24)]
    category: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$(?!\n)")] | None = None
    language: Language | None = None
    kiosk: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$(?!\n)")] | None = None


class TicketPlace(Answer, frozen=True, kw_only=True):
    """Where a ticket stands. `position` is 1 for the next to be called, null when it does not wait."""

    number: str
    service: str
    names: Names
    state: TicketState
    position: int | None
    wait: Range | None
    desk: str | None = None


class Visit(Answer, frozen=True, kw_only=True):
    """A visitor's stay. `secret` is on the slip's QR and opens the visitor's page; it is not the `id`."""

    id: str
    secret: str
    language: Language | None
    category: str | None
    tickets: list[TicketPlace]


class Nothing(Request, frozen=True, kw_only=True):
    """A verb that needs no more said: an empty body or `{}`."""


class Reason(Request, frozen=True, kw_only=True):
    """A verb that may be given a reason."""

    reason: Text = ""


# --- desks --------------------------------------------------------------------------------------------------


class CallRequest(Request, frozen=True, kw_only=True):
    """`POST /desks/<desk>/call`: a chosen ticket, out of order, with the reason that is logged."""

    ticket: Code
    reason: ShortText


class OnCurrent(Request, frozen=True, kw_only=True):
    """A verb on the ticket at a desk. `ticket` names the one that is meant: with another there, nothing is done.

    A tablet that was cut off names it, so that a tap kept back never ends somebody else's talk.
    """

    ticket: Code | None = None


class HoldRequest(OnCurrent, frozen=True, kw_only=True):
    """`POST /desks/<desk>/hold`."""

    reason: Text = ""


class FinishRequest(OnCurrent, frozen=True, kw_only=True):
    """`POST /desks/<desk>/finish`: what the talk was about and what became of it."""

    topics: Annotated[list[Code], Meta(max_length=10)] = []
    outcome: Outcome | None = None
    note: Text = ""


class TransferRequest(OnCurrent, frozen=True, kw_only=True):
    """`POST /desks/<desk>/transfer`: to another service; the place that issuing gave is kept."""

    service: Code
    reason: Text = ""


class OtherTicket(Answer, frozen=True, kw_only=True):
    """Another ticket of the same visitor."""

    number: str
    service: str
    state: TicketState
    desk: str | None


class DeskTicket(Answer, frozen=True, kw_only=True):
    """The ticket at a desk. `elapsed` is seconds in its present state, from the clock that does not jump."""

    number: str
    service: str
    names: Names
    state: Literal["called", "serving"]
    attempt: int
    elapsed: float
    language: Language | None
    category: str | None
    others: list[OtherTicket]


class Waiting(Answer, frozen=True, kw_only=True):
    """A ticket that this desk could call, and how long it has waited (seconds)."""

    number: str
    service: str
    waited: float
    category: str | None


class Skipped(Answer, frozen=True, kw_only=True):
    """A ticket that is passed over with its place kept, and where its visitor is."""

    number: str
    service: str
    reason: Literal["busy", "held"]
    desk: str | None


class TopicChoice(Answer, frozen=True, kw_only=True):
    """A topic an operator may record."""

    code: str
    names: Names
    group: str


class Desk(Answer, frozen=True, kw_only=True):
    """`GET /desks/<desk>` and the answer of every desk verb.

    `busy` lists those passed over, `absent` those who did not come when called, `held` those who rest; oldest first.
    """

    id: str
    seq: int
    services: list[str]
    names: Names
    state: DeskState
    pause_reason: str
    current: DeskTicket | None
    waiting: int
    next: list[Waiting]
    busy: list[Skipped]
    absent: list[str]
    held: list[str]
    topics: list[TopicChoice]
    rehearsal: bool


# --- printing -----------------------------------------------------------------------------------------------


class SlipLine(Answer, frozen=True, kw_only=True):
    """One of the visitor's tickets as listed on each of his slips."""

    number: str
    names: Names


class Slip(Answer, frozen=True, kw_only=True):
    """The facts of a slip, never bytes: layout belongs to the printer. Nothing personal is in here.

    `ahead` is the people before this one at issue; `desks` where to wait; `tickets` all of the visitor's.
    """

    number: str
    service: str
    names: Names
    desks: list[str]
    ahead: int
    wait: Range | None
    issued_at: str
    tickets: list[SlipLine]
    url: str | None
    event: EventInfo
    language: Language | None


class Job(Answer, frozen=True, kw_only=True):
    """A print job. `resumed` says that this printer claimed it before and never reported an end."""

    id: int
    printer: str
    copy: bool
    resumed: bool
    slip: Slip


class JobPrinted(Request, frozen=True, kw_only=True):
    """`POST /jobs/<id>/printed`: said on proof only.

    `echo` the device answered the fence after the cut; `processed` it answered an in-order status request;
    `drawn` the virtual printer drew the paper.
    """

    proof: Proof


class JobSent(Request, frozen=True, kw_only=True):
    """`POST /jobs/<id>/sent`: all bytes written to a device that cannot answer. Not called printed."""

    detail: Text = ""


class JobTrouble(Request, frozen=True, kw_only=True):
    """`POST /jobs/<id>/uncertain` or `/failed`: what happened, for the supervisor.

    `uncertain`: some bytes went out and no proof came; the same number is queued again, marked as a copy.
    `failed`: nothing will be printed without a person.
    """

    reason: ShortText


class PrinterStatus(Request, frozen=True, kw_only=True):
    """`PUT /printers/<id>/status`."""

    state: PrinterState
    paper: Paper = "unknown"
    detail: Text = ""


class JobState(Answer, frozen=True, kw_only=True):
    """The job after a report."""

    id: int
    state: Literal["queued", "claimed", "printed", "sent", "uncertain", "failed"]


# --- roster -------------------------------------------------------------------------------------------------


class ServiceEntry(Request, frozen=True, kw_only=True):
    """A department that receives. `desks` is how many; their ids are the prefix and a number from 1."""

    prefix: str
    names: Names
    desks: int
    minutes: float
    topics: list[str] = []


class TopicEntry(Request, frozen=True, kw_only=True):
    """A topic; topics are counted by `group` at the end of the day."""

    code: str
    names: Names
    group: str


class Roster(Request, frozen=True, kw_only=True):
    """`GET/PUT /roster`: who receives and about what."""

    services: list[ServiceEntry]
    topics: list[TopicEntry] = []


class RosterChange(Answer, frozen=True, kw_only=True):
    """One difference between the roster in force and the one that was loaded."""

    kind: Literal["added", "changed", "removed"]
    what: Literal["service", "desk", "topic"]
    code: str
    detail: str = ""


class RosterLoaded(Answer, frozen=True, kw_only=True):
    """The answer of `PUT /roster`."""

    roster: Roster
    changes: list[RosterChange]


# --- journal, events, errors --------------------------------------------------------------------------------


class Entry(Answer, frozen=True, kw_only=True):
    """A journal row: also the data of a server-sent event, whose `id:` is `seq` and whose `event:` is `type`.

    `at` is wall time; `running` is the monotonic clock of boot `boot` (seconds), for durations.
    """

    seq: int
    at: str
    running: float
    boot: str
    day: str
    type: str
    version: int
    actor: str | None = None
    data: dict[str, Any] = {}


class Fault(Answer, frozen=True, kw_only=True):
    """One thing wrong with bad input: where, what, and what would be right."""

    where: str
    problem: str
    remedy: str


class Problem(Answer, frozen=True, kw_only=True):
    """RFC 9457 `application/problem+json`; `code` is stable, see `appliance.contract.problems`."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str | None = None
    errors: list[Fault] = []


# --- report -------------------------------------------------------------------------------------------------


class Spread(Answer, frozen=True, kw_only=True):
    """Mean, median and 95th percentile (nearest rank), in seconds; null where there was nothing to measure."""

    mean: float | None
    median: float | None
    p95: float | None


class TopicCount(Answer, frozen=True, kw_only=True):
    """How many finished tickets were about this topic."""

    code: str
    names: Names
    count: int


class GroupCount(Answer, frozen=True, kw_only=True):
    """How many finished tickets touched this group of topics, with its topics, most frequent first."""

    group: str
    count: int
    share: float
    topics: list[TopicCount]


class ServiceDay(Answer, frozen=True, kw_only=True):
    """A service's day."""

    code: str
    names: Names
    tickets: int
    served: int
    absent: int
    cancelled: int
    open: int
    wait: Spread
    service: Spread


class DayReport(Answer, frozen=True, kw_only=True):
    """`GET /reports/day.json`. `open` counts tickets that are neither done, absent nor cancelled."""

    event: EventInfo
    made_at: str
    visits: int
    tickets: int
    served: int
    absent: int
    cancelled: int
    open: int
    first_issue: str | None
    last_finish: str | None
    wait: Spread
    top_groups: list[GroupCount]
    outcomes: dict[str, int]
    services: list[ServiceDay]
