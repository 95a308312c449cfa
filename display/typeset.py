"""Fits words into boxes: wraps at spaces, then shrinks, then breaks words; only then shortens with `…`.

Pure: the same words, box and measure give the same lines.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from display import look
from display.draw import Align, Text
from display.metrics import Measure

PITCH: Final = 1.2
"""From line to line, in ems: more than any letter's ink is tall."""
SLACK: Final = 1.02
"""Room for a renderer that rounds letters to whole pixels."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the screen, in pixels."""

    x: int
    y: int
    w: int
    h: int

    def top(self, h: int) -> "Box":
        """Return the uppermost `h` pixels."""
        return Box(self.x, self.y, self.w, min(h, self.h))

    def below(self, h: int) -> "Box":
        """Return what is left under the uppermost `h` pixels."""
        return Box(self.x, self.y + h, self.w, max(0, self.h - h))

    def left(self, w: int) -> "Box":
        """Return the leftmost `w` pixels."""
        return Box(self.x, self.y, min(w, self.w), self.h)

    def right_of(self, w: int) -> "Box":
        """Return what is left beside the leftmost `w` pixels."""
        return Box(self.x + w, self.y, max(0, self.w - w), self.h)

    def inset(self, across: int, down: int = 0) -> "Box":
        """Return the box without a margin."""
        return Box(self.x + across, self.y + down, max(0, self.w - 2 * across), max(0, self.h - 2 * down))


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text is set."""

    colour: str = look.WHITE
    bold: bool = False
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Sizes:
    """The em that is wanted and the one below which words are broken or shortened instead."""

    want: int
    least: int

    def downwards(self) -> Iterator[int]:
        """Yield the sizes to try, largest first."""
        yield from range(self.want, self.least, -max(1, self.want // 20))
        yield min(self.want, self.least)


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs broken into lines of one size, ready to be placed; a little space parts the paragraphs."""

    parts: tuple[tuple[str, ...], ...]
    size: int

    @property
    def height(self) -> int:
        """How tall the lines are together."""
        return sum(len(lines) for lines in self.parts) * pitch(self.size) + (len(self.parts) - 1) * self.space

    @property
    def space(self) -> int:
        """What parts one paragraph from the next."""
        return self.size // 4


def pitch(size: int) -> int:
    """Return the distance from line to line."""
    return math.ceil(size * PITCH)


class Typesetter:
    """Sets text by one measure."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure

    def ems(self, text: str, *, bold: bool = False) -> float:
        """Return how wide `text` is in ems, with a renderer's slack."""
        return self._measure(text, bold=bold).width * SLACK

    def width(self, text: str, size: int, *, bold: bool = False) -> int:
        """Return how wide `text` is, in pixels, with a renderer's slack."""
        return math.ceil(self.ems(text, bold=bold) * size) + 2

    def line(self, text: str, box: Box, size: int, ink: Ink) -> Text:
        """Set one line in the middle of `box`'s height, as large as fits and no larger than `size`."""
        extent = self._measure(text, bold=ink.bold)
        by_width = int((box.w - 2) / (extent.width * SLACK)) if extent.width else size
        by_height = int((box.h - 2) / (extent.above + extent.below)) if extent.above + extent.below else size
        return self._at(text, box, max(1, min(size, by_width, by_height)), ink)

    def block(self, paragraphs: tuple[str, ...], box: Box, sizes: Sizes, *, bold: bool = False) -> Block:
        """Wrap `paragraphs` (one a language, all of one size) so that they fit `box`'s width and height."""
        for size in sizes.downwards():
            parts, broken = self._wrapped(paragraphs, box.w, size, bold=bold)
            block = Block(parts, size)
            if not broken and block.height <= box.h:
                return block
        size = sizes.least
        while size > 1 and (_least_height(paragraphs, size) > box.h or self.width("…", size, bold=bold) > box.w):
            size -= 1
        return self._shortened(paragraphs, box, size, bold=bold)

    def place(self, block: Block, box: Box, ink: Ink, *, middle: bool = False) -> tuple[Text, ...]:
        """Put the lines of `block` at the top of `box`, or in the middle of its height."""
        step = pitch(block.size)
        rest = box.below(max(0, (box.h - block.height) // 2)) if middle else box
        texts: list[Text] = []
        for lines in block.parts:
            for line in lines:
                texts.append(self._at(line, Box(rest.x, rest.y, rest.w, step), block.size, ink))
                rest = rest.below(step)
            rest = rest.below(block.space)
        return tuple(texts)

    def _at(self, text: str, box: Box, size: int, ink: Ink) -> Text:
        extent = self._measure(text, bold=ink.bold)
        above, below = math.ceil(extent.above * size) + 1, math.ceil(extent.below * size) + 1
        baseline = box.y + (box.h + round(look.CAP * size)) // 2
        baseline = max(min(baseline, box.y + box.h - below), box.y + above)
        width = self.width(text, size, bold=ink.bold)
        free = max(0, box.w - width)
        x = box.x + {"left": 0, "centre": free // 2, "right": free}[ink.align]
        return Text(
            text=text, x=x, y=baseline - above, w=width, h=above + below, colour=ink.colour,
            baseline=baseline, size=size, bold=ink.bold, align=ink.align,
        )  # fmt: skip

    def _wrapped(
        self, paragraphs: tuple[str, ...], width: int, size: int, *, bold: bool
    ) -> tuple[tuple[tuple[str, ...], ...], bool]:
        """Return each paragraph's lines and whether a word had to be broken."""
        result: list[tuple[str, ...]] = []
        broken = False
        for paragraph in paragraphs:
            lines: list[str] = []
            for word in paragraph.split():
                longer = f"{lines[-1]} {word}" if lines else word
                if lines and self.width(longer, size, bold=bold) <= width:
                    lines[-1] = longer
                elif self.width(word, size, bold=bold) <= width:
                    lines.append(word)
                else:
                    broken = True
                    lines.extend(self._pieces(word, width, size, bold=bold))
            result.append(tuple(lines))
        return tuple(result), broken

    def _pieces(self, word: str, width: int, size: int, *, bold: bool) -> Iterator[str]:
        piece = ""
        for character in word:
            if piece and self.width(piece + character, size, bold=bold) > width:
                yield piece
                piece = ""
            piece += character
        yield piece

    def _shortened(self, paragraphs: tuple[str, ...], box: Box, size: int, *, bold: bool) -> Block:
        """Give every paragraph its share of the lines that `box` holds; what is over ends in `…`."""
        parts, _ = self._wrapped(paragraphs, box.w, size, bold=bold)
        room = max(len(parts), (box.h - (len(parts) - 1) * (size // 4)) // pitch(size))
        kept: list[tuple[str, ...]] = []
        for number, lines in enumerate(parts):
            share = max(1, room // (len(parts) - number))
            whole = len(lines) <= share
            kept.append(
                lines if whole else (*lines[: share - 1], self._cut(lines[share - 1], box.w, size, bold=bold))
            )
            room -= len(kept[-1])
        return Block(tuple(kept), size)

    def _cut(self, line: str, width: int, size: int, *, bold: bool) -> str:
        while line and self.width(f"{line}…", size, bold=bold) > width:
            line = line[:-1]
        return f"{line.rstrip()}…"


def _least_height(paragraphs: tuple[str, ...], size: int) -> int:
    """Return what one line for each paragraph takes."""
    return Block(tuple((paragraph,) for paragraph in paragraphs), size).height
