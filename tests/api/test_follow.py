"""`appliance.client` against a real server: streams that break, servers that stop and come back."""

import queue
import threading
import time
from itertools import islice

import pytest

from appliance.client import Away, Back, Client, Refused, ServerAway, follow, wait_until
from appliance.contract import models as m


class Follower:
    """A process that follows the journal in a thread of its own, as the TV does."""

    def __init__(self, client, after, display=None):
        self.stop = threading.Event()
        self.client = client
        self._given = queue.Queue()
        self._thread = threading.Thread(target=self._run, args=(after, display), daemon=True)
        self._thread.start()

    def _run(self, after, display):
        for given in follow(self.client, after, self.stop, display):
            self._given.put(given)

    def next(self):
        return self._given.get(timeout=10)

    def take(self, count):
        return [self.next() for _ in range(count)]

    def end(self, serving):
        """Stop; an entry or the server's end wakes the thread."""
        self.stop.set()
        serving.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def make_client(tokens):
    made = []

    def make(serving, role="supervisor", **more):
        made.append(Client(serving.url, tokens.get(role), **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_follows_through_a_server_that_is_stopped_and_started_again(serve, api_at, make_client):
    first = serve()
    live = api_at(first)
    head = live.board().seq
    follower = Follower(make_client(first), head, "hall")
    assert isinstance(follower.next(), Back)
    live.issue("К")
    assert [one.seq for one in follower.take(2)] == [head + 1, head + 2]
    first.stop()
    assert isinstance(follower.next(), Away)
    second = serve(first.port)
    live = api_at(second)
    live.issue("Ж")
    live.desk("К1", "next")
    found = follower.take(4)
    assert isinstance(found[0], Back)
    assert [(one.seq, one.type) for one in found[1:]] == [
        (head + 3, "TicketIssued"),
        (head + 4, "SlipQueued"),
        (head + 5, "TicketCalled"),
    ]
    assert [one.id for one in live.health().displays] == ["hall"]
    follower.end(second)


def test_what_was_written_while_the_stream_was_away_comes_first(serve, api_at, make_client, store, clock):
    first = serve()
    head = api_at(first).board().seq
    follower = Follower(make_client(first), head)
    assert isinstance(follower.next(), Back)
    first.stop()
    assert isinstance(follower.next(), Away)
    second = serve()  # the same database, served elsewhere meanwhile
    api_at(second).issue("К", "Ж")
    third = serve(first.port)
    found = follower.take(5)
    assert isinstance(found[0], Back)
    assert [one.seq for one in found[1:]] == [head + 1, head + 2, head + 3, head + 4]
    follower.end(third)


def test_away_is_said_once_however_long_the_server_is_gone(serve, make_client):
    serving = serve()
    client = make_client(serving)
    serving.stop()
    stop = threading.Event()
    given = []

    def follow_until_stopped():
        given.extend(follow(client, 0, stop))

    thread = threading.Thread(target=follow_until_stopped, daemon=True)
    thread.start()
    assert not stop.wait(1.0), "several attempts fail meanwhile"
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    [away] = given
    assert isinstance(away, Away)
    assert away.reason


def test_a_passing_refusal_is_waited_out(serve, make_client):
    """All streams are taken: the TV comes back by itself when one is free."""
    serving = serve(streams=1)
    client = make_client(serving)
    holder = make_client(serving).events(0)
    assert isinstance(next(holder), Back)
    follower = Follower(client, 0)
    assert "too_many_streams" in follower.next().reason
    holder.close()
    serving.until(lambda: not serving.context.streams._streams)
    assert isinstance(follower.next(), Back)
    follower.end(serving)


def test_a_bad_token_is_raised_not_repeated(serving, tokens):
    with Client(serving.url, "kzs_wrong") as client, pytest.raises(Refused) as caught:
        next(follow(client, 0, threading.Event()))
    assert (caught.value.code, caught.value.permanent) == ("unauthorized", True)


def test_a_server_that_is_gone_is_said_plainly(serving):
    serving.stop()
    with Client(serving.url) as client:
        for call in (client.health, client.board, lambda: next(client.events(0))):
            with pytest.raises(ServerAway):
                call()


def test_closing_the_client_ends_an_open_stream(serving, make_client):
    """A process that is told to end does not wait for the next heartbeat."""
    client = make_client(serving)
    ended = []
    is_open = threading.Event()

    def listen():
        events = client.events(client.board().seq)
        assert isinstance(next(events), Back)
        is_open.set()
        with pytest.raises(ServerAway):
            next(events)
        ended.append(time.monotonic())

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert is_open.wait(10)
    thread.join(0.3)  # by then it waits for the next byte
    began = time.monotonic()
    client.close()
    thread.join(5)
    assert ended, "the stream is still read"
    assert ended[0] - began < 2


def test_a_closed_client_is_away(serving, make_client):
    client = make_client(serving)
    client.close()
    with pytest.raises(ServerAway):
        client.health()
    with pytest.raises(ServerAway):
        next(client.events(0))


def test_wait_until_the_server_is_there(serve, make_client):
    first = serve()
    client = make_client(first)
    first.stop()
    found = []
    thread = threading.Thread(target=lambda: found.append(wait_until(client.health, threading.Event())))
    thread.start()
    assert not threading.Event().wait(0.3)
    serve(first.port)
    thread.join(10)
    assert found
    assert isinstance(found[0], m.Health)


def test_wait_until_gives_up_when_stopped_and_raises_what_cannot_pass(serving, make_client):
    stop = threading.Event()
    stop.set()
    assert wait_until(make_client(serving).health, stop) is None
    with pytest.raises(Refused):
        wait_until(make_client(serving, role="nobody").roster, threading.Event())


def test_two_threads_share_one_client(serving, make_client):
    client = make_client(serving)
    events = client.events(0)
    first = list(islice(events, 3))
    assert isinstance(first[0], Back)
    assert client.health().seq >= 2
    assert [one.seq for one in first[1:]] == [1, 2]
    events.close()
