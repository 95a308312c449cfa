"""`python -m printer`: one printer from start to end. The only place where options become objects.

The main thread waits for signals; one thread owns the printer, one follows the server's events. An exception that
nobody expected in any of them ends the process with code 1, for systemd to start it anew.
"""

import logging
import re
import signal
import sys
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

import click

from appliance.client import Client
from printer import raster
from printer.address import Address, SerialLine, Tcp, Usb, UsbLp, Virtual, parse_address
from printer.errors import BadPrinterName, BadServerUrl, PrinterError
from printer.libusb import LibusbTransport
from printer.mark import MarkFile
from printer.mechanism import VirtualPrinter
from printer.paper import SlipFolder
from printer.session import Session, listen
from printer.slip import dots_across
from printer.spooler import Settings, Spooler
from printer.transport import SerialTransport, TcpTransport, Transport, UsbLpTransport
from printer.virtual import VirtualTransport

SIGNALS: Final = frozenset({signal.SIGTERM, signal.SIGINT})
LOOK_SECONDS: Final = 0.5
LAST_SECONDS: Final = 30.0
"""How long the slip in hand may take after SIGTERM."""

log = logging.getLogger("printer")


class BadUsage(click.ClickException):
    """One line on standard error and exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Say what is wrong, in one line."""
        del file
        click.echo(f"kezek printer: {self.format_message()}", err=True)


@click.command(name="printer")
@click.option("--server", default="http://127.0.0.1:8080", show_default=True, help="The appliance's address.")
@click.option(
    "--printer",
    "url",
    default="virtual:",
    show_default=True,
    help="virtual:, tcp://host:9100, serial:/dev/ttyUSB0?baud=115200, usblp:/dev/usb/lp0 or usb:0416:5011.",
)
@click.option("--id", "name", default="kiosk", show_default=True, help="The printer's name: the kiosk it serves.")
@click.option("--data", default="kezek-data", show_default=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--token-file", type=click.Path(path_type=Path, dir_okay=False), help="Default: DIR/device.token.")
@click.option("--width", default="80", show_default=True, type=click.Choice(["80", "58"]), help="Paper in mm.")
def main(**options: Any) -> None:
    """Print the slips of one kiosk and report what became of each."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        config = _read(**options)
    except PrinterError as error:
        raise BadUsage(str(error)) from None
    try:
        code = _start(config)
    except PrinterError as error:
        log.critical("%s", error)
        code = 1
    sys.exit(code)


@dataclass(frozen=True, slots=True)
class Config:
    """The options, read once."""

    server: str
    address: Address
    data: Path
    token_file: Path
    settings: Settings


def _read(server: str, url: str, name: str, **rest: Any) -> Config:
    """Check the options. Raises PrinterError in one line that says what would be right."""
    parts = urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadServerUrl(f"server {server!r} is not a web address; use http://127.0.0.1:8080")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", name):
        raise BadPrinterName(f"id {name!r}: use 1 to 32 letters a-z, digits, '-' and '_', like kiosk")
    data: Path = rest["data"]
    token_file: Path = rest["token_file"] or data / "device.token"
    settings = Settings(name, dots_across(int(rest["width"])))
    return Config(server, parse_address(url), data, token_file, settings)


def make_transport(config: Config) -> Transport:
    """Return the way to the configured device; nothing is opened yet."""
    match config.address:
        case Virtual():
            printer = VirtualPrinter(SlipFolder(config.data / "slips"), config.settings.width)
            return VirtualTransport(printer)
        case Tcp():
            return TcpTransport(config.address)
        case SerialLine():
            return SerialTransport(config.address)
        case UsbLp():
            return UsbLpTransport(config.address)
        case Usb():
            return LibusbTransport(config.address)


def _start(config: Config) -> int:
    """Run until a signal; return the exit code."""
    # Taken by the main thread alone: a handler could strike while a lock is held.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    stop = threading.Event()
    failed = threading.Event()
    threading.excepthook = partial(_die, stop, failed)
    session = Session(partial(Client, config.server), config.token_file, stop)
    with MarkFile(config.data, config.settings.printer) as marks:
        raster.warm_up(config.settings.width)
        spooler = Spooler(config.settings, session, make_transport(config), marks, stop)
        owner = threading.Thread(target=spooler.run, name="spooler", daemon=True)
        ears = threading.Thread(
            target=listen, args=(session, config.settings.printer, spooler.wake, stop), name="events", daemon=True
        )
        log.info("printing for %s on %s", config.settings.printer, config.address)
        owner.start()
        ears.start()
        while owner.is_alive() and not stop.is_set():
            if signal.sigtimedwait(SIGNALS, LOOK_SECONDS):
                stop.set()
        spooler.wake.set()
        owner.join(LAST_SECONDS)
    if owner.is_alive():
        log.critical("the slip in hand did not end in %.0f s", LAST_SECONDS)
    return 1 if failed.is_set() or owner.is_alive() else 0


def _die(stop: threading.Event, failed: threading.Event, what: threading.ExceptHookArgs) -> None:
    """End the process because a thread did: loudly, and after the slip in hand."""
    error = what.exc_value
    if isinstance(error, PrinterError):
        log.critical("%s", error)
    else:
        name = what.thread.name if what.thread else "a thread"
        log.critical("%s failed", name, exc_info=(what.exc_type, error or what.exc_type(), what.exc_traceback))
    failed.set()
    stop.set()


if __name__ == "__main__":
    main()
