"""`Idempotency-Key`: what was carried out once is answered again, never carried out twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

ORDER = {"services": ["К", "Ж"]}


def test_a_replay_answers_the_same_and_acts_once(api):
    first = api.post("/visits", ORDER, "device", key="press-1")
    head = api.board().seq
    again = api.post("/visits", ORDER, "device", key="press-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert api.board().seq == head
    assert api.number("К") == "К-002"


def test_a_replay_tells_what_was_then_not_what_is_now(api):
    for _ in range(2):
        api.issue("К")
    first = api.post("/desks/К1/next", key="tap-1")
    api.desk("К1", "start", "finish")
    again = api.post("/desks/К1/next", key="tap-1")
    assert again.content == first.content
    assert api.desk("К1").current is None, "К-002 was not called by the replay"


def test_without_a_key_nothing_is_protected(api):
    numbers = [api.post("/visits", ORDER, "device").json()["tickets"][0]["number"] for _ in range(2)]
    assert numbers == ["К-001", "К-002"]


def test_another_body_under_the_same_key_is_refused(api, refused):
    api.post("/visits", ORDER, "device", key="press-1")
    refused(api.post("/visits", {"services": ["К"]}, "device", key="press-1"), "idempotency_key_reused")
    assert api.board().services[1].waiting == 1


def test_another_path_or_method_under_the_same_key_is_refused(api, refused):
    api.issue("К")
    api.desk("К1", "pause")
    api.desk("К2", "pause")
    assert api.post("/desks/К1/resume", key="tap-1").status_code == 200
    refused(api.post("/desks/К2/resume", key="tap-1"), "idempotency_key_reused")
    refused(api.post("/desks/К1/next", key="tap-1"), "idempotency_key_reused")
    refused(api.put("/roster", api.get("/roster").json(), key="tap-1"), "idempotency_key_reused")
    assert api.desk("К2").state == "paused"


def test_another_actor_has_keys_of_his_own(api):
    numbers = [
        api.post("/visits", ORDER, role, key="1").json()["tickets"][0]["number"]
        for role in ("device", "operator", "operator К1", "supervisor")
    ]
    assert numbers == ["К-001", "К-002", "К-003", "К-004"]


def test_a_refused_request_is_not_stored(api, refused):
    """The same tap, made again when somebody has come, calls him."""
    refused(api.post("/desks/К1/next", key="tap-1"), "nobody_waiting")
    api.issue("К")
    answer = api.post("/desks/К1/next", key="tap-1")
    assert answer.json()["current"]["number"] == "К-001"


def test_a_request_refused_for_its_body_is_not_stored(api, refused):
    refused(api.post("/visits", {"services": []}, "device", key="press-1"), "invalid_body")
    assert api.post("/visits", ORDER, "device", key="press-1").status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 129, "клавиша".encode(), b"\xff", "a\tb"])
def test_a_key_is_1_to_128_printable_ascii(live, refused, key):
    refused(live.post("/visits", ORDER, "device", headers={"Idempotency-Key": key}), "idempotency_key_invalid")
    assert live.board().services[1].waiting == 0


def test_the_longest_key_is_good(api):
    answers = [api.post("/visits", ORDER, "device", key="k" * 128).content for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_put_is_protected_too(api):
    api.put("/printers/kiosk/status", {"state": "ready"}, "device", key="s-1")
    api.put("/printers/kiosk/status", {"state": "blocked"}, "device", key="s-2")
    api.put("/printers/kiosk/status", {"state": "ready"}, "device", key="s-1")
    assert api.health().printers[0].state == "blocked", "the late repetition changed nothing"


def test_a_claim_repeated_with_its_key_gives_the_same_job(api):
    api.issue("К", "Ж")
    first = api.post("/printers/kiosk/claim", role="device", key="c-1")
    again = api.post("/printers/kiosk/claim", role="device", key="c-1")
    assert again.content == first.content
    assert first.json()["resumed"] is False


def test_a_key_survives_a_restart(api, api_on, make_context, store):
    first = api.post("/visits", ORDER, "device", key="press-1")
    again = api_on(make_context(store)).post("/visits", ORDER, "device", key="press-1")
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")


def test_two_who_race_with_one_key_make_one_ticket(live):
    """A button's press is sent again while the first sending still runs."""
    for key in ("press-1", "press-2", "press-3"):
        gate = threading.Barrier(6)

        def press(_number, key=key, gate=gate):
            gate.wait(10)
            return live.post("/visits", ORDER, "device", key=key)

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(press, range(6)))
        assert {one.status_code for one in answers} == {201}
        assert len({one.content for one in answers}) == 1
        assert sum("Idempotency-Replayed" not in one.headers for one in answers) == 1
    waiting = {one.code: one.waiting for one in live.board().services}
    assert (waiting["К"], waiting["Ж"]) == (3, 3)
    assert sum(one.type == "TicketIssued" for one in live.journal()) == 6
