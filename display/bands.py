"""What lies across the whole width: the rehearsal's stripes, the missing server, notices; and the foot."""

from appliance.contract import models as m
from appliance.contract.words import say
from display import look
from display.board import View
from display.draw import Draw, Rect, Sign, Stripes
from display.look import Frame
from display.typeset import Box, Ink, Sizes, Typesetter, pitch


def bands(view: View, frame: Frame, typesetter: Typesetter) -> tuple[tuple[Draw, ...], Box]:
    """Draw what must be said before all else, and return it with the room left under it.

    Notices take turns, and share their room with the missing server where there is width: the calls keep theirs.
    """
    rest = Box(0, 0, frame.width, frame.height)
    draws: list[Draw] = [Rect(x=0, y=0, w=frame.width, h=frame.height, colour=look.NAVY)]
    if view.board and view.board.event.rehearsal:
        band = rest.top(round(frame.medium * 1.5))
        draws += rehearsal_band(band, frame, typesetter)
        rest = rest.below(band.h)
    notices = view.board.notices if view.board else []
    band = rest.top(pitch(frame.medium) * 2 + frame.gap * 3 // 2)
    if view.as_of is not None and notices and not frame.portrait:
        half = band.left(band.w // 2)
        draws += away_band(half, view.as_of, frame, typesetter)
        draws += notice_band(band.right_of(half.w), notices[view.page % len(notices)], frame, typesetter)
        return tuple(draws), rest.below(band.h)
    if view.as_of is not None:
        draws += away_band(band, view.as_of, frame, typesetter)
        rest = rest.below(band.h)
    if notices:
        band = rest.top(band.h * 3 // 2 if frame.portrait else band.h)
        draws += notice_band(band, notices[view.page % len(notices)], frame, typesetter)
        rest = rest.below(band.h)
    return tuple(draws), rest


def rehearsal_band(box: Box, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Draw the striped band, with the word on plain ground in its middle."""
    words = f"{say('rehearsal', 'kk')} · {say('rehearsal', 'ru')}"
    width = min(box.w, typesetter.width(words, frame.medium, bold=True) + 2 * frame.gap)
    plain = Box(box.x + (box.w - width) // 2, box.y, width, box.h)
    word = typesetter.line(
        words, plain.inset(frame.gap // 2), frame.medium, Ink(look.NAVY, bold=True, align="centre")
    )
    return (
        Stripes(x=box.x, y=box.y, w=box.w, h=box.h, colour=look.AMBER, under=look.NAVY),
        Rect(x=plain.x, y=plain.y, w=plain.w, h=plain.h, colour=look.AMBER),
        word,
    )


def away_band(box: Box, as_of: str, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Say with a sign that the server is away and how old the board is."""
    inner = box.inset(frame.gap // 2, frame.gap // 4)
    sign = Sign(x=inner.x + frame.gap, y=inner.y + frame.gap // 2, w=inner.h - frame.gap, h=inner.h - frame.gap,
                colour=look.AMBER, ink=look.NAVY)  # fmt: skip
    words = inner.right_of(sign.w + 2 * frame.gap).inset(frame.gap // 2, frame.gap // 4)
    paragraphs = (say("no_server", "kk", t=as_of), say("no_server", "ru", t=as_of))
    block = typesetter.block(paragraphs, words, Sizes(frame.medium, frame.medium // 2), bold=True)
    return (
        Rect(x=inner.x, y=inner.y, w=inner.w, h=inner.h, colour=look.AMBER, line=max(2, frame.gap // 6),
             radius=frame.gap // 2),
        sign,
        *typesetter.place(block, words, Ink(look.AMBER, bold=True), middle=True),
    )  # fmt: skip


def notice_band(box: Box, notice: m.Notice, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Draw one notice, Kazakh before Russian."""
    inner = box.inset(frame.gap // 2, frame.gap // 4)
    bar = max(4, frame.gap // 2)
    words = inner.right_of(bar + frame.gap).inset(frame.gap // 2, frame.gap // 4)
    block = typesetter.block((notice.text.kk, notice.text.ru), words, Sizes(frame.medium, frame.medium * 2 // 3))
    return (
        Rect(x=inner.x, y=inner.y, w=inner.w, h=inner.h, colour=look.PANEL),
        Rect(x=inner.x, y=inner.y, w=bar, h=inner.h, colour=look.CYAN),
        *typesetter.place(block, words, Ink(), middle=True),
    )


def foot(view: View, box: Box, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Draw the clock, the event's title and the promise that a place is kept."""
    clock = box.left(typesetter.width("00:00", frame.heading, bold=True))
    draws: list[Draw] = []
    if view.clock:
        top = clock.top(box.h // 2) if frame.portrait else clock
        draws.append(typesetter.line(view.clock, top, frame.heading, Ink(bold=True)))
    sizes = Sizes(frame.small, frame.medium // 2)
    rest = box.right_of(clock.w + 2 * frame.gap)
    if frame.portrait:
        title, promise = rest.top(box.h // 2), box.below(box.h // 2)
    else:
        title = rest.left((rest.w - 2 * frame.gap) * 9 // 20)
        promise = rest.right_of(title.w + 2 * frame.gap)
    if view.board and view.board.calls:
        names = view.board.event.title
        block = typesetter.block((names.kk, names.ru), title, sizes)
        draws += typesetter.place(block, title, Ink(look.QUIET), middle=True)
    elif not frame.portrait:
        promise = rest
    block = typesetter.block((say("place_kept", "kk"), say("place_kept", "ru")), promise, sizes)
    draws += typesetter.place(block, promise, Ink(), middle=True)
    return tuple(draws)
