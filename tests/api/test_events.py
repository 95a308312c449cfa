"""`GET /events`: the journal as a stream that resumes without a gap."""

import random
import threading
from contextlib import contextmanager
from itertools import islice

import httpx_sse
import msgspec
import pytest

from appliance.client import API
from appliance.contract import models as m
from appliance.domain.events import DeskResumed
from appliance.domain.model import DeskId

STAFF_ONLY = {"reason", "detail", "topics", "outcome", "visit", "category", "kiosk", "changes"}


@contextmanager
def stream(api, role=None, *, after=None, query=""):
    """Open a stream. Leaving cuts the connection; one that stays quiet for ten seconds ends."""
    headers = {"Last-Event-ID": str(after)} if after is not None else {}
    if role:
        headers["Authorization"] = f"Bearer {api._tokens[role]}"
    patience = threading.Timer(10, api.end_streams)
    patience.start()
    try:
        with httpx_sse.connect_sse(api.http, "GET", f"{API}/events{query}", headers=headers, timeout=10) as source:
            assert source.response.status_code == 200
            yield source
    finally:
        patience.cancel()
        patience.join()


def events_of(source):
    """Yield the events that carry data; the first one only tells browsers when to come back."""
    return (event for event in source.iter_sse() if event.data)


def take(source, count):
    """Return the next entries of a stream."""
    events = events_of(source)
    return [msgspec.json.decode(next(events).data, type=m.Entry) for _ in range(count)]


@pytest.fixture
def write(store, clock):
    """Write entries to the journal, as any verb does, and ring the server's bell."""

    def append(serving, count=1):
        for _ in range(count):
            with store.write() as unit:
                unit.journal.append((DeskResumed(DeskId("К1")),), clock.stamp())
                unit.commit()
            serving.context.bell.ring()

    return append


def test_an_event_is_a_journal_entry_under_its_seq_and_type(api):
    api.issue("К")
    head = api.board().seq
    with stream(api, after=head - 2) as source:
        assert source.response.headers["Content-Type"].startswith("text/event-stream")
        assert source.response.headers["Cache-Control"] == "no-store"
        events = events_of(source)
        first, second = next(events), next(events)
    assert (first.id, first.event, first.retry) == (str(head - 1), "TicketIssued", None)
    assert (second.id, second.event) == (str(head), "SlipQueued")
    entry = msgspec.json.decode(first.data, type=m.Entry)
    assert (entry.seq, entry.type, entry.data["number"]) == (head - 1, "TicketIssued", "К-001")
    assert (entry.at, entry.day) == ("2023-07-28T10:00:00+05:00", "2023-07-28")


def test_tells_browsers_to_come_back_after_a_second(api):
    with stream(api, after=0) as source:
        assert next(source.response.iter_text()).startswith("retry: 1000\n")


def test_begins_now_unless_told_where(serve, live, write, serving):
    head = live.board().seq
    with stream(live) as source:
        write(serving, 2)
        assert [one.seq for one in take(source, 2)] == [head + 1, head + 2]


def test_resumes_after_the_header_or_the_parameter(api):
    api.issue("К")
    head = api.board().seq
    with stream(api, after=head - 1) as source:
        assert [one.seq for one in take(source, 1)] == [head]
    with stream(api, query=f"?after={head - 1}") as source:
        assert [one.seq for one in take(source, 1)] == [head]
    with stream(api, after=head - 1, query="?after=0") as source:
        assert [one.seq for one in take(source, 1)] == [head], "a browser that reconnects keeps its address"
    with stream(api, query="?after=0") as source:
        assert [one.seq for one in take(source, head)] == list(range(1, head + 1))


def test_a_seq_from_the_future_is_another_databases_and_begins_anew(api):
    head = api.board().seq
    for after in (head + 1, 10**17):
        with stream(api, after=after) as source:
            assert [one.seq for one in take(source, head)] == list(range(1, head + 1))


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "1" * 19])
def test_a_seq_must_be_a_number(api, refused, after):
    refused(api.get(f"/events?after={after}", None), "invalid_parameter")
    refused(api.get("/events", None, headers={"Last-Event-ID": after}), "invalid_parameter")
    assert api.health().displays == []


def tell_all(api):
    """Do what writes every field that the hall may not see."""
    api.issue("К", "Ж", category="elder", kiosk="hall", language="kk")
    api.desk("К1", "next", "start", "finish", body={"topics": ["heating"], "outcome": "accepted"})
    api.desk("К1", "pause", body={"reason": "lunch"})
    api.put("/printers/kiosk/status", {"state": "blocked", "detail": "no paper"}, "device")
    roster = api.get("/roster").json()
    roster["services"][0]["minutes"] = 9
    api.put("/roster", roster)


def test_the_hall_does_not_see_what_is_for_staff(api):
    tell_all(api)
    head = api.board().seq
    for role in (None, "device"):
        with stream(api, role, after=0) as source:
            entries = take(source, head)
        assert {one.actor for one in entries} == {None}
        assert not any(STAFF_ONLY & set(one.data) for one in entries)
        assert not any(word in str(entries) for word in ("elder", "heating", "accepted", "lunch", "no paper"))
        issued = next(one for one in entries if one.type == "TicketIssued")
        assert issued.data == {"number": "К-001", "service": "К", "place": 1, "language": "kk"}
        assert [one.seq for one in entries] == list(range(1, head + 1)), "nothing is left out, only emptied"


def test_staff_see_all_of_it(api):
    tell_all(api)
    whole = api.journal()
    assert set().union(*(one.data for one in whole)) >= STAFF_ONLY
    for role in ("operator", "operator К1", "supervisor"):
        with stream(api, role, after=0) as source:
            assert take(source, len(whole)) == whole


def test_a_note_of_a_talk_is_on_no_stream(api):
    api.issue("К")
    api.desk("К1", "next", "start", "finish", body={"note": "Абай 5"})
    with stream(api, "supervisor", after=0) as source:
        assert "Абай" not in str(take(source, api.board().seq))


def test_nothing_is_missed_or_doubled_though_the_connection_is_cut_while_others_write(serve, api_at, write):
    """200 entries are written, some at each connection, while the reader is cut off and resumes by the last id."""
    serving = serve(streams=100, threads=60)
    live = api_at(serving)
    dice = random.Random(7)
    head = live.board().seq
    more = threading.Semaphore(0)

    def keep_writing():
        for _ in range(20):
            assert more.acquire(timeout=10)
            write(serving, 10)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    seen, last = [], head
    while len(seen) < 200:
        with stream(live, after=last) as source:
            more.release()
            for event in islice(events_of(source), min(dice.randint(1, 9), 200 - len(seen))):
                last = int(event.id)
                seen.append(last)
    writer.join(10)
    assert seen == list(range(head + 1, head + 201))


def test_a_reader_that_joins_late_and_one_that_is_early_see_the_same(live, write, serving):
    head = live.board().seq
    with stream(live, after=head) as early:
        write(serving, 20)
        with stream(live, after=head) as late:
            assert take(early, 20) == take(late, 20)


def test_streams_are_capped_and_a_place_comes_free(serve, live, refused, serving):
    """A fourth would hold a thread that the tablets need."""
    with stream(live), stream(live), stream(live):
        answer = live.get("/events", None)
        refused(answer, "too_many_streams")
        assert int(answer.headers["Retry-After"]) > 0
        assert live.get("/board", None).status_code == 200
    serving.until(lambda: live_stream_count(serving) == 0)
    with stream(live):
        assert live_stream_count(serving) == 1


def live_stream_count(serving):
    return len(serving.context.streams._streams)


def test_a_head_request_holds_no_place(live, serving):
    for _ in range(5):
        assert live.call("HEAD", "/events", None, None).status_code == 200
    serving.until(lambda: live_stream_count(serving) == 0)


def test_a_display_is_named_only_while_its_stream_is_open(live, serving, clock):
    clock.advance(60)
    with stream(live, query="?display=hall"), stream(live), stream(live, query="?display=" + "x" * 40):
        found = {one.id: one.since for one in live.health().displays}
        assert found == {"hall": "2023-07-28T10:01:00+05:00", "x" * 32: "2023-07-28T10:01:00+05:00"}
    serving.until(lambda: live.health().displays == [])


def test_every_stream_ends_at_once_when_the_server_stops(live, serving):
    head = live.board().seq
    open_now = threading.Barrier(4)
    ended = []

    def listen():
        with stream(live, after=head) as source:
            open_now.wait(10)
            ended.append(list(events_of(source)))

    readers = [threading.Thread(target=listen) for _ in range(3)]
    for one in readers:
        one.start()
    open_now.wait(10)
    seconds = serving.stop()
    for one in readers:
        one.join(5)
    assert ended == [[], [], []]
    assert seconds < 2.0
