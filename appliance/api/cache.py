"""The encoded board, built once a change."""

import threading

import msgspec

from appliance.office import feed
from appliance.office.ports import Store


class BoardCache:
    """The encoded board of the newest seq: however many screens ask, it is built once a change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seq = -1
        self._body = b""

    def read(self, store: Store) -> tuple[int, bytes]:
        """Return the newest seq and its encoded board."""
        with store.read() as unit:
            seq = unit.journal.head()
            with self._lock:
                if seq == self._seq:
                    return self._seq, self._body
            board = feed.board(unit)
        body = msgspec.json.encode(board)
        with self._lock:
            if board.seq > self._seq:
                self._seq, self._body = board.seq, body
        return board.seq, body
