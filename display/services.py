"""The right side: next in line, service by service, a page at a time."""

from dataclasses import dataclass
from typing import Final

from appliance.contract import models as m
from appliance.contract.words import say
from display import look
from display.board import View
from display.calls import page_marks
from display.draw import Draw, Rect
from display.look import Frame
from display.typeset import Block, Box, Ink, Sizes, Typesetter, pitch

NAME_LINES: Final = 4
"""Lines for a service's two names; longer names are set smaller."""
NUMBERS: Final = 2
"""How many of the next numbers must fit beside the count."""


@dataclass(frozen=True, slots=True)
class Card:
    """A service, with its names already set, and the height it takes."""

    service: m.ServiceOnBoard
    names: Block
    height: int


def services_side(view: View, box: Box, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Draw who is next at each service where people wait; with nobody waiting, the services that receive."""
    if view.board is None or not view.board.services:
        return ()
    waiting = any(service.waiting for service in view.board.services)
    header = box.top(pitch(frame.small) * 2 + frame.gap // 2 if waiting else 0)
    area = box.below(header.h)
    marks, area = area.below(area.h - frame.gap), area.top(area.h - frame.gap)
    pages = _pages(view.board, area, frame, typesetter)
    number = view.page % len(pages)
    draws: list[Draw] = []
    if waiting:
        draws += _header(header, frame, typesetter)
    if len(pages) > 1:
        draws += page_marks(marks, number, len(pages), frame)
    size = _number_size(view.board, area.w, frame, typesetter)
    for card in pages[number]:
        draws += _card(card, area.top(card.height), size, (frame, typesetter))
        area = area.below(card.height + frame.gap)
    return tuple(draws)


def _pages(board: m.Board, area: Box, frame: Frame, typesetter: Typesetter) -> list[list[Card]]:
    """Deal the services out to pages: where people wait first; pages without any are left out unless none wait."""
    services = sorted(board.services, key=lambda service: service.waiting == 0)
    pages: list[list[Card]] = []
    used = area.h
    for service in services:
        card = _measured(service, area, frame, typesetter)
        if used + frame.gap + card.height > area.h:
            if pages and services[0].waiting and not service.waiting:
                break
            pages.append([])
            used = -frame.gap
        pages[-1].append(card)
        used += frame.gap + card.height
    return pages


def _measured(service: m.ServiceOnBoard, area: Box, frame: Frame, typesetter: Typesetter) -> Card:
    """Set the names: the whole width under the numbers, or beside the service's letter when nobody waits."""
    line = 0 if _quiet(service) else _line_height(frame)
    beside = _badge(frame) if not service.waiting else 0
    tall = min(max(1, area.h - line), pitch(frame.small) * NAME_LINES + frame.small)
    room = Box(area.x, area.y, area.w - beside, tall)
    names = typesetter.block((service.names.kk, service.names.ru), room, Sizes(frame.small, frame.small * 2 // 3))
    least = round(frame.medium * 1.5) if beside else 0
    return Card(service, names, min(area.h, line + max(names.height, least)))


def _quiet(service: m.ServiceOnBoard) -> bool:
    """Whether nothing but the service's names is to be said."""
    return service.open and not service.waiting


def _line_height(frame: Frame) -> int:
    return round(frame.large * 1.1)


def _badge(frame: Frame) -> int:
    return round(frame.medium * 1.5) + frame.gap


def _header(box: Box, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Say above the numbers what they are, and above the counts what they count."""
    step = pitch(frame.small)
    split = box.w * 3 // 5
    kk, ru = box.top(step), box.below(step).top(step)
    left, right = Ink(look.QUIET), Ink(look.QUIET, align="right")
    return (
        typesetter.line(say("next_in_line", "kk"), kk.left(split), frame.small, left),
        typesetter.line(say("waiting", "kk"), kk.right_of(split + frame.gap), frame.small, right),
        typesetter.line(say("next_in_line", "ru"), ru.left(split), frame.small, left),
        typesetter.line(say("waiting", "ru"), ru.right_of(split + frame.gap), frame.small, right),
    )


def _number_size(board: m.Board, width: int, frame: Frame, typesetter: Typesetter) -> int:
    """Return the em at which two numbers of any service stand beside their count."""
    widest = max(typesetter.ems(f"{service.code}-000", bold=True) for service in board.services)
    ems = widest * NUMBERS + typesetter.ems("00", bold=True)
    return max(frame.large * 3 // 4, min(frame.large, int((width - (NUMBERS + 1) * frame.gap) / ems)))


def _card(card: Card, box: Box, size: int, tools: tuple[Frame, Typesetter]) -> tuple[Draw, ...]:
    frame, typesetter = tools
    service = card.service
    line = box.top(_line_height(frame))
    names = box if _quiet(service) else box.below(line.h)
    draws: list[Draw] = []
    if service.waiting:
        draws += _numbers(service, line, size, tools)
    elif not service.open:
        words = f"{say('closed', 'kk')} · {say('closed', 'ru')}"
        draws.append(typesetter.line(words, line, frame.medium, Ink(look.QUIET, bold=True)))
    if not service.waiting:
        side = round(frame.medium * 1.5)
        badge = names.left(side).top(side)
        draws.append(Rect(x=badge.x, y=badge.y, w=badge.w, h=badge.h, colour=look.QUIET, radius=side // 6))
        ink = Ink(look.NAVY, bold=True, align="centre")
        draws.append(typesetter.line(service.code, badge.inset(3, 1), frame.medium, ink))
        names = names.right_of(_badge(frame))
    draws += typesetter.place(card.names, names, Ink())
    return tuple(draws)


def _numbers(service: m.ServiceOnBoard, line: Box, size: int, tools: tuple[Frame, Typesetter]) -> tuple[Draw, ...]:
    """Draw how many wait, and as many of the next numbers as fit whole; the first one always."""
    frame, typesetter = tools
    count = typesetter.line(str(service.waiting), line, size, Ink(bold=True, align="right"))
    rest = line.left(line.w - count.w - frame.gap)
    draws: list[Draw] = [count]
    for number in service.next:
        width = typesetter.width(number, size, bold=True)
        if len(draws) > 1 and width > rest.w:
            break
        draws.append(typesetter.line(number, rest, size, Ink(bold=True)))
        rest = rest.right_of(width + frame.gap)
    return tuple(draws)
