"""When each printer's process was last heard of. Kept in memory: it says nothing about a day, only about now."""

import threading
import time
from collections.abc import Callable
from typing import Final

SILENT_SECONDS: Final = 60.0
"""A ready printer asks for work every few seconds, or is printing a slip, which may take 40 s; then it has ended."""


class Presence:
    """The last sign of life of each printer, by the monotonic clock."""

    def __init__(self, running: Callable[[], float] = time.monotonic) -> None:
        self._running = running
        self._lock = threading.Lock()
        self._begun = running()
        self._seen: dict[str, float] = {}

    def note(self, printer: str) -> None:
        """Note a sign of life."""
        with self._lock:
            self._seen[printer] = self._running()

    def silence(self, printer: str) -> float | None:
        """Return for how many seconds a printer has been silent, None while that is no reason to worry.

        After a start of the server every printer has the same time to be heard.
        """
        with self._lock:
            silent = self._running() - self._seen.get(printer, self._begun)
        return silent if silent > SILENT_SECONDS else None
