"""What the office needs of a store. One `Unit` is one transaction: it commits only when asked, else it rolls back.

The store implements these; nothing here opens anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from appliance.contract import models as m
from appliance.domain.dispatch import Waiting
from appliance.domain.events import Event
from appliance.domain.model import Desk, DeskId, Instant, Number, ServiceCode, Stamp, Ticket, Visit, VisitId
from appliance.domain.roster import Roster, Topic


class StoreUnavailable(Exception):
    """The database cannot be opened or written: a missing folder, a full or read-only disk, a lock held too long.

    StoreUnavailable
    └── WrongSchema (store.engine)    the database was written by a newer Kezek
    """

    code = "store_unavailable"


@dataclass(frozen=True, slots=True)
class Day:
    """The open day. `id` is the store's; `event` what every surface says of it."""

    id: int
    event: m.EventInfo


@dataclass(frozen=True, slots=True)
class Service:
    """A service in force."""

    code: ServiceCode
    names: m.Names
    minutes: float
    open: bool


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What issuing knows of a visit before it has an id."""

    secret: str
    language: m.Language | None
    category: str | None
    kiosk: str | None


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A slip that is owed to paper: facts, not bytes."""

    id: int
    printer: str
    number: Number
    copy: bool
    state: str
    slip: m.Slip


@dataclass(frozen=True, slots=True)
class Appeal:
    """What a visitor asked and what became of it."""

    number: Number
    desk: DeskId
    topics: tuple[str, ...]
    outcome: m.Outcome | None
    note: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A stored answer of a request that was carried out. `fingerprint` is a digest of that request."""

    fingerprint: bytes
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """Who a bearer token is for. `desk` None means any desk."""

    id: int
    role: str
    desk: DeskId | None


class Queue(Protocol):
    """Visits and tickets of the open day."""

    def take_count(self, service: ServiceCode) -> int:
        """Return the next count of the service's day, from 1, taken by this transaction."""

    def take_place(self) -> int:
        """Return the next place in the day's order, from 1, taken by this transaction."""

    def add_visit(self, visit: NewVisit) -> VisitId:
        """Store a visit without tickets."""

    def add_ticket(self, visit: VisitId, ticket: Ticket) -> None:
        """Store a new ticket."""

    def save_ticket(self, ticket: Ticket) -> None:
        """Store a ticket's changed state, found by its number."""

    def visit_of(self, number: Number) -> Visit:
        """Return the visit that holds this ticket of the open day. Raises UnknownTicket."""

    def visit_by_secret(self, secret: str) -> Visit:
        """Return the open day's visit by its slip's secret. Raises UnknownVisit."""

    def secret_of(self, visit: VisitId) -> str:
        """Return the visit's secret."""

    def line(self, services: tuple[ServiceCode, ...] | None = None) -> list[Waiting]:
        """Return all who wait today, or for these services, by place, with the desk where each visitor is busy."""

    def ahead(self, service: ServiceCode, place: int) -> int:
        """Return how many wait for this service with an earlier place."""

    def at_desks(self) -> list[Ticket]:
        """Return today's tickets that are called or served."""

    def absent(self) -> list[Ticket]:
        """Return today's tickets that did not come when called, oldest call first."""

    def held(self) -> list[Ticket]:
        """Return today's tickets that rest by their visitors' wish, by place."""

    def issued(self) -> int:
        """Return how many tickets were issued today."""

    def live(self) -> int:
        """Return how many of today's tickets can still be served."""

    def live_services(self) -> frozenset[ServiceCode]:
        """Return the services for which anybody waits, is held, absent or at a desk."""


class House(Protocol):
    """Services, desks and topics in force, and the open day."""

    def day(self) -> Day | None:
        """Return the open day, if one was ever opened."""

    def today(self) -> Day:
        """Return the open day. Raises LookupError before the first one, which wiring opens."""

    def days(self) -> list[Day]:
        """Return every day that was ever opened, newest first."""

    def open_day(self, event: m.EventInfo) -> Day:
        """Close the open day, if any, and open a new one, with every service open and no desk paused."""

    def describe_day(self, event: m.EventInfo) -> None:
        """Replace the open day's title, opening time and address."""

    def services(self) -> list[Service]:
        """Return the services in the roster's order."""

    def desks(self) -> list[Desk]:
        """Return the desks in the roster's order, with the ticket each has."""

    def desks_giving(self, service: ServiceCode) -> list[DeskId]:
        """Return the desks that give a service."""

    def desk(self, desk: DeskId) -> Desk:
        """Return one desk. Raises UnknownDesk."""

    def save_desk(self, desk: Desk) -> None:
        """Store whether the desk is paused and why."""

    def set_open(self, service: ServiceCode, *, is_open: bool) -> None:
        """Store whether the service takes new tickets."""

    def topics_of(self, services: Iterable[ServiceCode]) -> list[Topic]:
        """Return the topics of these services, in their order, each once."""

    def topics(self) -> list[Topic]:
        """Return all topics ever loaded, so that old records keep their names."""

    def roster(self) -> Roster:
        """Return the roster in force; empty when none was loaded."""

    def replace_roster(self, roster: Roster) -> None:
        """Put this roster in force; what is left out becomes inactive and keeps its history."""


class Journal(Protocol):
    """The append-only record. Its seq comes from one head row, so a reader misses nothing."""

    def append(self, events: Sequence[Event], stamp: Stamp) -> int:
        """Record facts, in order, and return the seq of the last one."""

    def head(self) -> int:
        """Return the seq of the newest entry, 0 when there is none."""

    def after(self, seq: int, limit: int) -> list[m.Entry]:
        """Return up to `limit` entries after `seq`, in order, of all days."""

    def of_day(self, day: Day) -> Iterator[m.Entry]:
        """Yield all entries of a day, in order."""


class Outbox(Protocol):
    """Print jobs and printers."""

    def put(self, printer: str, slip: m.Slip, *, copy: bool, at: Instant) -> int:
        """Queue a slip and return the job's id."""

    def oldest(self, printer: str, state: str) -> PrintJob | None:
        """Return the oldest job of this printer in this state (queued or claimed)."""

    def owed(self) -> list[PrintJob]:
        """Return every job that has not reached paper and has no end yet, each printer's oldest first."""

    def job(self, job: int) -> PrintJob:
        """Return one job. Raises UnknownJob."""

    def move(self, job: int, expected: str, state: str, detail: str = "") -> bool:
        """Move a job from `expected` to `state`; False when it was not in `expected`."""

    def printer(self, printer: str) -> m.PrinterStatus | None:
        """Return what a printer said of itself last, None when it never reported."""

    def printers(self) -> list[m.PrinterHealth]:
        """Return every printer that ever reported, with how many slips it owes."""

    def failed(self) -> list[Number]:
        """Return today's numbers whose newest slip failed."""

    def unheard(self) -> dict[str, int]:
        """Return how many slips are owed to each printer that never reported."""

    def save_printer(self, printer: str, status: m.PrinterStatus, at: Instant) -> None:
        """Store what a printer said of itself."""

    def last_slip(self, number: Number) -> PrintJob | None:
        """Return the newest job for this number of the open day."""


class Desktop(Protocol):
    """Idempotency keys, tokens, appeals and settings."""

    def reply(self, actor: str, key: str) -> Reply | None:
        """Return the stored reply to this actor's key."""

    def keep_reply(self, actor: str, key: str, reply: Reply, at: Instant) -> None:
        """Store the reply to this actor's key."""

    def token(self, digest: bytes) -> Token | None:
        """Return whom a token's digest belongs to."""

    def add_token(self, token: Token, digest: bytes, at: Instant) -> None:
        """Store a token's digest; `token.id` is ignored."""

    def add_appeal(self, appeal: Appeal, at: Instant) -> None:
        """Store what was asked and what became of it."""

    def setting(self, key: str) -> str | None:
        """Return a stored setting."""

    def save_setting(self, key: str, value: str) -> None:
        """Store a setting."""


class Unit(Protocol):
    """One transaction over all of it."""

    @property
    def queue(self) -> Queue:
        """Visits and tickets."""

    @property
    def house(self) -> House:
        """Services, desks, topics, the day."""

    @property
    def journal(self) -> Journal:
        """The record of facts."""

    @property
    def outbox(self) -> Outbox:
        """What is owed to paper."""

    @property
    def desktop(self) -> Desktop:
        """Keys, tokens, appeals, settings."""

    def commit(self) -> None:
        """Make it durable. Without this, leaving the unit rolls back."""


class Store(Protocol):
    """Opens units."""

    def read(self) -> AbstractContextManager[Unit]:
        """Open a unit that reads one consistent state."""

    def write(self) -> AbstractContextManager[Unit]:
        """Open a unit that may commit; only one is open at a time."""
