"""Days that went before: finished tickets with their journal, jobs and replies, written in bulk."""

from datetime import UTC, datetime

from sqlalchemy import insert, select

from appliance.office.ports import Store
from appliance.store.schema import days, jobs, journal, replies, tickets, visits

CHUNK = 5_000
FACTS = ("TicketIssued", "SlipQueued", "SlipPrinted", "TicketCalled", "TicketStarted", "TicketFinished")
A_DAY = 500
AT = {"at": datetime(2026, 1, 1, tzinfo=UTC).isoformat(), "running": 0.0, "boot": "earlier"}
NEGATIVE = -10_000_000
"""Old journal entries take seqs below 1, so that the head stays right."""


def write_history(store: Store, old: int) -> None:
    """Write `old` finished tickets of earlier days, 500 a day, each with six facts, a job and a reply."""
    for first in range(0, old, CHUNK):
        with store.write() as unit:
            connection = unit._connection  # the bulk goes past the office on purpose
            for day in range(first // A_DAY, min(old, first + CHUNK) // A_DAY):
                _write_day(connection, day)
            unit.commit()


def _write_day(connection, day: int) -> None:
    title = {f"title_{language}": "Күн" for language in ("kk", "ru", "en")}
    row = {"label": f"old-{day}", "rehearsal": False, "is_open": False, "last_place": A_DAY, **title}
    key = connection.execute(insert(days).values(**row).returning(days.c.id)).scalar_one()
    numbers = [f"К-{n:03d}" for n in range(1, A_DAY + 1)]
    connection.execute(insert(visits), [{"day": key, "secret": f"{day}-{n}"} for n in numbers])
    found = connection.execute(select(visits.c.id).where(visits.c.day == key).order_by(visits.c.id)).scalars()
    since = {f"{prefix}_{name}": value for prefix in ("issued", "since") for name, value in AT.items()}
    state = {"state": "done", "service": "К", "attempt": 1, "call_seq": 0, **since}
    connection.execute(
        insert(tickets),
        [
            {"day": key, "number": number, "visit": visit, "place": place, **state}
            for place, (number, visit) in enumerate(zip(numbers, found, strict=True), 1)
        ],
    )
    begin = NEGATIVE + day * A_DAY * len(FACTS)
    connection.execute(
        insert(journal),
        [
            {"seq": begin + n, "day": key, "type": fact, "version": 1, "actor": "bench", "data": b"{}", **AT}
            for n, fact in enumerate(FACTS * A_DAY)
        ],
    )
    job = {"day": key, "printer": "kiosk", "copy": False, "state": "printed", "slip": b"{}" * 300, "detail": "drawn"}
    connection.execute(insert(jobs), [{"number": number, "queued_at": AT["at"], **job} for number in numbers])
    reply = {"actor": "device:1", "fingerprint": b"x" * 32, "status": 201, "body": b"{}" * 300, "at": AT["at"]}
    connection.execute(insert(replies), [{"key": f"{day}-{number}", **reply} for number in numbers])
