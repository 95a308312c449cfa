"""`GET/PUT /roster`: loaded whole or not at all, and never against people who wait."""

import msgspec
import pytest

from appliance.contract import models as m
from appliance.office.roster import to_wire
from appliance.roster import sample_roster


@pytest.fixture
def roster(api):
    return api.get("/roster").json()


def without(roster, *prefixes):
    return {**roster, "services": [one for one in roster["services"] if one["prefix"] not in prefixes]}


def service(roster, prefix):
    return next(one for one in roster["services"] if one["prefix"] == prefix)


def changes(api, roster):
    answer = api.put("/roster", roster)
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["what"], one["code"]) for one in answer.json()["changes"]]


def test_shows_the_roster_in_force(api, roster):
    assert msgspec.convert(roster, m.Roster) == to_wire(sample_roster())


def test_loading_the_same_again_changes_nothing(api, roster):
    head = api.board().seq
    assert changes(api, roster) == []
    assert api.board().seq == head


def test_answers_and_journals_what_changed(api, roster):
    head = api.board().seq
    service(roster, "К")["minutes"] = 12.5
    service(roster, "А")["desks"] = 2
    answer = api.put("/roster", without(roster, "С")).json()
    assert answer["roster"] == without(roster, "С")
    found = [(one["kind"], one["what"], one["code"], one["detail"]) for one in answer["changes"]]
    assert ("changed", "service", "К", "minutes: 10 to 12.5") in found
    assert ("added", "desk", "А2", "Аким области") in found
    assert ("removed", "service", "С", "Управление предпринимательства") in found
    assert ("removed", "desk", "С1", "Управление предпринимательства") in found
    [entry] = api.journal(head)
    assert entry.type == "RosterChanged"
    assert "service К changed: minutes: 10 to 12.5" in entry.data["changes"]
    assert api.get("/roster").json() == without(roster, "С")


def test_the_hall_follows(api, roster):
    service(roster, "А")["desks"] = 2
    service(roster, "А")["names"]["ru"] = "Аким Карагандинской области"
    api.put("/roster", without(roster, "С"))
    board = api.board()
    assert [one.id for one in board.desks][:3] == ["А1", "А2", "К1"]
    assert board.services[0].names.ru == "Аким Карагандинской области"
    assert "С" not in [one.code for one in board.services]
    assert api.post("/visits", {"services": ["С"]}).json()["code"] == "unknown_service"
    assert api.get("/desks/С1").json()["code"] == "unknown_desk"
    api.issue("А")
    assert api.desk("А2", "next").current.number == "А-001"


def test_the_order_of_services_is_the_rosters(api, roster):
    roster["services"].reverse()
    api.put("/roster", roster)
    assert [one.code for one in api.board().services] == [one["prefix"] for one in roster["services"]]
    assert api.get("/roster").json() == roster


def test_issued_tickets_and_counts_are_kept(api, roster):
    api.issue("К")
    api.issue("К")
    api.desk("К1", "next")
    service(roster, "К")["names"]["kk"] = "Басқа атау"
    changes(api, roster)
    assert api.desk("К1").current.number == "К-001"
    assert [one.number for one in api.desk("К2").next] == ["К-002"]
    assert api.number("К") == "К-003"


def test_a_service_that_returns_goes_on_counting(api, roster):
    api.issue("С")
    api.desk("С1", "next", "start", "finish")
    changes(api, without(roster, "С"))
    changes(api, roster)
    assert api.number("С") == "С-002"


def test_a_closed_service_stays_closed(api, roster):
    api.post("/services/К/close")
    service(roster, "К")["minutes"] = 9
    changes(api, roster)
    assert api.post("/visits", {"services": ["К"]}).json()["code"] == "service_closed"


@pytest.mark.parametrize("verbs", [(), ("next",), ("next", "start"), ("next", "hold"), ("next", "no-show")])
def test_a_service_that_people_wait_for_cannot_be_removed(api, refused, roster, verbs):
    api.issue("С")
    api.desk("С1", *verbs)
    found = refused(api.put("/roster", without(roster, "С", "М")), "service_in_use")
    assert "С" in found.detail
    assert api.get("/roster").json() == roster, "nothing was loaded"
    assert "М" in [one.code for one in api.board().services]


def test_a_desk_with_a_ticket_cannot_be_removed(api, refused, roster):
    api.issue("К")
    api.desk("К3", "next")
    service(roster, "К")["desks"] = 2
    assert "К3" in refused(api.put("/roster", roster), "service_in_use").detail
    api.desk("К3", "start", "finish")
    assert changes(api, roster) == [("removed", "desk", "К3")]


def test_all_faults_are_told_at_once_and_nothing_is_loaded(api, refused, roster):
    before = api.get("/board").content
    wrong = msgspec.json.decode(msgspec.json.encode(roster))
    wrong["services"][0]["prefix"] = "A"  # Latin
    wrong["services"][1]["desks"] = 0
    wrong["services"][2]["minutes"] = 500
    wrong["services"][3]["names"]["kk"] = " "
    wrong["services"][4]["topics"] = ["weather"]
    wrong["topics"][0]["group"] = ""
    found = refused(api.put("/roster", wrong), "roster_rejected")
    places = [one.where for one in found.errors]
    assert places == [
        "services[0].prefix",
        "services[1].desks",
        "services[2].minutes",
        "services[3].names.kk",
        "services[4].topics[0]",
        "topics[0].group",
    ]
    assert all(one.problem and one.remedy for one in found.errors)
    assert "6 faults" in found.detail
    assert api.get("/roster").json() == roster
    assert api.get("/board").content == before


def test_an_empty_roster_is_refused(api, refused):
    refused(api.put("/roster", {"services": []}), "roster_rejected")


@pytest.mark.parametrize(
    ("field", "value"), [("desks", "3"), ("desks", 1.5), ("minutes", None), ("prefix", 7), ("names", {"kk": "а"})]
)
def test_a_wrong_field_is_named_with_its_row(api, refused, roster, field, value):
    roster["services"][2][field] = value
    assert f"services[2].{field}" in refused(api.put("/roster", roster), "invalid_body").detail


def test_a_number_beyond_all_bounds_is_a_fault(api, refused, roster):
    for field, value in (("desks", 10**30), ("minutes", 1e300), ("minutes", -1)):
        wrong = msgspec.json.decode(msgspec.json.encode(roster))
        wrong["services"][1][field] = value
        answer = api.put("/roster", wrong)
        assert answer.status_code == 422, answer.text


def test_a_first_roster(bare_api):
    assert bare_api.get("/roster").json() == {"services": [], "topics": []}
    answer = bare_api.put("/roster", msgspec.to_builtins(to_wire(sample_roster())))
    assert {one["kind"] for one in answer.json()["changes"]} == {"added"}
    assert bare_api.number("К") == "К-001"
    assert bare_api.health().notes == ["1 slips wait for printer kiosk, which never reported"]


def test_the_products_client_loads_a_roster(client):
    mine = client("supervisor")
    roster = mine.roster()
    assert mine.put_roster(roster).changes == []
