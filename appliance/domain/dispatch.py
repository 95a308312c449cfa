"""Whom a desk calls next, and why the others wait.

First come, first served among those who are free. Whoever is busy at another desk is passed over and keeps the
place that issuing gave, so skipping is not losing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from appliance.domain.model import Desk, DeskId, Instant, Number, ServiceCode


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits, and the desk where its visitor is busy, if any."""

    number: Number
    service: ServiceCode
    place: int
    issued: Instant
    busy_at: DeskId | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to call, if anybody; `skipped` came earlier but are busy, oldest first."""

    ticket: Waiting | None
    skipped: tuple[Waiting, ...]


def in_line(desk: Desk, line: Iterable[Waiting]) -> list[Waiting]:
    """Return those who wait for one of the desk's services, in the order of their places."""
    return sorted((one for one in line if one.service in desk.services), key=lambda one: one.place)


def choose_next(desk: Desk, line: Iterable[Waiting]) -> Choice:
    """Return whom `desk` calls next from all who wait (in any order), and who is passed over for being busy."""
    skipped: list[Waiting] = []
    for one in in_line(desk, line):
        if one.busy_at is None:
            return Choice(one, tuple(skipped))
        skipped.append(one)
    return Choice(None, tuple(skipped))
