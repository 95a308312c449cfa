"""The schema that revisions make is the schema that the code means."""

import re
import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import appliance.store.migrations
from appliance.office.ports import StoreUnavailable
from appliance.store.engine import WrongSchema, open_engine, revision
from appliance.store.schema import HEAD, metadata


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'kezek.db'}"


def schema(url):
    """Every table's columns and every index's statement."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            name: sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({name})"))
            for name in tables
            if name != "alembic_version"
        }
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        indexes = {name: re.sub(r"\s+", " ", sql) for name, sql in found}
        links = {name: connection.execute(f"PRAGMA foreign_key_list({name})").fetchall() for name in columns}
        keys = {name: sorted(row[2:5] for row in found) for name, found in links.items()}
    return columns, indexes, keys


def test_alembic_finds_nothing_to_add(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_migrated_database_is_the_one_that_the_tables_describe(url, tmp_path):
    """Conditions of partial indexes too, which Alembic does not compare."""
    open_engine(url).dispose()
    other = f"sqlite:///{tmp_path / 'other.db'}"
    fresh = create_engine(other)
    metadata.create_all(fresh)
    fresh.dispose()
    migrated, meant = schema(url), schema(other)
    assert migrated == meant
    assert sum("WHERE" in sql for sql in migrated[1].values()) >= 5


def test_the_head_is_the_newest_revision():
    script = ScriptDirectory(next(iter(appliance.store.migrations.__path__)))
    assert script.get_heads() == [HEAD]
    assert [one.revision for one in script.walk_revisions()][-1] == "0001"


def test_a_fresh_database_is_at_the_head_with_its_journal_at_0(url):
    engine = open_engine(url)
    assert revision(engine) == HEAD
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id, seq FROM journal_head").all() == [(1, 0)]
    engine.dispose()


def test_opening_again_changes_nothing(store, url, tmp_path):
    path = tmp_path / "kezek.db"
    open_engine(url).dispose()
    before = path.read_bytes()
    for _ in range(2):
        open_engine(url).dispose()
    assert path.read_bytes() == before


def test_a_newer_database_is_refused_and_left_alone(url, tmp_path, plain):
    open_engine(url).dispose()
    path = tmp_path / "kezek.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    before = path.read_bytes()
    with pytest.raises(WrongSchema) as caught:
        open_engine(url)
    assert isinstance(caught.value, StoreUnavailable)
    assert "0999" in str(caught.value)
    assert HEAD in str(caught.value)
    assert "update Kezek" in str(caught.value)
    plain(str(caught.value))
    assert path.read_bytes() == before


def test_an_upgrade_is_whole_or_nothing(url, tmp_path, monkeypatch):
    """A database that somebody else put tables into is not half upgraded."""
    path = tmp_path / "kezek.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE tickets (x)")
    with pytest.raises(StoreUnavailable):
        open_engine(url)
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert tables == ["tickets"]
