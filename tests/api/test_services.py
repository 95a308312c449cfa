"""`POST /services/<code>/open` and `close`: whose intake is open."""

import pytest


def test_close_stops_the_intake_and_open_begins_it_again(api):
    api.issue("К")
    answer = api.post("/services/К/close", {"reason": "full"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["code"], body["open"], body["waiting"], body["next"]) == ("К", False, 1, ["К-001"])
    assert body["names"]["ru"] == "Управление энергетики и ЖКХ"
    assert api.post("/visits", {"services": ["К"]}).json()["code"] == "service_closed"
    assert api.number("Ж") == "Ж-001"
    assert api.post("/services/К/open").json()["open"] is True
    assert api.number("К") == "К-002"


def test_closing_twice_changes_nothing_the_second_time(api):
    head = api.board().seq
    for _ in range(2):
        assert api.post("/services/К/close").status_code == 200
    assert [(one.type, one.data["service"]) for one in api.journal(head)] == [("ServiceClosed", "К")]
    for _ in range(2):
        assert api.post("/services/К/open").status_code == 200
    assert [one.type for one in api.journal(head)] == ["ServiceClosed", "ServiceOpened"]


def test_the_reason_of_closing_is_on_record(api):
    api.post("/services/К/close", {"reason": "the head was called away"})
    assert api.journal()[-1].data["reason"] == "the head was called away"
    api.post("/services/К/open", {"reason": "and is back"})
    assert api.journal()[-1].data["reason"] == "and is back"


@pytest.mark.parametrize("verb", ["open", "close"])
def test_an_unknown_service(api, refused, verb):
    for code in ("Щ", "K", "К1"):
        refused(api.post(f"/services/{code}/{verb}"), "unknown_service")
