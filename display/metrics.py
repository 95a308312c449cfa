"""The font files and how wide their letters are, in ems: the same numbers on every machine.

Measured in the font's own units, without hinting, so a layout does not depend on a renderer's version.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Protocol

from PIL import ImageFont

from display.errors import FontMissing

REGULAR: Final = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
BOLD: Final = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
UNITS: Final = 2048
"""Units per em of both files."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a text reaches from its origin, in ems: to the right, above and below the baseline."""

    width: float
    above: float
    below: float


class Measure(Protocol):
    """Says how much room a text takes."""

    def __call__(self, text: str, *, bold: bool) -> Extent:
        """Return the extent of `text`."""
        ...


def font_file(*, bold: bool) -> Path:
    """Return the font file of a weight. Raises FontMissing, naming the package that holds it."""
    path = BOLD if bold else REGULAR
    if not path.is_file():
        raise FontMissing(f"{path} is not there: install the package fonts-dejavu-core")
    return path


def open_metrics() -> Measure:
    """Open both font files and return their measure, which remembers what it was asked."""
    fonts = {
        bold: ImageFont.truetype(str(font_file(bold=bold)), UNITS, layout_engine=ImageFont.Layout.BASIC)
        for bold in (False, True)
    }

    @cache
    def letter(character: str, bold: bool) -> Extent:  # noqa: FBT001 - a cache key
        font = fonts[bold]
        _, top, _, bottom = font.getbbox(character, anchor="ls")
        return Extent(font.getlength(character) / UNITS, max(0.0, -top / UNITS), max(0.0, bottom / UNITS))

    @lru_cache(maxsize=4096)
    def measure(text: str, *, bold: bool) -> Extent:
        letters = [letter(character, bold) for character in text]
        return Extent(
            sum(each.width for each in letters),
            max((each.above for each in letters), default=0.0),
            max((each.below for each in letters), default=0.0),
        )

    return measure
