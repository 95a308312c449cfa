"""The loop: news in, pictures out."""

import queue
import threading
from datetime import UTC, datetime

import msgspec
import pygame
import pytest

from display.board import BoardRead, ClockRead, ReadFailed
from display.draw import Sheet, texts
from display.look import Frame
from display.screen import ScreenChoice, open_screen
from display.standin import StandIn
from display.tv import Crash, Quit, Tv

SIZE = (1280, 720)


@pytest.fixture
def screen(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with open_screen(ScreenChoice(SIZE, headless=True, window=False), threading.Event()) as opened:
        yield opened


@pytest.fixture
def stand_in(tmp_path):
    it = StandIn(tmp_path / "display", "hall")
    yield it
    it.close()


@pytest.fixture
def tv(screen, stand_in, measure):
    return Tv(screen, Frame(*SIZE), measure, stand_in)


def inbox_of(*items):
    inbox = queue.SimpleQueue()
    for item in items:
        inbox.put(item)
    return inbox


def sheet(tmp_path) -> Sheet:
    return msgspec.json.decode((tmp_path / "display" / "hall.json").read_bytes(), type=Sheet)


def words(tmp_path) -> set[str]:
    return {item.text for item in texts(sheet(tmp_path).draws)}


def test_all_the_news_there_is_makes_one_picture(tv, hall, tmp_path):
    now = datetime(2023, 7, 28, 10, 42, tzinfo=UTC)
    boards = [BoardRead(hall.board(f"К-{seq} К2", seq=seq)) for seq in range(101, 140)]
    assert tv.take(inbox_of(ClockRead(now, 0.0), *boards), 0.0)
    tv.refresh(5.0)
    assert sheet(tmp_path).seq == 139
    assert {"К-139", "К2", "10:42"} <= words(tmp_path)


def test_no_news_is_no_reason_to_end(tv):
    assert tv.take(inbox_of(), 0.0)


def test_a_board_that_looks_the_same_is_written_with_its_seq_but_not_painted(tv, hall, screen, tmp_path, monkeypatch):
    tv.take(inbox_of(BoardRead(hall.board(seq=100))), 0.0)
    tv.refresh(5.0)
    painted = []
    monkeypatch.setattr(pygame.display, "update", painted.append)
    tv.take(inbox_of(BoardRead(hall.board(seq=101))), 0.0)
    tv.refresh(5.1)
    assert sheet(tmp_path).seq == 101
    assert painted == []


def test_away_is_written_down(tv, hall, tmp_path):
    tv.take(inbox_of(BoardRead(hall.board("К-045 К2")), ReadFailed("gone")), 0.0)
    tv.refresh(5.0)
    assert sheet(tmp_path).away
    assert "К-045" in words(tmp_path)


def test_run_ends_when_asked_to(tv, hall):
    tv.run(inbox_of(BoardRead(hall.board("К-045 К2")), Quit()))


def test_run_ends_when_the_window_is_closed(tv):
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    tv.run(inbox_of())


def test_run_raises_what_a_thread_died_of(tv):
    with pytest.raises(ZeroDivisionError):
        tv.run(inbox_of(Crash(ZeroDivisionError())))


def test_without_a_stand_in_nothing_is_written(screen, hall, measure, tmp_path):
    tv = Tv(screen, Frame(*SIZE), measure, None)
    tv.take(inbox_of(BoardRead(hall.board("К-045 К2"))), 0.0)
    tv.refresh(5.0)
    assert list(tmp_path.iterdir()) == []
