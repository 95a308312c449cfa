"""Keeps the board true: one thread follows the event stream, another reads the board whenever something changed.

Both only post what they learned. Many events while a read is under way cost one more read. The server counts as
away when the board cannot be read; a broken stream alone makes the reads more frequent.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Final

from appliance.client import BACKOFF_SECONDS, Away, Back, Client, ClientError, Refused, ServerAway, follow
from display.board import BoardRead, ClockRead, News, ReadFailed
from display.errors import NotServed

log = logging.getLogger(__name__)

RECHECK_SECONDS: Final = 15.0
"""How often the board is read although nothing was heard: how old it can be when the network dies unheard."""
POLL_SECONDS: Final = 1.0
"""The same while there is no stream."""
CLOCK_SECONDS: Final = 30.0
"""How often the time is asked for: the appliance's clock may be set while the TV runs."""

Post = Callable[[News], None]


class Feed:
    """Two threads that post news; `client` is shared by them."""

    def __init__(self, client: Client, post: Post, display: str) -> None:
        self._client = client
        self._post = post
        self._display = display
        self._stop = threading.Event()
        self._changed = threading.Event()
        self._first_read = threading.Event()
        self._streaming = threading.Event()
        self._clock_due = 0.0
        self._seq = 0

    def start(self) -> None:
        """Start both threads."""
        for work in (self._read, self._follow):
            threading.Thread(target=work, name=work.__name__.strip("_"), daemon=True).start()

    def stop(self) -> None:
        """Tell both threads to end; the follower may stay in its read until the process ends."""
        self._stop.set()
        self._changed.set()
        self._first_read.set()

    def _follow(self) -> None:
        self._first_read.wait()
        try:
            for heard in follow(self._client, self._seq, self._stop, self._display):
                match heard:
                    case Away(reason):
                        self._streaming.clear()
                        log.warning("event stream lost: %s", reason)
                    case Back():
                        self._streaming.set()
                        log.info("event stream open")
                    case _:
                        log.debug("heard %s, seq %d", heard.type, heard.seq)
                self._changed.set()
        except ClientError as error:
            if not self._stop.is_set():
                raise NotServed(f"the server does not give its events: {error}") from error

    def _read(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self._changed.clear()
            try:
                self._read_once()
            except (ServerAway, Refused) as error:
                if isinstance(error, Refused) and error.permanent:
                    raise NotServed(f"the server does not give its board: {error}") from error
                if not failures:
                    log.warning("server away: %s", error)
                    self._clock_due = 0.0
                self._post(ReadFailed(str(error)))
                wait = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
                failures += 1
            except ClientError as error:
                raise NotServed(f"the server's board cannot be understood: {error}") from error
            else:
                if failures:
                    log.warning("server back")
                failures = 0
                wait = RECHECK_SECONDS if self._streaming.is_set() else POLL_SECONDS
            self._changed.wait(wait)

    def _read_once(self) -> None:
        """Read the board, and on a quiet turn the clock when it is due: a call does not wait for the time."""
        board = self._client.board()
        self._post(BoardRead(board))
        if not self._changed.is_set() and monotonic() >= self._clock_due:
            self._post(read_clock(self._client))
            self._clock_due = monotonic() + CLOCK_SECONDS
        if not self._first_read.is_set():
            self._seq = board.seq
            self._first_read.set()


def read_clock(client: Client) -> ClockRead:
    """Ask the server for its time."""
    health = client.health()
    return ClockRead(datetime.fromisoformat(health.now), health.speed)
