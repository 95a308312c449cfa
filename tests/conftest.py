"""What tests of several areas share: a data folder, a steady clock, a store with the sample roster in force."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.clock import Clock, parse_offset
from appliance.config import Config, ServerSection
from appliance.domain.model import Instant, Stamp
from appliance.office.day import settle_day
from appliance.office.ports import Store
from appliance.office.roster import load
from appliance.roster import sample_roster
from appliance.wiring import DATABASE, Place, event_info, open_store

MORNING = 1_690_520_400.0
"""2023-07-28 10:00 in Temirtau (+05:00)."""


class SteadyClock:
    """Time that stands still until a test advances it."""

    def __init__(self) -> None:
        self._wall = MORNING
        self._running = 1000.0
        self._clock = Clock(
            parse_offset("+05:00"), wall=lambda: self._wall, running=lambda: self._running, boot="first-boot"
        )

    def now(self) -> Instant:
        """Return this moment."""
        return self._clock.now()

    def stamp(self, actor: str = "test") -> Stamp:
        """Return this moment with somebody who acts."""
        return Stamp(self.now(), actor)

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._wall += seconds
        self._running += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock alone, as a network's time does to a Pi without a clock battery."""
        self._wall += seconds


def place_in(folder: Path) -> Place:
    """Return an appliance with its data in a folder, and an address for the slips."""
    return Place(folder / "data", Config(server=ServerSection(address="http://kezek.test")))


@pytest.fixture
def clock() -> SteadyClock:
    return SteadyClock()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An appliance whose data folder does not exist yet."""
    return place_in(tmp_path)


@pytest.fixture
def bare_store(place: Place) -> Iterator[Store]:
    """A fresh database: no day, no roster."""
    with open_store(place) as store:
        yield store


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the day open and the sample roster in force, made once; tests work on copies."""
    clock = SteadyClock()
    place = place_in(tmp_path_factory.mktemp("prepared"))
    with open_store(place) as store, store.write() as unit:
        settle_day(unit, event_info(place, clock), clock.stamp())  # type: ignore[arg-type] # a clock by its now()
        load(unit, sample_roster(), clock.stamp())
        unit.commit()
    return place.data / DATABASE


@pytest.fixture
def store(prepared: Path, place: Place) -> Iterator[Store]:
    """A database with the day open and the sample roster in force."""
    place.data.mkdir()
    shutil.copy(prepared, place.data)
    with open_store(place) as store:
        yield store


@pytest.fixture
def plain() -> Callable[[str], None]:
    """Check that a message is for people: no names of libraries, no links, no tracebacks."""

    def check(message: str) -> None:
        assert message
        assert not re.search(r"sqlalche|sqlite3\.|http|Traceback|Error\)", message), message

    return check
