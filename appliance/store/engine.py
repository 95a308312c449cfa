"""Opening the database: pragmas, write locks, the schema's version.

SQLite runs in WAL with `synchronous=FULL`: a slip outlives a power cut, so its transaction must too. Write units open
with BEGIN IMMEDIATE, because a deferred one that turns into a writer fails with 'database is locked'.
"""

import logging
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from appliance.office.ports import StoreUnavailable
from appliance.store.schema import HEAD

BUSY_SECONDS: Final = 10.0
log = logging.getLogger(__name__)


class WrongSchema(StoreUnavailable):
    """The database has a revision this code does not know."""


def open_engine(url: str) -> Engine:
    """Return an engine whose database has this code's schema, upgrading an older one.

    `url` is an SQLAlchemy URL such as `sqlite:////var/lib/kezek/kezek.db`. Raises StoreUnavailable, WrongSchema.
    """
    engine = create_engine(url, pool_size=8, max_overflow=72, connect_args=_connect_args(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        _ensure_schema(engine)
    except StoreUnavailable:
        engine.dispose()
        raise
    except (DBAPIError, sqlite3.Error) as error:
        engine.dispose()
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"the database {make_url(url).database} cannot be opened: {reason}") from error
    return engine


def _connect_args(url: str) -> dict[str, object]:
    if make_url(url).get_backend_name() == "sqlite":
        return {"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
    return {}


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("kezek_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def revision(engine: Engine) -> str | None:
    """Return the database's Alembic revision, None when it is empty."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(select(text("version_num")).select_from(table("alembic_version"))).scalar()


def _ensure_schema(engine: Engine) -> None:
    found = revision(engine)
    if found != HEAD:
        _upgrade(engine, found)


def _upgrade(engine: Engine, found: str | None) -> None:
    """Run the revisions from `found` to HEAD in one transaction: all of them or none."""
    # Alembic is wanted once in a database's life; the server's memory is wanted all day.
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.script.revision import RevisionError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    try:
        steps = list(script.iterate_revisions(HEAD, found or "base"))
    except RevisionError as error:
        raise WrongSchema(
            f"the database has revision {found}; this Kezek knows up to {HEAD}: update Kezek"
        ) from error
    log.info("database upgrade from %s to %s, %d revisions", found, HEAD, len(steps))
    with (
        EnvironmentContext(config, script, fn=lambda rev, _context: script._upgrade_revs(HEAD, rev)) as context,  # noqa: SLF001 - Alembic's own command does the same
        engine.connect().execution_options(kezek_write=True) as connection,
        connection.begin(),
    ):
        context.configure(connection=connection, target_metadata=None)
        context.run_migrations()
