"""`GET /board`: what every screen shows."""

import msgspec


def service(api, code):
    return next(one for one in api.board().services if one.code == code)


def desk(api, name):
    return next(one for one in api.board().desks if one.id == name)


def test_an_empty_hall(api):
    board = api.board()
    assert board.calls == []
    assert len(board.services) == 15
    assert [one.id for one in board.desks if one.services == ["К"]] == ["К1", "К2", "К3"]
    assert {(one.open, one.waiting, one.wait) for one in board.services} == {(True, 0, None)}
    assert {(one.state, one.current) for one in board.desks} == {("open", None)}
    assert (board.event.day, board.event.rehearsal) == ("2023-07-28", False)
    assert board.event.title.kk
    assert board.event.title.ru


def test_counts_who_waits_and_names_the_first_three(api):
    for _ in range(5):
        api.issue("К")
    api.issue("Ж")
    assert (service(api, "К").waiting, service(api, "К").next) == (5, ["К-001", "К-002", "К-003"])
    assert (service(api, "Ж").waiting, service(api, "Ж").next) == (1, ["Ж-001"])
    api.desk("К1", "next")
    assert (service(api, "К").waiting, service(api, "К").next) == (4, ["К-002", "К-003", "К-004"])


def test_the_held_the_absent_and_the_cancelled_do_not_wait(api):
    for _ in range(4):
        api.issue("К")
    api.desk("К1", "next", "hold")
    api.desk("К1", "next", "no-show")
    api.post("/tickets/К-003/cancel")
    assert service(api, "К").next == ["К-004"]
    assert service(api, "К").waiting == 1


def test_a_visitor_busy_elsewhere_still_waits(api):
    api.issue("К", "Ж")
    api.desk("К1", "next")
    assert service(api, "Ж").next == ["Ж-001"]


def test_calls_are_newest_first_and_a_recall_is_new(api):
    for code in "КЖА":
        api.issue(code)
        api.desk(f"{code}1", "next")
    assert [(one.number, one.desk) for one in api.board().calls] == [
        ("А-001", "А1"),
        ("Ж-001", "Ж1"),
        ("К-001", "К1"),
    ]
    api.desk("К1", "recall")
    api.desk("А1", "start")
    first, second, third = api.board().calls
    assert (first.number, first.attempt, first.state) == ("К-001", 2, "called")
    assert (second.number, second.attempt, second.state) == ("А-001", 1, "serving")
    assert third.number == "Ж-001"
    assert first.seq > second.seq > third.seq


def test_a_call_carries_the_journals_seq_of_its_latest_call(api):
    api.issue("К")
    api.desk("К1", "next", "recall")
    [call] = api.board().calls
    entry = next(one for one in api.journal() if one.seq == call.seq)
    assert (entry.type, entry.data["number"]) == ("TicketRecalled", "К-001")


def test_a_desk_shows_its_ticket_and_its_pause(api):
    api.issue("К")
    api.desk("К2", "next")
    assert (desk(api, "К2").current, desk(api, "К2").state) == ("К-001", "open")
    assert desk(api, "К1").current is None
    api.desk("К2", "pause")
    assert desk(api, "К2").state == "paused"
    api.desk("К2", "start", "finish")
    assert desk(api, "К2").current is None
    assert api.board().calls == []


def test_a_closed_service_is_shown_closed(api):
    api.post("/services/К/close")
    assert not service(api, "К").open
    assert service(api, "Ж").open


def test_an_unchanged_board_is_answered_304_without_a_body(api):
    first = api.get("/board", None)
    assert "no-cache" in first.headers["Cache-Control"]
    again = api.get("/board", None, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_every_change_of_the_board_changes_its_etag(api):
    """Each of these is shown on the board, so a screen that polls must not be told 304."""
    steps = (
        lambda: api.issue("К"),
        lambda: api.desk("К1", "next"),
        lambda: api.desk("К1", "recall"),
        lambda: api.desk("К1", "start"),
        lambda: api.desk("К1", "finish"),
        lambda: api.desk("К1", "pause"),
        lambda: api.desk("К1", "resume"),
        lambda: api.post("/services/К/close"),
        lambda: api.post("/services/К/open"),
    )
    etag = api.get("/board", None).headers["ETag"]
    for number, step in enumerate(steps):
        step()
        answer = api.get("/board", None, headers={"If-None-Match": etag})
        assert answer.status_code == 200, number
        assert answer.headers["ETag"] != etag
        etag = answer.headers["ETag"]


def test_is_a_pure_function_of_what_is_stored(api, make_context, store, clock):
    """A server that starts on the same store, later and without memory, answers the same bytes."""
    api.issue("К", "Ж", language="kk")
    api.desk("К1", "next", "recall")
    before = api.get("/board", None)
    clock.advance(3600)
    after, seq = make_context(store).board.read(store)[1], api.board().seq
    assert after == before.content == api.get("/board", None).content
    assert msgspec.json.decode(after)["seq"] == seq


def test_the_products_client_reads_an_unchanged_board_from_memory(api, client):
    mine = client(None)
    first = mine.board()
    assert mine.board() is first
    api.issue("К")
    assert mine.board().seq > first.seq


def test_a_refused_verb_leaves_the_board_alone(api):
    before = api.get("/board", None)
    api.post("/desks/К1/next")
    api.post("/desks/К1/finish")
    assert api.get("/board", None).content == before.content
