"""What may be drawn: frozen items, in painting order, in pixels. `layout` makes them, `screen` paints them.

They are msgspec structs because the stand-in for an absent screen writes them down as they are.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Align = Literal["left", "centre", "right"]


class Item(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    """Base of everything drawn: the box that it stays within."""

    x: int
    y: int
    w: int
    h: int
    colour: str


class Rect(Item, frozen=True, kw_only=True, tag="rect"):
    """A filled rectangle, or its outline `line` pixels wide; `radius` rounds the corners."""

    radius: int = 0
    line: int = 0


class Stripes(Item, frozen=True, kw_only=True, tag="stripes"):
    """Diagonal stripes of `colour` over `under`: the mark of a rehearsal."""

    under: str


class Sign(Item, frozen=True, kw_only=True, tag="sign"):
    """A warning triangle of `colour` with its exclamation mark in `ink`."""

    ink: str


class Text(Item, frozen=True, kw_only=True, tag="text"):
    """One line of text. The box holds all its ink; `size` is the em, `baseline` where the letters stand."""

    text: str
    baseline: int
    size: int
    bold: bool = False
    align: Align = "left"


Draw = Rect | Stripes | Sign | Text


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A whole picture and the seq of the board it shows; `away` says that the server cannot be asked."""

    display: str
    seq: int | None
    away: bool
    width: int
    height: int
    draws: tuple[Draw, ...]


def texts(draws: Iterable[Draw]) -> tuple[Text, ...]:
    """Return the lines of text among `draws`."""
    return tuple(item for item in draws if isinstance(item, Text))
