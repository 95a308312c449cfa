"""The one table of legal moves, and the only code that changes a ticket's state.

`decide` looks at a visit and a command and returns facts, or raises; `evolve` applies one fact. Both are pure.

    issue -> WAITING -call-> CALLED -start-> SERVING -finish-> DONE
                ^ ^            | |              |
                | +--return----+ +--no_show--> NO_SHOW -return-> WAITING, -call-> CALLED
                +--resume-- HELD <--hold-- WAITING, CALLED, SERVING
             transfer: CALLED, SERVING -> WAITING for another service, place kept
             cancel:   WAITING, CALLED, HELD, NO_SHOW -> CANCELLED
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from appliance.domain import events as e
from appliance.domain.errors import AlreadyHasTicket, DeskBusy, DeskPaused, NotAllowed, VisitorBusy, WrongDesk
from appliance.domain.model import AT_DESK, LIVE, Desk, Instant, Number, ServiceCode, State, Ticket, Visit


@dataclass(frozen=True, slots=True)
class Command:
    """Root of what can be asked of a ticket."""

    number: Number


@dataclass(frozen=True, slots=True)
class Call(Command):
    """Ask the ticket to `desk`; `reason` when it is called by hand, out of order."""

    desk: Desk
    skipped: tuple[Number, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recall(Command):
    """Ask again."""


@dataclass(frozen=True, slots=True)
class Start(Command):
    """The visitor arrived."""


@dataclass(frozen=True, slots=True)
class Finish(Command):
    """The talk ended."""

    topics: tuple[str, ...] = ()
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class NoShow(Command):
    """The visitor did not come."""


@dataclass(frozen=True, slots=True)
class Return(Command):
    """Let the ticket wait again, in its place."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hold(Command):
    """Let the ticket rest; its place is kept."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """End a hold."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Transfer(Command):
    """Let the ticket wait for another service, with its place."""

    service: ServiceCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cancel(Command):
    """The ticket will not be served."""

    reason: str = ""


MOVES: Final[Mapping[State, Mapping[type[Command], State]]] = {
    State.WAITING: {Call: State.CALLED, Hold: State.HELD, Cancel: State.CANCELLED},
    State.CALLED: {
        Recall: State.CALLED,
        Start: State.SERVING,
        NoShow: State.NO_SHOW,
        Return: State.WAITING,
        Hold: State.HELD,
        Transfer: State.WAITING,
        Cancel: State.CANCELLED,
    },
    State.SERVING: {Finish: State.DONE, Transfer: State.WAITING, Hold: State.HELD},
    State.HELD: {Resume: State.WAITING, Cancel: State.CANCELLED},
    State.NO_SHOW: {Return: State.WAITING, Call: State.CALLED, Cancel: State.CANCELLED},
    State.DONE: {},
    State.CANCELLED: {},
}
COMMANDS: Final = (Call, Recall, Start, Finish, NoShow, Return, Hold, Resume, Transfer, Cancel)

ENDS_IN: Final[Mapping[type[e.Event], State]] = {
    e.TicketCalled: State.CALLED,
    e.TicketRecalled: State.CALLED,
    e.TicketStarted: State.SERVING,
    e.TicketFinished: State.DONE,
    e.TicketMissed: State.NO_SHOW,
    e.TicketReturned: State.WAITING,
    e.TicketHeld: State.HELD,
    e.TicketResumed: State.WAITING,
    e.TicketTransferred: State.WAITING,
    e.TicketCancelled: State.CANCELLED,
}
"""The state each fact leaves its ticket in; `decide` and this agree with MOVES, which a test checks."""

_Reasoned = e.TicketReturned | e.TicketHeld | e.TicketResumed | e.TicketCancelled
TicketEvent = (
    e.TicketCalled
    | e.TicketRecalled
    | e.TicketStarted
    | e.TicketFinished
    | e.TicketMissed
    | e.TicketReturned
    | e.TicketHeld
    | e.TicketResumed
    | e.TicketTransferred
    | e.TicketCancelled
)

_WITH_REASON: Final[Mapping[type[Command], type[_Reasoned]]] = {
    Return: e.TicketReturned,
    Hold: e.TicketHeld,
    Resume: e.TicketResumed,
    Cancel: e.TicketCancelled,
}


def decide(visit: Visit, command: Command) -> TicketEvent:
    """Return the fact that `command` makes of one of the visit's tickets.

    Raises NotAllowed when MOVES has no such move, and what the command's own rule refuses: DeskBusy, DeskPaused,
    WrongDesk, VisitorBusy (call), AlreadyHasTicket (transfer). KeyError when the visit has no such ticket.
    """
    ticket = visit.ticket(command.number)
    if type(command) not in MOVES[ticket.state]:
        raise NotAllowed(f"{ticket.number} is {ticket.state.value}; {_verb(command)} is not possible then")
    match command:
        case Call():
            return _call(visit, ticket, command)
        case Transfer():
            return _transfer(visit, ticket, command)
        case Return(reason=why) | Hold(reason=why) | Resume(reason=why) | Cancel(reason=why):
            return _WITH_REASON[type(command)](ticket.number, ticket.service, why)
    return _at_desk(ticket, command)


def _at_desk(ticket: Ticket, command: Command) -> TicketEvent:
    """Decide what is only possible at a desk, where the table guarantees that the ticket has one."""
    number, service, desk = ticket.number, ticket.service, ticket.desk
    if desk is None:
        raise NotAllowed(f"{number} is at no desk")
    match command:
        case Recall():
            return e.TicketRecalled(number, service, desk, ticket.attempt + 1)
        case Start():
            return e.TicketStarted(number, service, desk)
        case Finish(topics=topics, outcome=outcome):
            return e.TicketFinished(number, service, desk, topics, outcome)
        case NoShow():
            return e.TicketMissed(number, service, desk)
    raise NotAllowed(f"{_verb(command)} is not a move of a ticket")


def _call(visit: Visit, ticket: Ticket, command: Call) -> e.TicketCalled:
    desk = command.desk
    if desk.current is not None:
        raise DeskBusy(f"desk {desk.id} has {desk.current}; finish it or send it on first")
    if desk.paused:
        raise DeskPaused(f"desk {desk.id} is paused; resume it first")
    if ticket.service not in desk.services:
        raise WrongDesk(f"{ticket.number} waits for service {ticket.service}, which desk {desk.id} does not give")
    if busy := visit.at_desk:
        raise VisitorBusy(f"the holder of {ticket.number} is at desk {busy.desk} with {busy.number}")
    return e.TicketCalled(ticket.number, ticket.service, desk.id, ticket.attempt + 1, command.skipped, command.reason)


def _transfer(visit: Visit, ticket: Ticket, command: Transfer) -> e.TicketTransferred:
    for other in visit.tickets:
        if other.service == command.service and other.state in LIVE:
            raise AlreadyHasTicket(f"this visitor already has {other.number} for service {command.service}")
    return e.TicketTransferred(ticket.number, command.service, ticket.service, command.reason)


def evolve(visit: Visit, event: TicketEvent, at: Instant, seq: int) -> Visit:
    """Return the visit after `event`, which happened `at` and has journal number `seq`."""
    ticket = visit.ticket(event.number)
    state = ENDS_IN[type(event)]
    changed = replace(
        ticket,
        state=state,
        service=event.service,
        since=ticket.since if isinstance(event, e.TicketRecalled) else at,
        desk=ticket.desk if state in AT_DESK else None,
    )
    if isinstance(event, e.TicketCalled | e.TicketRecalled):
        changed = replace(changed, desk=event.desk, attempt=event.attempt, call_seq=seq)
    tickets = tuple(changed if other.number == event.number else other for other in visit.tickets)
    return replace(visit, tickets=tickets)


def _verb(command: Command) -> str:
    return type(command).__name__.lower()
