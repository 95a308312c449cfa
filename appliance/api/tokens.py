"""Whom a bearer token belongs to, remembered for a moment: a TV or a tablet asks several times a second."""

import threading
import time
from collections.abc import Callable
from typing import Final

from appliance.office.access import digest, identify
from appliance.office.ports import Store, Token

KEPT_SECONDS: Final = 2.0
"""How long a token that was taken back may still be good."""
MOST: Final = 500


class TokenCache:
    """Tokens that were found good in the last two seconds. What is not known is asked of the store each time."""

    def __init__(self, running: Callable[[], float] = time.monotonic) -> None:
        self._running = running
        self._lock = threading.Lock()
        self._kept: dict[bytes, tuple[float, Token]] = {}

    def find(self, store: Store, token: str) -> Token | None:
        """Return whom a token belongs to, None when it is not known."""
        key, now = digest(token), self._running()
        with self._lock:
            until, kept = self._kept.get(key, (0.0, None))
        if kept and now < until:
            return kept
        with store.read() as unit:
            found = identify(unit, token)
        if found:
            with self._lock:
                if len(self._kept) >= MOST:
                    self._kept.clear()
                self._kept[key] = (now + KEPT_SECONDS, found)
        return found
