"""The TV itself: opens the screen, puts a picture on it, repaints only what changed."""

import logging
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pygame

from display.draw import Draw
from display.errors import NoScreen
from display.paint import Painter, extent_of

log = logging.getLogger(__name__)

DEFAULT_SIZE: Final = (1920, 1080)
"""A headless picture's size, and a window's."""
NOT_SCREENS: Final = ("dummy", "offscreen", "evdev")
"""SDL drivers that nobody can see; SDL may fall back to one by itself."""
RETRY_SECONDS: Final = (0.5, 1.0, 2.0, 3.0, 4.0)
"""Waits for a screen that another program still holds (KMSDRM has one master)."""
MANY_PARTS: Final = 24
"""With more changed parts than this the whole picture is painted."""


@dataclass(frozen=True, slots=True)
class ScreenChoice:
    """What is asked for: `size` None is the screen's own."""

    size: tuple[int, int] | None
    headless: bool
    window: bool


class Screen:
    """An open screen. Only the thread that opened it may use it."""

    def __init__(self, surface: pygame.Surface, painter: Painter) -> None:
        self.surface = surface
        self._painter = painter
        self._shown: tuple[Draw, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.surface.get_width(), self.surface.get_height()

    def show(self, draws: tuple[Draw, ...]) -> bool:
        """Put `draws` on the screen; return whether anything had changed."""
        if draws == self._shown:
            return False
        parts = changed_parts(self._shown, draws, self.surface.get_rect())
        for part in parts:
            self._painter.paint(self.surface, draws, part)
        pygame.display.update(parts)
        self._shown = draws
        return True

    def closed(self) -> bool:
        """Take in what the window and the keyboard sent; return whether somebody wants the TV to end."""
        return any(
            event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_q))
            for event in pygame.event.get()
        )


def changed_parts(old: Iterable[Draw], new: Iterable[Draw], whole: pygame.Rect) -> list[pygame.Rect]:
    """Return the parts of the screen where `old` and `new` differ, none overlapping another."""
    before, after = set(old), set(new)
    if not before:
        return [whole]
    parts: list[pygame.Rect] = []
    for item in before ^ after:
        part = extent_of(item).clip(whole)
        while (hit := part.collidelist(parts)) >= 0:
            part = part.union(parts.pop(hit))
        parts.append(part)
    return [whole] if len(parts) > MANY_PARTS else parts


@contextmanager
def open_screen(choice: ScreenChoice, stop: threading.Event) -> Iterator[Screen]:
    """Open the screen and close it again. Raises NoScreen with what to do, after trying for about ten seconds.

    `stop` ends the waiting for a screen that is held by another program.
    """
    painter = Painter()
    if choice.headless:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        yield Screen(_open_patiently(choice, stop), painter)
    finally:
        pygame.display.quit()


def _open_patiently(choice: ScreenChoice, stop: threading.Event) -> pygame.Surface:
    for seconds in (*RETRY_SECONDS, None):
        try:
            return _open_once(choice)
        except (pygame.error, NoScreen) as error:
            pygame.display.quit()
            reason = str(error)
        if seconds is None or stop.is_set():
            break
        log.warning("no screen yet (%s): another program may hold it; trying again in %g s", reason, seconds)
        stop.wait(seconds)
    raise NoScreen(
        f"no screen to draw on ({reason}): connect a TV and run on its console or desktop, "
        "or give --headless to draw into files instead"
    )


def _open_once(choice: ScreenChoice) -> pygame.Surface:
    pygame.display.init()
    driver = pygame.display.get_driver()
    if driver in NOT_SCREENS and not choice.headless:
        raise NoScreen(f"SDL found only its driver '{driver}'")
    if choice.headless or choice.window:
        surface = pygame.display.set_mode(choice.size or DEFAULT_SIZE)
    else:
        surface = pygame.display.set_mode(choice.size or (0, 0), pygame.FULLSCREEN)
        pygame.mouse.set_visible(False)
    pygame.display.set_caption("Kezek")
    return surface
