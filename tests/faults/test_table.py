"""A slip is a promise: every fault, at every stage of a slip, on every wire.

Whatever happens, the number reaches paper whole: once, or once more with COPY on it when nobody can know better; and
while it does not, the server has been told. Never lost, never twice unmarked.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from appliance.contract.models import Slip
from printer import raster, slip
from printer.address import SerialLine, Tcp
from printer.checkpoints import add_checkpoints
from printer.dialogue import Patience
from printer.hands import Hands
from printer.makes import Build
from printer.mechanism import VirtualPrinter
from printer.paper import SlipFolder
from printer.ports import VirtualPrinterLine, VirtualPrinterServer
from printer.transport import SerialTransport, TcpTransport

ROOT = Path(__file__).parents[2]
QUICK = Patience(answer=0.15, probe=0.5, fence=0.6, stall=0.1, give_up=20, poll=0.02, mute=0.1, last=0.2)
PATIENCE_SECONDS = 20.0
BUFFER = 4096
"""Bytes the printer holds: a tenth of a slip."""
TRANSPORTS = ("serial", "tcp")
ENDS = {"printed", "uncertain"}


@dataclass(frozen=True)
class Fault:
    """What happens, and what makes it good again."""

    name: str
    happen: Callable[[Hands], None]
    heal: Callable[[Hands], None]


def blink(printer: Hands) -> None:
    """Lose power for as long as a printer takes to start: half a second of a fast serial line."""
    printer.cut_power()
    printer.at_byte(6000, printer.restore_power)


FAULTS = [
    Fault("paper out", Hands.run_out_of_paper, Hands.load_paper),
    Fault("cover open", Hands.open_cover, Hands.close_cover),
    Fault("cutter error", Hands.jam_cutter, Hands.free_cutter),
    Fault("unplugged", Hands.unplug, Hands.plug_in),
    Fault("power cut", Hands.cut_power, Hands.restore_power),
    Fault("power blink", blink, Hands.restore_power),
    Fault("silent", Hands.fall_silent, Hands.speak_plainly),
    Fault("garbage", Hands.talk_garbage, Hands.speak_plainly),
]
KILL = "process killed"
CUT = b"\x1dVB\x00"
STAGES: dict[str, Callable[[bytes], int | None]] = {
    "before the first byte": lambda _: 0,
    "in the head": lambda _: 40,
    "mid raster": lambda sent: len(sent) // 2,
    "before the cut": lambda sent: sent.rindex(CUT),
    "before the echo": lambda sent: sent.rindex(CUT) + len(CUT),
    "before the report": lambda _: None,
}
"""Bytes of the slip that have come when the fault happens; None when the printer has done all."""


@dataclass
class Hall:
    """One printer on one wire, the office, and what a fault did."""

    office: object
    printer: VirtualPrinter
    url: str
    data: Path
    transport: object
    happened: threading.Event = field(default_factory=threading.Event)

    def arm(self, at: int | None, happen: Callable[[], None]) -> None:
        """Let it happen once, so many bytes after the job was claimed, or when its end is reported."""

        def once() -> None:
            self.happened.set()
            happen()

        if at is None:
            self.office.on_report = once
        else:
            self.office.on_claim = lambda: self.printer.at_byte(at, once)

    def told(self, since: int) -> bool:
        """Whether the server heard that something is the matter."""
        statuses = self.office.statuses[since:]
        return "uncertain" in self.office.states() or any(status.state != "ready" for status in statuses)

    def settled(self) -> bool:
        """Whether the number is known to be on paper and nothing is owed."""
        states = self.office.states()
        return set(states) <= ENDS and states[-1] == "printed"

    def judge(self, facts) -> str:
        """Return what is on paper, in words. Fails when a slip is lost, or there twice unmarked."""
        plain, copy = (raster.make_image(facts, copy=marked, width=slip.WIDE) for marked in (False, True))
        papers = [_picture(path) for path in sorted((self.data / "slips").glob("*.png"))]
        unmarked, marked = (sum(_same(paper, one) for paper in papers) for one in (plain, copy))
        assert unmarked + marked >= 1, "lost"
        assert unmarked <= 1, "twice unmarked"
        assert len(papers) - unmarked - marked <= 1, "more torn pieces than faults"
        if not marked:
            assert self.office.states() == ["printed"]
            return "printed once"
        assert self.office.states() == ["uncertain", "printed"]
        return "marked copy"


def _picture(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("1")


def _same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and one.tobytes() == other.tobytes()


def watched(kinds):
    """Return an office that says when a job is claimed and when its end is reported."""

    class Watched(kinds.Office):
        on_claim: Callable[[], None] | None = None
        on_report: Callable[[], None] | None = None

        def _claim(self, printer):
            answer = super()._claim(printer)
            if answer.status_code == 200 and self.on_claim:
                act, self.on_claim = self.on_claim, None
                act()
            return answer

        def _report(self, number, verb, body):
            if self.on_report:
                act, self.on_report = self.on_report, None
                act()
            return super()._report(number, verb, body)

    return Watched()


@dataclass
class Ground:
    """What every cell stands on."""

    data: Path
    facts: Slip
    kinds: ModuleType
    cells: dict[tuple[str, str, str], str]

    def byte_of(self, stage: str, wire: str) -> int | None:
        """Return how many bytes of the slip have come at a stage."""
        sent = raster.make_bytes(self.facts, copy=False, width=slip.WIDE)
        return STAGES[stage](add_checkpoints(sent)[0] if wire == "serial" else sent)


@pytest.fixture
def ground(tmp_path, make_slip, office_kinds, cells):
    return Ground(tmp_path, make_slip(), office_kinds, cells)


@contextmanager
def hall_on(wire: str, ground: Ground) -> Iterator[Hall]:
    data = ground.data
    printer = VirtualPrinter(SlipFolder(data / "slips"), slip.WIDE, build=Build(buffer=BUFFER))
    office = watched(ground.kinds)
    if wire == "tcp":
        with VirtualPrinterServer(printer) as server:
            address = Tcp("127.0.0.1", server.port)
            yield Hall(office, printer, str(address), data, TcpTransport(address))
    else:
        with VirtualPrinterLine(printer, data / "tty") as line:
            address = SerialLine(str(line.link), 115200)
            yield Hall(office, printer, str(address), data, SerialTransport(address))


@contextmanager
def spooling(hall: Hall, ground: Ground, monkeypatch) -> Iterator[None]:
    monkeypatch.setattr("printer.spooler.POLL_SECONDS", 0.05)
    monkeypatch.setattr("printer.spooler.HELD_SECONDS", 0.05)
    monkeypatch.setattr(ground.kinds, "QUICK", QUICK)
    bench = ground.kinds.Bench(hall.office, hall.data, printer=hall.printer, transport=hall.transport)
    spooler = bench.spooler()
    thread = threading.Thread(target=spooler.run)
    thread.start()
    try:
        yield
    finally:
        bench.stop.set()
        spooler.wake.set()
        thread.join(20)
        for client in bench.clients:
            client.close()
        assert not thread.is_alive()


@pytest.mark.parametrize("wire", TRANSPORTS)
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_loses_no_slip(fault, stage, wire, ground, monkeypatch):
    with hall_on(wire, ground) as hall, spooling(hall, ground, monkeypatch):
        office = hall.office
        office.wait_for(lambda: office.statuses and office.statuses[-1].state == "ready")
        seen = len(office.statuses)
        hall.arm(ground.byte_of(stage, wire), lambda: fault.happen(hall.printer))
        office.queue(ground.facts)
        assert hall.happened.wait(PATIENCE_SECONDS)
        office.wait_for(lambda: hall.told(seen) or hall.settled(), PATIENCE_SECONDS)
        if not hall.settled() or office.states() != ["printed"]:
            assert hall.told(seen)
        told = ", told" if hall.told(seen) else ""
        fault.heal(hall.printer)
        office.wait_for(hall.settled, PATIENCE_SECONDS)
        ground.cells[fault.name, stage, wire] = hall.judge(ground.facts) + told


@contextmanager
def process(hall: Hall, server: str) -> Iterator[subprocess.Popen[bytes]]:
    (hall.data / "device.token").write_text("the-token\n")
    command = [sys.executable, "-m", "printer", "--server", server, "--printer", hall.url, "--data", str(hall.data)]
    with (hall.data / "log").open("ab") as log:
        running = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=dict(os.environ))
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@pytest.mark.e2e
@pytest.mark.parametrize("wire", TRANSPORTS)
@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_process_loses_no_slip(stage, wire, ground):
    with hall_on(wire, ground) as hall, ground.kinds.OfficeServer(hall.office) as server:
        with process(hall, server.url) as running:
            hall.office.wait_for(lambda: hall.office.statuses, PATIENCE_SECONDS)
            hall.arm(ground.byte_of(stage, wire), running.kill)
            hall.office.queue(ground.facts)
            assert hall.happened.wait(PATIENCE_SECONDS)
            running.wait(10)
        with process(hall, server.url):
            hall.office.wait_for(hall.settled, PATIENCE_SECONDS)
        told = ", told" if hall.told(len(hall.office.statuses)) else ""
        ground.cells[KILL, stage, wire] = hall.judge(ground.facts) + told
