"""Waking those who wait for the journal, and counting the open event streams."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from appliance.contract import models as m


class TooManyStreams(Exception):
    """The cap of open event streams is reached: each holds a server thread."""

    code = "too_many_streams"


class Bell:
    """Rings after a commit. Only a wake-up: the truth is always read again."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self._count = 0
        self._closed = False

    @property
    def count(self) -> int:
        """How often it has rung; hand it to `wait` so that no ring is missed in between."""
        return self._count

    @property
    def closed(self) -> bool:
        """Whether the server is stopping."""
        return self._closed

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._rung:
            self._count += 1
            self._rung.notify_all()

    def close(self) -> None:
        """Wake everybody for good: the server stops."""
        self._closed = True
        self.ring()

    def wait_closed(self, seconds: float) -> None:
        """Return when the server stops, or after `seconds`."""
        with self._rung:
            self._rung.wait_for(lambda: self._closed, seconds)

    def wait(self, count: int, seconds: float) -> None:
        """Return when it has rung since `count`, or after `seconds`."""
        with self._rung:
            self._rung.wait_for(lambda: self._count != count, seconds)


@dataclass(frozen=True, slots=True)
class OpenStream:
    """One open stream; `display` when a TV named itself."""

    display: str | None
    since: str


class Streams:
    """The open event streams, at most `cap` of them."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._lock = threading.Lock()
        self._streams: dict[int, OpenStream] = {}

    def reserve(self, display: str | None, since: str) -> Callable[[], None]:
        """Take a place and return what gives it back (once). Raises TooManyStreams."""
        stream = OpenStream(display, since)
        with self._lock:
            if len(self._streams) >= self._cap:
                raise TooManyStreams(
                    f"{self._cap} event streams are open; try again, or poll the board with its ETag"
                )
            self._streams[id(stream)] = stream

        def release() -> None:
            with self._lock:
                self._streams.pop(id(stream), None)

        return release

    def displays(self) -> list[m.DisplayHealth]:
        """Return the TVs whose stream is open."""
        with self._lock:
            found = [stream for stream in self._streams.values() if stream.display]
        return [m.DisplayHealth(id=one.display or "", since=one.since) for one in found]
