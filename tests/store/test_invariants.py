"""The hall's invariants are in the database as well: it refuses what the rules would never ask."""

import sqlite3

import pytest


def change(raw, number, **values):
    columns = ", ".join(f"{name} = :{name}" for name in values)
    raw.execute(f"UPDATE tickets SET {columns} WHERE number = :number", {**values, "number": number})


@pytest.mark.parametrize("first", ["called", "serving"])
@pytest.mark.parametrize("second", ["called", "serving"])
def test_a_desk_never_has_two_tickets(hall, raw, first, second):
    hall.issue("К")
    hall.issue("К")
    change(raw, "К-001", state=first, desk="К1")
    with pytest.raises(sqlite3.IntegrityError, match=r"tickets\.day, tickets\.desk"):
        change(raw, "К-002", state=second, desk="К1")
    change(raw, "К-002", state=second, desk="К2")


@pytest.mark.parametrize("first", ["called", "serving"])
@pytest.mark.parametrize("second", ["called", "serving"])
def test_a_visitor_is_never_at_two_desks(hall, raw, first, second):
    hall.issue("К", "Ж")
    change(raw, "К-001", state=first, desk="К1")
    with pytest.raises(sqlite3.IntegrityError, match=r"tickets\.visit"):
        change(raw, "Ж-001", state=second, desk="Ж1")


def test_who_left_a_desk_hinders_nobody(hall, raw):
    hall.issue("К", "Ж")
    hall.issue("К")
    for state in ("waiting", "held", "no_show", "done", "cancelled"):
        change(raw, "К-001", state=state, desk="К1")
        change(raw, "К-002", state="called", desk="К1")
        change(raw, "Ж-001", state="called", desk="Ж1")
        change(raw, "К-002", state="waiting", desk=None)
        change(raw, "Ж-001", state="waiting", desk=None)


def test_a_number_is_unique_in_its_day(hall, raw):
    hall.issue("К")
    hall.issue("К")
    with pytest.raises(sqlite3.IntegrityError, match=r"tickets\.day, tickets\.number"):
        raw.execute("UPDATE tickets SET number = 'К-001' WHERE number = 'К-002'")


def test_one_day_is_open(raw):
    with pytest.raises(sqlite3.IntegrityError, match=r"days\.is_open"):
        raw.execute("INSERT INTO days SELECT 99, label, rehearsal, title_kk, title_ru, title_en, opens, address, "
                    "is_open, last_place FROM days")  # fmt: skip
    raw.execute("INSERT INTO days SELECT 99, label, rehearsal, title_kk, title_ru, title_en, opens, address, "
                "0, last_place FROM days")  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column"), [("journal", "seq"), ("visits", "secret"), ("tokens", "hash"), ("replies", "actor")]
)
def test_what_identifies_is_unique(raw, table, column):
    found = {
        tuple(info["name"] for info in raw.execute(f"PRAGMA index_info({index['name']})"))
        for index in raw.execute(f"PRAGMA index_list({table})")
        if index["unique"]
    }
    keys = tuple(one["name"] for one in raw.execute(f"PRAGMA table_info({table})") if one["pk"])
    assert any(column in one for one in {*found, keys})


def test_a_ticket_belongs_to_a_visit_that_exists(hall, store):
    """Foreign keys are off in SQLite unless each connection asks."""
    hall.issue("К")
    with store.read() as unit, pytest.raises(Exception, match="FOREIGN KEY constraint failed"):
        unit._connection.exec_driver_sql("UPDATE tickets SET visit = 77")


def test_the_journals_head_is_one_row(raw):
    assert [tuple(one) for one in raw.execute("SELECT id, seq FROM journal_head")] == [
        (1, raw.execute("SELECT max(seq) FROM journal").fetchone()[0])
    ]
