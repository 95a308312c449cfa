"""Turning rows into the domain's values and back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from appliance.contract import models as m
from appliance.domain.model import DeskId, Instant, Number, ServiceCode, State, Ticket

AnyRow = Row[*tuple[Any, ...]]
"""A row of any shape, read by the names of its columns."""


def names(row: AnyRow, prefix: str = "name_") -> m.Names:
    """Return the three names of a row."""
    return m.Names(**{language: getattr(row, prefix + language) for language in ("kk", "ru", "en")})


def instant(row: AnyRow, prefix: str) -> Instant:
    """Return the instant kept in `<prefix>_at`, `<prefix>_running`, `<prefix>_boot`."""
    wall = datetime.fromisoformat(getattr(row, f"{prefix}_at"))
    return Instant(wall, getattr(row, f"{prefix}_running"), getattr(row, f"{prefix}_boot"))


def instant_columns(prefix: str, at: Instant) -> dict[str, object]:
    """Return the three columns of an instant."""
    return {f"{prefix}_at": at.wall.isoformat(), f"{prefix}_running": at.running, f"{prefix}_boot": at.boot}


def ticket(row: AnyRow) -> Ticket:
    """Return a row of `tickets` as a Ticket."""
    return Ticket(
        number=Number(row.number),
        service=ServiceCode(row.service),
        place=row.place,
        issued=instant(row, "issued"),
        since=instant(row, "since"),
        state=State(row.state),
        desk=DeskId(row.desk) if row.desk else None,
        attempt=row.attempt,
        call_seq=row.call_seq,
    )
