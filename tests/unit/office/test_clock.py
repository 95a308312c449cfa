"""The hall's clock, and how a sped one goes on where it was after a restart."""

import math
from datetime import datetime, timedelta

import pytest

from appliance.clock import Clock, Origin, parse_offset
from appliance.domain.model import Stamp, elapsed
from appliance.office.day import settle_day
from appliance.wiring import Place, event_info, open_clock, open_existing

EPOCH = 1_690_520_400.0


class World:
    """The time outside."""

    def __init__(self):
        self.wall = EPOCH
        self.running = 500.0

    def advance(self, seconds):
        self.wall += seconds
        self.running += seconds

    def clock(self, speed=1.0, origin=None):
        """Return the clock of a process that starts now."""
        return Clock(
            parse_offset("+05:00"),
            speed=speed,
            origin=origin,
            wall=lambda: self.wall,
            running=lambda: self.running,
            boot="b",
        )


@pytest.fixture
def world():
    return World()


def seconds(first, second):
    return (second.wall - first.wall).total_seconds()


def test_a_plain_clock_tells_the_worlds_time_in_the_halls_offset(world):
    now = world.clock().now()
    assert now.wall == datetime.fromisoformat("2023-07-28T10:00:00+05:00")
    assert now.wall.utcoffset() == timedelta(hours=5)
    assert (now.running, now.boot) == (500.0, "b")


def test_a_sped_clock_runs_faster_from_where_it_began(world):
    clock = world.clock(speed=60.0)
    before = clock.now()
    assert before.wall.timestamp() == EPOCH
    world.advance(30)
    after = clock.now()
    assert seconds(before, after) == 1800
    assert elapsed(before, after) == 1800, "both clocks run at one speed"


def test_a_sped_clock_goes_on_after_a_restart(world):
    first = world.clock(speed=60.0)
    world.advance(30)
    shown = first.now()
    world.advance(1)  # the restart takes a second
    again = world.clock(speed=60.0, origin=Origin(first.origin.wall, first.origin.shown))
    assert seconds(shown, again.now()) == 60
    assert elapsed(shown, again.now()) == 60
    world.advance(1)
    assert seconds(shown, again.now()) == 120


def test_a_clock_that_is_not_sped_follows_the_worlds_jumps(world):
    clock = world.clock(origin=Origin(0.0, 0.0))
    world.wall += 3600
    assert clock.now().wall.timestamp() == EPOCH + 3600
    assert clock.now().running == 500.0


def test_the_boot_is_the_machines_unless_said(world):
    first, second = (Clock(parse_offset("+05:00")) for _ in range(2))
    assert first.boot == second.boot
    assert first.boot


@pytest.mark.parametrize(
    ("text", "minutes"), [("+05:00", 300), ("-03:30", -210), ("+00:00", 0), ("-00:30", -30), ("+14:00", 840)]
)
def test_an_offset(text, minutes):
    assert parse_offset(text).utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "5", "+5:00", "05:00", "+05.00", "+05:00 ", "+aa:00", "+24:00"])
def test_what_is_no_offset(text):
    with pytest.raises(ValueError, match=r"offset|invalid literal|less than|between"):
        parse_offset(text)


# --- kept in the store


@pytest.fixture
def fast(place):
    return Place(place.data, place.config, speed=60.0)


def agree(one, other):
    """Whether two clocks show the same time, but for the time it takes to look."""
    return abs(seconds(one.now(), other.now())) < 60 * 2


def test_a_restarted_rehearsal_keeps_its_time(bare_store, fast):
    first = open_clock(fast, bare_store)
    settle(bare_store, fast, first)
    again = open_clock(fast, bare_store)
    assert again.origin == first.origin
    assert again.speed == 60.0
    assert agree(first, again)


def test_the_origin_survives_the_process(bare_store, fast, world):
    """What is stored is all that a new process needs: the origin is exact to the last digit."""
    first = open_clock(fast, bare_store)
    with bare_store.read() as unit:
        kept = unit.desktop.setting("clock")
    speed, wall, shown = map(float, kept.split())
    assert (speed, wall, shown) == (60.0, first.origin.wall, first.origin.shown)
    assert math.isclose(wall, shown, abs_tol=1)


def test_a_new_rehearsal_begins_at_the_worlds_time(bare_store, fast):
    with bare_store.write() as unit:
        unit.desktop.save_setting("clock", "60.0 1000.0 1000.0")  # left by a rehearsal of another day
        unit.commit()
    assert open_clock(fast, bare_store).origin.wall > 1_000_000_000


def test_a_real_day_keeps_no_origin(bare_store, place):
    clock = open_clock(place, bare_store)
    assert clock.speed == 1.0
    with bare_store.read() as unit:
        assert unit.desktop.setting("clock") is None


def test_a_command_beside_a_rehearsal_tells_its_time(bare_store, fast, place):
    """`kezek day open` during a rehearsal knows no --speed."""
    with bare_store.write() as unit:
        unit.desktop.save_setting("clock", "60.0 1000.0 1000.0")
        unit.commit()
    running = open_clock(fast, bare_store)
    settle(bare_store, fast, running)
    beside = open_existing(place, bare_store)
    assert (beside.speed, beside.origin) == (60.0, running.origin)


def test_a_command_beside_a_real_day_tells_the_worlds_time(bare_store, fast, place):
    open_clock(fast, bare_store)  # an earlier rehearsal left its origin
    settle(bare_store, place, open_clock(place, bare_store))
    assert open_existing(place, bare_store).speed == 1.0


def test_a_command_before_the_first_start_opens_the_day(bare_store, place):
    open_existing(place, bare_store)
    with bare_store.read() as unit:
        day = unit.house.day()
    assert day
    assert not day.event.rehearsal


def settle(store, place, clock):
    with store.write() as unit:
        settle_day(unit, event_info(place, clock), Stamp(clock.now(), "test"))
        unit.commit()


def test_another_speed_goes_on_with_the_time_shown_and_is_never_subtracted(fast, bare_store):
    """Running times of two speeds cannot be compared; wall time as shown goes on."""
    first = open_clock(fast, bare_store)
    settle(bare_store, fast, first)
    before = first.now()
    faster = open_clock(Place(fast.data, fast.config, speed=600.0), bare_store)
    after = faster.now()
    assert after.wall >= before.wall
    assert after.boot != before.boot
    assert 0 <= elapsed(before, after) < 600
