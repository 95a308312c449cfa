"""The encoded board, built once a change."""

import hashlib
import threading

import msgspec

from appliance.office import feed
from appliance.office.ports import Store


class BoardCache:
    """The encoded board of the newest seq: however many screens ask, it is built once a change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seq = -1
        self._kept = ("", b"")

    def read(self, store: Store) -> tuple[str, bytes]:
        """Return the newest board's ETag and the encoded board.

        The ETag is of the content: a database that was replaced may have the same seq and another board.
        """
        with store.read() as unit:
            seq = unit.journal.head()
            with self._lock:
                if seq == self._seq:
                    return self._kept
            board = feed.board(unit)
        body = msgspec.json.encode(board)
        made = (hashlib.blake2b(body, digest_size=8).hexdigest(), body)
        with self._lock:
            if board.seq > self._seq:
                self._seq, self._kept = board.seq, made
        return made
