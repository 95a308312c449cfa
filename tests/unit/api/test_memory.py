"""What the API keeps in memory: who was heard of, whose token is whose."""

from contextlib import contextmanager

import pytest

from appliance.api.presence import SILENT_SECONDS, Presence
from appliance.api.tokens import KEPT_SECONDS, TokenCache
from appliance.office.access import digest
from appliance.office.ports import Token


class Ticks:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks():
    return Ticks()


def test_a_printer_is_silent_after_a_while_and_heard_again_at_once(ticks):
    presence = Presence(ticks)
    presence.note("kiosk")
    ticks.now += SILENT_SECONDS
    assert presence.silence("kiosk") is None
    ticks.now += 1
    assert presence.silence("kiosk") == SILENT_SECONDS + 1
    presence.note("kiosk")
    assert presence.silence("kiosk") is None


def test_after_a_start_every_printer_has_time_to_be_heard(ticks):
    presence = Presence(ticks)
    assert presence.silence("kiosk") is None
    ticks.now += SILENT_SECONDS + 1
    assert presence.silence("kiosk") is not None


class Tokens:
    """A store that knows some tokens, and counts how often it is asked."""

    def __init__(self, known: dict[str, Token]) -> None:
        self.known = {digest(token): holder for token, holder in known.items()}
        self.asked = 0
        self.desktop = self

    @contextmanager
    def read(self):
        yield self

    def token(self, key: bytes) -> Token | None:
        self.asked += 1
        return self.known.get(key)


def test_a_good_token_is_remembered_for_a_moment_only(ticks):
    holder = Token(1, "operator", None)
    store, cache = Tokens({"good": holder}), TokenCache(ticks)
    assert [cache.find(store, "good") for _ in range(3)] == [holder] * 3
    assert store.asked == 1
    store.known.clear()
    ticks.now += KEPT_SECONDS
    assert cache.find(store, "good") is None


def test_a_bad_token_is_asked_for_each_time(ticks):
    store, cache = Tokens({}), TokenCache(ticks)
    assert [cache.find(store, "bad") for _ in range(3)] == [None] * 3
    assert store.asked == 3
