"""Print jobs and printers. A job carries facts, so a mended layout also serves what was queued before."""

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update

from appliance.contract import models as m
from appliance.domain.errors import UnknownJob
from appliance.domain.model import Instant, Number
from appliance.office.ports import PrintJob
from appliance.store import rows
from appliance.store.house import SqlHouse
from appliance.store.schema import is_owed, jobs, printers

PUT = insert(jobs).returning(jobs.c.id)
OLDEST = (
    select(jobs)
    .where(jobs.c.printer == bindparam("printer_"), jobs.c.state == bindparam("state_"), is_owed(jobs.c.state))
    .order_by(jobs.c.id)
    .limit(1)
)
JOB = select(jobs).where(jobs.c.id == bindparam("job"))
MOVE = update(jobs).where((jobs.c.id == bindparam("job")) & (jobs.c.state == bindparam("expected")))
PRINTER = select(printers).where(printers.c.id == bindparam("printer"))

_newer = jobs.alias("newer")
FAILED = (
    select(jobs.c.number)
    .outerjoin(_newer, (_newer.c.day == jobs.c.day) & (_newer.c.number == jobs.c.number) & (_newer.c.id > jobs.c.id))
    .where(jobs.c.day == bindparam("day_"), jobs.c.state == "failed", _newer.c.id.is_(None))
    .order_by(jobs.c.id)
)


class SqlOutbox:
    """Implements `office.ports.Outbox`."""

    def __init__(self, connection: Connection, house: SqlHouse) -> None:
        self._connection = connection
        self._house = house

    def put(self, printer: str, slip: m.Slip, *, copy: bool, at: Instant) -> int:
        """Queue a slip and return the job's id."""
        columns = {
            "day": self._house.day_id,
            "printer": printer,
            "number": slip.number,
            "copy": copy,
            "state": "queued",
            "slip": msgspec.json.encode(slip),
            "detail": "",
            "queued_at": at.wall.isoformat(),
        }
        return int(self._connection.execute(PUT, columns).scalar_one())

    def oldest(self, printer: str, state: str) -> PrintJob | None:
        """Return the oldest job of this printer in this state (queued or claimed)."""
        row = self._connection.execute(OLDEST, {"printer_": printer, "state_": state}).first()
        return _job(row) if row else None

    def owed(self) -> list[PrintJob]:
        """Return every job that has not reached paper and has no end yet, each printer's oldest first."""
        query = select(jobs).where(is_owed(jobs.c.state)).order_by(jobs.c.printer, jobs.c.id)
        return [_job(row) for row in self._connection.execute(query)]

    def job(self, job: int) -> PrintJob:
        """Return one job. Raises UnknownJob."""
        row = self._connection.execute(JOB, {"job": job}).first()
        if row is None:
            raise UnknownJob(f"there is no print job {job}")
        return _job(row)

    def move(self, job: int, expected: str, state: str, detail: str = "") -> bool:
        """Move a job from `expected` to `state`; False when it was not in `expected`."""
        change = {"job": job, "expected": expected, "state": state, "detail": detail}
        return self._connection.execute(MOVE, change).rowcount == 1

    def printer(self, printer: str) -> m.PrinterStatus | None:
        """Return what a printer said of itself last, None when it never reported."""
        row = self._connection.execute(PRINTER, {"printer": printer}).first()
        return m.PrinterStatus(state=row.state, paper=row.paper, detail=row.detail) if row else None

    def printers(self) -> list[m.PrinterHealth]:
        """Return every printer that ever reported, with how many slips it owes."""
        owed = (
            select(jobs.c.printer, func.count().label("count"))
            .where(is_owed(jobs.c.state))
            .group_by(jobs.c.printer)
            .subquery()
        )
        found = self._connection.execute(
            select(printers, func.coalesce(owed.c.count, 0).label("queued"))
            .outerjoin(owed, owed.c.printer == printers.c.id)
            .order_by(printers.c.id)
        )
        return [
            m.PrinterHealth(
                id=row.id, state=row.state, paper=row.paper, detail=row.detail, seen_at=row.seen_at, queued=row.queued
            )
            for row in found
        ]

    def failed(self) -> list[Number]:
        """Return today's numbers whose newest slip failed."""
        return [Number(row.number) for row in self._connection.execute(FAILED, {"day_": self._house.day_id})]

    def unheard(self) -> dict[str, int]:
        """Return how many slips are owed to each printer that never reported."""
        found = self._connection.execute(
            select(jobs.c.printer, func.count().label("owed"))
            .outerjoin(printers, printers.c.id == jobs.c.printer)
            .where(is_owed(jobs.c.state), printers.c.id.is_(None))
            .group_by(jobs.c.printer)
            .order_by(jobs.c.printer)
        )
        return {row.printer: row.owed for row in found}

    def save_printer(self, printer: str, status: m.PrinterStatus, at: Instant) -> None:
        """Store what a printer said of itself."""
        said = {"state": status.state, "paper": status.paper, "detail": status.detail, "seen_at": at.wall.isoformat()}
        if not self._connection.execute(update(printers).where(printers.c.id == printer).values(**said)).rowcount:
            self._connection.execute(insert(printers).values(id=printer, **said))

    def last_slip(self, number: Number) -> PrintJob | None:
        """Return the newest job for this number of the open day."""
        row = self._connection.execute(
            select(jobs)
            .where(jobs.c.day == self._house.day_id, jobs.c.number == number)
            .order_by(jobs.c.id.desc())
            .limit(1)
        ).first()
        return _job(row) if row else None


def _job(row: rows.AnyRow) -> PrintJob:
    slip = msgspec.json.decode(row.slip, type=m.Slip)
    return PrintJob(row.id, row.printer, Number(row.number), copy=row.copy, state=row.state, slip=slip)
