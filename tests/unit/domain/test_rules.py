"""Dispatch, numbering, durations, errors: small rules, each on its own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain import errors
from appliance.domain.dispatch import Waiting, choose_next
from appliance.domain.model import Desk, DeskId, Instant, Number, ServiceCode, elapsed
from appliance.domain.numbering import format_number

AT = Instant(datetime(2026, 11, 22, tzinfo=UTC), 0.0, "boot")
K, ZH = ServiceCode("К"), ServiceCode("Ж")
DESK = Desk(DeskId("К1"), (K,))

waiting = st.builds(
    Waiting,
    number=st.integers(1, 999).map(lambda n: Number(f"К-{n:03d}")),
    service=st.sampled_from([K, ZH]),
    place=st.integers(1, 10_000),
    issued=st.just(AT),
    busy_at=st.none() | st.just(DeskId("Ж1")),
)


@given(st.lists(waiting, unique_by=lambda one: one.place, max_size=30))
def test_the_first_who_is_free_is_chosen_and_those_before_are_named(line):
    choice = choose_next(DESK, line)
    mine = sorted((one for one in line if one.service == K), key=lambda one: one.place)
    free = [one for one in mine if one.busy_at is None]
    if choice.ticket is None:
        assert free == []
        assert list(choice.skipped) == mine
    else:
        assert choice.ticket == free[0]
        assert list(choice.skipped) == [one for one in mine if one.place < choice.ticket.place]
        assert all(one.busy_at for one in choice.skipped)


@given(st.permutations([Waiting(Number(f"К-{n:03d}"), K, n, AT) for n in range(1, 8)]))
def test_the_order_of_places_counts_not_the_order_of_the_list(line):
    choice = choose_next(DESK, line)
    assert choice.ticket
    assert choice.ticket.number == "К-001"


@pytest.mark.parametrize(("count", "number"), [(1, "К-001"), (45, "К-045"), (999, "К-999")])
def test_a_number_is_a_letter_and_three_digits(count, number):
    assert format_number(K, count) == number


@pytest.mark.parametrize("count", [0, 1000, -1])
def test_numbers_end_at_999(count):
    with pytest.raises(errors.NumbersExhausted, match="open a new day"):
        format_number(K, count)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(-(10**6), 10**6))
def test_within_a_boot_wall_time_may_jump_without_changing_durations(start, length, jump):
    end = Instant(AT.wall + timedelta(seconds=jump), start + length, "boot")
    assert elapsed(Instant(AT.wall, start, "boot"), end) == pytest.approx(length, abs=1e-6)


def test_across_boots_only_wall_time_is_left_and_never_negative():
    later = Instant(AT.wall + timedelta(seconds=90), 3.0, "next boot")
    assert elapsed(AT, later) == 90
    assert elapsed(later, AT) == 0


def every_error() -> list[type[errors.QueueError]]:
    found, new = [], [errors.QueueError]
    while new:
        kind = new.pop()
        found.append(kind)
        new += kind.__subclasses__()
    return found


def test_each_error_has_its_own_code_and_stands_in_the_drawn_tree():
    drawn = errors.__doc__ or ""
    leaves = [kind for kind in every_error() if not kind.__subclasses__()]
    codes = [kind.code for kind in leaves]
    assert len(set(codes)) == len(codes)
    for kind in every_error():
        assert kind.__name__ in drawn
        assert kind.__doc__
