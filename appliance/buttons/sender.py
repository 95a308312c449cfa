"""Turning presses into tickets: each is answered by the server, or refused where the visitor can see it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from appliance.buttons.presses import Press, PressBook
from appliance.client import BACKOFF_SECONDS, Client, Incompatible, Refused, ServerAway
from appliance.contract import models as m

log = logging.getLogger(__name__)


class Signal(Protocol):
    """How the panel shows what became of a press."""

    def waiting(self) -> None:
        """The server is away; the press is kept."""

    def issued(self, press: Press, numbers: list[str]) -> None:
        """The press became tickets."""

    def refused(self, press: Press, why: str) -> None:
        """The press became nothing; the visitor must see that."""


class Answer(Enum):
    """What became of an attempt."""

    SETTLED = auto()
    AGAIN = auto()


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the oldest press until it is answered or `patience` seconds old (a visitor has walked on by then)."""

    client: Client
    book: PressBook
    signal: Signal
    kiosk: str
    patience: float
    renew: Callable[[], None]
    """Reads this machine's token again, when the server does not know it."""

    def run(self, stop: threading.Event) -> None:
        """Send presses, in order, until `stop` is set."""
        failures = 0
        while not stop.is_set():
            press = self.book.wait(0.2)
            if press is None:
                continue
            if self.attempt(press) is Answer.SETTLED:
                failures = 0
            else:
                stop.wait(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])
                failures += 1

    def attempt(self, press: Press) -> Answer:
        """Ask once for the press's ticket; one that is too old is refused without asking."""
        if self.book.age(press) >= self.patience:
            self._refuse(press, f"it waited longer than {self.patience:g} s")
            return Answer.SETTLED
        try:
            visit = self.client.issue(m.IssueRequest(services=[press.service], kiosk=self.kiosk), press.key)
        except (ServerAway, Incompatible):
            self.signal.waiting()
            return Answer.AGAIN
        except Refused as refusal:
            return self._on_refusal(press, refusal)
        self.book.settle(press)
        self.signal.issued(press, [ticket.number for ticket in visit.tickets])
        return Answer.SETTLED

    def _on_refusal(self, press: Press, refusal: Refused) -> Answer:
        if refusal.code == "unauthorized":
            self.renew()
        elif refusal.permanent:
            self._refuse(press, refusal.problem.detail)
            return Answer.SETTLED
        self.signal.waiting()
        return Answer.AGAIN

    def _refuse(self, press: Press, why: str) -> None:
        self.book.settle(press)
        self.signal.refused(press, why)
