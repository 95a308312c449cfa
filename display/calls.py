"""The left side: who is called where, as large as the hall needs it; or, with nobody called, what to expect."""

from dataclasses import dataclass
from typing import Final

from appliance.contract import models as m
from appliance.contract.words import say
from display import look
from display.board import View
from display.draw import Draw, Rect
from display.look import Frame
from display.typeset import Box, Ink, Sizes, Typesetter, pitch

ROWS: Final = 4
"""As many rows as a 55-inch screen can show to the back of a hall."""
ROWS_UPRIGHT: Final = 6
ARROW: Final = "→"
ARROW_SIZE: Final = 0.8
"""The arrow's em as part of the number's."""
SPACE: Final = 0.15
"""Between number, arrow and desk, in ems."""
CELL: Final = 1.05
"""A row's height in ems: digits, the tail of Д or Қ, and a little air."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How large number, arrow and desk are in every row, and how wide."""

    size: int
    number: int
    arrow: int
    desk: int
    gap: int

    @property
    def over_desk(self) -> int:
        """Where the desk begins."""
        return self.number + self.arrow + 2 * self.gap


def calls_side(view: View, box: Box, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Draw the last calls, or the event and its opening when there are none.

    At most half the rows stand in the inverted bar: in a rush, a screen all in bars would point at nobody.
    """
    if view.board is None:
        return ()
    if not view.board.calls:
        return _nobody_called(view, view.board, box, frame, typesetter)
    header = box.top(round(frame.medium * 1.6))
    area = box.below(header.h)
    rows = row_count(view.board, area, frame, typesetter)
    shown, pages = shown_calls(view, rows)
    draws: list[Draw] = []
    if pages > 1:
        draws += page_marks(area.below(area.h - frame.gap), view.page % pages, pages, frame)
        area = area.top(area.h - frame.gap)
    step = area.h // rows
    space = max(2, frame.gap // 4)
    columns = _columns(view.board, area.top(step - space), frame, typesetter)
    draws += _header(header, columns, frame, typesetter)
    for number, call in enumerate(shown):
        row = area.below(number * step).top(step - space)
        fresh = call.seq in view.fresh and number < rows // 2
        draws += _row(call, row, columns, (frame, typesetter), fresh=fresh)
    return tuple(draws)


def row_count(board: m.Board, area: Box, frame: Frame, typesetter: Typesetter) -> int:
    """Return how many rows fit: four, more on an upright screen, fewer where four would be too small to read."""
    widest = _columns(board, area, frame, typesetter).size
    if frame.portrait:
        return max(ROWS, min(ROWS_UPRIGHT, int(area.h / (widest * CELL + frame.gap // 4))))
    least = min(frame.em(frame.distance_m), widest)
    return next((rows for rows in (ROWS, ROWS - 1) if area.h / rows / CELL >= least), ROWS - 2)


def shown_calls(view: View, rows: int) -> tuple[tuple[m.Call, ...], int]:
    """Return the calls to show, newest first, and how many pages there are.

    People on their way come before people already at a desk. When more are on their way than there are rows, the
    newest stay and the others take turns.
    """
    calls = view.board.calls if view.board else []
    under_way = [call for call in calls if call.state == "called"]
    if len(under_way) <= rows:
        at_desks = [call for call in calls if call.state != "called"][: rows - len(under_way)]
        return tuple(call for call in calls if call in under_way or call in at_desks), 1
    fresh = sum(call.seq in view.fresh for call in under_way)
    pinned = min(max(1, fresh), rows // 2)
    turns = rows - pinned
    others = under_way[pinned:]
    pages = -(-len(others) // turns)
    start = view.page % pages * turns
    return (*under_way[:pinned], *others[start : start + turns]), pages


def page_marks(box: Box, page: int, pages: int, frame: Frame) -> tuple[Draw, ...]:
    """Draw one mark a page at the right end of `box`, the page that stands filled."""
    side = max(4, min(frame.gap // 2, box.w // (2 * pages)))
    start = box.x + box.w - 2 * side * pages
    y = box.y + (box.h - side) // 2
    lines = [0 if number == page else max(1, side // 5) for number in range(pages)]
    return tuple(
        Rect(x=start + 2 * side * number, y=y, w=side, h=side, colour=look.QUIET, line=line)
        for number, line in enumerate(lines)
    )


def _columns(board: m.Board, row: Box, frame: Frame, typesetter: Typesetter) -> Columns:
    """Return one size for every number the day can bring, so that rows do not jump as calls come and go."""
    numbers = [call.number for call in board.calls] + [f"{service.code}-000" for service in board.services]
    desks = [call.desk for call in board.calls] + [desk.id for desk in board.desks]
    number_ems = max(typesetter.ems(text, bold=True) for text in numbers)
    arrow_ems = typesetter.ems(ARROW, bold=True) * ARROW_SIZE
    desk_ems = max(typesetter.ems(text, bold=True) for text in desks)
    room = row.w - 2 * frame.gap
    size = max(1, int(min(row.h / CELL, room / (number_ems + arrow_ems + desk_ems + 2 * SPACE))))
    number, arrow, desk = (round(part * size) + 3 for part in (number_ems, arrow_ems, desk_ems))
    return Columns(size, number, arrow, desk, gap=round(size * SPACE))


def _row(
    call: m.Call, row: Box, columns: Columns, tools: tuple[Frame, Typesetter], *, fresh: bool
) -> tuple[Draw, ...]:
    frame, typesetter = tools
    ink = Ink(look.NAVY if fresh else look.WHITE, bold=True)
    inner = row.inset(frame.gap - 5)
    arrow = inner.right_of(columns.number + columns.gap).left(columns.arrow)
    bar = Rect(x=row.x, y=row.y, w=row.w, h=row.h, colour=look.AMBER, radius=row.h // 12)
    return (
        *((bar,) if fresh else ()),
        typesetter.line(call.number, inner.left(columns.number), columns.size, ink),
        typesetter.line(ARROW, arrow, round(columns.size * ARROW_SIZE), ink),
        typesetter.line(call.desk, inner.right_of(columns.over_desk), columns.size, ink),
    )


def _header(box: Box, columns: Columns, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    inner = box.inset(frame.gap - 5)
    called = f"{say('invited', 'kk')} · {say('invited', 'ru')}"
    desk = f"{say('desk', 'kk')} · {say('desk', 'ru')}"
    ink = Ink(look.QUIET)
    return (
        typesetter.line(called, inner.left(columns.over_desk - frame.gap), frame.medium, ink),
        typesetter.line(desk, inner.right_of(columns.over_desk), frame.medium, ink),
    )


def _nobody_called(view: View, board: m.Board, box: Box, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Name the event and say when the doors open, or that calls will come."""
    inner = box.inset(frame.gap // 2)
    title, rest = inner.top(inner.h // 2 - frame.gap), inner.below(inner.h // 2 + frame.gap)
    sizes = Sizes(frame.heading, frame.heading // 3)
    block = typesetter.block((board.event.title.kk, board.event.title.ru), title, sizes, bold=True)
    key = "doors_open" if view.doors else "please_wait"
    words = (say(key, "kk", t=view.doors), say(key, "ru", t=view.doors))
    opening = typesetter.block(words, rest.top(pitch(frame.heading) * 5 // 2), sizes)
    return (
        *typesetter.place(block, title.below(max(0, title.h - block.height)), Ink(bold=True)),
        *typesetter.place(opening, rest, Ink(look.AMBER if view.doors else look.WHITE)),
    )
