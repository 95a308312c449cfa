"""The app on a fresh store, callers of every role, and a real server on loopback."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import msgspec
import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from appliance.api.app import create_app
from appliance.api.bell import Bell, Streams
from appliance.api.cache import BoardCache
from appliance.api.context import Context, install
from appliance.api.openapi import _common_errors
from appliance.api.operations import operation_of
from appliance.api.presence import Presence
from appliance.api.tokens import TokenCache
from appliance.client import API, Client
from appliance.config import ServerSection
from appliance.contract import models as m
from appliance.contract.problems import PROBLEMS
from appliance.domain.model import DeskId
from appliance.office.access import make_token
from appliance.office.day import settle_day
from appliance.wiring import event_info, listen

STREAMS = 3
ROLES = {
    "device": ("device", None),
    "operator К1": ("operator", "К1"),
    "operator Ж1": ("operator", "Ж1"),
    "operator": ("operator", None),
    "supervisor": ("supervisor", None),
}


def without_sockets(app: Flask) -> httpx.WSGITransport:
    """Return a transport into the app. httpx hands over paths as text, where WSGI wants bytes in Latin-1."""

    def as_a_server_does(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        return app(environ, start_response)

    return httpx.WSGITransport(app=as_a_server_does)


@pytest.fixture
def tokens(store, clock) -> dict[str, str]:
    """A bearer token for each name in ROLES."""
    with store.write() as unit:
        made = {
            name: make_token(unit, role, DeskId(desk) if desk else None, clock.stamp())
            for name, (role, desk) in ROLES.items()
        }
        unit.commit()
    return made


@pytest.fixture
def make_context(clock) -> Callable[..., Context]:
    """Wire a context for a store, as `wiring.serve` does."""

    def make(store: Any, *, streams: int = STREAMS) -> Context:
        return Context(
            store=store,
            now=clock.now,
            speed=1.0,
            bell=Bell(),
            streams=Streams(streams),
            board=BoardCache(),
            tokens=TokenCache(),
            presence=Presence(),
            version="9.9.9",
        )

    return make


@pytest.fixture
def context(store, make_context) -> Context:
    return make_context(store)


@pytest.fixture(scope="session")
def one_app() -> Flask:
    """Make the routes once: only what the app is wired with differs from test to test."""
    unwired: Any = None
    return create_app(unwired)


@pytest.fixture
def app(one_app, context) -> Flask:
    install(one_app, context)
    return one_app


def check_documented(app: Flask, answer: httpx.Response) -> None:
    """Check that an operation refuses with nothing but the codes it is documented with."""
    request = answer.request
    try:
        endpoint, _ = app.url_map.bind("kezek").match(request.url.path, request.method)
    except HTTPException:
        return
    operation = operation_of(app.view_functions[endpoint])
    if operation:
        known = {*operation.errors, *_common_errors(operation, request.method)}
        assert answer.json()["code"] in known, f"{request.method} {request.url.path}: {answer.text}"


class Api:
    """Calls the app as anyone, or with a role's token."""

    def __init__(self, app: Flask | None, tokens: dict[str, str], server: str = "http://kezek") -> None:
        self._app = app
        self._tokens = tokens
        transport = without_sockets(app) if app else httpx.HTTPTransport()
        self.http = httpx.Client(base_url=server, transport=transport, trust_env=False, timeout=10)

    def end_streams(self) -> None:
        """End the streams of an app without sockets, which know no time-out."""
        if self._app:
            self._app.extensions["kezek"].bell.close()

    def call(
        self, method: str, path: str, body: Any = None, role: str | None = "supervisor", **more: Any
    ) -> httpx.Response:
        """Send a request; `body` is encoded as JSON unless it is bytes, `key` is its Idempotency-Key."""
        headers = dict(more.pop("headers", {}))
        if role:
            headers.setdefault("Authorization", f"Bearer {self._tokens[role]}")
        if key := more.pop("key", None):
            headers["Idempotency-Key"] = key
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            more["content"] = body if isinstance(body, bytes) else msgspec.json.encode(body)
        answer = self.http.request(method, API + path, headers=headers, **more)
        if answer.is_error and self._app:
            check_documented(self._app, answer)
        return answer

    def get(self, path: str, role: str | None = "supervisor", **more: Any) -> httpx.Response:
        """Send a GET."""
        return self.call("GET", path, None, role, **more)

    def post(self, path: str, body: Any = None, role: str | None = "supervisor", **more: Any) -> httpx.Response:
        """Send a POST."""
        return self.call("POST", path, body, role, **more)

    def put(self, path: str, body: Any = None, role: str | None = "supervisor", **more: Any) -> httpx.Response:
        """Send a PUT."""
        return self.call("PUT", path, body, role, **more)

    # --- what most tests begin with

    def issue(self, *services: str, **more: Any) -> m.Visit:
        """Issue a visit's tickets."""
        answer = self.post("/visits", {"services": list(services), **more}, "device")
        assert answer.status_code == 201, answer.text
        return msgspec.json.decode(answer.content, type=m.Visit)

    def number(self, service: str) -> str:
        """Issue a visit of one ticket and return its number."""
        return self.issue(service).tickets[0].number

    def desk(self, desk: str, *verbs: str, body: Any = None, role: str = "supervisor") -> m.Desk:
        """Carry out verbs at a desk, the last one with `body`; return the desk as it then is."""
        for verb in verbs:
            answer = self.post(f"/desks/{desk}/{verb}", body if verb == verbs[-1] else None, role)
            assert answer.status_code == 200, answer.text
        return msgspec.json.decode(self.get(f"/desks/{desk}", role).content, type=m.Desk)

    def board(self) -> m.Board:
        """Return the board."""
        return msgspec.json.decode(self.get("/board", None).content, type=m.Board)

    def health(self) -> m.Health:
        """Return the health."""
        return msgspec.json.decode(self.get("/health", None).content, type=m.Health)

    def journal(self, after: int = 0) -> list[m.Entry]:
        """Return the journal after a seq."""
        lines = self.get(f"/journal?after={after}").content.splitlines()
        return [msgspec.json.decode(line, type=m.Entry) for line in lines]


@pytest.fixture
def api(app, tokens) -> Iterator[Api]:
    """The app without sockets."""
    made = Api(app, tokens)
    with made.http:
        yield made


@pytest.fixture
def api_on(tokens) -> Iterator[Callable[[Context], Api]]:
    """Make the app of another context."""
    with ExitStack() as stack:

        def make(context: Context) -> Api:
            made = Api(create_app(context), tokens)
            stack.enter_context(made.http)
            return made

        yield make


@pytest.fixture
def client(app, tokens) -> Iterator[Callable[[str | None], Client]]:
    """Make the product's own client of a role, without sockets."""
    with ExitStack() as stack:

        def make(role: str | None) -> Client:
            token = tokens[role] if role else None
            return stack.enter_context(Client("http://kezek", token, transport=without_sockets(app)))

        yield make


@pytest.fixture
def refused() -> Callable[..., m.Problem]:
    """Check that an answer is the problem of a code, and return it."""

    def check(answer: httpx.Response, code: str) -> m.Problem:
        assert answer.status_code >= 400, answer.text
        found = msgspec.json.decode(answer.content, type=m.Problem)
        assert (found.code, answer.status_code) == (code, PROBLEMS[code].status), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        return found

    return check


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Serving:
    """The app behind waitress on loopback; may be stopped and started again on its port."""

    def __init__(self, context: Context, port: int, threads: int) -> None:
        self.context = context
        settings = ServerSection(host="127.0.0.1", port=port or free_port(), threads=threads)
        self._server = listen(create_app(context), settings)
        self.port = int(self._server.effective_port)
        self.url = f"http://127.0.0.1:{self.port}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="server")
        self._thread.start()

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._server.asyncore.loop(timeout=0.5, map=self._server._map, count=1)
        self._server.task_dispatcher.shutdown()
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()

    def until(self, true: Callable[[], bool], seconds: float = 10.0) -> None:
        """Ring the bell, so that cut streams are noticed, until something is true."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not become true"
            self.context.bell.ring()
            self._stop.wait(0.02)

    def stop(self) -> float:
        """End as `wiring.serve` does on SIGTERM: wake the streams, end the threads, close the port.

        Return how many seconds it took.
        """
        if self._stop.is_set():
            return 0.0
        began = time.monotonic()
        self.context.bell.close()
        with suppress(OSError):  # the loop may have seen the order, and ended, before it is woken
            self._server.trigger.pull_trigger(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()
        return time.monotonic() - began


@pytest.fixture
def serve(make_context, store) -> Iterator[Callable[..., Serving]]:
    """Start a real server on the store, as often as asked."""
    with ExitStack() as stack:

        def start(port: int = 0, *, streams: int = STREAMS, threads: int = 12) -> Serving:
            serving = Serving(make_context(store, streams=streams), port, threads)
            stack.callback(serving.stop)
            return serving

        yield start


@pytest.fixture
def serving(serve) -> Serving:
    """A real server."""
    return serve()


@pytest.fixture
def api_at(tokens) -> Iterator[Callable[[Serving], Api]]:
    """Call a real server."""
    with ExitStack() as stack:

        def make(serving: Serving) -> Api:
            made = Api(None, tokens, serving.url)
            stack.enter_context(made.http)
            return made

        yield make


@pytest.fixture
def live(serving, api_at) -> Api:
    """The app behind a real server."""
    return api_at(serving)


@pytest.fixture
def bare_api(bare_store, make_context, place, clock) -> Iterator[Api]:
    """The app on a database with the day open and no roster."""
    with bare_store.write() as unit:
        settle_day(unit, event_info(place, clock), clock.stamp())
        tokens = {name: make_token(unit, role, None, clock.stamp()) for name, (role, _) in ROLES.items()}
        unit.commit()
    made = Api(create_app(make_context(bare_store)), tokens)
    with made.http:
        yield made
