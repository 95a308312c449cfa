"""The hands on the virtual printer, as methods and as orders in one line of text.

An order is a verb and its numbers, as in `paper-out 400`; `at N` before it waits until N more bytes have come, as in
`at 1200 unplug`. `ORDERS` names all of them.
"""

import random
import threading
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from printer.errors import BadOrder
from printer.makes import Build


class Hands:
    """What can happen to a printer, and what is the matter with it."""

    _lock: threading.RLock

    def __init__(self, build: Build) -> None:
        self.build = build
        self.plugged = True
        self.powered = True
        self.low = False
        self._paper_left: int | None = None
        self._cover_open = False
        self._cutter_stuck = False
        self._speech: Literal["plain", "silent", "garbage"] = "plain"
        self._dice = random.Random(0)  # noqa: S311 - nonsense that is the same each time
        self._stop: tuple[int, Callable[[], None]] | None = None

    @abstractmethod
    def work(self) -> None:
        """Go on printing, as far as paper, cover, knife and time allow."""

    @abstractmethod
    def forget(self) -> None:
        """Lose all that was received and not printed."""

    # --- the hands

    def run_out_of_paper(self, after_dots: int = 0) -> None:
        """Let the roll end after so many more dots."""
        with self._lock:
            self._paper_left = after_dots

    def load_paper(self) -> None:
        """Put in a roll that does not end; printing goes on where it stopped."""
        with self._lock:
            self._paper_left = None
            self.low = False
            self.work()

    def run_low_on_paper(self) -> None:
        """Let the sensor see that the roll is thin."""
        with self._lock:
            self.low = True

    def open_cover(self) -> None:
        """Open the cover; nothing prints."""
        with self._lock:
            self._cover_open = True

    def close_cover(self) -> None:
        """Close the cover; printing goes on."""
        with self._lock:
            self._cover_open = False
            self.work()

    def jam_cutter(self) -> None:
        """Let the knife stick."""
        with self._lock:
            self._cutter_stuck = True

    def free_cutter(self) -> None:
        """Free the knife; printing goes on."""
        with self._lock:
            self._cutter_stuck = False
            self.work()

    def unplug(self) -> None:
        """Pull the cable. The printer keeps its power and all that came."""
        with self._lock:
            self.plugged = False

    def plug_in(self) -> None:
        """Put the cable back."""
        with self._lock:
            self.plugged = True

    def cut_power(self) -> None:
        """Switch off: what was received and not printed is gone, the paper stays where it is."""
        with self._lock:
            self.powered = False
            self.forget()

    def restore_power(self) -> None:
        """Switch on."""
        with self._lock:
            self.powered = True

    def lose_power(self) -> None:
        """Switch off and on."""
        self.cut_power()
        self.restore_power()

    def go_slow(self, bytes_a_second: int, mm_a_second: int) -> None:
        """Take and print no faster from now on; 0 is without limit."""
        with self._lock:
            self.build = replace(self.build, bytes_a_second=bytes_a_second or None, mm_a_second=mm_a_second or None)
            self.work()

    def fall_silent(self) -> None:
        """Answer nothing any more; what would have been said is lost."""
        self._speech = "silent"

    def talk_garbage(self) -> None:
        """Answer with nonsense of the right length, as on a line of the wrong speed."""
        self._speech = "garbage"

    def speak_plainly(self) -> None:
        """Answer as this make does."""
        self._speech = "plain"

    def at_byte(self, count: int, hand: Callable[[], None]) -> None:
        """Let a hand act when so many more bytes have come, before the next one is looked at."""
        with self._lock:
            self._stop = (count, hand)
            self.pass_bytes(0)

    # --- what is the matter

    @property
    def out(self) -> bool:
        """Whether the paper is at its end."""
        return self._paper_left is not None and self._paper_left <= 0

    @property
    def stopped(self) -> bool:
        """Whether nothing can be printed now."""
        return self.out or self._cover_open or self._cutter_stuck or not self.powered

    def take_paper(self, dots: int) -> bool:
        """Use up paper; False, and the roll has ended, when there is not enough."""
        if self._paper_left is not None and dots:
            if dots > self._paper_left:
                self._paper_left = 0
                return False
            self._paper_left -= dots
        return True

    def now_bits(self, question: int) -> int | None:
        """Return the answer to DLE EOT n, or None when there is no such question."""
        bits = {
            1: 0x08 * self.stopped,
            2: 0x04 * self._cover_open | 0x20 * self.out | 0x40 * self._cutter_stuck,
            3: 0x08 * self._cutter_stuck,
            4: 0x0C * (self.low or self.out) | 0x60 * self.out,
        }
        return 0x12 | bits[question] if question in bits else None

    def voice(self, data: bytes) -> bytes:
        """Return what is heard of an answer."""
        match self._speech:
            case "plain":
                return data
            case "silent":
                return b""
            case "garbage":
                return self._dice.randbytes(len(data))

    def next_stop(self, most: int) -> int:
        """How many bytes may come before a hand acts."""
        return most if self._stop is None else min(most, self._stop[0])

    def pass_bytes(self, count: int) -> None:
        """Count bytes that came, and let a hand act whose time it is."""
        if self._stop is None:
            return
        left, hand = self._stop[0] - count, self._stop[1]
        self._stop = (left, hand) if left > 0 else None
        if left <= 0:
            hand()


@dataclass(frozen=True, slots=True)
class Order:
    """One line for the hands."""

    verb: str
    numbers: tuple[int, ...] = ()
    at: int | None = None


ORDERS: Final[dict[str, tuple[Callable[..., None], range]]] = {
    "near-end": (Hands.run_low_on_paper, range(1)),
    "paper-out": (Hands.run_out_of_paper, range(2)),
    "load-paper": (Hands.load_paper, range(1)),
    "open-cover": (Hands.open_cover, range(1)),
    "close-cover": (Hands.close_cover, range(1)),
    "jam-cutter": (Hands.jam_cutter, range(1)),
    "free-cutter": (Hands.free_cutter, range(1)),
    "unplug": (Hands.unplug, range(1)),
    "plug-in": (Hands.plug_in, range(1)),
    "power-off": (Hands.cut_power, range(1)),
    "power-on": (Hands.restore_power, range(1)),
    "slow": (Hands.go_slow, range(2, 3)),
    "silent": (Hands.fall_silent, range(1)),
    "garbage": (Hands.talk_garbage, range(1)),
    "plain": (Hands.speak_plainly, range(1)),
}
"""Each verb with its hand and how many numbers it takes."""


def parse_order(text: str) -> Order:
    """Read one line. Raises BadOrder."""
    words = text.split()
    at = None
    if words[:1] == ["at"] and len(words) > 1:
        at, words = _number(words[1]), words[2:]
    if not words or words[0] not in ORDERS:
        raise BadOrder(f"order {text!r}: use [at BYTES] and one of {', '.join(ORDERS)}")
    numbers = tuple(_number(word) for word in words[1:])
    if len(numbers) not in ORDERS[words[0]][1]:
        raise BadOrder(f"order {text!r}: {words[0]} does not take {len(numbers)} numbers")
    return Order(words[0], numbers, at)


def carry_out(order: Order, printer: Hands) -> None:
    """Let the hands do what was ordered, now or when its byte has come."""
    act = ORDERS[order.verb][0]
    if order.at is None:
        act(printer, *order.numbers)
    else:
        printer.at_byte(order.at, lambda: act(printer, *order.numbers))


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise BadOrder(f"{word!r} is not a number")
    return int(word)
