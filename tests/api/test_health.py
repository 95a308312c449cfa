"""`GET /health`."""


def notes(api) -> str:
    return "\n".join(api.health().notes)


def test_tells_version_time_speed_and_seq(api, clock):
    clock.advance(61.5)
    found = api.health()
    assert (found.version, found.speed, found.status) == ("9.9.9", 1.0, "ok")
    assert found.now == "2023-07-28T10:01:01.500+05:00"
    assert found.seq == api.board().seq == api.journal()[-1].seq
    api.number("К")
    assert api.health().seq == found.seq + 2


def test_a_printer_in_trouble_degrades_it_and_is_named(api):
    api.put("/printers/kiosk/status", {"state": "ready", "paper": "ok"}, "device")
    assert (api.health().status, api.health().notes) == ("ok", [])
    api.put("/printers/kiosk/status", {"state": "blocked", "paper": "out", "detail": "no paper"}, "device")
    found = api.health()
    assert found.status == "degraded"
    assert "printer kiosk is blocked: no paper" in found.notes
    printer = found.printers[0]
    assert (printer.id, printer.state, printer.paper, printer.detail) == ("kiosk", "blocked", "out", "no paper")


def test_counts_slips_that_have_not_reached_paper(api, clock):
    api.put("/printers/kiosk/status", {"state": "ready"}, "device")
    api.issue("К", "Ж")
    assert api.health().printers[0].queued == 2
    job = api.post("/printers/kiosk/claim", role="device").json()["id"]
    assert api.health().printers[0].queued == 2, "a claimed slip is not on paper yet"
    api.post(f"/jobs/{job}/printed", {"proof": "echo"}, "device")
    assert api.health().printers[0].queued == 1
    assert api.health().printers[0].seen_at == clock.now().wall.isoformat()


def test_says_that_the_open_day_is_yesterdays(api, clock):
    assert api.health().status == "ok"
    clock.advance(24 * 3600)
    assert api.health().status == "degraded"
    assert "2023-07-28" in notes(api)
    assert "kezek day open" in notes(api)


def test_says_that_no_roster_is_loaded(bare_api):
    assert bare_api.health().status == "degraded"
    assert notes(bare_api) == "no roster is loaded"


def test_slips_owed_to_a_printer_that_never_reported_are_told(api):
    api.issue("К", "Ж")
    found = api.health()
    assert found.status == "degraded"
    assert "2 slips wait for printer kiosk, which never reported" in found.notes
    api.put("/printers/kiosk/status", {"state": "ready"}, "device")
    assert api.health().notes == []
