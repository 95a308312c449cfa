"""What the TV knows, step by step."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from display.board import (
    FRESH_SECONDS,
    PAGE_SECONDS,
    UNKNOWN_TIME,
    BoardRead,
    ClockRead,
    ReadFailed,
    Watch,
    look_at,
    opening,
    reduce,
)

ALMATY = timezone(timedelta(hours=5))
NOON = datetime(2023, 7, 28, 12, 0, tzinfo=ALMATY)


def test_knows_nothing_at_first():
    view = look_at(Watch(), 0.0)
    assert (view.board, view.clock, view.as_of, view.doors) == (None, None, None, None)


def test_clock_is_the_appliances_and_runs_at_its_speed():
    watch = reduce(Watch(), ClockRead(NOON, 60.0), 100.0)
    assert look_at(watch, 100.0).clock == "12:00"
    assert look_at(watch, 103.5).clock == "12:03"


def test_clock_follows_a_jump_of_the_appliances_time():
    watch = reduce(Watch(), ClockRead(NOON, 1.0), 100.0)
    watch = reduce(watch, ClockRead(NOON.replace(hour=9), 1.0), 101.0)
    assert look_at(watch, 101.0).clock == "09:00"


def test_server_away_keeps_the_board_and_tells_its_age(hall):
    watch = reduce(Watch(), ClockRead(NOON, 1.0), 0.0)
    watch = reduce(watch, BoardRead(hall.board("К-045 К2")), 0.0)
    watch = reduce(watch, ReadFailed("gone"), 300.0)
    watch = reduce(watch, ReadFailed("gone"), 360.0)
    view = look_at(watch, 360.0)
    assert view.as_of == "12:00"
    assert view.clock == "12:06"
    assert [call.number for call in view.board.calls] == ["К-045"]
    assert watch.away_since == 300.0


def test_server_back_says_no_more(hall):
    watch = reduce(reduce(Watch(), ReadFailed("gone"), 0.0), BoardRead(hall.board()), 1.0)
    assert look_at(watch, 1.0).as_of is None
    assert watch.away_since is None


def test_away_before_any_data_has_no_time():
    assert look_at(reduce(Watch(), ReadFailed("gone"), 0.0), 0.0).as_of == UNKNOWN_TIME


def test_a_new_call_is_fresh_for_ten_seconds(hall):
    watch = reduce(Watch(), BoardRead(hall.board(seq=100)), 0.0)
    watch = reduce(watch, BoardRead(hall.board("К-045 К2", seq=101)), 50.0)
    assert look_at(watch, 50.0).fresh == {101}
    assert look_at(watch, 50.0 + FRESH_SECONDS - 0.1).fresh == {101}
    assert look_at(watch, 50.0 + FRESH_SECONDS).fresh == frozenset()


def test_a_later_call_does_not_take_the_earlier_ones_seconds(hall):
    watch = reduce(Watch(), BoardRead(hall.board(seq=100)), 0.0)
    watch = reduce(watch, BoardRead(hall.board("К-045 К2", seq=101)), 50.0)
    watch = reduce(watch, BoardRead(hall.board("Ж-001 Ж1", "К-045 К2", seq=102)), 55.0)
    assert look_at(watch, 56.0).fresh == {101, 102}
    assert look_at(watch, 61.0).fresh == {102}


def test_a_recall_is_fresh_again(hall):
    watch = reduce(Watch(), BoardRead(hall.board("К-045 К2", seq=101)), 0.0)
    watch = reduce(watch, BoardRead(hall.board("К-045 К2", seq=110)), 50.0)
    assert look_at(watch, 51.0).fresh == {110}


def test_reading_the_same_board_again_makes_nothing_fresh(hall):
    board = hall.board("К-045 К2", "Ж-001 Ж1", seq=101)
    watch = reduce(reduce(Watch(), BoardRead(board), 0.0), BoardRead(board), 30.0)
    assert look_at(watch, 30.0).fresh == frozenset()


def test_calls_made_while_away_are_fresh_on_return(hall):
    watch = reduce(Watch(), BoardRead(hall.board("К-045 К2", seq=101)), 0.0)
    watch = reduce(watch, ReadFailed("gone"), 20.0)
    watch = reduce(watch, BoardRead(hall.board("Ж-001 Ж1", "К-045 К2", seq=102)), 90.0)
    assert look_at(watch, 91.0).fresh == {102}


def test_of_the_first_board_the_newest_call_is_fresh_unless_it_was_answered(hall):
    first = reduce(Watch(), BoardRead(hall.board("К-045 К2", "Ж-001 Ж1", seq=101)), 0.0)
    answered = reduce(Watch(), BoardRead(hall.board("К-045 К2 serving", seq=101)), 0.0)
    assert look_at(first, 1.0).fresh == {101}
    assert look_at(answered, 1.0).fresh == frozenset()


def test_another_journal_starts_over(hall):
    watch = reduce(Watch(), BoardRead(hall.board("К-045 К2", seq=500)), 0.0)
    watch = reduce(watch, BoardRead(hall.board("А-001 А1", "К-001 К1", seq=3)), 60.0)
    assert look_at(watch, 61.0).fresh == {3}


def test_page_is_a_function_of_time():
    assert look_at(Watch(), PAGE_SECONDS * 7 + 1).page == 7


@pytest.mark.parametrize("opens", ["2023-07-28T13:30:00+05:00", "2023-07-28T08:30:00Z", "2023-07-28T13:30", "13:30"])
def test_doors_open_later_today(hall, opens):
    watch = reduce(Watch(), ClockRead(NOON, 1.0), 0.0)
    watch = reduce(watch, BoardRead(hall.board(opens=opens)), 0.0)
    assert look_at(watch, 0.0).doors == "13:30"
    assert look_at(watch, 5399.0).doors == "13:30"
    assert look_at(watch, 5400.0).doors is None


@pytest.mark.parametrize("opens", [None, "", "soon", "25:00", "2023-99-99"])
def test_an_opening_that_is_no_time_is_not_shown(hall, opens):
    assert opening(hall.board(opens=opens).event, NOON) is None


def test_doors_are_announced_before_the_time_is_known(hall):
    assert look_at(reduce(Watch(), BoardRead(hall.board()), 0.0), 0.0).doors == "10:00"


def test_equal_knowledge_makes_equal_views(hall):
    watch = reduce(Watch(), BoardRead(hall.board("К-045 К2")), 0.0)
    assert look_at(watch, 1.0) == look_at(replace(watch), 2.0)
