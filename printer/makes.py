"""What makes of printers differ in: which questions they answer, how much they hold, and how fast they are."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Manners:
    """Which questions a make of printer answers: DLE EOT, GS r, and the echo of GS ( H."""

    now: bool = True
    processed: bool = True
    echo: bool = True


FAMILIES: Final[dict[str, Manners]] = {
    "full": Manners(),
    "no-echo": Manners(echo=False),
    "gs-r": Manners(now=False, echo=False),
    "status": Manners(processed=False, echo=False),
    "mute": Manners(now=False, processed=False, echo=False),
}
"""Makes met in the field, by what they answer; python-escpos's threads and makers' command sets name each kind."""


@dataclass(frozen=True, slots=True)
class Build:
    """How a make is built. None is without limit, as in a printer that exists in memory only."""

    buffer: int | None = None
    bytes_a_second: float | None = None
    mm_a_second: float | None = None
