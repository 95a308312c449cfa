"""Presses on their way to the server, kept on disk until they are answered.

A press gets its idempotency key when it is made and keeps it through every retry, so that neither a restart of the
server nor one of this process can make two tickets of it. The file holds one JSON line a change; it is rewritten
when nothing is open.
"""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEY: Final = "key"


@dataclass(frozen=True, slots=True)
class Press:
    """One press: the service asked for, its key, and when it was made (wall clock, seconds)."""

    service: str
    key: str
    at: float


class PressBook:
    """The presses that are not answered yet, oldest first; durable before `add` returns."""

    def __init__(self, path: Path, new_key: Callable[[], str], now: Callable[[], float]) -> None:
        self._path = path
        self._new_key = new_key
        self._now = now
        self._changed = threading.Condition()
        self._open = {press.key: press for press in _read(path)}
        self._file = path.open("a", encoding="utf-8")

    def close(self) -> None:
        """Close the file; presses that are open stay in it."""
        self._file.close()

    def add(self, service: str) -> Press:
        """Keep a new press. Called from the buttons' threads; they do nothing else."""
        press = Press(service, self._new_key(), self._now())
        with self._changed:
            self._append({KEY: press.key, "service": press.service, "at": press.at})
            self._open[press.key] = press
            self._changed.notify_all()
        return press

    def settle(self, press: Press) -> None:
        """Forget a press that was answered or refused."""
        with self._changed:
            self._open.pop(press.key, None)
            if self._open:
                self._append({KEY: press.key})
            else:
                self._file.truncate(0)

    def wait(self, seconds: float) -> Press | None:
        """Return the oldest open press, waiting up to `seconds` for one."""
        with self._changed:
            self._changed.wait_for(lambda: self._open, seconds)
            return next(iter(self._open.values()), None)

    def _append(self, row: dict[str, str | float]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def _read(path: Path) -> list[Press]:
    """Return the open presses of a book; a torn last line was never acted on, so it is passed over."""
    found: dict[str, Press] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        if "service" in row:
            found[row[KEY]] = Press(row["service"], row[KEY], row["at"])
        else:
            found.pop(row[KEY], None)
    return list(found.values())
