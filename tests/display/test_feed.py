"""The board is read again when something changed, and not more often than that helps."""

import queue
import threading

import httpx
import pytest

from appliance.client import Client, Incompatible
from display.board import BoardRead, ClockRead, ReadFailed
from display.errors import NotServed
from display.feed import Feed, read_clock


class Listener:
    """Runs a feed and takes what it posts."""

    def __init__(self, url: str) -> None:
        self.news: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.client = Client(url)
        self.feed = Feed(self.client, self.news.put, "hall")
        self.feed.start()

    def until(self, wanted) -> list[object]:
        """Take news until one satisfies `wanted`; return all that was taken."""
        taken = [self.news.get(timeout=10)]
        while not wanted(taken[-1]):
            taken.append(self.news.get(timeout=10))
        return taken


@pytest.fixture
def listen(server):
    started = []

    def start() -> Listener:
        started.append(Listener(server.url))
        return started[-1]

    yield start
    for listener in started:
        listener.feed.stop()
    server.shut()
    for listener in started:
        listener.client.close()


def board_of(seq):
    return lambda news: isinstance(news, BoardRead) and news.board.seq == seq


def is_clock(news):
    return isinstance(news, ClockRead)


def failed(news):
    return isinstance(news, ReadFailed)


def test_begins_with_board_and_clock(listen):
    taken = listen().until(is_clock)
    assert isinstance(taken[0], BoardRead)
    assert (taken[-1].speed, taken[-1].now.isoformat()) == (1.0, "2023-07-28T10:42:00+05:00")


def test_any_entry_has_the_board_read_again_also_of_an_unknown_kind(listen, server, hall):
    listener = listen()
    listener.until(is_clock)
    server.show(hall.board("К-045 К2", seq=101), "SomethingNobodyHasHeardOf")
    assert listener.until(board_of(101))[-1].board.calls[0].number == "К-045"


def test_many_entries_together_cost_few_reads(listen, server, hall):
    listener = listen()
    listener.until(is_clock)
    before = server.reads
    server.show(hall.board("К-045 К2", seq=300), *["TicketIssued"] * 200)
    listener.until(board_of(300))
    server.show(hall.board("К-045 К2", seq=301))
    listener.until(board_of(301))
    assert server.reads - before < 20


def test_an_unchanged_board_is_not_sent_again(listen, server, hall):
    listener = listen()
    listener.until(is_clock)
    listener.feed._changed.set()
    listener.until(board_of(100))
    server.show(hall.board(seq=101))
    listener.until(board_of(101))
    assert server.unchanged >= 1


def test_a_server_that_goes_and_returns_is_noticed_at_once(listen, server, hall):
    listener = listen()
    listener.until(is_clock)
    server.shut()
    listener.until(failed)
    server.board = hall.board("К-045 К2", seq=102)
    server.open()
    listener.until(board_of(102))
    server.show(hall.board("Ж-001 Ж1", seq=103))
    listener.until(board_of(103))


def feed_of(handler) -> tuple[Feed, list[object]]:
    news: list[object] = []
    client = Client("http://server", transport=httpx.MockTransport(handler))
    return Feed(client, news.append, "hall"), news


def test_a_refusal_that_cannot_pass_ends_the_reader():
    feed, news = feed_of(lambda _request: httpx.Response(404, text="some router"))
    with pytest.raises(NotServed, match="not Kezek's"):
        feed._read()
    assert news == []


def test_an_answer_of_another_contract_ends_the_reader():
    feed, _ = feed_of(lambda _request: httpx.Response(200, json={"hello": "world"}))
    with pytest.raises(NotServed, match="cannot be understood") as raised:
        feed._read()
    assert isinstance(raised.value.__cause__, Incompatible)


def test_a_passing_refusal_counts_as_away():
    def handler(_request: httpx.Request) -> httpx.Response:
        feed.stop()
        return httpx.Response(503, text="starting")

    feed, news = feed_of(handler)
    feed._read()
    assert [type(each) for each in news] == [ReadFailed]


def test_a_refused_stream_ends_the_follower():
    feed, _ = feed_of(lambda _request: httpx.Response(401, text="who are you"))
    feed._first_read.set()
    with pytest.raises(NotServed, match="does not give its events"):
        feed._follow()


def test_stopping_ends_both_threads_before_the_first_answer():
    asked = threading.Event()

    def handler(request: httpx.Request) -> httpx.Response:
        asked.set()
        raise httpx.ConnectError("nobody there", request=request)

    feed, news = feed_of(handler)
    feed.start()
    assert asked.wait(10)
    feed.stop()
    for thread in threading.enumerate():
        if thread.name in {"read", "follow"}:
            thread.join(10)
            assert not thread.is_alive()
    assert all(isinstance(each, ReadFailed) for each in news)


def test_the_time_comes_with_its_zone(server):
    with Client(server.url) as client:
        assert read_clock(client).now.utcoffset().total_seconds() == 5 * 3600
