"""`/printers` and `/jobs`: print jobs are claimed, their ends reported."""

import pytest

from appliance.client import Refused
from appliance.contract import models as m
from appliance.office.day import open_day
from appliance.wiring import event_info

REPORTS = {
    "printed": {"proof": "echo"},
    "sent": {"detail": "all bytes out"},
    "uncertain": {"reason": "cable pulled"},
    "failed": {"reason": "no such glyph"},
}


def claim(api, printer="kiosk"):
    answer = api.post(f"/printers/{printer}/claim", role="device")
    return answer.json() if answer.status_code == 200 else answer.status_code


def report(api, job, how):
    return api.post(f"/jobs/{job}/{how}", REPORTS[how], "device")


def test_nothing_owed_is_204_and_writes_nothing(api):
    answer = api.post("/printers/kiosk/claim", role="device")
    assert (answer.status_code, answer.content) == (204, b"")
    head = api.board().seq
    claim(api)
    assert api.board().seq == head


def test_jobs_are_claimed_in_the_order_of_issue(api):
    api.issue("К", "Ж")
    api.issue("К")
    numbers = []
    for _ in range(3):
        job = claim(api)
        numbers.append(job["slip"]["number"])
        assert (job["printer"], job["copy"], job["resumed"]) == ("kiosk", False, False)
        report(api, job["id"], "printed")
    assert numbers == ["К-001", "Ж-001", "К-002"]
    assert claim(api) == 204


def test_a_claimed_job_comes_back_as_resumed_until_its_end_is_reported(api):
    api.issue("К")
    api.issue("К")
    first = claim(api)
    again = claim(api)
    assert again == {**first, "resumed": True}
    assert claim(api) == again
    report(api, first["id"], "printed")
    assert claim(api)["slip"]["number"] == "К-002"


def test_a_printer_gets_its_own_jobs_only(api):
    api.issue("К")
    assert claim(api, "annex") == 204
    assert claim(api)["slip"]["number"] == "К-001"


@pytest.mark.parametrize(
    ("how", "fact", "more"),
    [
        ("printed", "SlipPrinted", {"proof": "echo"}),
        ("sent", "SlipSent", {}),
        ("failed", "SlipFailed", {"reason": "no such glyph"}),
    ],
)
def test_an_end_is_recorded_and_the_job_is_over(api, refused, how, fact, more):
    api.issue("К")
    job = claim(api)["id"]
    head = api.board().seq
    answer = report(api, job, how)
    assert answer.json() == {"id": job, "state": how}
    [entry] = api.journal(head)
    assert (entry.type, entry.data) == (fact, {"job": job, "number": "К-001", "printer": "kiosk", **more})
    assert claim(api) == 204
    for late in REPORTS:
        assert how in refused(report(api, job, late), "job_not_claimed").detail


def test_an_uncertain_slip_is_queued_again_as_a_marked_copy(api, refused):
    api.issue("К")
    api.issue("Ж")
    job = claim(api)
    head = api.board().seq
    assert report(api, job["id"], "uncertain").json() == {"id": job["id"], "state": "uncertain"}
    assert [one.type for one in api.journal(head)] == ["SlipUncertain", "SlipQueued"]
    assert api.journal(head)[0].data["reason"] == "cable pulled"
    found = {}
    for _ in range(2):
        copy = claim(api)
        found[copy["slip"]["number"]] = (copy["copy"], copy["slip"] == job["slip"])
        report(api, copy["id"], "printed")
    assert found == {"К-001": (True, True), "Ж-001": (False, False)}
    refused(report(api, job["id"], "printed"), "job_not_claimed")


@pytest.mark.parametrize("how", REPORTS)
def test_only_a_claimed_job_has_an_end(api, refused, how):
    api.issue("К")
    head = api.board().seq
    assert "queued" in refused(report(api, 1, how), "job_not_claimed").detail
    refused(report(api, 77, how), "unknown_job")
    assert api.board().seq == head
    assert claim(api)["resumed"] is False


@pytest.mark.parametrize("job", ["x", "-1", "1.0", "٣", "1" * 19])
def test_a_job_is_named_by_a_number(api, refused, job):
    refused(report(api, job, "printed"), "invalid_parameter")


@pytest.mark.parametrize(
    ("how", "body", "field"),
    [
        ("printed", None, "proof"),
        ("printed", {"proof": "hope"}, "proof"),
        ("sent", {"detail": 1}, "detail"),
        ("uncertain", {}, "reason"),
        ("uncertain", {"reason": ""}, "reason"),
        ("failed", {"reason": "a" * 201}, "reason"),
    ],
)
def test_a_report_says_what_is_known(api, refused, how, body, field):
    api.issue("К")
    job = claim(api)["id"]
    assert field in refused(api.post(f"/jobs/{job}/{how}", body, "device"), "invalid_body").detail
    assert claim(api)["resumed"] is True


def test_status_is_journaled_when_it_is_news(api):
    head = api.board().seq
    said = {"state": "blocked", "paper": "out", "detail": "no paper"}
    for _ in range(3):
        answer = api.put("/printers/kiosk/status", said, "device")
        assert (answer.status_code, answer.json()) == (200, said)
    [entry] = api.journal(head)
    assert (entry.type, entry.data) == ("PrinterChanged", {"printer": "kiosk", **said})
    api.put("/printers/kiosk/status", {"state": "ready"}, "device")
    assert len(api.journal(head)) == 2


def test_an_unchanged_status_still_renews_when_it_was_seen(api, clock):
    api.put("/printers/kiosk/status", {"state": "ready"}, "device")
    before = api.health().printers[0].seen_at
    clock.advance(30)
    api.put("/printers/kiosk/status", {"state": "ready"}, "device")
    assert api.health().printers[0].seen_at > before


WRONG = ({}, {"state": "fine"}, {"state": "ready", "paper": "half"}, {"state": "ready", "x": 1})


@pytest.mark.parametrize("body", WRONG)
def test_status_names_a_wrong_field(api, refused, body):
    refused(api.put("/printers/kiosk/status", body, "device"), "invalid_body")
    assert api.health().printers == []


@pytest.mark.parametrize("name", ["зал", "a b", "a" * 33, "a%0A"])
def test_a_printers_name_is_plain(api, refused, name):
    refused(api.put(f"/printers/{name}/status", {"state": "ready"}, "device"), "unknown_printer")
    refused(api.post(f"/printers/{name}/claim", role="device"), "unknown_printer")


def test_an_idle_claim_checks_the_request_as_a_busy_one_does(api, refused):
    for _ in range(2):
        refused(api.post("/printers/kiosk/claim", {"x": 1}, "device"), "invalid_body")
        refused(api.post("/printers/kiosk/claim", role="device", key="a" * 129), "idempotency_key_invalid")
        api.issue("К")


def test_slips_of_an_earlier_day_are_not_printed_on_this_one(api, refused, store, place, clock):
    """Two people with the same number would stand at one desk. The supervisor is told instead."""
    api.issue("К", "Ж")
    held = claim(api)["id"]
    head = api.board().seq
    with store.write() as unit:
        open_day(unit, event_info(place, clock), clock.stamp())
        unit.commit()
    entries = api.journal(head)
    assert [(one.type, one.data.get("number")) for one in entries] == [
        ("SlipFailed", "К-001"),
        ("SlipFailed", "Ж-001"),
        ("DayOpened", None),
    ]
    assert "day" in entries[0].data["reason"]
    assert claim(api) == 204
    refused(report(api, held, "uncertain"), "job_not_claimed")
    api.issue("К")
    assert claim(api)["slip"]["number"] == "К-001"


def test_the_products_client_prints(api, client):
    api.issue("К")
    api.issue("К")
    mine = client("device")
    mine.put_printer_status("kiosk", m.PrinterStatus(state="ready", paper="ok"))
    job = mine.claim("kiosk")
    assert job
    assert mine.job_uncertain(job.id, "cable pulled").state == "uncertain"
    job = mine.claim("kiosk")
    assert job
    assert mine.job_printed(job.id, "drawn").state == "printed"
    job = mine.claim("kiosk")
    assert job
    assert (job.copy, mine.job_failed(job.id, "no glyph").state) == (True, "failed")
    assert mine.claim("kiosk") is None
    with pytest.raises(Refused) as caught:
        mine.job_sent(job.id)
    assert (caught.value.code, caught.value.permanent) == ("job_not_claimed", True)
