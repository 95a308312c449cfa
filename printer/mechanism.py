"""The works of the virtual printer: takes ESC/POS, draws the paper, keeps each slip.

Status questions are answered at once; everything else waits in the receive buffer while the head is busy, the paper
is out or the cover open, in order, as on the real thing. Nothing here waits: `room` says how many bytes would be
taken now, `work` goes on with what its time has come for, and the clock is given. The hands are in `Hands`.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from printer import interpret as esc
from printer.errors import BytesNotUnderstood
from printer.hands import Hands
from printer.makes import Build, Manners
from printer.paper import Roll, SlipFolder
from printer.slip import DOTS_A_MM

LINE_DOTS: Final = 34
"""One line feed: a sixth of an inch."""
MOST: Final = 4096
"""Bytes taken in one go."""
SLICE_SECONDS: Final = 0.05
"""A slow line is taken in by this much of its time at once."""

log = logging.getLogger(__name__)

Answer = Callable[[bytes], None]
"""Takes what the printer says to its host."""

__all__ = ["Manners", "VirtualPrinter"]


class VirtualPrinter(Hands):
    """One printer with one roll. May be used from several threads: a host's and that of the hands."""

    def __init__(
        self,
        slips: SlipFolder,
        width: int,
        manners: Manners | None = None,
        build: Build | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(build or Build())
        self._slips = slips
        self._roll = Roll(width)
        self._manners = manners or Manners()
        self._now = now
        self._line_busy = self._head_busy = 0.0
        self._interpreter = esc.Interpreter()
        self._waiting: deque[tuple[esc.Command, bytes]] = deque()
        self._held = 0
        self._bytes: list[bytes] = []
        self._answer: Answer | None = None
        self._lock = threading.RLock()
        self.complaints: list[BytesNotUnderstood] = []

    # --- the wire

    def connect(self, answer: Answer | None) -> None:
        """Send answers to this host from now on; None when it went away."""
        with self._lock:
            self._answer = answer

    def room(self) -> int:
        """How many bytes the printer would take now."""
        with self._lock:
            if not (self.plugged and self.powered):
                return MOST
            if self._now() < self._line_busy:
                return 0
            most = MOST
            if self.build.bytes_a_second is not None:
                most = min(most, max(1, round(self.build.bytes_a_second * SLICE_SECONDS)))
            if self.build.buffer is None:
                return most
            free = self.build.buffer - self._held - self._interpreter.inside
            # A command larger than the buffer is printed as it comes.
            return max(min(most, free), 0 if self._waiting else 1)

    def receive(self, data: bytes) -> int:
        """Take bytes from the host; what comes after a pulled plug is not taken. Returns how many were."""
        with self._lock:
            taken = 0
            while taken < len(data) and self.plugged:
                piece = data[taken : taken + self.next_stop(len(data) - taken)]
                if self.powered:
                    self._take(piece)
                taken += len(piece)
                self.pass_bytes(len(piece))
            return taken

    def work(self) -> None:
        """Go on printing, as far as paper, cover, knife and time allow."""
        with self._lock:
            while self._waiting and not self.stopped and self._now() >= self._head_busy:
                command, raw = self._waiting[0]
                dots = _length(command)
                if not self.take_paper(dots):
                    return
                self._waiting.popleft()
                self._held -= len(raw)
                if self.build.mm_a_second is not None:
                    self._head_busy = self._now() + dots / DOTS_A_MM / self.build.mm_a_second
                self._execute(command, raw)

    # --- what the hands reach

    def forget(self) -> None:
        """Lose all that was received and not printed; the paper stays where it is."""
        self._waiting.clear()
        self._held = 0
        self._interpreter.clear()

    # --- inside

    def _take(self, data: bytes) -> None:
        if self.build.bytes_a_second is not None:
            self._line_busy = max(self._now(), self._line_busy) + len(data) / self.build.bytes_a_second
        for command, raw in self._interpreter.feed(data):
            if isinstance(command, esc.AskNow):
                self._say_now(command.question)
            else:
                self._waiting.append((command, raw))
                self._held += len(raw)
        self.work()

    def _execute(self, command: esc.Command, raw: bytes) -> None:
        match command:
            case esc.Reset():
                self._bytes.append(raw)
            case esc.Raster() if command.across * 8 > self._roll.width:
                self._complain(f"an image {command.across * 8} dots wide on paper of {self._roll.width}")
            case esc.Raster():
                self._bytes.append(raw)
                self._roll.burn(command)
            case esc.FeedDots() | esc.FeedLines():
                self._bytes.append(raw)
                self._roll.feed(_length(command))
            case esc.Cut():
                self._bytes.append(raw)
                self._cut()
            case esc.AskEcho(mark=mark) if self._manners.echo:
                self._say(b"\x37\x22" + mark + b"\x00")
            case esc.AskProcessed() if self._manners.processed:
                self._say(bytes([0x03 * self.low]))
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
        bits = self.now_bits(question)
        if bits is None:
            self._complain(f"real-time question {question}, which it does not know")
        else:
            self._say(bytes([bits]))

    def _say(self, data: bytes) -> None:
        words = self.voice(data)
        if self._answer is not None and words:
            self._answer(words)


def _length(command: esc.Command) -> int:
    """Return how many dots of paper a command takes."""
    match command:
        case esc.Raster(rows=dots) | esc.FeedDots(dots=dots):
            return dots
        case esc.FeedLines(lines=lines):
            return lines * LINE_DOTS
        case _:
            return 0
