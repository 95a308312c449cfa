"""The works of the virtual printer: takes ESC/POS, draws the paper, keeps each slip.

Status questions are answered at once; everything else waits while it is out of paper or open, in order, as on the
real thing. It has hands for what goes wrong.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from printer import interpret as esc
from printer.errors import BytesNotUnderstood
from printer.paper import Roll, SlipFolder

LINE_DOTS: Final = 34
"""One line feed: a sixth of an inch."""

log = logging.getLogger(__name__)

Answer = Callable[[bytes], None]
"""Takes what the printer says to its host."""


@dataclass(frozen=True, slots=True)
class Manners:
    """Which questions a make of printer answers."""

    now: bool = True
    processed: bool = True
    echo: bool = True


class VirtualPrinter:
    """One printer with one roll. May be used from several threads: a host's and that of the hands."""

    def __init__(self, slips: SlipFolder, width: int, manners: Manners | None = None) -> None:
        self._slips = slips
        self._roll = Roll(width)
        self._manners = manners or Manners()
        self._interpreter = esc.Interpreter()
        self._waiting: deque[tuple[esc.Command, bytes]] = deque()
        self._bytes: list[bytes] = []
        self._answer: Answer | None = None
        self._lock = threading.RLock()
        self._paper_left: int | None = None
        self._cover_open = False
        self._cutter_stuck = False
        self._low = False
        self.complaints: list[BytesNotUnderstood] = []

    # --- the wire

    def connect(self, answer: Answer | None) -> None:
        """Send answers to this host from now on; None when it went away."""
        with self._lock:
            self._answer = answer

    def receive(self, data: bytes) -> None:
        """Take bytes from the host."""
        with self._lock:
            for command, raw in self._interpreter.feed(data):
                if isinstance(command, esc.AskNow):
                    self._say_now(command.question)
                else:
                    self._waiting.append((command, raw))
            self._work()

    # --- the hands

    def run_out_of_paper(self, after_dots: int = 0) -> None:
        """Let the roll end after so many more dots."""
        with self._lock:
            self._paper_left = after_dots

    def load_paper(self) -> None:
        """Put in a roll that does not end; printing goes on where it stopped."""
        with self._lock:
            self._paper_left = None
            self._low = False
            self._work()

    def run_low_on_paper(self) -> None:
        """Let the sensor see that the roll is thin."""
        with self._lock:
            self._low = True

    def open_cover(self) -> None:
        """Open the cover; nothing prints."""
        with self._lock:
            self._cover_open = True

    def close_cover(self) -> None:
        """Close the cover; printing goes on."""
        with self._lock:
            self._cover_open = False
            self._work()

    def jam_cutter(self) -> None:
        """Let the knife stick."""
        with self._lock:
            self._cutter_stuck = True

    def free_cutter(self) -> None:
        """Free the knife; printing goes on."""
        with self._lock:
            self._cutter_stuck = False
            self._work()

    def lose_power(self) -> None:
        """Switch off and on: what was received and not printed is gone, the paper stays where it is."""
        with self._lock:
            self._waiting.clear()
            self._interpreter.clear()

    # --- inside

    @property
    def _out(self) -> bool:
        return self._paper_left is not None and self._paper_left <= 0

    @property
    def _stopped(self) -> bool:
        return self._out or self._cover_open or self._cutter_stuck

    def _work(self) -> None:
        while self._waiting and not self._stopped:
            command, raw = self._waiting[0]
            if not self._take_paper(command):
                return
            self._waiting.popleft()
            self._execute(command, raw)

    def _take_paper(self, command: esc.Command) -> bool:
        """Whether there is paper enough for `command`; when there is not, the roll has ended."""
        match command:
            case esc.Raster(rows=dots) | esc.FeedDots(dots=dots):
                pass
            case esc.FeedLines(lines=lines):
                dots = lines * LINE_DOTS
            case _:
                return True
        if self._paper_left is not None:
            if dots > self._paper_left:
                self._paper_left = 0
                return False
            self._paper_left -= dots
        return True

    def _execute(self, command: esc.Command, raw: bytes) -> None:
        match command:
            case esc.Reset():
                self._bytes.append(raw)
            case esc.Raster() if command.across * 8 > self._roll.width:
                self._complain(f"an image {command.across * 8} dots wide on paper of {self._roll.width}")
            case esc.Raster():
                self._bytes.append(raw)
                self._roll.burn(command)
            case esc.FeedDots(dots=dots):
                self._bytes.append(raw)
                self._roll.feed(dots)
            case esc.FeedLines(lines=lines):
                self._bytes.append(raw)
                self._roll.feed(lines * LINE_DOTS)
            case esc.Cut():
                self._bytes.append(raw)
                self._cut()
            case esc.AskEcho(mark=mark) if self._manners.echo:
                self._say(b"\x37\x22" + mark + b"\x00")
            case esc.AskProcessed() if self._manners.processed:
                self._say(bytes([0x03 * self._low]))
            case esc.Unknown(data=data):
                self._complain(f"bytes {data.hex(' ')} are no command it knows")
            case _:
                pass

    def _cut(self) -> None:
        """Keep the slip. A blank strip is no slip."""
        data, blank = b"".join(self._bytes), self._roll.blank
        self._bytes.clear()
        image = self._roll.cut()
        if not blank:
            log.info("virtual printer: slip %d", self._slips.keep(data, image))

    def _complain(self, what: str) -> None:
        complaint = BytesNotUnderstood(f"the virtual printer was sent {what}")
        self.complaints.append(complaint)
        log.error("%s", complaint)

    def _say_now(self, question: int) -> None:
        if not self._manners.now:
            return
        bits = {
            1: 0x08 * self._stopped,
            2: 0x04 * self._cover_open | 0x20 * self._out | 0x40 * self._cutter_stuck,
            3: 0x08 * self._cutter_stuck,
            4: 0x0C * (self._low or self._out) | 0x60 * self._out,
        }
        if question in bits:
            self._say(bytes([0x12 | bits[question]]))
        else:
            self._complain(f"real-time question {question}, which it does not know")

    def _say(self, data: bytes) -> None:
        if self._answer is not None:
            self._answer(data)
