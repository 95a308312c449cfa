"""`kezek run`: the four processes together, with named stand-ins for hardware that is absent here.

Each part is the same program that systemd starts, in its own process. A part that dies is started again after a
moment, as systemd would; a part that cannot even start ends the whole.
"""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from appliance.client import Client, ServerAway
from appliance.config import Config, Place
from appliance.lan import lan_address
from appliance.roster import read_roster, sample_roster
from appliance.wiring import hold_data, keep_token, open_store, prepare

ENDING: Final = (signal.SIGTERM, signal.SIGINT)
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 8.0
SETTLED_SECONDS: Final = 5.0
"""A part that dies sooner than this after its start is taken to be unable to start."""
GPIO_CHIP: Final = Path("/dev/gpiochip0")
ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "2"} | dict(os.environ)
"""Few malloc arenas: with 64 threads glibc would otherwise hold tens of MiB for nothing. The units say the same."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """What `kezek run` was asked."""

    place: Place
    config_file: Path | None
    roster_file: Path | None
    printer_url: str | None
    headless: bool


@dataclass(slots=True)
class Part:
    """One of the four processes."""

    name: str
    command: list[str]
    keyboard: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts, and what stands in for absent hardware, in words."""

    parts: list[Part]
    stand_ins: list[str]
    server: str


def has_screen() -> bool:
    """Return whether a window can be opened here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def make_plan(order: Order) -> Plan:
    """Decide what runs and what stands in."""
    place = order.place
    config = place.config
    server = config.server.here
    shared = ["--data", str(place.data)]
    if order.config_file:
        shared += ["--config", str(order.config_file)]
    kezek = [sys.executable, "-m", "appliance"]
    stand_ins: list[str] = []
    serve = [*kezek, "serve", *shared, "--port", str(config.server.port), "--speed", str(place.speed)]
    parts = [
        Part("serve", serve),
        _printer(order, [*kezek, "printer", *shared, "--server", server], stand_ins),
        _display(order, [*kezek, "display", *shared, "--server", server], stand_ins),
        _buttons(order, [*kezek, "buttons", *shared, "--server", server], stand_ins),
    ]
    return Plan(parts, stand_ins, server)


def _printer(order: Order, command: list[str], stand_ins: list[str]) -> Part:
    url = order.printer_url or order.place.config.printer.url or "virtual:"
    if url.startswith("virtual:"):
        stand_ins.append(f"printer: virtual, its paper is in {order.place.data / 'slips'}")
    return Part("printer", [*command, "--printer", url])


def _display(order: Order, command: list[str], stand_ins: list[str]) -> Part:
    name = order.place.config.display.id
    if order.headless or not has_screen():
        stand_ins.append(f"TV: drawn without a screen, see {order.place.data / 'display' / name}.png")
        return Part("display", [*command, "--headless"])
    stand_ins.append("TV: a window")
    return Part("display", [*command, "--window"])


def _buttons(order: Order, command: list[str], stand_ins: list[str]) -> Part:
    config: Config = order.place.config
    if config.buttons.pins and GPIO_CHIP.exists():
        return Part("buttons", command)
    keyboard = not order.headless and sys.stdin.isatty()
    hands = "this keyboard and " if keyboard else ""
    stand_ins.append(f"buttons: mock pins, pressed by {hands}{order.place.data / 'panel.sock'}")
    return Part("buttons", [*command, "--stand-in"], keyboard=keyboard)


def check_port(place: Place) -> None:
    """Find out that the port is free before anything is made, or another Kezek taken for ours. Raises OSError."""
    settings = place.config.server
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            words = f"port {settings.port} cannot be used: {error.strerror}; choose another with --port"
            raise OSError(error.errno, words) from error


def prepare_data(order: Order) -> None:
    """Load the roster asked for, or the sample when none was ever loaded, before anything listens."""
    wanted = read_roster(order.roster_file) if order.roster_file else None
    with hold_data(order.place), open_store(order.place) as store:
        prepare(order.place, store, wanted)
        with store.read() as unit:
            loaded = bool(unit.house.services())
        if not loaded:
            prepare(order.place, store, sample_roster())
            click.echo("No roster was named: the sample of Temirtau is loaded (kezek roster load FILE replaces it).")


def run(order: Order) -> int:
    """Run the parts until a signal, the TV's window is closed, or one cannot start; return the exit code."""
    check_port(order.place)
    prepare_data(order)
    plan = make_plan(order)
    keeper = Keeper(plan)
    # Signals are waited for, not handled: a handler that touched what this thread waits on could block it for ever.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        keeper.start(plan.parts[0])
        if keeper.wait_for_server():
            for part in plan.parts[1:]:
                keeper.start(part)
            announce(order, plan)
            keeper.watch()
        return keeper.code
    finally:
        keeper.stop()


def announce(order: Order, plan: Plan) -> None:
    """Say where everything is, and what stands in for what."""
    address = order.place.config.server.address or f"http://{lan_address()}:{order.place.config.server.port}"
    with open_store(order.place) as store:
        token = keep_token(order.place, store, "supervisor")
    mark = f"   REHEARSAL: the clock runs {order.place.speed:g} times faster" if order.place.rehearsal else ""
    click.echo(f"Kezek is ready at {address}{mark}")
    click.echo(f"  any desk, with the supervisor's token: {address}/operator#{token}")
    for line in plan.stand_ins:
        click.echo(f"  stand-in for the {line}")
    click.echo("  Ctrl-C ends all of it.")
    sys.stdout.flush()


@dataclass(slots=True)
class Keeper:
    """Starts, watches and ends the parts."""

    plan: Plan
    code: int = 0
    ending: bool = False

    def rest(self, seconds: float) -> None:
        """Wait a moment; a signal in it asks for the end."""
        if signal.sigtimedwait(ENDING, seconds):
            self.ending = True

    def start(self, part: Part) -> None:
        """Start a part; it dies with this process even if that is killed."""
        stdin = None if part.keyboard else subprocess.DEVNULL
        part.process = subprocess.Popen(part.command, stdin=stdin, env=ENVIRONMENT, preexec_fn=_die_with(os.getpid()))  # noqa: S603, PLW1509 - our own command, no threads yet
        part.started = time.monotonic()

    def wait_for_server(self) -> bool:
        """Return whether the server answers before its process ends."""
        process = self.plan.parts[0].process
        deadline = time.monotonic() + START_SECONDS
        with Client(self.plan.server, timeout=1.0) as client:
            while not self.ending:
                try:
                    client.health()
                except ServerAway:
                    if process is None or process.poll() is not None or time.monotonic() > deadline:
                        self.code = 1
                        return False
                    self.rest(0.05)
                else:
                    return True
        return False

    def watch(self) -> None:
        """Restart what dies, until the end is asked for."""
        while not self.ending:
            self.rest(0.2)
            for part in self.plan.parts:
                code = part.process.poll() if part.process else None
                if code is not None:
                    self.on_death(part, code)

    def on_death(self, part: Part, code: int) -> None:
        """Decide what the death of a part means."""
        if part.name == "display" and code == 0:
            self.ending = True  # the window was closed
        elif not part.settled and time.monotonic() - part.started < SETTLED_SECONDS:
            click.echo(f"kezek: {part.name} cannot start (exit code {code}); ending", err=True)
            self.code = 1
            self.ending = True
        else:
            log.warning("%s ended with code %s; starting it again", part.name, code)
            part.settled = True
            self.start(part)

    def stop(self) -> None:
        """End the parts, last started first, and wait for each."""
        running = [part.process for part in reversed(self.plan.parts) if part.process]
        for process in running:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with(parent: int) -> Callable[[], None]:
    """Return what makes a child get SIGTERM when its parent dies (Linux prctl PR_SET_PDEATHSIG, number 1)."""
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(1, signal.SIGTERM)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask
