"""People in the hall: visitors press, wait, walk, go out and go home; operators call, wait and write down.

Everything goes through what people have: the buttons' pins and the operators' HTTP calls. Times in minutes of the
hall's sped clock.
"""

import csv
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

from appliance.client import Client, Refused, ServerAway, new_key
from appliance.contract import models as m

DAY: Final = Path(__file__).parents[1] / "data" / "temirtau-2023" / "day.csv"
PATIENCE: Final = 4.0
"""How long an operator waits for somebody who was called before marking him absent."""
BOUNCE_SECONDS: Final = 0.08


@dataclass
class Errand:
    """One ticket a visitor wants: a row of the day."""

    visitor: int
    arrive: float
    service: str
    talk: float
    walk: float
    away: tuple[float, float] | None
    leaves: float | None
    topic: str
    outcome: m.Outcome
    number: str = ""
    done: bool = False


@dataclass
class DeskWork:
    """What an operator is doing."""

    errand: Errand | None = None
    called_at: float = 0.0
    started_at: float | None = None
    busy_until: float = 0.0


@dataclass
class Log:
    """What the people themselves would tell of the day."""

    taken: Counter[str] = field(default_factory=Counter)
    visits_of_several: int = 0
    served: list[Errand] = field(default_factory=list)
    missed: int = 0
    returned: int = 0
    pressed_again: int = 0


def read_day(visitors: int) -> list[Errand]:
    """Return the errands of the first visitors of the day."""
    with DAY.open(encoding="utf-8") as file:
        return [_errand(row) for row in csv.DictReader(file) if int(row["visitor"]) <= visitors]


def _errand(row: dict[str, str]) -> Errand:
    away = (float(row["away_from"]), float(row["away_to"])) if row["away_from"] else None
    return Errand(
        visitor=int(row["visitor"]),
        arrive=float(row["arrive_min"]),
        service=row["service"],
        talk=float(row["service_min"]),
        walk=float(row["walk_min"]),
        away=away,
        leaves=float(row["leaves_at"]) if row["leaves_at"] else None,
        topic=row["topic"],
        outcome=row["outcome"],  # type: ignore[arg-type]
    )


class Hall:
    """Plays the day against a running appliance."""

    def __init__(self, appliance, errands: list[Errand], operator: Client, supervisor: Client) -> None:
        self.appliance = appliance
        self.errands = errands
        self.operator = operator
        self.supervisor = supervisor
        self.log = Log()
        self.by_number: dict[str, Errand] = {}
        self.desks = {desk.id: DeskWork() for desk in supervisor.board().desks}
        self.absent: list[Errand] = []
        self.last_press: dict[str, float] = defaultdict(float)
        self.started = time.monotonic()
        self.ended = threading.Event()

    @property
    def now(self) -> float:
        """Minutes since the doors opened."""
        return (time.monotonic() - self.started) * self.appliance.speed / 60

    def play(self, limit_seconds: float) -> None:
        """Play until everybody is served or gone home."""
        presses = threading.Thread(target=self.press_all, daemon=True)
        presses.start()
        deadline = time.monotonic() + limit_seconds
        while not self.over(presses):
            assert time.monotonic() < deadline, f"the day does not end: {self.open_errands()}"
            for desk, work in self.desks.items():
                self.work(desk, work)
            self.bring_back()
            self.ended.wait(0.01)
        presses.join()

    def over(self, presses: threading.Thread) -> bool:
        return not presses.is_alive() and not self.open_errands()

    def open_errands(self) -> list[Errand]:
        return [one for one in self.errands if not (one.done or self.gone(one))]

    def gone(self, errand: Errand) -> bool:
        """Gone home, and marked absent by whoever called."""
        return errand.leaves is not None and self.now > errand.leaves and errand in self.absent

    # --- visitors

    def press_all(self) -> None:
        """Every visitor comes at his time: for one ticket to the button, for several to the desk of registration."""
        for _visitor, group in groupby(sorted(self.errands, key=lambda one: one.arrive), key=lambda one: one.visitor):
            errands = list(group)
            while self.now < errands[0].arrive:
                self.ended.wait(0.005)
            if len(errands) == 1:
                self.press(errands[0].service)
            else:
                self.register(errands)
            for errand in errands:
                self.log.taken[errand.service] += 1
                errand.number = f"{errand.service}-{self.log.taken[errand.service]:03d}"
                self.by_number[errand.number] = errand

    def register(self, errands: list[Errand]) -> None:
        """Take several tickets at once: one visit, which is never called to two desks."""
        request = m.IssueRequest(services=[one.service for one in errands])
        visit = persist(lambda key: self.operator.issue(request, key))
        assert [one.service for one in visit.tickets] == request.services
        self.log.visits_of_several += 1

    def press(self, service: str) -> None:
        """Press; without an answer, look whether a slip comes after all before pressing again."""
        wait = self.last_press[service] + BOUNCE_SECONDS - time.monotonic()
        self.ended.wait(max(0.0, wait))
        while self.appliance.press(service) != "ok":
            self.appliance.wait_for_panel()
            if self.issued(service) > self.log.taken[service]:
                break
            self.log.pressed_again += 1
        self.last_press[service] = time.monotonic()

    def issued(self, service: str) -> int:
        """How many slips of a service were issued, once every press that is safe on disk was answered."""
        book = self.appliance.data / "presses.log"
        while book.stat().st_size:
            self.ended.wait(0.02)
        return sum(
            one.tickets for one in persist(lambda _key: self.supervisor.report()).services if one.code == service
        )

    def is_here(self, errand: Errand) -> bool:
        """In the hall and not at any desk."""
        if errand.leaves is not None and self.now > errand.leaves:
            return False
        if errand.away and errand.away[0] <= self.now <= errand.away[1]:
            return False
        return not any(work.errand and self.sits(work, errand) for work in self.desks.values())

    def sits(self, work: DeskWork, errand: Errand) -> bool:
        other = work.errand
        return other is not None and other.visitor == errand.visitor and other is not errand and bool(work.started_at)

    # --- operators

    def work(self, desk: str, work: DeskWork) -> None:
        """One look of an operator at the tablet."""
        if work.errand is None:
            if time.monotonic() >= work.busy_until:
                self.call(desk, work)
        elif work.started_at is not None:
            if self.now >= work.started_at + work.errand.talk:
                self.finish(desk, work, work.errand)
        elif self.now >= work.called_at + work.errand.walk and self.is_here(work.errand):
            persist(lambda key: self.operator.desk_verb(desk, "start", key=key))
            work.started_at = self.now
        elif self.now >= work.called_at + PATIENCE:
            persist(lambda key: self.operator.desk_verb(desk, "no-show", key=key))
            self.absent.append(work.errand)
            self.log.missed += 1
            work.errand = None

    def call(self, desk: str, work: DeskWork) -> None:
        try:
            after = persist(lambda key: self.operator.desk_verb(desk, "next", key=key))
        except Refused as refusal:
            if refusal.code != "nobody_waiting":
                raise
            work.busy_until = time.monotonic() + 0.1
            return
        assert after.current
        number = after.current.number
        while number not in self.by_number:  # the visitor is still taking the slip
            self.ended.wait(0.005)
        work.errand = self.by_number[number]
        work.called_at, work.started_at = self.now, None

    def finish(self, desk: str, work: DeskWork, errand: Errand) -> None:
        body = m.FinishRequest(topics=[errand.topic], outcome=errand.outcome, note="as told at the desk")
        after = persist(lambda key: self.operator.desk_verb(desk, "finish", body, key=key))
        assert after.current is None
        errand.done = True
        self.log.served.append(errand)
        work.errand = work.started_at = None

    def bring_back(self) -> None:
        """Whoever is back in the hall goes to staff, who return the ticket to its place."""
        for errand in [one for one in self.absent if self.is_here(one) and not self.is_called(one)]:
            number = errand.number
            persist(lambda key, number=number: self.supervisor.ticket_verb(number, "return", key=key))
            self.absent.remove(errand)
            self.log.returned += 1

    def is_called(self, errand: Errand) -> bool:
        return any(work.errand and work.errand.visitor == errand.visitor for work in self.desks.values())


def persist(ask):
    """Ask until the server answers, always with the same key, as a tablet does."""
    key = new_key()
    for _ in attempts():
        try:
            return ask(key)
        except ServerAway:
            continue
    raise AssertionError("the server did not come back")


def attempts() -> Iterator[int]:
    """Yield for half a minute, a moment apart."""
    pause = threading.Event()
    for attempt in range(300):
        yield attempt
        pause.wait(0.1)
