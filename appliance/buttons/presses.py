"""Presses on their way to the server, kept on disk until they are answered.

A press gets its idempotency key when it is made and keeps it through every retry, so that neither a restart of the
server nor one of this process can make two tickets of it. The file holds one JSON line a change; it is rewritten
when it is opened and when nothing is open, so a line that a power cut tore is never written on to.
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
    """One press: the service asked for, its key, and when: running seconds (monotonic) of a boot."""

    service: str
    key: str
    at: float
    boot: str = ""


class PressBook:
    """The presses that are not answered yet, oldest first; durable before `add` returns."""

    def __init__(self, path: Path, new_key: Callable[[], str], now: Callable[[], float], boot: str = "") -> None:
        """`now` is monotonic seconds of boot `boot`."""
        self._new_key = new_key
        self._now = now
        self._boot = boot
        self._changed = threading.Condition()
        self._open = {press.key: press for press in _read(path)}
        _rewrite(path, list(self._open.values()))
        self._file = path.open("a", encoding="utf-8")

    def close(self) -> None:
        """Close the file; presses that are open stay in it."""
        self._file.close()

    def age(self, press: Press) -> float:
        """Return how many seconds ago a press was made; without end for one of an earlier boot."""
        return self._now() - press.at if press.boot == self._boot else float("inf")

    def add(self, service: str) -> Press:
        """Keep a new press. Called from the buttons' threads; they do nothing else."""
        press = Press(service, self._new_key(), self._now(), self._boot)
        with self._changed:
            self._append(_row(press))
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


def _row(press: Press) -> dict[str, str | float]:
    return {KEY: press.key, "service": press.service, "at": press.at, "boot": press.boot}


def _rewrite(path: Path, presses: list[Press]) -> None:
    """Write the book anew, whole or not at all."""
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_row(press), ensure_ascii=False) + "\n" for press in presses)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(path: Path) -> list[Press]:
    """Return the open presses of a book; a torn line was never acted on, so it is passed over."""
    found: dict[str, Press] = {}
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
            if "service" in row:
                found[row[KEY]] = Press(row["service"], row[KEY], row["at"], row["boot"])
            else:
                found.pop(row[KEY], None)
        except (ValueError, KeyError, TypeError):
            continue
    return list(found.values())
