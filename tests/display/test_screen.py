"""Draw items become pixels: only what changed, exactly as if all had been painted."""

import itertools
import threading
from dataclasses import replace

import pygame
import pytest

from display import screen as screen_module
from display.draw import Sign, Stripes, Text, texts
from display.errors import FontMissing, NoScreen, NotWritten
from display.layout import layout
from display.look import AMBER, NAVY, Frame
from display.paint import Painter, blank, save_png
from display.screen import Screen, ScreenChoice, changed_parts, open_screen

SIZE = (1280, 720)


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter()


@pytest.fixture
def dummy(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with open_screen(ScreenChoice(SIZE, headless=True, window=False), threading.Event()) as opened:
        yield opened


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1080, 1920), (3840, 2160)])
def test_ink_stays_in_the_box_that_the_layout_gave_it(size, views, measure, painter):
    for view in views.values():
        for item in texts(layout(view, Frame(*size), measure)):
            ink = painter.text_extent(item)
            assert item.x - 1 <= ink.left, item
            assert ink.right <= item.x + item.w + 1, item
            assert item.y - 1 <= ink.top, item
            assert ink.bottom <= item.y + item.h + 1, item


def test_repainting_what_changed_gives_the_whole_picture(views, measure, dummy):
    painter = Painter()
    for view in views.values():
        draws = layout(view, Frame(*SIZE), measure)
        assert dummy.show(draws)
        whole = blank(SIZE)
        painter.paint(whole, draws)
        assert pygame.image.tostring(dummy.surface, "RGB") == pygame.image.tostring(whole, "RGB")


def test_nothing_is_repainted_when_nothing_changed(views, measure, dummy):
    draws = layout(views["busy"], Frame(*SIZE), measure)
    assert dummy.show(draws)
    assert not dummy.show(tuple(draws))


def test_a_turn_of_the_clock_touches_little(views, measure):
    view = views["busy"]
    before, after = (layout(replace(view, clock=clock), Frame(*SIZE), measure) for clock in ("10:42", "10:43"))
    parts = changed_parts(before, after, pygame.Rect(0, 0, *SIZE))
    assert len(parts) == 1
    assert parts[0].w * parts[0].h < SIZE[0] * SIZE[1] / 50


def test_changed_parts_do_not_overlap(views, measure):
    pictures = [layout(view, Frame(*SIZE), measure) for view in views.values()]
    for before in pictures:
        for after in pictures:
            parts = changed_parts(before, after, pygame.Rect(0, 0, *SIZE))
            assert all(part.collidelist(parts[place + 1 :]) < 0 for place, part in enumerate(parts))


def test_signs_and_stripes_are_shapes(painter):
    surface = blank((200, 100))
    sign = Sign(x=10, y=10, w=60, h=60, colour=AMBER, ink=NAVY)
    stripes = Stripes(x=100, y=10, w=80, h=40, colour=AMBER, under=NAVY)
    painter.paint(surface, (sign, stripes))
    amber = pygame.Color(AMBER)
    row = [surface.get_at((x, 60)) == amber for x in range(10, 70)]
    assert row.count(True) > 30
    assert surface.get_at((12, 12)) != amber
    band = [surface.get_at((x, 30)) == amber for x in range(100, 180)]
    assert sum(here != there for here, there in itertools.pairwise(band)) >= 3


@pytest.mark.parametrize(("align", "edge"), [("left", "left"), ("right", "right")])
def test_text_is_aligned_in_its_box(align, edge, painter):
    item = Text(text="10:42", x=100, y=10, w=300, h=60, colour=AMBER, baseline=60, size=50, align=align)
    box, ink = pygame.Rect(100, 10, 300, 60), painter.text_extent(item)
    assert abs(getattr(box, edge) - getattr(ink, edge)) <= 6


@pytest.mark.parametrize(("key", "ends"), [(pygame.K_ESCAPE, True), (pygame.K_q, True), (pygame.K_a, False)])
def test_escape_and_q_end_the_tv(key, ends, dummy):
    pygame.event.clear()
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
    assert dummy.closed() is ends


def test_closing_the_window_ends_the_tv(dummy):
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    assert dummy.closed()


def test_the_screen_has_the_size_that_was_asked_for(dummy):
    assert isinstance(dummy, Screen)
    assert dummy.size == SIZE


def test_a_driver_that_nobody_sees_is_no_screen(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(screen_module, "RETRY_SECONDS", (0.0, 0.0))
    choice = ScreenChoice(None, headless=False, window=True)
    with pytest.raises(NoScreen, match="--headless"), open_screen(choice, threading.Event()):
        pass


def test_waiting_for_a_screen_can_be_ended(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    stop = threading.Event()
    stop.set()
    with pytest.raises(NoScreen), open_screen(ScreenChoice(None, headless=False, window=False), stop):
        pass


def test_a_missing_font_names_its_package(monkeypatch, tmp_path):
    monkeypatch.setattr("display.metrics.BOLD", tmp_path / "none.ttf")
    with pytest.raises(FontMissing, match="fonts-dejavu-core"):
        Painter()


def test_a_picture_that_cannot_be_written_is_an_error(tmp_path):
    with pytest.raises(NotWritten, match="cannot write"):
        save_png(blank((10, 10)), tmp_path / "no" / "folder.png")
