"""`GET /journal`: the whole record, one entry a line."""

import msgspec
import pytest


def test_one_json_entry_a_line_gapless_from_1(api):
    for _ in range(3):
        api.issue("К", "Ж")
    answer = api.get("/journal")
    assert answer.headers["Content-Type"].startswith("application/x-ndjson")
    assert answer.content.endswith(b"}\n")
    entries = [msgspec.json.decode(line) for line in answer.content.splitlines()]
    assert [one["seq"] for one in entries] == list(range(1, api.board().seq + 1))
    assert entries[0]["type"] == "DayOpened"
    assert all(one["version"] == 1 for one in entries)


def test_an_entry_tells_when_by_both_clocks_and_who(api, clock):
    clock.advance(1.5)
    api.desk("К1", "pause", role="operator К1")
    last = api.journal()[-1]
    assert (last.at, last.running, last.boot) == ("2023-07-28T10:00:01.500000+05:00", 1001.5, "first-boot")
    assert (last.day, last.actor, last.type) == ("2023-07-28", "operator:К1", "DeskPaused")


def test_after_gives_the_rest(api):
    api.issue("К")
    head = api.board().seq
    assert [one.seq for one in api.journal(head - 1)] == [head]
    assert api.journal(head) == []
    assert api.get("/journal?after=999999999999999999").content == b""


def test_is_whole_beyond_one_batch(api):
    for _ in range(15):
        api.issue("К", "Ж", "А", "Б", "Д", "Е", "Г")
    entries = api.journal()
    assert len(entries) > 200
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "", "1e3", "٣", "1" * 19])
def test_after_must_be_a_number(api, refused, after):
    assert "after" in refused(api.get(f"/journal?after={after}"), "invalid_parameter").detail


def test_shows_the_supervisor_what_the_hall_may_not_see(api):
    api.issue("К", category="elder")
    entries = [one for one in api.journal() if one.type == "TicketIssued"]
    assert entries[0].data["category"] == "elder"
    assert entries[0].actor
