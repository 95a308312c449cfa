"""The virtual printer as a device: `virtual:` in the printer process, or a printer of its own.

`python -m printer.virtual --port 9100 --dir DIR` is a network printer on loopback: `tcp://127.0.0.1:9100` then prints
into `DIR/slips`. With `--pty LINK` it is a serial one: `serial:LINK`. With `--control PATH` its hands take orders:
`echo paper-out | socat - UNIX-SENDTO:PATH`; `printer.hands` names them all.
"""

import logging
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import click

from appliance.contract.models import Proof
from printer.errors import DeviceAbsent, DeviceLost
from printer.makes import FAMILIES, Build, Manners
from printer.mechanism import VirtualPrinter
from printer.paper import SlipFolder
from printer.ports import LOOPBACK, HandsSocket, VirtualPrinterLine, VirtualPrinterServer
from printer.slip import WIDTHS, dots_across
from printer.transport import PATIENCE_SECONDS, READ_SECONDS, Transport

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

__all__ = ["Manners", "VirtualPrinter", "VirtualPrinterServer", "VirtualTransport"]


class VirtualTransport(Transport):
    """The way to a virtual printer in this process."""

    proof: Proof = "drawn"

    def __init__(self, printer: VirtualPrinter) -> None:
        super().__init__()
        self._printer = printer
        self._said = bytearray()
        self._heard = threading.Condition()
        self._open = False

    def __str__(self) -> str:
        return "virtual:"

    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""
        if not self._printer.plugged:
            raise DeviceAbsent(f"{self} is unplugged")
        self._said.clear()
        self._printer.connect(self._take)
        self._open = True

    def close(self) -> None:
        """Disconnect; harmless when closed."""
        if self._open:
            self._open = False
            self._printer.connect(None)

    def unplug(self) -> None:
        """Pull the plug: every use fails until `plug_in`."""
        self._printer.unplug()

    def plug_in(self) -> None:
        """Put the plug back."""
        self._printer.plug_in()

    def write(self, data: bytes, patience: float = PATIENCE_SECONDS) -> None:
        """Hand `data` to the printer. Raises DeviceLost when unplugged."""
        del patience
        self._demand()
        taken = self._printer.receive(data)
        if taken < len(data):
            raise DeviceLost(f"{self} was unplugged", taken)

    def read(self, timeout: float = READ_SECONDS) -> bytes:
        """Return what the printer said, waiting at most `timeout` seconds. Raises DeviceLost when unplugged."""
        self._demand()
        with self._heard:
            self._heard.wait_for(lambda: bool(self._said), timeout)
            data = bytes(self._said)
            self._said.clear()
        return data

    def _demand(self) -> None:
        if not self._open or not self._printer.plugged:
            raise DeviceLost(f"{self} was unplugged")

    def _take(self, data: bytes) -> None:
        with self._heard:
            self._said += data
            self._heard.notify()


@click.command()
@click.option("--port", default=9100, show_default=True, help="Where to listen on 127.0.0.1.")
@click.option("--pty", type=click.Path(path_type=Path), help="Be a serial printer behind this link instead.")
@click.option("--dir", "directory", default="kezek-data", show_default=True, help="Slips go to DIR/slips.")
@click.option("--width", default=80, show_default=True, help=f"Paper in mm: {' or '.join(map(str, WIDTHS))}.")
@click.option("--answers", default="full", show_default=True, type=click.Choice(list(FAMILIES)), help="Its make.")
@click.option("--buffer", type=click.IntRange(min=1), help="Bytes it holds; default: without limit.")
@click.option("--bytes-a-second", type=click.FloatRange(min=1), help="How fast it takes data.")
@click.option("--mm-a-second", type=click.FloatRange(min=1), help="How fast it prints.")
@click.option("--control", type=click.Path(path_type=Path), help="A Unix datagram socket for its hands.")
def main(**options: Any) -> None:
    """Be a printer that keeps each slip as DIR/slips/<n>.bin and .png."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stop = threading.Event()
    for number in SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    _serve(_make_printer(**options), stop, options["port"], options["pty"], options["control"])


def _make_printer(directory: str, width: int, answers: str, buffer: int | None, **rest: Any) -> VirtualPrinter:
    build = Build(buffer, rest["bytes_a_second"], rest["mm_a_second"])
    return VirtualPrinter(SlipFolder(Path(directory) / "slips"), dots_across(width), FAMILIES[answers], build)


def _serve(printer: VirtualPrinter, stop: threading.Event, port: int, pty: Path | None, control: Path | None) -> None:
    """Be reachable until told to stop; the first line of output is the printer's URL."""
    with ExitStack() as stack:
        if control is not None:
            stack.enter_context(HandsSocket(printer, control))
        if pty is None:
            server = stack.enter_context(VirtualPrinterServer(printer, port))
            click.echo(f"tcp://{LOOPBACK}:{server.port}")
        else:
            line = stack.enter_context(VirtualPrinterLine(printer, pty))
            click.echo(f"serial:{line.link}")
        stop.wait()


if __name__ == "__main__":
    main()
