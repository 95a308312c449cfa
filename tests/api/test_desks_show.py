"""`GET /desks/<desk>`: what an operator sees."""

import pytest


def test_an_idle_desk(api):
    desk = api.get("/desks/К2", "operator").json()
    assert desk["id"] == "К2"
    assert desk["services"] == ["К"]
    assert desk["names"]["ru"] == "Управление энергетики и ЖКХ"
    assert (desk["state"], desk["pause_reason"], desk["current"], desk["waiting"]) == ("open", "", None, 0)
    assert (desk["next"], desk["busy"], desk["absent"], desk["rehearsal"]) == ([], [], [], False)
    assert desk["seq"] == api.board().seq


def test_offers_the_topics_of_its_service_in_the_rosters_order(api):
    topics = api.get("/desks/Ж1").json()["topics"]
    assert [(one["code"], one["group"]) for one in topics] == [("roads", "roads"), ("transport", "transport")]
    assert topics[0]["names"] == {"kk": "Жолдар", "ru": "Дороги", "en": "Roads"}


def test_shows_who_is_next_and_how_long_they_waited(api, clock):
    api.issue("К", category="elder")
    clock.advance(60)
    for _ in range(4):
        api.issue("К")
    api.issue("Ж")
    clock.advance(30.25)
    desk = api.desk("К1")
    assert desk.waiting == 5
    assert [(one.number, one.waited) for one in desk.next] == [("К-001", 90.2), ("К-002", 30.2), ("К-003", 30.2)]
    assert desk.next[0].category == "elder"


def test_waits_are_measured_by_the_clock_that_does_not_jump(api, clock):
    api.issue("К")
    clock.jump(-7200)
    clock.advance(5)
    assert api.desk("К1").next[0].waited == 5.0
    api.desk("К1", "next")
    clock.jump(86_400)
    clock.advance(7)
    current = api.desk("К1").current
    assert current
    assert current.elapsed == 7.0


def test_shows_the_ticket_at_the_desk(api, clock):
    api.issue("Ж", "К", "А", language="kk", category="family")
    api.desk("К1", "next")
    clock.advance(3)
    current = api.desk("К1", "recall").current
    assert current
    assert (current.number, current.service, current.state, current.attempt) == ("К-001", "К", "called", 2)
    assert (current.language, current.category) == ("kk", "family")
    assert current.elapsed == 3.0, "a recall does not begin the time anew"
    assert [(one.number, one.service, one.state) for one in current.others] == [
        ("Ж-001", "Ж", "waiting"),
        ("А-001", "А", "waiting"),
    ]
    current = api.desk("К1", "start").current
    assert current
    assert (current.state, current.elapsed) == ("serving", 0.0)


def test_shows_who_is_busy_elsewhere_and_where(api):
    api.issue("К", "Ж")
    api.issue("Ж")
    api.desk("К3", "next")
    desk = api.desk("Ж1")
    assert [one.number for one in desk.next] == ["Ж-002"]
    [busy] = desk.busy
    assert (busy.number, busy.service, busy.reason, busy.desk) == ("Ж-001", "Ж", "busy", "К3")
    assert desk.waiting == 2


def test_shows_the_absent_of_its_own_services_oldest_call_first(api):
    for _ in range(2):
        api.issue("К")
    api.issue("Ж")
    api.desk("К1", "next")
    api.desk("К2", "next", "no-show")
    api.desk("К1", "recall", "no-show")
    api.desk("Ж1", "next", "no-show")
    assert api.desk("К3").absent == ["К-002", "К-001"]
    assert api.desk("Ж2").absent == ["Ж-001"]


@pytest.mark.parametrize("desk", ["К4", "K1", "Щ1", "к1", "К", "К1 ", "%20"])
def test_an_unknown_desk(api, refused, desk):
    refused(api.get(f"/desks/{desk}"), "unknown_desk")


def test_the_products_client_shows_a_desk(api, client):
    api.issue("К")
    assert client("operator К1").desk("К1").next[0].number == "К-001"
