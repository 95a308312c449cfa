"""Whatever the day brings: nothing overlaps, nothing leaves the screen, nothing is lost."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.contract import models as m
from appliance.contract.words import say
from display import look
from display.board import View
from display.calls import shown_calls
from display.draw import Item, Rect, Sign, Stripes, Text, texts
from display.layout import layout
from display.look import LEAST_MINUTES, Frame, contrast
from display.typeset import Box, Ink, Sizes, Typesetter

SIZES = ((1280, 720), (1366, 768), (1920, 1080), (2560, 1440), (3840, 2160), (1080, 1920), (720, 1280), (1280, 1024))
WORDS = (
    *("Жұмыспен", "қамтуды", "үйлестіру", "және", "әлеуметтік", "бағдарламалар", "басқармасы", "құрылыс", "сәулет"),
    *("Управление", "градостроительства", "пассажирского", "транспорта", "архитектуры", "и", "документации"),
    *("Ақпараттандыру", "мемлекеттік", "қызметтер", "көрсету", "ЖКХ", "№1"),
)
LETTERS = "АӘБГҒДЕЖИКҚЛМНҢӨПРСТУҰҮФХЦЧШІЭЮЯ"

names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
long_names = st.one_of(names, st.text(alphabet=LETTERS.lower(), min_size=1, max_size=90).map(str))
both = st.builds(m.Names, kk=long_names, ru=long_names)


@st.composite
def boards(draw: st.DrawFn) -> m.Board:
    codes = draw(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=24, unique=True))
    desks = [f"{draw(st.sampled_from(codes))}{number}" for number in range(1, draw(st.integers(1, 20)) + 1)]
    number = st.builds("{}-{:03}".format, st.sampled_from(codes), st.integers(1, 999))
    calls = [
        m.Call(
            number=draw(number),
            desk=desk,
            service="?",
            state=draw(st.sampled_from(("called", "serving"))),
            attempt=1,
            seq=100 - place,
        )
        for place, desk in enumerate(draw(st.lists(st.sampled_from(desks), unique=True)))
    ]
    services = []
    for code in codes:
        waiting = draw(st.sampled_from((0, 0, 1, 3, 12, 140)))
        following = [f"{code}-{place:03}" for place in range(draw(st.integers(1, 990)), 1000)][: min(waiting, 5)]
        is_open = draw(st.booleans())
        services.append(
            m.ServiceOnBoard(code=code, names=draw(both), open=is_open, waiting=waiting, wait=None, next=following)
        )
    return m.Board(
        seq=100,
        event=m.EventInfo(title=draw(both), day="2023-07-28", rehearsal=draw(st.booleans())),
        calls=calls,
        desks=[m.DeskOnBoard(id=desk, services=[], state="open", current=None) for desk in desks],
        services=services,
        notices=draw(st.lists(st.builds(m.Notice, id=st.just("n"), text=both), max_size=2)),
    )


seen = st.builds(
    View,
    board=st.one_of(st.none(), boards()),
    clock=st.sampled_from((None, "09:05", "23:59")),
    as_of=st.sampled_from((None, "08:00", "—")),
    doors=st.sampled_from((None, "10:00")),
    fresh=st.frozensets(st.integers(80, 100)),
    page=st.integers(0, 10_000),
)
frames = st.builds(
    lambda size, diagonal, distance: Frame(*size, diagonal_in=diagonal, distance_m=distance),
    st.sampled_from(SIZES),
    st.sampled_from((24.0, 32.0, 55.0, 85.0)),
    st.sampled_from((2.0, 5.0, 10.0, 15.0, 30.0)),
)
bounded = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def overlap(one: Item, other: Item) -> bool:
    return (
        one.x < other.x + other.w
        and other.x < one.x + one.w
        and one.y < other.y + other.h
        and other.y < one.y + one.h
    )


def holds(outer: Item, inner: Item) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.w <= outer.x + outer.w
        and inner.y + inner.h <= outer.y + outer.h
    )


@bounded
@given(view=seen, frame=frames)
def test_no_two_texts_overlap_and_none_leaves_the_screen(measure, view, frame):
    draws = layout(view, frame, measure)
    screen = Rect(x=0, y=0, w=frame.width, h=frame.height, colour=look.NAVY)
    for item in draws:
        assert holds(screen, item), item
    for one, other in combinations(texts(draws), 2):
        assert not overlap(one, other), (one, other)
    for one, other in combinations([item for item in draws if isinstance(item, Text | Sign)], 2):
        assert not overlap(one, other), (one, other)


@bounded
@given(view=seen, frame=frames)
def test_every_text_stands_on_one_ground_with_contrast_seven(measure, view, frame):
    draws = layout(view, frame, measure)
    for place, item in enumerate(draws):
        if isinstance(item, Text):
            under = [ground for ground in draws[:place] if isinstance(ground, Rect) and not ground.line]
            under = [ground for ground in under if overlap(ground, item)]
            assert holds(under[-1], item), (under[-1], item)
            assert contrast(item.colour, under[-1].colour) >= 7, (item, under[-1])


@bounded
@given(view=seen, frame=frames)
def test_same_view_same_picture(measure, view, frame):
    assert layout(view, frame, measure) == layout(view, frame, measure)


@bounded
@given(board=boards(), fresh=st.frozensets(st.integers(80, 100)), rows=st.integers(2, 6))
def test_everybody_on_the_way_is_shown_within_a_round_of_pages(board, fresh, rows):
    under_way = {call.seq for call in board.calls if call.state == "called"}
    _, pages = shown_calls(View(board=board, fresh=fresh), rows)
    rounds = [shown_calls(View(board=board, fresh=fresh, page=page), rows)[0] for page in range(pages)]
    assert under_way <= {call.seq for shown in rounds for call in shown}
    for shown in rounds:
        assert len(shown) <= rows
        assert [call.seq for call in shown] == sorted((call.seq for call in shown), reverse=True)
        if len(under_way) > rows:
            assert shown[0].seq == max(under_way)


@bounded
@given(board=boards(), frame=frames)
def test_every_service_where_people_wait_is_shown_within_a_round_of_pages(measure, board, frame):
    waiting = [service for service in board.services if service.waiting]
    seen_numbers: set[str] = set()
    for page in range(len(board.services)):
        seen_numbers |= {item.text for item in texts(layout(View(board=board, page=page), frame, measure))}
    assert {service.next[0] for service in waiting} <= seen_numbers


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)])
def test_four_rows_can_be_read_from_fifteen_metres_on_a_55_inch_screen(size, hall, measure):
    frame = Frame(*size)
    view = View(board=hall.board("К-045 К2", "Ж-012 Ж1", "Д-007 Д1", "Е-019 Е2", "А-003 А1 serving"))
    rows = [item for item in texts(layout(view, frame, measure)) if item.text in {"К-045", "Ж-012", "Д-007", "Е-019"}]
    assert len(rows) == 4
    assert [item.text for item in sorted(rows, key=lambda item: item.y)] == ["К-045", "Ж-012", "Д-007", "Е-019"]
    assert len({item.size for item in rows}) == 1
    assert frame.readable_m(rows[0].size, LEAST_MINUTES) >= 15


def test_rows_are_fewer_rather_than_too_small(hall, measure):
    notice = m.Notice(id="n", text=m.Names(kk="Түскі үзіліс", ru="Перерыв"))
    board = hall.board("К-045 К2", "Ж-012 Ж1", "Д-007 Д1", "Е-019 Е2", rehearsal=True, notices=[notice])
    frame = Frame(1920, 1080)
    found = texts(layout(View(board=board, as_of="10:00"), frame, measure))
    shown = [item for item in found if item.text in {call.number for call in board.calls}]
    assert 2 <= len(shown) < 4
    assert all(frame.readable_m(item.size) >= 15 for item in shown)


def test_the_farther_the_seats_the_larger_the_words(hall, measure):
    view = View(board=hall.board("К-045 К2", waiting={"К": 3}))

    def size_of(word: str, distance: float) -> int:
        frame = Frame(1920, 1080, distance_m=distance)
        return next(item.size for item in texts(layout(view, frame, measure)) if item.text == word)

    assert size_of("К-040", 5.0) <= size_of("К-040", 15.0)
    assert size_of(say("waiting", "kk"), 5.0) < size_of(say("waiting", "kk"), 15.0)


@pytest.mark.parametrize("size", SIZES)
def test_the_real_list_is_shown_in_whole_words(size, hall, measure):
    everyone = {row["prefix"]: 5 for row in hall.rows}
    for board in (hall.board(), hall.board("К-045 К2", waiting=everyone)):
        for page in range(15):
            draws = layout(View(board=board, clock="10:00", doors="10:00", page=page), Frame(*size), measure)
            assert not [item.text for item in texts(draws) if "…" in item.text]


def test_kazakh_comes_first_and_russian_is_as_large(hall, measure):
    draws = texts(layout(View(board=hall.board(), doors="10:00"), Frame(1920, 1080), measure))
    kk = next(item for item in draws if item.text == say("doors_open", "kk", t="10:00"))
    ru = next(item for item in draws if item.text == say("doors_open", "ru", t="10:00"))
    assert (kk.size, kk.bold, kk.colour) == (ru.size, ru.bold, ru.colour)
    assert kk.y < ru.y


def test_rehearsal_is_a_band_and_a_word(hall, measure):
    draws = layout(View(board=hall.board(rehearsal=True)), Frame(1920, 1080), measure)
    assert any(isinstance(item, Stripes) and item.w == 1920 for item in draws)
    assert any(say("rehearsal", "kk") in item.text and say("rehearsal", "ru") in item.text for item in texts(draws))
    assert not any(isinstance(item, Stripes) for item in layout(View(board=hall.board()), Frame(1920, 1080), measure))


def test_only_fresh_calls_stand_in_the_inverted_bar(hall, measure):
    def bars(view: View) -> list[Item]:
        draws = layout(view, Frame(1920, 1080), measure)
        return [item for item in draws if isinstance(item, Rect) and item.colour == look.AMBER]

    board = hall.board("К-045 К2", "Ж-012 Ж1")
    assert len(bars(View(board=board, fresh=frozenset({100})))) == 1
    assert bars(View(board=board)) == []
    rush = hall.board("К-045 К2", "Ж-012 Ж1", "Д-007 Д1", "Е-019 Е2", "А-003 А1")
    assert len(bars(View(board=rush, fresh=frozenset(range(90, 101))))) == 2


def test_numbers_share_their_columns(hall, measure):
    draws = texts(layout(View(board=hall.board("К-045 К2", "Ж-111 Ж1", "І-001 А1")), Frame(1920, 1080), measure))
    arrows = [item for item in draws if item.text == "→"]
    assert len({(item.x, item.size) for item in arrows}) == 1
    assert len({measure(digit, bold=True).width for digit in "0123456789"}) == 1


@pytest.mark.parametrize("bold", [False, True])
def test_words_wrap_then_shrink_then_break_and_only_then_are_shortened(bold, measure):
    typesetter = Typesetter(measure)
    sizes = Sizes(40, 20)
    wrapped = typesetter.block(("бір екі үш төрт бес",), Box(0, 0, 220, 400), sizes, bold=bold)
    assert wrapped.size == 40
    assert len(wrapped.parts[0]) > 1
    shrunk = typesetter.block(("градостроительства",), Box(0, 0, 330, 400), sizes, bold=bold)
    assert shrunk.parts == (("градостроительства",),)
    assert 20 <= shrunk.size < 40
    broken = typesetter.block(("градостроительства",), Box(0, 0, 120, 400), sizes, bold=bold)
    assert "".join(broken.parts[0]) == "градостроительства"
    assert broken.size == 20
    short = typesetter.block(("градостроительства",), Box(0, 0, 120, 30), sizes, bold=bold)
    assert short.parts[0][-1].endswith("…")


def test_a_line_is_set_no_larger_than_its_box(measure):
    item = Typesetter(measure).line("К-045", Box(10, 10, 100, 200), 300, Ink(bold=True, align="centre"))
    assert item.x >= 10
    assert item.x + item.w <= 110
    assert item.size < 40


def test_contrast_is_wcags():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast(look.WHITE, look.NAVY) == pytest.approx(16.7, abs=0.1)
    assert contrast(look.NAVY, look.AMBER) == pytest.approx(10.9, abs=0.1)
