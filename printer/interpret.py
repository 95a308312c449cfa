"""Reads ESC/POS as a printer does: a stream of bytes, cut anywhere, -> commands. Pure.

Only what Kezek sends, and its near relatives, is known; anything else comes out as `Unknown`, never as a guess.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reset:
    """ESC @."""


@dataclass(frozen=True, slots=True)
class Raster:
    """GS v 0 at normal density: `dots` are rows of `across` bytes, a set bit is black."""

    across: int
    rows: int
    dots: bytes


@dataclass(frozen=True, slots=True)
class FeedDots:
    """ESC J n."""

    dots: int


@dataclass(frozen=True, slots=True)
class FeedLines:
    """ESC d n, and LF."""

    lines: int


@dataclass(frozen=True, slots=True)
class Cut:
    """GS V."""


@dataclass(frozen=True, slots=True)
class AskEcho:
    """GS ( H, function 48: echo these four bytes when all before is on paper."""

    mark: bytes


@dataclass(frozen=True, slots=True)
class AskProcessed:
    """GS r n: answer when all before has been executed."""

    what: int


@dataclass(frozen=True, slots=True)
class AskNow:
    """DLE EOT n: answer at once, whatever waits."""

    question: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """GS a n."""

    what: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """NUL, any number of them: printers skip it."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes that are no command known here."""

    data: bytes


Command = (
    Reset | Raster | FeedDots | FeedLines | Cut | AskEcho | AskProcessed | AskNow | AutoStatus | Nothing | Unknown
)

Reader = Callable[[bytes], "tuple[int, Command] | None"]
"""Takes bytes that start with its command; gives the command and its length, or None when there are too few."""


class Interpreter:
    """Cuts the stream into commands. `feed` gives each with its bytes as soon as it is complete."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> Iterator[tuple[Command, bytes]]:
        """Take bytes and yield (command, its bytes)."""
        self._pending += data
        start = 0
        try:
            while start < len(self._pending):
                found = _read(self._pending[start:])
                if found is None:
                    break
                length, command = found
                yield command, self._pending[start : start + length]
                start += length
        finally:
            self._pending = self._pending[start:]

    @property
    def inside(self) -> int:
        """How many bytes of a command that is not complete have come."""
        return len(self._pending)

    def clear(self) -> None:
        """Forget half a command."""
        self._pending = b""


def _read(data: bytes) -> tuple[int, Command] | None:
    for head, reader in READERS.items():
        if data.startswith(head):
            return reader(data)
    if any(head.startswith(data) for head in READERS):
        return None
    for end in (1, 2):
        # The beginning of a command that was given up: printers drop it.
        if data[end : end + 1] == b"\x00" and any(head.startswith(data[:end]) for head in READERS):
            return end + 1, Nothing()
    return 1, Unknown(data[:1])


def _parameter(length: int, make: Callable[[int], Command]) -> Reader:
    """Return a reader of a command of `length` bytes whose last one is its parameter."""

    def read(data: bytes) -> tuple[int, Command] | None:
        return (length, make(data[length - 1])) if len(data) >= length else None

    return read


def _fixed(length: int, command: Command) -> Reader:
    def read(data: bytes) -> tuple[int, Command] | None:
        del data
        return length, command

    return read


def _read_nothing(data: bytes) -> tuple[int, Command] | None:
    return len(data) - len(data.lstrip(b"\x00")), Nothing()


def _read_raster(data: bytes) -> tuple[int, Command] | None:
    head = 8
    if len(data) < head:
        return None
    if data[3] != 0:
        return 4, Unknown(data[:4])
    across, rows = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
    end = head + across * rows
    return (end, Raster(across, rows, data[head:end])) if len(data) >= end else None


def _read_cut(data: bytes) -> tuple[int, Command] | None:
    if len(data) < 3:  # noqa: PLR2004 - GS V m
        return None
    if data[2] in b"\x00\x01\x30\x31":
        return 3, Cut()
    if data[2] in b"\x41\x42":
        return (4, Cut()) if len(data) >= 4 else None  # noqa: PLR2004 - GS V m n
    return 3, Unknown(data[:3])


def _read_echo(data: bytes) -> tuple[int, Command] | None:
    head = 5
    if len(data) < head:
        return None
    end = head + int.from_bytes(data[3:5], "little")
    if len(data) < end:
        return None
    if data[5:7] != b"\x30\x30" or end != 11:  # noqa: PLR2004 - the length of function 48
        return end, Unknown(data[:end])
    return end, AskEcho(data[7:11])


READERS: Final[dict[bytes, Reader]] = {
    b"\x00": _read_nothing,
    b"\n": _fixed(1, FeedLines(1)),
    b"\x1b@": _fixed(2, Reset()),
    b"\x1bJ": _parameter(3, FeedDots),
    b"\x1bd": _parameter(3, FeedLines),
    b"\x1dv0": _read_raster,
    b"\x1dV": _read_cut,
    b"\x1d(H": _read_echo,
    b"\x1dr": _parameter(3, AskProcessed),
    b"\x1da": _parameter(3, AutoStatus),
    b"\x10\x04": _parameter(3, AskNow),
}
