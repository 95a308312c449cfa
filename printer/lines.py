"""Breaks text into lines: between words, of even lengths, and never wider than the paper. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

BALANCE_STEP: Final = 8
"""Lines are evened out to within so many dots."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: the font's em height in dots, and its weight."""

    size: int
    bold: bool = False


Measure = Callable[[str, Style], int]
"""Width in dots of a text in a style."""


@lru_cache(maxsize=1024)
def wrap(text: str, width: int, style: Style, measure: Measure) -> tuple[str, ...]:
    """Break `text` into lines of at most `width` dots, between words, or within a word that is too long."""
    lines: list[str] = []
    line = ""
    for word in text.replace("\n", " ").split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer, style) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _split_word(word, width, style, measure)
        lines.extend(full)
    return (*lines, line) if line else tuple(lines)


@lru_cache(maxsize=1024)
def balance(text: str, width: int, style: Style, measure: Measure) -> tuple[str, ...]:
    """Wrap `text` into as few lines as `wrap` does, of lengths as equal as may be: no last word stands alone."""
    best = wrap(text, width, style, measure)
    low, high = width // 2, width
    while len(best) > 1 and high - low > BALANCE_STEP:
        middle = (low + high) // 2
        lines = wrap(text, middle, style, measure)
        if len(lines) > len(best) or "".join(lines).count(" ") != "".join(best).count(" "):
            low = middle
        else:
            best, high = lines, middle
    return best


def _split_word(word: str, width: int, style: Style, measure: Measure) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and measure(pieces[-1] + letter, style) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
