"""`POST /desks/<desk>/call`: a chosen ticket, out of order, with a reason."""

import pytest


@pytest.fixture
def call(api):
    def chosen(desk, ticket, reason="came with a child"):
        return api.post(f"/desks/{desk}/call", {"ticket": ticket, "reason": reason})

    return chosen


def test_calls_the_chosen_one_and_logs_why(api, call):
    for _ in range(3):
        api.issue("К")
    head = api.board().seq
    answer = call("К1", "К-003")
    assert (answer.status_code, answer.json()["current"]["number"]) == (200, "К-003")
    [entry] = api.journal(head)
    assert (entry.type, entry.data["reason"], entry.data["desk"]) == ("TicketCalled", "came with a child", "К1")
    assert api.desk("К2", "next").current.number == "К-001"


def test_calls_the_absent_back_as_another_attempt(api, call):
    api.issue("К")
    api.desk("К1", "next", "no-show")
    current = call("К2", "К-001").json()["current"]
    assert (current["number"], current["attempt"]) == ("К-001", 2)
    assert api.desk("К3").absent == []


def test_refuses_what_next_refuses(api, call, refused):
    api.issue("К")
    api.issue("К")
    api.issue("К", "Ж")
    api.desk("К1", "next")
    api.desk("К2", "pause")
    refused(call("К1", "К-002"), "desk_busy")
    refused(call("К2", "К-002"), "desk_paused")
    refused(call("К9", "К-002"), "unknown_desk")
    api.desk("Ж1", "next")
    assert "Ж1" in refused(call("К3", "К-003"), "visitor_busy").detail
    assert [one.number for one in api.board().calls] == ["Ж-001", "К-001"]


def test_refuses_a_service_that_the_desk_does_not_give(api, call, refused):
    api.issue("К")
    refused(call("Ж1", "К-001"), "wrong_desk")


@pytest.mark.parametrize("number", ["К-002", "K-001", "К001", "-", " "])
def test_refuses_an_unknown_ticket(api, call, refused, number):
    api.issue("К")
    refused(call("К1", number), "unknown_ticket")


def test_refuses_states_that_cannot_be_called(api, call, refused):
    for _ in range(4):
        api.issue("К")
    api.desk("К1", "next", "hold")
    api.desk("К1", "next", "start", "finish")
    api.post("/tickets/К-003/cancel")
    api.desk("К2", "next")
    for number, state in (("К-001", "held"), ("К-002", "done"), ("К-003", "cancelled"), ("К-004", "called")):
        assert state in refused(call("К1", number), "not_allowed").detail


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ticket": "К-001"}, "reason"),
        ({"ticket": "К-001", "reason": ""}, "reason"),
        ({"ticket": "К-001", "reason": "a" * 201}, "reason"),
        ({"reason": "a"}, "ticket"),
        ({"ticket": "", "reason": "a"}, "ticket"),
        ({"ticket": "К-001", "reason": "a", "force": True}, "force"),
        (None, "ticket"),
    ],
)
def test_needs_ticket_and_reason(api, refused, body, field):
    api.issue("К")
    assert field in refused(api.post("/desks/К1/call", body), "invalid_body").detail
    assert api.board().calls == []
