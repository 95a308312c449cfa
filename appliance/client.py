"""The HTTP client of Kezek: all that the buttons, the printer and the TV know of the server.

One `Client` is one connection pool and may be used from several threads. Errors: `ServerAway` when nothing
answered (the call may be repeated with the same idempotency key), `Refused` when the server said no.
"""

import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self, TypeVar

import httpx
import httpx_sse
import msgspec

from appliance.contract import models as m

API: Final = "/api/v1"
HEARTBEAT_SECONDS: Final = 15.0
"""How often the server sends a comment on a quiet event stream."""
BACKOFF_SECONDS: Final = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Waits between attempts to reach the server again; the last one repeats."""

CLOSED: Final = "this client was closed"

T = TypeVar("T")


class ClientError(Exception):
    """Root of what the client raises.

    ClientError
    ├── ServerAway       nothing answered, or not in time
    ├── Refused          a problem+json answer; `code` is one of appliance.contract.problems
    └── Incompatible     the answer is not of this contract
    """


class ServerAway(ClientError):
    """Nothing answered, or not in time. Whether the request was carried out is unknown."""


class Incompatible(ClientError):
    """The answer could not be read as this contract says."""


class Refused(ClientError):
    """The server said no."""

    def __init__(self, problem: m.Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem
        self.code = problem.code
        self.status = problem.status

    @property
    def permanent(self) -> bool:
        """Whether asking the same again cannot succeed by itself: a 4xx, not a 5xx."""
        return self.status < 500  # noqa: PLR2004 - the boundary between HTTP's two kinds of error


@dataclass(frozen=True, slots=True)
class Away:
    """The stream broke off or could not be opened; said once until `Back`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Back:
    """The stream is open and resumes after the last entry that was seen."""


def new_key() -> str:
    """Return a fresh idempotency key: one per intent, kept through every retry of it."""
    return uuid.uuid4().hex


class Client:
    """Calls `/api/v1` of one server with one bearer token."""

    def __init__(
        self,
        server: str,
        token: str | None = None,
        *,
        timeout: float = 5.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`server` is like `http://10.0.0.1:8080`; `timeout` is seconds for connecting and for each read."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=server, headers=headers, timeout=timeout, transport=transport, trust_env=False
        )
        self._board: tuple[str, m.Board] | None = None
        self._open: set[socket.socket] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; an open event stream ends with `ServerAway`, and so does any later call."""
        for one in tuple(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._http.close()

    def use_token(self, token: str) -> None:
        """Use another bearer token from now on."""
        self._http.headers["Authorization"] = f"Bearer {token}"

    # --- reads

    def health(self) -> m.Health:
        """Return the server's health, its time and its clock's speed."""
        return self._call("GET", "/health", m.Health)

    def board(self) -> m.Board:
        """Return the board; an unchanged one costs a 304 and comes from memory."""
        known = self._board
        headers = {"If-None-Match": known[0]} if known else {}
        response = self._send("GET", "/board", headers=headers)
        if response.status_code == httpx.codes.NOT_MODIFIED and known:
            return known[1]
        board = _decode(response, m.Board)
        if etag := response.headers.get("ETag"):
            self._board = (etag, board)
        return board

    def desk(self, desk: str) -> m.Desk:
        """Return a desk as its operator sees it."""
        return self._call("GET", f"/desks/{desk}", m.Desk)

    def visit(self, secret: str) -> m.Visit:
        """Return the visit that a slip's secret opens."""
        return self._call("GET", f"/visits/{secret}", m.Visit)

    def roster(self) -> m.Roster:
        """Return the roster in force."""
        return self._call("GET", "/roster", m.Roster)

    def report(self) -> m.DayReport:
        """Return the report of the open day."""
        return self._call("GET", "/reports/day.json", m.DayReport)

    # --- verbs

    def issue(self, request: m.IssueRequest, key: str) -> m.Visit:
        """Issue tickets; the same `key` never issues twice."""
        return self._call("POST", "/visits", m.Visit, request, key)

    def desk_verb(self, desk: str, verb: str, body: m.Request | None = None, *, key: str | None = None) -> m.Desk:
        """Carry out `verb` (next, call, recall, start, finish, no-show, hold, transfer, pause, resume)."""
        return self._call("POST", f"/desks/{desk}/{verb}", m.Desk, body, key or new_key())

    def ticket_verb(
        self, number: str, verb: str, body: m.Request | None = None, *, key: str | None = None
    ) -> m.TicketPlace:
        """Carry out `verb` (cancel, return, resume, reprint) on a ticket of the open day."""
        return self._call("POST", f"/tickets/{number}/{verb}", m.TicketPlace, body, key or new_key())

    def put_roster(self, roster: m.Roster) -> m.RosterLoaded:
        """Load a roster whole or not at all."""
        return self._call("PUT", "/roster", m.RosterLoaded, roster)

    # --- printing

    def claim(self, printer: str) -> m.Job | None:
        """Take the oldest print job of `printer` in hand, or the one it already holds; None when there is none."""
        response = self._send("POST", f"/printers/{printer}/claim", key=new_key())
        return None if response.status_code == httpx.codes.NO_CONTENT else _decode(response, m.Job)

    def job_printed(self, job: int, proof: m.Proof) -> m.JobState:
        """Report that the paper has the slip, and by what proof."""
        return self._call("POST", f"/jobs/{job}/printed", m.JobState, m.JobPrinted(proof=proof), new_key())

    def job_sent(self, job: int, detail: str = "") -> m.JobState:
        """Report that all bytes went to a device that cannot answer."""
        return self._call("POST", f"/jobs/{job}/sent", m.JobState, m.JobSent(detail=detail), new_key())

    def job_uncertain(self, job: int, reason: str) -> m.JobState:
        """Report that bytes went out and no proof came: the server queues a marked copy."""
        return self._call("POST", f"/jobs/{job}/uncertain", m.JobState, m.JobTrouble(reason=reason), new_key())

    def job_failed(self, job: int, reason: str) -> m.JobState:
        """Report that this job cannot be printed without a person."""
        return self._call("POST", f"/jobs/{job}/failed", m.JobState, m.JobTrouble(reason=reason), new_key())

    def put_printer_status(self, printer: str, status: m.PrinterStatus) -> None:
        """Tell the server how the printer is; also makes the printer known to it."""
        self._send("PUT", f"/printers/{printer}/status", status)

    # --- events

    def events(self, after: int, display: str | None = None) -> Iterator[m.Entry | Back]:
        """Yield `Back` once the stream is open, then journal entries after seq `after`, waiting for more.

        Raises ServerAway when the stream breaks, Refused when the server does not open it.
        """
        parameters = {"display": display} if display else {}
        headers = {"Last-Event-ID": str(after)}
        timeout = httpx.Timeout(5.0, read=HEARTBEAT_SECONDS * 2)
        try:
            with httpx_sse.connect_sse(
                self._http, "GET", f"{API}/events", params=parameters, headers=headers, timeout=timeout
            ) as source:
                if source.response.status_code != httpx.codes.OK:
                    source.response.read()
                    raise _refusal(source.response)
                with self._wakeable(source.response):
                    yield Back()
                    for event in source.iter_sse():
                        if event.data:
                            yield _parse(event.data.encode(), m.Entry)
        except (httpx.TransportError, httpx_sse.SSEError) as error:
            raise ServerAway(str(error) or type(error).__name__) from error
        except RuntimeError as error:
            if not self._http.is_closed:
                raise
            raise ServerAway(CLOSED) from error

    # --- inside

    @contextmanager
    def _wakeable(self, response: httpx.Response) -> Iterator[None]:
        """Let `close` end this response: only shutting a socket down wakes the thread that reads it."""
        stream = response.extensions.get("network_stream")
        opened: socket.socket | None = stream.get_extra_info("socket") if stream else None
        if opened is None:
            yield
            return
        self._open.add(opened)
        try:
            yield
        finally:
            self._open.discard(opened)

    def _send(
        self,
        method: str,
        path: str,
        body: m.Request | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        headers = dict(headers or {})
        content = b""
        if body is not None:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        try:
            response = self._http.request(method, API + path, content=content, headers=headers)
        except httpx.TransportError as error:
            raise ServerAway(str(error) or type(error).__name__) from error
        except RuntimeError as error:
            if not self._http.is_closed:
                raise
            raise ServerAway(CLOSED) from error
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise _refusal(response)
        return response

    def _call(
        self, method: str, path: str, answer: type[T], body: m.Request | None = None, key: str | None = None
    ) -> T:
        return _decode(self._send(method, path, body, key), answer)


def follow(
    client: Client, after: int, stop: threading.Event, display: str | None = None
) -> Iterator[m.Entry | Away | Back]:
    """Yield every entry after seq `after`, through any number of broken connections, until `stop` is set.

    `Back` comes first on every connection, `Away` once when it is lost. Nothing is missed or given twice: each
    new connection resumes after the last entry given. A refusal that cannot pass (a bad token) is raised.
    """
    failures = 0
    away = False
    while not stop.is_set():
        try:
            for entry in client.events(after, display):
                if isinstance(entry, Back):
                    failures = 0
                    away = False
                else:
                    after = entry.seq
                yield entry
                if stop.is_set():
                    return
            reason = "the server closed the stream"
        except ServerAway as error:
            reason = str(error)
        except Refused as error:
            if error.permanent:
                raise
            reason = str(error)
        if not (away or stop.is_set()):
            away = True
            yield Away(reason)
        stop.wait(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])
        failures += 1


def wait_until(probe: Callable[[], T], stop: threading.Event) -> T | None:
    """Call `probe` until it does not raise ServerAway or a passing refusal; None when `stop` was set first."""
    failures = 0
    while not stop.is_set():
        try:
            return probe()
        except ServerAway:
            pass
        except Refused as error:
            if error.permanent:
                raise
        stop.wait(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])
        failures += 1
    return None


def _refusal(response: httpx.Response) -> ClientError:
    """Turn an error answer into `Refused`, also when something else than Kezek answered."""
    try:
        return Refused(msgspec.json.decode(response.content, type=m.Problem))
    except msgspec.MsgspecError:
        problem = m.Problem(
            type="about:blank",
            title=response.reason_phrase,
            status=response.status_code,
            code="not_kezek",
            detail=f"the answer from {response.request.url} is not Kezek's",
        )
        return Refused(problem)


def _decode(response: httpx.Response, answer: type[T]) -> T:
    return _parse(response.content, answer)


def _parse(content: bytes, answer: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=answer)
    except msgspec.MsgspecError as error:
        raise Incompatible(f"expected {answer.__name__}: {error}") from error
