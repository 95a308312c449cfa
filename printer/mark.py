"""The mark: what this printer was doing with which job, on disk before the first byte goes out.

After a crash it tells a job of which nothing was sent (no mark: print it) from one that may be on paper (never
print it again unmarked) and from one whose outcome is known and only has to be reported.
"""

import fcntl
import logging
import os
from pathlib import Path
from typing import Literal, Self

import msgspec

from appliance.contract.models import Proof
from printer.errors import AlreadyRunning
from printer.known import KnownFile
from printer.paper import sync_folder, write_whole

log = logging.getLogger(__name__)

Stage = Literal["sending", "printed", "sent", "uncertain", "failed"]


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One job in the printer's hands. Every stage but `sending` is an outcome; `detail` says more of it.

    `job` is None when a mark was there and could not be read: it may have been any job's.
    """

    job: int | None
    stage: Stage
    proof: Proof | None = None
    detail: str = ""


class MarkFile:
    """`DIR/printer-<id>.spool.json`: one mark or none. Held open it also keeps other processes off this printer."""

    def __init__(self, data: Path, printer: str) -> None:
        self.known = KnownFile(data, printer)
        """What else is kept beside the mark."""
        self._path = data / f"printer-{printer}.spool.json"
        self._lock_path = data / f"printer-{printer}.lock"
        self._lock = -1

    def __enter__(self) -> Self:
        """Raise AlreadyRunning when another process holds the mark."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise AlreadyRunning(f"another process prints here: it holds {self._lock_path}") from None
        self._lock = lock
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)

    def load(self) -> Mark | None:
        """Return the mark, or None when there is none."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return msgspec.json.decode(data, type=Mark)
        except msgspec.MsgspecError:
            log.exception("cannot read %s; what it stood for counts as uncertain", self._path)
            return Mark(job=None, stage="sending")

    def write(self, mark: Mark) -> None:
        """Bring the mark to the disk."""
        write_whole(self._path, msgspec.json.encode(mark))

    def clear(self) -> None:
        """Take the mark away."""
        self._path.unlink(missing_ok=True)
        sync_folder(self._path.parent)
