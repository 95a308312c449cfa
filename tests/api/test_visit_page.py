"""`GET /visits/<secret>`: what the holder of a slip may see."""

from appliance.office.day import open_day
from appliance.wiring import event_info


def places(api, secret):
    tickets = api.get(f"/visits/{secret}", None).json()["tickets"]
    return [(one["number"], one["state"], one["position"], one["desk"]) for one in tickets]


def test_follows_each_ticket_through_the_day(api):
    first = api.issue("К")
    visit = api.issue("К", "Ж")
    assert places(api, visit.secret) == [("К-002", "waiting", 2, None), ("Ж-001", "waiting", 1, None)]
    api.desk("К1", "next")
    assert places(api, first.secret) == [("К-001", "called", None, "К1")]
    assert places(api, visit.secret)[0] == ("К-002", "waiting", 1, None)
    api.desk("К2", "next", "start")
    assert places(api, visit.secret) == [("К-002", "serving", None, "К2"), ("Ж-001", "waiting", 1, None)]
    api.desk("К2", "finish")
    api.desk("Ж1", "next", "no-show")
    assert places(api, visit.secret) == [("К-002", "done", None, None), ("Ж-001", "no_show", None, None)]


def test_needs_no_token_and_shows_the_same_as_issuing_did(api):
    issued = api.post("/visits", {"services": ["К", "Ж"]}, "device").json()
    answer = api.get(f"/visits/{issued['secret']}", None)
    assert (answer.status_code, answer.json()) == (200, issued)


def test_opens_by_the_secret_alone(api, refused):
    visit = api.issue("К")
    for wrong in (visit.id, visit.secret[:-1], visit.secret + "A", visit.secret.swapcase(), "К-001", "%00"):
        refused(api.get(f"/visits/{wrong}", None), "unknown_visit")


def test_a_slip_of_an_earlier_day_opens_nothing(api, refused, store, place, clock):
    visit = api.issue("К")
    with store.write() as unit:
        open_day(unit, event_info(place, clock), clock.stamp())
        unit.commit()
    refused(api.get(f"/visits/{visit.secret}", None), "unknown_visit")


def test_a_transferred_ticket_shows_its_new_service_and_keeps_its_number(api):
    visit = api.issue("К")
    api.desk("К1", "next", "transfer", body={"service": "Ж"})
    [ticket] = api.get(f"/visits/{visit.secret}", None).json()["tickets"]
    assert (ticket["number"], ticket["service"], ticket["position"]) == ("К-001", "Ж", 1)
    assert ticket["names"]["ru"].startswith("Управление пассажирского")


def test_a_ticket_of_a_service_that_left_the_roster_is_still_shown(api, client):
    visit = api.issue("С")
    api.desk("С1", "next", "start", "finish")
    roster = api.get("/roster").json()
    roster["services"] = [one for one in roster["services"] if one["prefix"] != "С"]
    assert api.put("/roster", roster).status_code == 200
    [ticket] = client(None).visit(visit.secret).tickets
    assert (ticket.number, ticket.state, ticket.names.ru) == ("С-001", "done", "С")
