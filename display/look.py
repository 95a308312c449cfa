"""The colours of the TV and the heights of its letters. Contrast is 7:1 or better wherever text stands."""

import math
from dataclasses import dataclass
from typing import Final

NAVY: Final = "#0B1F33"
"""Background, and text on amber."""
WHITE: Final = "#FFFFFF"
QUIET: Final = "#A9BCCB"
AMBER: Final = "#FFC93C"
"""The newest call; with a sign, trouble."""
CYAN: Final = "#6FD3E8"
PANEL: Final = "#14304D"
"""A notice's ground: a little lighter than the background."""

CAP: Final = 0.729
"""Height of a capital letter or digit of DejaVu Sans, in ems."""

MM_PER_INCH: Final = 25.4
ARC_MINUTES: Final = 3438.0
"""Minutes of arc in a radian: a letter h tall at distance d spans h / d * 3438 of them."""
LEAST_MINUTES: Final = 16.0
"""The smallest angle a letter may span (ISO 9241-3); 20 to 22 are preferred."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A screen and who looks at it: pixels, diagonal in inches, and the distance it must be read from."""

    width: int
    height: int
    diagonal_in: float = 55.0
    distance_m: float = 15.0

    @property
    def portrait(self) -> bool:
        """Whether the screen stands upright."""
        return self.height > self.width

    @property
    def short(self) -> int:
        """The shorter side, to which margins are in proportion."""
        return min(self.width, self.height)

    @property
    def gap(self) -> int:
        """The space that parts things."""
        return round(self.short * 0.022)

    @property
    def large(self) -> int:
        """Em of numbers that are looked up from half the distance: next in line, clock."""
        return self._clamped(self.em(self.distance_m / 2), 0.055, 0.08)

    @property
    def medium(self) -> int:
        """Em of names and words that are read from a quarter of the distance."""
        return self._clamped(self.em(self.distance_m / 4), 0.03, 0.04)

    @property
    def heading(self) -> int:
        """Em of the event's title while it stands alone, and of the clock."""
        return round(self.large * 1.2)

    @property
    def small(self) -> int:
        """Em of the names of services, which explain what the numbers say."""
        return round(self.medium * 0.86)

    def em(self, distance_m: float, minutes: float = LEAST_MINUTES) -> float:
        """Return the em whose capitals span `minutes` of arc at `distance_m`, in pixels."""
        return distance_m * 1000 * minutes / ARC_MINUTES * self._px_per_mm / CAP

    def readable_m(self, em: float, minutes: float = LEAST_MINUTES) -> float:
        """Return the distance at which capitals of `em` still span `minutes` of arc."""
        return em * CAP / self._px_per_mm * ARC_MINUTES / minutes / 1000

    @property
    def _px_per_mm(self) -> float:
        return math.hypot(self.width, self.height) / (self.diagonal_in * MM_PER_INCH)

    def _clamped(self, em: float, least: float, most: float) -> int:
        return round(min(max(em, least * self.short), most * self.short))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#RRGGBB`, 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004 - sRGB
    return sum(weight * value for weight, value in zip(weights, linear, strict=True))
