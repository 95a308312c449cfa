"""`POST /desks/<desk>/next`: first come, first served among those who are free."""


def current(desk):
    return desk.current and desk.current.number


def test_calls_the_first_who_came(api):
    api.issue("К")
    api.issue("К")
    head = api.board().seq
    desk = api.desk("К2", "next", role="operator")
    assert current(desk) == "К-001"
    assert desk.current.state == "called"
    assert desk.current.attempt == 1
    assert desk.seq == head + 1
    [entry] = api.journal(head)
    assert (entry.type, entry.seq) == ("TicketCalled", head + 1)
    assert entry.data == {
        "number": "К-001",
        "service": "К",
        "desk": "К2",
        "attempt": 1,
        "skipped": [],
        "reason": "",
    }


def test_the_answer_is_the_desk_after_it(api):
    api.issue("К")
    answer = api.post("/desks/К1/next")
    assert answer.status_code == 200
    assert answer.json() == api.get("/desks/К1").json()


def test_passes_over_the_busy_and_journals_whom(api):
    api.issue("К", "Ж")
    api.issue("К", "Ж")
    api.issue("Ж")
    api.desk("К1", "next")
    api.desk("К2", "next")
    head = api.board().seq
    desk = api.desk("Ж1", "next")
    assert current(desk) == "Ж-003"
    assert api.journal(head)[0].data["skipped"] == ["Ж-001", "Ж-002"]


def test_the_skipped_keep_their_place(api):
    api.issue("К", "Ж")
    api.issue("Ж")
    api.issue("Ж")
    api.desk("К1", "next")
    assert current(api.desk("Ж1", "next")) == "Ж-002"
    api.desk("К1", "start", "finish")
    assert current(api.desk("Ж2", "next")) == "Ж-001"


def test_a_served_visitor_is_busy_too(api):
    api.issue("К", "Ж")
    api.desk("К1", "next", "start")
    answer = api.post("/desks/Ж1/next")
    assert answer.json()["code"] == "nobody_waiting"


def test_a_visitor_held_or_absent_elsewhere_is_free(api):
    for verb in ("hold", "no-show"):
        api.issue("К", "Ж")
        api.desk("К1", "next", verb)
        assert current(api.desk("Ж1", "next", "start"))
        api.desk("Ж1", "finish")


def test_nobody_waits(api, refused):
    found = refused(api.post("/desks/К1/next"), "nobody_waiting")
    assert found.detail == "nobody waits for desk К1"


def test_all_who_wait_are_elsewhere_and_it_says_where(api, refused):
    api.issue("К", "Ж")
    api.desk("К3", "next")
    found = refused(api.post("/desks/Ж1/next"), "nobody_waiting")
    assert "Ж-001 is at К3" in found.detail


def test_a_desk_never_has_two(api, refused):
    api.issue("К")
    api.issue("К")
    api.desk("К1", "next")
    assert "К-001" in refused(api.post("/desks/К1/next"), "desk_busy").detail
    api.desk("К1", "start")
    refused(api.post("/desks/К1/next"), "desk_busy")
    assert api.board().services[1].next == ["К-002"]


def test_a_paused_desk_calls_nobody(api, refused):
    api.issue("К")
    api.desk("К1", "pause")
    refused(api.post("/desks/К1/next"), "desk_paused")
    assert current(api.desk("К1", "resume", "next")) == "К-001"


def test_those_who_wait_for_a_closed_service_are_still_called(api):
    api.issue("К")
    api.post("/services/К/close")
    assert current(api.desk("К1", "next")) == "К-001"


def test_an_unknown_desk(api, refused):
    refused(api.post("/desks/К9/next"), "unknown_desk")


def test_the_products_client_calls(api, client):
    api.issue("К")
    desk = client("operator К1").desk_verb("К1", "next")
    assert current(desk) == "К-001"
