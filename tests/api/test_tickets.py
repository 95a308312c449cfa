"""`/tickets/<number>`: cancel, return, resume and reprint, away from a desk."""

import pytest

VERBS = ("cancel", "return", "resume", "reprint")


def answer(api, number, verb, **body):
    found = api.post(f"/tickets/{number}/{verb}", body or None, "operator")
    assert found.status_code == 200, found.text
    return found.json()


def test_cancel_ends_a_ticket(api):
    visit = api.issue("К", "Ж")
    found = answer(api, "К-001", "cancel", reason="went home")
    assert (found["number"], found["state"], found["position"]) == ("К-001", "cancelled", None)
    last = api.journal()[-1]
    assert (last.type, last.data["reason"]) == ("TicketCancelled", "went home")
    states = [one["state"] for one in api.get(f"/visits/{visit.secret}", None).json()["tickets"]]
    assert states == ["cancelled", "waiting"], "the visitor's other ticket stays"


def test_cancel_of_a_called_ticket_frees_the_desk_and_the_visitor(api):
    api.issue("К", "Ж")
    api.desk("К1", "next")
    assert answer(api, "К-001", "cancel")["desk"] is None
    assert api.desk("К1").current is None
    assert api.desk("Ж1", "next").current.number == "Ж-001"


def test_return_of_a_called_ticket_gives_back_its_place(api):
    for _ in range(3):
        api.issue("К")
    api.desk("К1", "next")
    found = answer(api, "К-001", "return", reason="called by mistake")
    assert (found["state"], found["position"], found["desk"]) == ("waiting", 1, None)
    last = api.journal()[-1]
    assert (last.type, last.data["reason"]) == ("TicketReturned", "called by mistake")
    assert api.desk("К1", "next").current.number == "К-001"


def test_return_of_an_absent_ticket_gives_back_its_place(api):
    for _ in range(2):
        api.issue("К")
    api.desk("К1", "next", "no-show")
    assert answer(api, "К-001", "return")["position"] == 1
    assert api.desk("К1").absent == []


def test_resume_of_a_held_ticket_gives_back_its_place(api):
    for _ in range(2):
        api.issue("К")
    api.desk("К1", "next", "hold")
    found = answer(api, "К-001", "resume", reason="is back")
    assert (found["state"], found["position"]) == ("waiting", 1)
    last = api.journal()[-1]
    assert (last.type, last.data["reason"]) == ("TicketResumed", "is back")


REFUSED = {
    "waiting": ((), ("return", "resume")),
    "called": (("next",), ("resume",)),
    "serving": (("next", "start"), ("cancel", "return", "resume")),
    "held": (("next", "hold"), ("return",)),
    "no_show": (("next", "no-show"), ("resume",)),
    "done": (("next", "start", "finish"), ("cancel", "return", "resume")),
}


@pytest.mark.parametrize("state", REFUSED)
def test_what_a_state_does_not_allow(api, refused, state):
    verbs, impossible = REFUSED[state]
    api.issue("К")
    api.desk("К1", *verbs)
    before = api.get("/board").content
    for verb in impossible:
        assert state in refused(api.post(f"/tickets/К-001/{verb}"), "not_allowed").detail
    assert api.get("/board").content == before


def test_a_cancelled_ticket_is_over(api, refused):
    api.issue("К")
    answer(api, "К-001", "cancel")
    for verb in ("cancel", "return", "resume"):
        refused(api.post(f"/tickets/К-001/{verb}"), "not_allowed")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("number", ["К-002", "K-001", "Ж-001", "x"])
def test_an_unknown_ticket(api, refused, verb, number):
    api.issue("К")
    refused(api.post(f"/tickets/{number}/{verb}"), "unknown_ticket")


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_field_is_named(api, refused, verb):
    api.issue("К")
    assert "reason" in refused(api.post(f"/tickets/К-001/{verb}", {"reason": 5}), "invalid_body").detail
    assert "why" in refused(api.post(f"/tickets/К-001/{verb}", {"why": "x"}), "invalid_body").detail


def slips(api):
    """Print all that is owed; return each slip's number and whether it was marked a copy."""
    found = []
    while (answer := api.post("/printers/kiosk/claim", role="device")).status_code == 200:
        job = answer.json()
        api.post(f"/jobs/{job['id']}/printed", {"proof": "echo"}, "device")
        found.append((job["slip"]["number"], job["copy"]))
    return found


def test_reprint_queues_a_marked_copy(api):
    api.issue("К", "Ж")
    assert slips(api) == [("К-001", False), ("Ж-001", False)]
    head = api.board().seq
    assert answer(api, "К-001", "reprint")["state"] == "waiting"
    [entry] = api.journal(head)
    assert (entry.type, entry.data["number"], entry.data["copy"]) == ("SlipQueued", "К-001", True)
    assert slips(api) == [("К-001", True)]


def test_reprint_is_possible_in_every_state(api):
    api.issue("К")
    api.desk("К1", "next", "start", "finish")
    assert answer(api, "К-001", "reprint")["state"] == "done"


def test_reprint_goes_to_the_printer_that_had_the_slip(api):
    api.put("/printers/annex/status", {"state": "ready"}, "device")
    api.issue("К", kiosk="annex")
    answer(api, "К-001", "reprint")
    assert slips(api) == []
    assert api.post("/printers/annex/claim", role="device").json()["slip"]["number"] == "К-001"


def test_the_products_client_carries_verbs_out(api, client):
    api.issue("К")
    assert client("operator").ticket_verb("К-001", "cancel").state == "cancelled"


@pytest.mark.parametrize("verb", ["cancel", "return", "resume"])
def test_a_desks_token_does_not_touch_other_departments_tickets(api, refused, verb):
    """A number typed wrongly must not end a stranger's ticket."""
    api.issue("К", "Ж")
    api.desk("К1", "next", "hold" if verb == "resume" else "no-show")
    head = api.board().seq
    answer = refused(api.post(f"/tickets/К-001/{verb}", None, "operator Ж1"), "wrong_role")
    assert "К-001 is for service К" in answer.detail
    refused(api.post("/tickets/К-999/cancel", None, "operator Ж1"), "unknown_ticket")
    assert api.board().seq == head
    assert api.post(f"/tickets/К-001/{verb}", None, "operator К1").status_code == 200
