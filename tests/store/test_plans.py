"""What the server asks all day is answered from indexes, however long the day."""

import pytest
from sqlalchemy import event

from appliance.domain.model import DeskId, Number, ServiceCode

LARGE = ("tickets", "visits", "jobs", "journal", "replies", "appeals")
ASKED = {
    "queue.line": lambda unit: unit.queue.line(),
    "queue.at_desks": lambda unit: unit.queue.at_desks(),
    "queue.absent": lambda unit: unit.queue.absent(),
    "queue.held": lambda unit: unit.queue.held(),
    "queue.live_services": lambda unit: unit.queue.live_services(),
    "queue.ahead": lambda unit: unit.queue.ahead(ServiceCode("К"), 10),
    "queue.visit_of": lambda unit: unit.queue.visit_of(Number("К-001")),
    "queue.visit_by_secret": lambda unit: unit.queue.visit_by_secret("secret-0"),
    "house.desks": lambda unit: unit.house.desks(),
    "house.desk": lambda unit: unit.house.desk(DeskId("К1")),
    "outbox.oldest queued": lambda unit: unit.outbox.oldest("kiosk", "queued"),
    "outbox.oldest claimed": lambda unit: unit.outbox.oldest("kiosk", "claimed"),
    "outbox.last_slip": lambda unit: unit.outbox.last_slip(Number("К-001")),
    "outbox.job": lambda unit: unit.outbox.job(1),
    "journal.head": lambda unit: unit.journal.head(),
    "journal.after": lambda unit: unit.journal.after(3, 200),
    "journal.of_day": lambda unit: list(unit.journal.of_day(unit.house.today())),
    "desktop.reply": lambda unit: unit.desktop.reply("device:1", "press-1"),
    "desktop.token": lambda unit: unit.desktop.token(b"x"),
}
OWED = {
    "outbox.printers": lambda unit: unit.outbox.printers(),
    "outbox.unheard": lambda unit: unit.outbox.unheard(),
    "outbox.owed": lambda unit: unit.outbox.owed(),
}


@pytest.fixture
def plan(hall, store, raw):
    """Explain every statement that an action runs."""
    hall.issue("К", "Ж")
    hall.issue("К")
    hall.next("К1")

    def explain(action):
        asked = []
        with store.read() as unit:
            engine = unit._connection.engine

            def note(_connection, _cursor, statement, parameters, *_rest):
                asked.append((statement, parameters))

            event.listen(engine, "before_cursor_execute", note)
            try:
                action(unit)
            finally:
                event.remove(engine, "before_cursor_execute", note)
        selects = [one for one in asked if one[0].startswith("SELECT")]
        assert selects
        return [row["detail"] for one in selects for row in raw.execute("EXPLAIN QUERY PLAN " + one[0], one[1])]

    return explain


@pytest.mark.parametrize("name", ASKED)
def test_no_large_table_is_read_whole(plan, name):
    """SEARCH is a look-up in an index; SCAN reads the table or the index from end to end."""
    details = plan(ASKED[name])
    scans = [one for one in details if one.startswith("SCAN") and one.split()[1] in {*LARGE, "busy"}]
    assert scans == [], details


@pytest.mark.parametrize("name", OWED)
def test_what_is_owed_is_found_in_the_small_index_of_it(plan, name):
    details = plan(OWED[name])
    of_jobs = [one for one in details if " jobs" in one]
    assert of_jobs
    assert all("ix_jobs_owed" in one for one in of_jobs), details


def test_the_indexes_of_the_hall_serve_the_hall(plan):
    """Literals in the conditions: with parameters SQLite may not use a partial index."""
    assert any("uq_tickets_one_desk_per_visit" in one for one in plan(ASKED["queue.line"]))
    assert any("ix_tickets_live" in one for one in plan(ASKED["queue.line"]))
    assert any("uq_tickets_one_per_desk" in one for one in plan(ASKED["queue.at_desks"]))
    assert any("uq_tickets_one_per_desk" in one for one in plan(ASKED["house.desks"]))
    assert any("ix_jobs_owed" in one for one in plan(ASKED["outbox.oldest queued"]))
    assert any("uq_tickets_day_number" in one or "autoindex" in one for one in plan(ASKED["queue.visit_of"]))
