"""The TV's loop: news in, pictures out. Nothing here waits for the server."""

import queue
from dataclasses import dataclass
from time import monotonic
from typing import Final

from display.board import BoardRead, ClockRead, News, ReadFailed, View, Watch, look_at, reduce
from display.draw import Draw, Sheet
from display.layout import layout
from display.look import Frame
from display.metrics import Measure
from display.screen import Screen
from display.standin import StandIn

TICK_SECONDS: Final = 0.1
"""How often the clock, the pages and the keyboard are looked after when no news comes; news does not wait."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Somebody asked the process to end."""


@dataclass(frozen=True, slots=True)
class Crash:
    """A thread died of `error`."""

    error: BaseException


Inbox = queue.SimpleQueue[News | Quit | Crash]
"""Where every thread and signal posts to; taking from it wakes at once."""


class Tv:
    """One screen and what it knows."""

    def __init__(self, screen: Screen, frame: Frame, measure: Measure, stand_in: StandIn | None) -> None:
        self._screen = screen
        self._frame = frame
        self._measure = measure
        self._stand_in = stand_in
        self._watch = Watch()
        self._view: View | None = None
        self._written: tuple[int | None, tuple[Draw, ...]] | None = None

    def run(self, inbox: Inbox) -> None:
        """Show what comes until `Quit` or the window is closed. Raises what a `Crash` carries."""
        while self.take(inbox, TICK_SECONDS) and not self._screen.closed():
            self.refresh(monotonic())

    def take(self, inbox: Inbox, seconds: float) -> bool:
        """Wait up to `seconds` for news and learn all there is; return False when asked to end."""
        try:
            item = inbox.get(timeout=seconds)
            while True:
                match item:
                    case Quit():
                        return False
                    case Crash(error):
                        raise error
                    case BoardRead() | ClockRead() | ReadFailed():
                        self._watch = reduce(self._watch, item, monotonic())
                item = inbox.get_nowait()
        except queue.Empty:
            return True

    def refresh(self, at: float) -> None:
        """Bring the screen and its stand-in up to what is known at `at`."""
        view = look_at(self._watch, at)
        if view != self._view:
            self._view = view
            draws = layout(view, self._frame, self._measure)
            self._screen.show(draws)
            self._write(view, draws)
        if self._stand_in:
            self._stand_in.keep_up(self._screen.surface, at)

    def _write(self, view: View, draws: tuple[Draw, ...]) -> None:
        seq = view.board.seq if view.board else None
        if self._stand_in and self._written != (seq, draws):
            self._written = (seq, draws)
            self._stand_in.write(sheet_of(view, self._frame, draws, self._stand_in.display))


def sheet_of(view: View, frame: Frame, draws: tuple[Draw, ...], name: str) -> Sheet:
    """Return the whole picture as it is written down."""
    return Sheet(
        display=name,
        seq=view.board.seq if view.board else None,
        away=view.as_of is not None,
        width=frame.width,
        height=frame.height,
        draws=draws,
    )
