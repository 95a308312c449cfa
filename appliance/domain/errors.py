"""What the rules refuse, as one tree. Each class has a stable `code`; HTTP statuses are mapped once, in the API.

QueueError
├── Unknown
│   ├── UnknownService   UnknownDesk   UnknownTicket   UnknownVisit   UnknownTopic   UnknownPrinter   UnknownJob
│   └── UnknownDay
├── NotAllowed           the table of moves has no such move
├── NobodyWaiting        nobody who is free waits for this desk
├── DeskBusy             the desk already has a ticket
├── DeskIdle             the desk has no ticket
├── OtherTicket          the desk has another ticket than the one that is meant
├── DeskPaused           DeskNotPaused
├── WrongDesk            the desk does not give the ticket's service
├── VisitorBusy          the visitor is at another desk
├── ServiceClosed        ServiceWithoutDesks   DuplicateService   AlreadyHasTicket   NumbersExhausted
├── JobNotClaimed        a report on a print job that is not in anybody's hands
├── KeyReused            an idempotency key came with another request
├── DayInUse             a new day would leave people or real tickets behind
├── RosterEmpty          no roster is loaded
├── RosterRejected       carries every fault at once
└── ServiceInUse         the new roster would remove what people wait for
"""

from dataclasses import dataclass


class QueueError(Exception):
    """Root of what the rules refuse. The text says what was refused and what to do; it holds nothing personal."""

    code = "not_allowed"


class Unknown(QueueError):
    """Something was named that does not exist."""

    code = "not_found"


class UnknownService(Unknown):
    """There is no such service in the roster."""

    code = "unknown_service"


class UnknownDesk(Unknown):
    """There is no such desk in the roster."""

    code = "unknown_desk"


class UnknownTicket(Unknown):
    """No ticket has this number today."""

    code = "unknown_ticket"


class UnknownVisit(Unknown):
    """No visit has this secret."""

    code = "unknown_visit"


class UnknownTopic(Unknown):
    """There is no such topic in the roster."""

    code = "unknown_topic"


class UnknownPrinter(Unknown):
    """No printer of this name ever reported."""

    code = "unknown_printer"


class UnknownJob(Unknown):
    """There is no such print job."""

    code = "unknown_job"


class UnknownDay(Unknown):
    """No reception day has this date."""

    code = "unknown_day"


class NotAllowed(QueueError):
    """The table of moves has no such move from the ticket's state."""

    code = "not_allowed"


class NobodyWaiting(QueueError):
    """Nobody who is free waits for this desk."""

    code = "nobody_waiting"


class DeskBusy(QueueError):
    """The desk already has a ticket."""

    code = "desk_busy"


class DeskIdle(QueueError):
    """The desk has no ticket."""

    code = "desk_idle"


class OtherTicket(QueueError):
    """The desk has another ticket than the one that is meant."""

    code = "other_ticket"


class DeskPaused(QueueError):
    """The desk is paused."""

    code = "desk_paused"


class DeskNotPaused(QueueError):
    """The desk is not paused."""

    code = "desk_not_paused"


class WrongDesk(QueueError):
    """The desk does not give the ticket's service."""

    code = "wrong_desk"


class VisitorBusy(QueueError):
    """The visitor is called to, or served at, another desk."""

    code = "visitor_busy"


class ServiceClosed(QueueError):
    """The service takes no new tickets."""

    code = "service_closed"


class ServiceWithoutDesks(QueueError):
    """No desk gives this service."""

    code = "service_without_desks"


class DuplicateService(QueueError):
    """A visit asks for the same service twice."""

    code = "duplicate_service"


class AlreadyHasTicket(QueueError):
    """The visitor already has a live ticket for this service."""

    code = "already_has_ticket"


class NumbersExhausted(QueueError):
    """All numbers of this service are used today."""

    code = "numbers_exhausted"


class JobNotClaimed(QueueError):
    """The print job is not in a printer's hands, so nothing can be reported of it."""

    code = "job_not_claimed"


class KeyReused(QueueError):
    """An idempotency key came with another request than the one it was used for."""

    code = "idempotency_key_reused"


class DayInUse(QueueError):
    """A new day would leave behind people who wait, or mix a rehearsal with a real day."""

    code = "day_in_use"


class RosterEmpty(QueueError):
    """No roster is loaded."""

    code = "roster_empty"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a roster: where (`roster.csv, row 3, column minutes`), what, and what would be right."""

    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}. {self.remedy}"


class RosterRejected(QueueError):
    """The roster has faults; nothing was loaded."""

    code = "roster_rejected"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        count = f"{len(faults)} fault" + ("s" if len(faults) != 1 else "")
        super().__init__(f"the roster has {count}; nothing was loaded")
        self.faults = faults


class ServiceInUse(QueueError):
    """The new roster would remove a service or desk that people wait for or sit at."""

    code = "service_in_use"
