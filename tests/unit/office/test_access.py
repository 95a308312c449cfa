"""Tokens: what may be made, and what is stored of it."""

import pytest

from appliance.domain.errors import UnknownDesk
from appliance.domain.model import DeskId
from appliance.office.access import ROLES, digest, identify, make_token


@pytest.fixture
def make(store, clock):
    def make(role, desk=None):
        with store.write() as unit:
            token = make_token(unit, role, desk, clock.stamp())
            unit.commit()
        return token

    return make


@pytest.mark.parametrize("role", ROLES)
def test_a_token_is_known_by_its_digest_only(store, make, role):
    token = make(role)
    with store.read() as unit:
        assert identify(unit, token).role == role
        assert identify(unit, token + "x") is None
        assert identify(unit, digest(token).hex()) is None


def test_an_operators_token_may_be_bound_to_a_desk(store, make):
    with store.read() as unit:
        assert identify(unit, make("operator", DeskId("К1"))).desk == "К1"


def test_what_cannot_be_is_refused(make):
    with pytest.raises(ValueError, match="there are device, operator, supervisor"):
        make("king")
    with pytest.raises(ValueError, match="only an operator's token"):
        make("device", DeskId("К1"))
    with pytest.raises(UnknownDesk, match="there are А1, К1"):
        make("operator", DeskId("К9"))
