"""`hold`, `transfer`, `pause` and `resume` at a desk."""

import pytest


@pytest.mark.parametrize("before", [("next",), ("next", "start")])
def test_hold_frees_the_desk_and_keeps_the_place(api, before):
    api.issue("К")
    api.issue("К")
    desk = api.desk("К1", *before, "hold", body={"reason": "fetches a paper"})
    assert desk.current is None
    last = api.journal()[-1]
    assert (last.type, last.data["reason"]) == ("TicketHeld", "fetches a paper")
    assert [one.number for one in desk.next] == ["К-002"]
    api.post("/tickets/К-001/resume")
    assert [one.number for one in api.desk("К1").next] == ["К-001", "К-002"]


def test_hold_names_a_wrong_field(api, refused):
    api.issue("К")
    api.desk("К1", "next")
    refused(api.post("/desks/К1/hold", {"reason": "a" * 2001}), "invalid_body")
    refused(api.post("/desks/К1/hold", {"until": "10:00"}), "invalid_body")
    assert api.desk("К1").current


@pytest.mark.parametrize("before", [("next",), ("next", "start")])
def test_transfer_keeps_number_and_place(api, before):
    api.issue("К")
    api.issue("Ж")
    desk = api.desk("К1", *before, "transfer", body={"service": "Ж", "reason": "about a road"})
    assert desk.current is None
    last = api.journal()[-1]
    assert last.type == "TicketTransferred"
    assert last.data == {"number": "К-001", "service": "Ж", "from_service": "К", "reason": "about a road"}
    assert [one.number for one in api.desk("Ж1").next] == ["К-001", "Ж-001"]
    current = api.desk("Ж1", "next").current
    assert (current.number, current.service, current.attempt) == ("К-001", "Ж", 2)
    assert [one["code"] for one in api.get("/desks/Ж1").json()["topics"]] == ["roads", "transport"]


@pytest.mark.parametrize(
    ("service", "code"),
    [("Щ", "unknown_service"), ("К", "not_allowed"), ("Ж", "already_has_ticket")],
)
def test_transfer_refuses(api, refused, service, code):
    api.issue("К", "Ж")
    api.desk("К1", "next")
    refused(api.post("/desks/К1/transfer", {"service": service}), code)
    assert api.desk("К1").current.number == "К-001"


def test_transfer_where_an_earlier_ticket_is_over(api):
    api.issue("К", "Ж")
    api.desk("Ж1", "next", "start", "finish")
    api.desk("К1", "next", "transfer", body={"service": "Ж"})
    assert [one.number for one in api.desk("Ж1").next] == ["К-001"]


def test_transfer_of_nobody(api, refused):
    refused(api.post("/desks/К1/transfer", {"service": "Ж"}), "desk_idle")
    refused(api.post("/desks/К9/transfer", {"service": "Ж"}), "unknown_desk")
    assert "service" in refused(api.post("/desks/К1/transfer", {"reason": "x"}), "invalid_body").detail


def test_pause_says_why_and_resume_forgets_it(api):
    desk = api.desk("К1", "pause", body={"reason": "lunch"}, role="operator К1")
    assert (desk.state, desk.pause_reason) == ("paused", "lunch")
    assert (api.journal()[-1].type, api.journal()[-1].data) == ("DeskPaused", {"desk": "К1", "reason": "lunch"})
    assert api.desk("К2").state == "open"
    desk = api.desk("К1", "resume")
    assert (desk.state, desk.pause_reason) == ("open", "")
    assert (api.journal()[-1].type, api.journal()[-1].data) == ("DeskResumed", {"desk": "К1"})


def test_pausing_twice_or_resuming_an_open_desk_is_refused(api, refused):
    refused(api.post("/desks/К1/resume"), "desk_not_paused")
    api.desk("К1", "pause", body={"reason": "lunch"})
    refused(api.post("/desks/К1/pause", {"reason": "tea"}), "desk_paused")
    assert api.desk("К1").pause_reason == "lunch"
    refused(api.post("/desks/К9/pause"), "unknown_desk")
    refused(api.post("/desks/К9/resume"), "unknown_desk")


def test_a_pause_leaves_the_ticket_at_the_desk(api):
    api.issue("К")
    desk = api.desk("К1", "next", "pause")
    assert (desk.state, desk.current.number) == ("paused", "К-001")
    assert api.desk("К1", "start", "finish").current is None


def test_a_pause_outlives_loading_a_roster(api):
    api.desk("К1", "pause", body={"reason": "lunch"})
    roster = api.get("/roster").json()
    roster["services"][1]["minutes"] = 12
    assert api.put("/roster", roster).status_code == 200
    assert api.desk("К1").pause_reason == "lunch"
