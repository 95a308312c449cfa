"""A hall to look at, a server to look it up at, and the real process that looks."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from appliance.contract import models as m
from display.board import View
from display.metrics import Measure, open_metrics

ROOT = Path(__file__).parents[2]
ROSTER = ROOT / "appliance" / "roster" / "sample" / "roster.csv"
PATIENCE = 20.0


@pytest.fixture(scope="session")
def measure() -> Measure:
    return open_metrics()


class Hall:
    """Builds boards of the sample roster: 15 services, 20 desks."""

    def __init__(self) -> None:
        with ROSTER.open(encoding="utf-8") as lines:
            self.rows = list(csv.DictReader(lines))

    def board(self, *calls: str, waiting: dict[str, int] | None = None, seq: int = 100, **event: object) -> m.Board:
        """`calls` are like `К-045 К2` (called) or `К-045 К2 serving`, newest first: their seqs count down."""
        waiting = waiting or {}
        notices = event.pop("notices", [])
        fields = {"day": "2023-07-28", "opens": "2023-07-28T10:00:00+05:00", **event}
        title = m.Names(
            kk="Облыс әкімінің Теміртау қаласының тұрғындарын қабылдауы",
            ru="Приём жителей города Темиртау акимом области",
        )
        return m.Board(
            seq=seq,
            event=m.EventInfo(title=title, **fields),
            calls=[self.call(text, seq - number) for number, text in enumerate(calls)],
            desks=[
                m.DeskOnBoard(id=f"{row['prefix']}{number}", services=[row["prefix"]], state="open", current=None)
                for row in self.rows
                for number in range(1, int(row["desks"]) + 1)
            ],
            services=[self.service(row, waiting.get(row["prefix"], 0)) for row in self.rows],
            notices=notices,
        )

    def call(self, text: str, seq: int) -> m.Call:
        number, desk, state = (*text.split(), "called")[:3]
        return m.Call(number=number, desk=desk, service=number[0], state=state, attempt=1, seq=seq)

    def service(self, row: dict[str, str], waiting: int) -> m.ServiceOnBoard:
        return m.ServiceOnBoard(
            code=row["prefix"],
            names=m.Names(kk=row["name_kk"], ru=row["name_ru"]),
            open=True,
            waiting=waiting,
            wait=None,
            next=[f"{row['prefix']}-{number:03}" for number in range(40, 40 + min(3, waiting))],
        )


@pytest.fixture(scope="session")
def hall() -> Hall:
    return Hall()


BUSY = ("К-045 К2", "Ж-012 Ж1", "Д-007 Д1 serving", "Е-019 Е2 serving", "А-003 А1 serving")
WAITING = {"К": 12, "Ж": 7, "Е": 9, "Б": 3, "Т": 11, "Ә": 4, "П": 1, "Ц": 2}
LUNCH = m.Notice(id="lunch", text=m.Names(kk="Түскі үзіліс 13:00–14:00", ru="Перерыв на обед 13:00–14:00"))


@pytest.fixture(scope="session")
def views(hall: Hall) -> dict[str, View]:
    """The moments of a day that a picture is kept of."""
    rush = [f"{row['prefix']}-{number:03} {row['prefix']}1" for number, row in enumerate(hall.rows, 11)]
    rehearsal = hall.board(*BUSY[:2], waiting=WAITING, rehearsal=True, notices=[LUNCH])
    return {
        "opening": View(board=hall.board(), clock="09:41", doors="10:00"),
        "opened": View(board=hall.board(waiting={"К": 3}), clock="10:00"),
        "busy": View(board=hall.board(*BUSY, waiting=WAITING), clock="10:42", fresh=frozenset({100})),
        "rush": View(board=hall.board(*rush, waiting=WAITING), clock="10:01", fresh=frozenset({99, 100}), page=1),
        "away": View(board=hall.board(*BUSY, waiting=WAITING), clock="10:44", as_of="10:43"),
        "rehearsal": View(board=rehearsal, clock="11:10", fresh=frozenset({100})),
        "nothing": View(board=None, as_of="—"),
    }


class Server:
    """Speaks /board, /health and /events on loopback; can be shut down and opened again at the same address."""

    def __init__(self, board: m.Board) -> None:
        self.board = board
        self.now = "2023-07-28T10:42:00+05:00"
        self.instead: bytes | None = None
        self.reads = 0
        self.unchanged = 0
        self.streams = 0
        self.opened: list[str] = []
        self.changed = threading.Condition()
        self.entries: list[m.Entry] = []
        self.http: ThreadingHTTPServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        class Handler(_Handler):
            server_here = self

        self.http = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.http.daemon_threads = False
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def shut(self) -> None:
        """End every connection and answer no more."""
        http, self.http = self.http, None
        if http:
            http.shutdown()
            with self.changed:
                self.changed.notify_all()
            http.server_close()

    def show(self, board: m.Board, *kinds: str) -> None:
        """Have `board` from now on and say so on every stream, an entry for each of `kinds`."""
        with self.changed:
            self.board = board
            for kind in kinds or ("TicketCalled",):
                self.entries.append(
                    m.Entry(seq=board.seq, at=self.now, running=1.0, boot="b", day="2023-07-28", type=kind, version=1)
                )
            self.changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    server_here: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        here = self.server_here
        path = self.path.split("?")[0]
        if path == "/api/v1/board":
            here.reads += 1
            tag = f'"{here.board.seq}"'
            if here.instead is not None:
                self.answer(200, here.instead)
            elif self.headers["If-None-Match"] == tag:
                here.unchanged += 1
                self.answer(304, b"", tag)
            else:
                self.answer(200, msgspec.json.encode(here.board), tag)
        elif path == "/api/v1/health":
            health = m.Health(
                status="ok", version="0", seq=here.board.seq, now=here.now, speed=1.0, printers=[], displays=[]
            )
            self.answer(200, msgspec.json.encode(health))
        else:
            self.stream()

    def answer(self, status: int, body: bytes, tag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if tag:
            self.send_header("ETag", tag)
        if self.server_here.http is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):
            self.write_events()

    def write_events(self) -> None:
        here = self.server_here
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b": heartbeat\n\n")
        here.streams += 1
        here.opened.append(self.path)
        after = int(self.headers["Last-Event-ID"])
        with here.changed:
            while here.http is not None:
                for entry in [entry for entry in here.entries if entry.seq > after]:
                    data = msgspec.json.encode(entry).decode()
                    self.wfile.write(f"id: {entry.seq}\nevent: {entry.type}\ndata: {data}\n\n".encode())
                after = max([after, *(entry.seq for entry in here.entries)])
                if not here.changed.wait(timeout=5.0):
                    self.wfile.write(b": heartbeat\n\n")

    def handle_one_request(self) -> None:
        self.connection.settimeout(0.2)
        while self.server_here.http is not None:
            try:
                self.connection.recv(1, 2)  # MSG_PEEK: is there a request, or was the server shut meanwhile?
            except TimeoutError:
                continue
            except OSError:
                break
            self.connection.settimeout(5)
            super().handle_one_request()
            return
        self.close_connection = True

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server(hall: Hall) -> Iterator[Server]:
    it = Server(hall.board())
    it.open()
    yield it
    it.shut()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as `condition` holds; fail when it does not hold in time."""
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"not in time: {what}"
        pause.wait(0.01)


class Process:
    """A real `python -m display` without a screen, seen through the files it writes."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self.log = data.parent / "stderr.txt"
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "display", "--headless", "--data", str(data), *arguments],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stderr=log,
                stdout=subprocess.PIPE,
            )

    def sheet(self) -> dict[str, object]:
        path = self.data / "display" / "hall.json"
        return json.loads(path.read_bytes()) if path.exists() else {"seq": None, "draws": [], "away": False}

    def words(self) -> str:
        return "\n".join(item["text"] for item in self.sheet()["draws"] if item["kind"] == "text")

    def shows(self, *wanted: str) -> None:
        wait_for(lambda: all(word in self.words() for word in wanted), f"{wanted} on the TV")

    def end(self, number: int = signal.SIGTERM) -> int:
        self.popen.send_signal(number)
        return self.popen.wait(timeout=PATIENCE)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start TVs; those still running at the end of the test are ended."""
    started: list[Process] = []

    def begin(*arguments: str) -> Process:
        started.append(Process(tmp_path / "data", *arguments))
        return started[-1]

    yield begin
    for process in started:
        if process.popen.poll() is None:
            process.popen.kill()
        process.popen.communicate()
