"""The tables. The two invariants of the hall are partial unique indexes here as well as rules in the domain.

A change here needs an Alembic revision in `migrations/versions` and a new `HEAD`.
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    text,
)

HEAD: Final = "0001"
"""The revision this code works with, checked on connect."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

settings = Table(
    "settings",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

journal_head = Table(
    "journal_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    # Rises with every change of day, services, desks or topics, so that these may be kept in memory.
    Column("setup", Integer, nullable=False),
)

days = Table(
    "days",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("label", String, nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    Column("title_kk", Text, nullable=False),
    Column("title_ru", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("opens", String),
    Column("address", String),
    Column("is_open", Boolean, nullable=False),
    Column("last_place", Integer, nullable=False),
)
Index("uq_days_one_open", days.c.is_open, unique=True, sqlite_where=text("is_open"), postgresql_where=text("is_open"))

services = Table(
    "services",
    metadata,
    Column("code", String, primary_key=True),
    Column("name_kk", Text, nullable=False),
    Column("name_ru", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("desks", Integer, nullable=False),
    Column("minutes", Float, nullable=False),
    Column("position", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
)

desks = Table(
    "desks",
    metadata,
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("pause_reason", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

desk_services = Table(
    "desk_services",
    metadata,
    Column("desk", ForeignKey("desks.id"), primary_key=True),
    Column("service", ForeignKey("services.code"), primary_key=True),
    Column("rank", Integer, nullable=False),
)

topics = Table(
    "topics",
    metadata,
    Column("code", String, primary_key=True),
    Column("name_kk", Text, nullable=False),
    Column("name_ru", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("group", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
)

service_topics = Table(
    "service_topics",
    metadata,
    Column("service", ForeignKey("services.code"), primary_key=True),
    Column("topic", ForeignKey("topics.code"), primary_key=True),
    Column("position", Integer, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("day", ForeignKey("days.id"), primary_key=True),
    Column("service", String, primary_key=True),
    Column("last", Integer, nullable=False),
)

visits = Table(
    "visits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", ForeignKey("days.id"), nullable=False),
    Column("secret", String, nullable=False),
    Column("language", String),
    Column("category", String),
    Column("kiosk", String),
    UniqueConstraint("secret"),
)
Index(None, visits.c.day)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", ForeignKey("days.id"), nullable=False),
    Column("number", String, nullable=False),
    Column("service", String, nullable=False),
    Column("visit", ForeignKey("visits.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("desk", String),
    Column("attempt", Integer, nullable=False),
    Column("call_seq", Integer, nullable=False),
    Column("issued_at", String, nullable=False),
    Column("issued_running", Float, nullable=False),
    Column("issued_boot", String, nullable=False),
    Column("since_at", String, nullable=False),
    Column("since_running", Float, nullable=False),
    Column("since_boot", String, nullable=False),
    UniqueConstraint("day", "number"),
)
_AT_DESK = text("state IN ('called', 'serving')")
_LIVE = text("state IN ('waiting', 'called', 'serving', 'held', 'no_show')")
Index(
    "uq_tickets_one_per_desk",
    tickets.c.day,
    tickets.c.desk,
    unique=True,
    sqlite_where=_AT_DESK,
    postgresql_where=_AT_DESK,
)
Index("uq_tickets_one_desk_per_visit", tickets.c.visit, unique=True, sqlite_where=_AT_DESK, postgresql_where=_AT_DESK)
Index("ix_tickets_live", tickets.c.day, tickets.c.service, sqlite_where=_LIVE, postgresql_where=_LIVE)
Index(None, tickets.c.visit)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("day", ForeignKey("days.id"), nullable=False),
    Column("at", String, nullable=False),
    Column("running", Float, nullable=False),
    Column("boot", String, nullable=False),
    Column("type", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("actor", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
Index(None, journal.c.day, journal.c.seq)

appeals = Table(
    "appeals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", ForeignKey("days.id"), nullable=False),
    Column("ticket", ForeignKey("tickets.id"), nullable=False),
    Column("desk", String, nullable=False),
    Column("topics", Text, nullable=False),
    Column("outcome", String),
    Column("note", Text, nullable=False),
    Column("at", String, nullable=False),
)
Index(None, appeals.c.day)

printers = Table(
    "printers",
    metadata,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("paper", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("seen_at", String, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", ForeignKey("days.id"), nullable=False),
    Column("printer", String, nullable=False),
    Column("number", String, nullable=False),
    Column("copy", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("slip", LargeBinary, nullable=False),
    Column("detail", Text, nullable=False),
    Column("queued_at", String, nullable=False),
)
_OWED = text("state IN ('queued', 'claimed')")
Index(None, jobs.c.day, jobs.c.number)
Index("ix_jobs_owed", jobs.c.printer, jobs.c.id, sqlite_where=_OWED, postgresql_where=_OWED)

replies = Table(
    "replies",
    metadata,
    Column("actor", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("role", String, nullable=False),
    Column("desk", String),
    Column("hash", LargeBinary, nullable=False),
    Column("created_at", String, nullable=False),
    UniqueConstraint("hash"),
)


# The conditions of the partial indexes, with literals instead of parameters: only so do the indexes serve a query.


def is_at_desk(state: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition of the two invariants' indexes."""
    return state.in_(bindparam(None, ("called", "serving"), expanding=True, literal_execute=True))


def is_live(state: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition of the index over tickets that can still be served."""
    live = ("waiting", "called", "serving", "held", "no_show")
    return state.in_(bindparam(None, live, expanding=True, literal_execute=True))


def is_owed(state: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition of the index over print jobs that have not reached paper."""
    return state.in_(bindparam(None, ("queued", "claimed"), expanding=True, literal_execute=True))
