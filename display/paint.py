"""Paints draw items on a pygame surface: the only module that knows how an item looks as pixels."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pygame
import pygame.freetype

from display.draw import Draw, Item, Rect, Sign, Stripes, Text
from display.errors import NotWritten
from display.metrics import font_file

REMEMBERED_TEXTS = 48
"""Rendered lines kept: about one busy board. A line of names takes a millisecond to render again."""
STRIPE = 0.5
"""Width of a stripe, in heights of its band."""


class Painter:
    """Paints items; remembers the lines of text that it rendered."""

    def __init__(self) -> None:
        """Open the fonts. Raises FontMissing."""
        pygame.freetype.init()
        fonts = {bold: pygame.freetype.Font(str(font_file(bold=bold))) for bold in (False, True)}

        @lru_cache(maxsize=REMEMBERED_TEXTS)
        def rendered(text: str, size: int, colour: str, bold: bool) -> tuple[pygame.Surface, pygame.Rect]:  # noqa: FBT001 - a cache key
            surface, ink = fonts[bold].render(text, pygame.Color(colour), size=size)
            return surface, ink

        self._rendered = rendered

    def paint(self, surface: pygame.Surface, draws: Iterable[Draw], part: pygame.Rect | None = None) -> None:
        """Paint `draws` in order on `surface`, or only what lies in `part` of it."""
        part = part or surface.get_rect()
        surface.set_clip(part)
        for item in draws:
            if extent_of(item).colliderect(part):
                self._paint_one(surface, item)
        surface.set_clip(None)

    def text_extent(self, item: Text) -> pygame.Rect:
        """Return where the ink of `item` falls."""
        _, ink = self._rendered(item.text, item.size, item.colour, item.bold)
        free = item.w - (ink.x + ink.w)
        x = item.x + ink.x + {"left": 0, "centre": free // 2, "right": free}[item.align]
        return pygame.Rect(x, item.baseline - ink.y, ink.w, ink.h)

    def _paint_one(self, surface: pygame.Surface, item: Draw) -> None:
        match item:
            case Rect():
                pygame.draw.rect(surface, item.colour, box_of(item), item.line, border_radius=item.radius or -1)
            case Stripes():
                _paint_stripes(surface, item)
            case Sign():
                _paint_sign(surface, item)
            case Text():
                ink, _ = self._rendered(item.text, item.size, item.colour, item.bold)
                surface.blit(ink, self.text_extent(item))


def blank(size: tuple[int, int]) -> pygame.Surface:
    """Return a surface that needs no screen."""
    return pygame.Surface(size, depth=32)


def box_of(item: Item) -> pygame.Rect:
    """Return the item's box."""
    return pygame.Rect(item.x, item.y, item.w, item.h)


def extent_of(item: Item) -> pygame.Rect:
    """Return the box with the pixel around it that smoothing may touch."""
    return box_of(item).inflate(4, 4)


def save_png(surface: pygame.Surface, path: Path) -> None:
    """Write `surface` to `path` whole or not at all."""
    new = path.with_name(f".{path.stem}.new.png")
    try:
        pygame.image.save(surface, str(new))
        new.replace(path)
    except (OSError, pygame.error) as error:
        raise NotWritten(f"cannot write {path}: {error}") from error


def _paint_stripes(surface: pygame.Surface, item: Stripes) -> None:
    box = box_of(item)
    band = pygame.Surface(box.size)
    band.fill(item.under)
    step = max(2, round(item.h * STRIPE))
    for x in range(-item.h, item.w, 2 * step):
        corners = ((x, item.h), (x + step, item.h), (x + step + item.h, 0), (x + item.h, 0))
        pygame.draw.polygon(band, item.colour, corners)
    surface.blit(band, box)


def _paint_sign(surface: pygame.Surface, item: Sign) -> None:
    box = box_of(item)
    pygame.draw.polygon(surface, item.colour, (box.midtop, box.bottomright, box.bottomleft))
    bar = max(2, box.w // 10)
    stem = pygame.Rect(box.centerx - bar // 2, box.y + box.h * 38 // 100, bar, box.h * 32 // 100)
    dot = pygame.Rect(stem.x, box.y + box.h * 78 // 100, bar, bar)
    pygame.draw.rect(surface, item.ink, stem)
    pygame.draw.rect(surface, item.ink, dot)
