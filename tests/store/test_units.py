"""Units of work: how the database is opened, what a writer holds, what is left of one that fails."""

import sqlite3
import threading

import pytest

from appliance.domain.events import DeskResumed
from appliance.domain.model import DeskId
from appliance.office.ports import StoreUnavailable


def pragma(unit, name):
    return unit._connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_slip_outlives_a_power_cut(store, mode):
    """WAL with FULL: the log is synced at each commit. NORMAL lost every acknowledged ticket when measured."""
    with getattr(store, mode)() as unit:
        assert pragma(unit, "journal_mode") == "wal"
        assert pragma(unit, "synchronous") == 2
        assert pragma(unit, "foreign_keys") == 1


def test_every_connection_of_the_pool_is_prepared(store):
    with store.read() as first, store.read() as second, store.read() as third:
        for unit in (first, second, third):
            assert (pragma(unit, "synchronous"), pragma(unit, "foreign_keys")) == (2, 1)


def test_a_writer_holds_the_lock_from_its_beginning(store, raw):
    raw.execute("PRAGMA busy_timeout = 0")
    with store.write() as unit:
        unit.journal.head()  # nothing was written yet
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            raw.execute("BEGIN IMMEDIATE")
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("ROLLBACK")


def test_a_reader_holds_nobody_up(store, raw):
    raw.execute("PRAGMA busy_timeout = 0")
    with store.read() as unit:
        unit.queue.line()
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("ROLLBACK")


def test_writers_of_one_process_wait_for_each_other(store, clock):
    entered, done = threading.Event(), []

    def second():
        entered.set()
        with store.write() as unit:
            done.append(unit.journal.head())

    thread = threading.Thread(target=second)
    with store.write() as unit:
        seq = unit.journal.append((DeskResumed(DeskId("К1")),), clock.stamp())
        thread.start()
        assert entered.wait(5)
        assert done == []
        unit.commit()
    thread.join(5)
    assert done == [seq]


def test_a_writer_of_another_process_is_waited_for(store, raw, hall):
    raw.execute("BEGIN IMMEDIATE")
    issued = []
    thread = threading.Thread(target=lambda: issued.extend(hall.issue("К")))
    thread.start()
    thread.join(0.2)
    assert issued == []
    raw.execute("COMMIT")
    thread.join(10)
    assert issued == ["К-001"]


def test_a_reader_sees_one_state_though_others_write(store, hall):
    with store.read() as unit:
        before = (unit.journal.head(), unit.queue.line())
        hall.issue("К")
        assert (unit.journal.head(), unit.queue.line()) == before
    with store.read() as unit:
        assert unit.journal.head() == before[0] + 2


def everything(raw):
    tables = [one[0] for one in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {table: [tuple(row) for row in raw.execute(f"SELECT * FROM {table}")] for table in tables}


class Fault(Exception):
    """What goes wrong within a unit."""


def test_a_unit_that_fails_leaves_nothing(store, raw, hall, clock):
    hall.issue("К", "Ж")
    before = everything(raw)

    def fail(unit):
        unit.queue.take_count("К")
        unit.queue.take_place()
        unit.journal.append((DeskResumed(DeskId("К1")),), clock.stamp())
        unit.desktop.save_setting("a", "b")
        unit.outbox.move(1, "queued", "claimed")
        raise Fault

    with pytest.raises(Fault), store.write() as unit:
        fail(unit)
    assert everything(raw) == before
    assert hall.issue("К") == ["К-002"]


def test_a_unit_that_does_not_commit_leaves_nothing(store, raw):
    before = everything(raw)
    with store.write() as unit:
        unit.desktop.save_setting("a", "b")
    assert everything(raw) == before


def test_what_was_committed_stays_when_the_unit_fails_later(store):

    def fail(unit):
        unit.desktop.save_setting("a", "b")
        unit.commit()
        raise Fault

    with pytest.raises(Fault), store.write() as unit:
        fail(unit)
    with store.read() as unit:
        assert unit.desktop.setting("a") == "b"


def test_the_lock_is_free_after_a_fault(store, hall):
    for _ in range(3):
        with pytest.raises(Fault), store.write():
            raise Fault
    assert hall.issue("К") == ["К-001"]


def test_a_lock_held_too_long_is_said_plainly(store, raw, plain):
    raw.execute("BEGIN IMMEDIATE")
    with store.read() as unit:
        unit._connection.exec_driver_sql("PRAGMA busy_timeout = 10")  # instead of ten seconds; the pool keeps it
    with pytest.raises(StoreUnavailable) as caught, store.write() as unit:
        unit.journal.head()
    raw.execute("ROLLBACK")
    plain(str(caught.value))
    assert "locked" in str(caught.value)
