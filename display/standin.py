"""The stand-in for an absent screen: the picture as files, `<id>.json` each time and `<id>.png` now and then.

This is how an end-to-end test, or somebody far from the hall, sees what the TV shows. Both files are replaced
whole, never half written.
"""

import os
import queue
import threading
from pathlib import Path
from typing import Final

import msgspec
import pygame

from display.draw import Sheet
from display.errors import NotWritten
from display.paint import save_png

PNG_SECONDS: Final = 1.0
"""Least time between two pictures: compressing one takes a core 50 ms or more."""

LEAST_URGENT: Final = 19
"""Linux gives each thread a priority of its own: a call on its way to the screen goes before a picture."""


class StandIn:
    """Writes the files of one display; pictures are compressed in a thread of their own."""

    def __init__(self, folder: Path, display: str) -> None:
        """Make `folder` when it is not there. Raises NotWritten."""
        self._folder = folder
        self.display = display
        self._pending = False
        self._last_picture = float("-inf")
        self._pictures: queue.SimpleQueue[pygame.Surface | None] = queue.SimpleQueue()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritten(f"cannot make {folder}: {error}") from error
        self._writer = threading.Thread(target=self._write_pictures, name="pictures", daemon=True)
        self._writer.start()

    def write(self, sheet: Sheet) -> None:
        """Write the draw list, and have a picture made when one is due."""
        path = self._folder / f"{self.display}.json"
        new = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            new.write_bytes(msgspec.json.format(msgspec.json.encode(sheet), indent=1))
            new.replace(path)
        except OSError as error:
            raise NotWritten(f"cannot write {path}: {error}") from error
        self._pending = True

    def keep_up(self, surface: pygame.Surface, at: float) -> None:
        """Give the writer a copy of `surface` if something changed and the last picture is old enough."""
        if self._pending and at - self._last_picture >= PNG_SECONDS:
            self._pending = False
            self._last_picture = at
            self._pictures.put(surface.copy())

    def close(self) -> None:
        """Wait for the picture in hand."""
        self._pictures.put(None)
        self._writer.join(timeout=5.0)

    def _write_pictures(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST_URGENT)
        while (surface := self._pictures.get()) is not None:
            save_png(surface, self._folder / f"{self.display}.png")
