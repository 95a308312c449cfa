"""`POST /visits`: issuing tickets."""

import pytest

from appliance.contract import models as m


def traces(api):
    """Everything that issuing writes: journal rows, waiting counts, owed slips, the numbers to come."""
    owed = api.post("/printers/kiosk/claim", role="device")
    assert owed.status_code == 204, owed.text
    return [one.type for one in api.journal()], api.board().services


def test_answers_201_with_the_visits_tickets(api):
    answer = api.post("/visits", {"services": ["К"], "language": "kk", "category": "elder"}, "device")
    assert answer.status_code == 201
    body = answer.json()
    [ticket] = body.pop("tickets")
    assert body == {"id": "1", "secret": body["secret"], "language": "kk", "category": "elder"}
    assert ticket == {
        "number": "К-001",
        "service": "К",
        "names": {
            "kk": "Энергетика және ТКШ басқармасы",
            "ru": "Управление энергетики и ЖКХ",
            "en": "Energy and housing utilities",
        },
        "state": "waiting",
        "position": 1,
        "wait": None,
        "desk": None,
    }


def test_the_secret_cannot_be_guessed_from_the_id_or_another(api):
    visits = [api.issue("К") for _ in range(20)]
    secrets = {visit.secret for visit in visits}
    assert len(secrets) == 20
    assert all(len(secret) >= 12 and visit.id != secret for visit, secret in zip(visits, secrets, strict=True))
    assert len({visit.id for visit in visits}) == 20


def test_numbers_run_from_001_in_each_service(api):
    assert [api.number(code) for code in "КЖККЖ"] == ["К-001", "Ж-001", "К-002", "К-003", "Ж-002"]


def test_position_counts_those_who_wait_for_the_same_service(api):
    assert [api.issue(code).tickets[0].position for code in "КЖКК"] == [1, 1, 2, 3]
    api.desk("К1", "next")
    assert api.issue("К").tickets[0].position == 3


def test_several_services_give_a_ticket_each_in_the_order_asked(api):
    api.issue("Ж")
    visit = api.issue("Ж", "К", "А")
    assert [(one.number, one.position) for one in visit.tickets] == [("Ж-002", 2), ("К-001", 1), ("А-001", 1)]


def test_journals_each_ticket_and_each_slip(api):
    head = api.board().seq
    visit = api.issue("К", "Ж", language="ru", category="family", kiosk="hall")
    entries = api.journal(head)
    assert [one.type for one in entries] == ["TicketIssued", "TicketIssued", "SlipQueued", "SlipQueued"]
    assert [one.seq for one in entries] == list(range(head + 1, head + 5))
    first = entries[0].data
    assert (first["number"], first["service"], first["place"]) == ("К-001", "К", 1)
    assert (first["language"], first["category"], first["kiosk"]) == ("ru", "family", "hall")
    assert str(first["visit"]) == visit.id
    assert entries[1].data["place"] == 2
    assert visit.secret not in str(entries)
    assert entries[0].actor.startswith("device:")


def test_queues_a_slip_with_the_facts(api):
    api.issue("К")
    visit = api.issue("К", "Ж", language="kk")
    slips = []
    for _ in range(3):
        job = api.post("/printers/kiosk/claim", role="device").json()
        api.post(f"/jobs/{job['id']}/printed", {"proof": "echo"}, "device")
        slips.append(job["slip"])
    assert [(one["number"], one["ahead"], one["desks"]) for one in slips] == [
        ("К-001", 0, ["К1", "К2", "К3"]),
        ("К-002", 1, ["К1", "К2", "К3"]),
        ("Ж-001", 0, ["Ж1", "Ж2"]),
    ]
    assert [line["number"] for line in slips[0]["tickets"]] == ["К-001"]
    assert [line["number"] for line in slips[1]["tickets"]] == ["К-002", "Ж-001"]
    assert slips[1]["tickets"] == slips[2]["tickets"]
    assert slips[1]["url"] == f"http://kezek.test/v/{visit.secret}"
    assert slips[1]["issued_at"] == "2023-07-28T10:00:00+05:00"
    assert slips[1]["language"] == "kk"
    assert "category" not in slips[1]


def test_a_kiosks_own_printer_gets_its_slips_once_it_reported(api):
    api.issue("К", kiosk="annex")
    api.put("/printers/annex/status", {"state": "ready"}, "device")
    api.issue("К", kiosk="annex")
    assert api.post("/printers/kiosk/claim", role="device").json()["slip"]["number"] == "К-001"
    assert api.post("/printers/annex/claim", role="device").json()["slip"]["number"] == "К-002"


@pytest.mark.parametrize(
    ("services", "code"),
    [
        (["К", "Ж", "Щ"], "unknown_service"),
        (["K"], "unknown_service"),  # Latin
        (["к"], "unknown_service"),
        (["К", "Ж", "К"], "duplicate_service"),
        (["К", "А"], "service_closed"),
    ],
)
def test_when_one_service_is_refused_nothing_is_done(api, refused, services, code):
    api.post("/services/А/close")
    before = traces(api)
    refused(api.post("/visits", {"services": services}, "device"), code)
    assert traces(api) == before
    assert api.number("К") == "К-001", "no number was consumed"
    assert api.issue("Ж").id == "2", "no visit was stored"


def test_an_exhausted_service_refuses_the_whole_visit(api, refused, context, store):
    with store.write() as unit:
        for _ in range(999):
            last = unit.queue.take_count("Ж")
        unit.commit()
    assert last == 999
    before = traces(api)
    refused(api.post("/visits", {"services": ["К", "Ж"]}, "device"), "numbers_exhausted")
    assert traces(api) == before
    assert api.number("К") == "К-001"


def test_the_last_number_is_999(api, store):
    with store.write() as unit:
        for _ in range(998):
            unit.queue.take_count("Ж")
        unit.commit()
    assert api.number("Ж") == "Ж-999"


def test_without_a_roster(bare_api, refused):
    refused(bare_api.post("/visits", {"services": ["К"]}, "device"), "roster_empty")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "services"),
        ({"services": []}, "services"),
        ({"services": "К"}, "services"),
        ({"services": [1]}, "services"),
        ({"services": [""]}, "services"),
        ({"services": ["К" * 41]}, "services"),
        ({"services": ["К"] * 25}, "services"),
        ({"services": ["К"], "language": "de"}, "language"),
        ({"services": ["К"], "language": "KK"}, "language"),
        ({"services": ["К"], "category": "Elder"}, "category"),
        ({"services": ["К"], "category": ""}, "category"),
        ({"services": ["К"], "category": "a" * 33}, "category"),
        ({"services": ["К"], "kiosk": "зал"}, "kiosk"),
        ({"services": ["К"], "kiosk": "a b"}, "kiosk"),
        ({"services": ["К"], "kiosk": "a" * 33}, "kiosk"),
        ({"services": ["К"], "name": "Айгүл"}, "name"),
    ],
)
def test_a_wrong_field_is_named(api, refused, body, field):
    found = refused(api.post("/visits", body, "device"), "invalid_body")
    [fault] = found.errors
    assert field in fault.where + fault.problem
    assert field in found.detail
    assert fault.remedy


def test_staff_may_issue_too(api):
    for role in ("operator", "operator К1", "supervisor"):
        assert api.post("/visits", {"services": ["Ж"]}, role).status_code == 201
    assert [one.actor for one in api.journal() if one.type == "TicketIssued"][1] == "operator:К1"


def test_the_products_client_issues(client):
    request = m.IssueRequest(services=["К", "Ж"], language="kk", kiosk="kiosk")
    mine = client("device")
    first = mine.issue(request, "press-1")
    assert mine.issue(request, "press-1") == first
    assert [one.number for one in first.tickets] == ["К-001", "Ж-001"]
