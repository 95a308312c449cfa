"""A small honest server for the printer's tests: it keeps jobs and their states, in memory."""

import csv
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx
import msgspec
import pytest
from PIL import Image

from appliance.client import Client
from appliance.contract import models as m
from printer import raster, slip
from printer.dialogue import Patience
from printer.mark import MarkFile
from printer.mechanism import VirtualPrinter
from printer.paper import SlipFolder
from printer.session import Session
from printer.spooler import Settings, Spooler
from printer.transport import Transport
from printer.virtual import VirtualTransport

ROSTER = Path(__file__).parents[2] / "appliance/roster/sample/roster.csv"
TOKEN = "the-token"
QUICK = Patience(answer=0.3, probe=0.5, fence=0.8, stall=0.3, give_up=0.6, poll=0.05, mute=0.1, last=0.2)


@dataclass
class Held:
    """A job as the server keeps it."""

    id: int
    slip: m.Slip
    copy: bool
    state: str = "queued"
    proof: str | None = None
    reason: str = ""


@dataclass
class Office:
    """Claims and reports, as the appliance answers them. `away` and `refusals` are its hands."""

    jobs: list[Held] = field(default_factory=list)
    statuses: list[m.PrinterStatus] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    token: str = TOKEN
    away: bool = False
    lose_answers: bool = False
    refusals: list[tuple[int, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def queue(self, facts: m.Slip, *, copy: bool = False) -> Held:
        with self.changed:
            job = Held(len(self.jobs) + 1, facts, copy)
            self.jobs.append(job)
            self.changed.notify_all()
        return job

    def states(self) -> list[str]:
        return [job.state for job in self.jobs]

    def wait_for(self, predicate: Callable[[], object], seconds: float = 10) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: bool(predicate()), seconds), (
                self.states(),
                self.statuses[-3:],
                self.calls[-9:],
            )

    def handle(self, request: httpx.Request) -> httpx.Response:
        with self.changed:
            if self.away:
                raise httpx.ConnectError("refused", request=request)
            response = self._answer(request)
            self.changed.notify_all()
            if self.lose_answers:
                raise httpx.ReadTimeout("lost", request=request)
            return response

    def _answer(self, request: httpx.Request) -> httpx.Response:  # noqa: PLR0911 - one return an address
        path = request.url.path.removeprefix("/api/v1")
        self.calls.append(path)
        if path == "/health":
            health = m.Health(
                status="ok", version="0", seq=len(self.jobs), now="", speed=1, printers=[], displays=[], notes=[]
            )
            return httpx.Response(200, content=msgspec.json.encode(health))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return problem(401, "unauthorized")
        if self.refusals:
            return problem(*self.refusals.pop(0))
        parts = path.strip("/").split("/")
        if parts[0] == "printers" and parts[2] == "status":
            self.statuses.append(msgspec.json.decode(request.content, type=m.PrinterStatus))
            return httpx.Response(204)
        if parts[0] == "printers" and parts[2] == "claim":
            return self._claim(parts[1])
        if parts[0] == "jobs":
            return self._report(int(parts[1]), parts[2], msgspec.json.decode(request.content))
        return problem(404, "not_found")

    def _claim(self, printer: str) -> httpx.Response:
        if not self.statuses:
            return problem(404, "unknown_printer")
        for state in ("claimed", "queued"):
            for job in self.jobs:
                if job.state == state:
                    job.state = "claimed"
                    answer = m.Job(
                        id=job.id, printer=printer, copy=job.copy, resumed=state == "claimed", slip=job.slip
                    )
                    return httpx.Response(200, content=msgspec.json.encode(answer))
        return httpx.Response(204)

    def _report(self, number: int, verb: str, body: dict[str, Any]) -> httpx.Response:
        if not 1 <= number <= len(self.jobs):
            return problem(404, "unknown_job")
        job = self.jobs[number - 1]
        if job.state != "claimed":
            return problem(409, "job_not_claimed")
        job.state, job.proof, job.reason = verb, body.get("proof"), body.get("reason", "")
        if verb == "uncertain":
            self.queue(job.slip, copy=True)
        return httpx.Response(200, content=msgspec.json.encode(m.JobState(id=number, state=verb)))  # type: ignore[arg-type]


def problem(status: int, code: str) -> httpx.Response:
    body = m.Problem(type="about:blank", title=code, status=status, code=code, detail="for the test")
    return httpx.Response(status, content=msgspec.json.encode(body))


class OfficeServer:
    """The office behind a real socket, with its event stream."""

    def __init__(self, office: Office) -> None:  # noqa: C901 - the handler lives in here
        self.closing = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                if self.path.startswith("/api/v1/events"):
                    self._events()
                else:
                    self._plain()

            def _plain(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = httpx.Request(
                    self.command, f"http://test{self.path}", headers=dict(self.headers), content=body
                )
                answer = office.handle(request)
                self.send_response(answer.status_code)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_POST = do_PUT = _plain  # noqa: N815 - the base class names them

            def _events(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                seen = int(self.headers.get("Last-Event-ID", 0))
                while not server.closing.is_set():
                    with office.changed:
                        if len(office.jobs) <= seen:
                            office.changed.wait(1)
                        fresh = range(seen + 1, len(office.jobs) + 1)
                    try:
                        for seen in fresh:
                            self.wfile.write(_event(seen))
                        self.wfile.write(b": still here\n\n")
                        self.wfile.flush()
                    except OSError:
                        return

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A killed client is what these tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._office = office

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        with self._office.changed:
            self._office.changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _event(seq: int) -> bytes:
    entry = m.Entry(
        seq=seq, at="", running=0, boot="", day="", type="SlipQueued", version=1, data={"printer": "kiosk"}
    )
    return b"id: %d\nevent: SlipQueued\ndata: %s\n\n" % (seq, msgspec.json.encode(entry))


@dataclass
class Bench:
    """A spooler with everything around it: an office, a folder, and (by default) a virtual printer in reach."""

    office: Office
    data: Path
    width: int = slip.WIDE
    stop: threading.Event = field(default_factory=threading.Event)
    printer: VirtualPrinter = None  # type: ignore[assignment]
    transport: Any = None

    def __post_init__(self) -> None:
        self.folder = SlipFolder(self.data / "slips")
        self.printer = self.printer or VirtualPrinter(self.folder, self.width)
        self.transport = self.transport or VirtualTransport(self.printer)
        self.token_file = self.data / "device.token"
        self.token_file.write_text(TOKEN)
        self.clients: list[Client] = []

    def connect(self, token: str) -> Client:
        client = Client("http://test", token, transport=httpx.MockTransport(self.office.handle))
        self.clients.append(client)
        return client

    def spooler(self, transport: Transport | None = None) -> Spooler:
        """Return a spooler as a fresh process would have it."""
        session = Session(self.connect, self.token_file, self.stop)
        settings = Settings("kiosk", self.width, QUICK)
        return Spooler(settings, session, transport or self.transport, MarkFile(self.data, "kiosk"), self.stop)

    def slips(self) -> list[Image.Image]:
        return [self.picture(number) for number in range(1, self.folder.last + 1)]

    def picture(self, number: int) -> Image.Image:
        with Image.open(self.data / "slips" / f"{number}.png") as image:
            image.load()
            return image.convert("1")

    def data_of(self, number: int) -> bytes:
        return (self.data / "slips" / f"{number}.bin").read_bytes()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def bench(office: Office, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(office, tmp_path)
    yield bench
    bench.stop.set()
    for client in bench.clients:
        client.close()


@pytest.fixture
def office_server(office: Office) -> Iterator[OfficeServer]:
    with OfficeServer(office) as server:
        yield server


@pytest.fixture(scope="session")
def departments() -> list[m.Names]:
    with ROSTER.open(encoding="utf-8") as file:
        return [m.Names(kk=row["name_kk"], ru=row["name_ru"], en=row["name_en"]) for row in csv.DictReader(file)]


SlipMaker = Callable[..., m.Slip]


@pytest.fixture(scope="session")
def make_slip(departments: list[m.Names]) -> SlipMaker:
    """Return a maker of slips: `make_slip("К-045", tickets=3, url=None, ...)`."""

    def make(number: str = "К-045", tickets: int = 1, *, rehearsal: bool = False, **changes: Any) -> m.Slip:
        lines = [m.SlipLine(number=number, names=departments[1])]
        lines += [m.SlipLine(number=f"Е-{n:03d}", names=departments[n % 15]) for n in range(5, 4 + tickets)]
        facts = m.Slip(
            number=number,
            service="К",
            names=departments[1],
            desks=["К1", "К2", "К3"],
            ahead=12,
            wait=m.Range(low=25, high=45),
            issued_at="2026-11-22T09:31:05+05:00",
            tickets=lines,
            url=f"http://192.168.10.1:8080/v/{number}",
            event=m.EventInfo(
                title=m.Names(
                    kk="Облыс әкімінің тұрғындарды қабылдауы",
                    ru="Приём жителей акимом области",
                    en="Governor's reception of residents",
                ),
                day="2026-11-22",
                rehearsal=rehearsal,
            ),
            language=None,
        )
        return msgspec.structs.replace(facts, **changes)

    return make


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    raster.warm_up(slip.WIDE)
