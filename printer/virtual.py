"""The virtual printer as a device: `virtual:` in the printer process, or a network printer on loopback.

`python -m printer.virtual --port 9100 --dir DIR` starts the latter: `tcp://127.0.0.1:9100` then prints into
`DIR/slips`.
"""

import logging
import signal
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import click

from appliance.contract.models import Proof
from printer.errors import DeviceAbsent, DeviceLost
from printer.mechanism import Manners, VirtualPrinter
from printer.paper import SlipFolder
from printer.slip import WIDTHS, dots_across
from printer.transport import PATIENCE_SECONDS, READ_SECONDS, Transport

LOOPBACK: Final = "127.0.0.1"
CHUNK: Final = 4096

log = logging.getLogger(__name__)

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
        self._unplugged = False

    def __str__(self) -> str:
        return "virtual:"

    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""
        if self._unplugged:
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
        self._unplugged = True

    def plug_in(self) -> None:
        """Put the plug back."""
        self._unplugged = False

    def write(self, data: bytes, patience: float = PATIENCE_SECONDS) -> None:
        """Hand `data` to the printer. Raises DeviceLost when unplugged."""
        del patience
        self._demand()
        self._printer.receive(data)

    def read(self, timeout: float = READ_SECONDS) -> bytes:
        """Return what the printer said, waiting at most `timeout` seconds. Raises DeviceLost when unplugged."""
        self._demand()
        with self._heard:
            self._heard.wait_for(lambda: bool(self._said), timeout)
            data = bytes(self._said)
            self._said.clear()
        return data

    def _demand(self) -> None:
        if not self._open or self._unplugged:
            raise DeviceLost(f"{self} was unplugged")

    def _take(self, data: bytes) -> None:
        with self._heard:
            self._said += data
            self._heard.notify()


class VirtualPrinterServer:
    """A virtual printer that listens on loopback, one host at a time, as network printers do.

    The printer outlives its connections: what came half stays half, as in a printer that kept its power.
    """

    def __init__(self, printer: VirtualPrinter, port: int = 0) -> None:
        self.printer = printer
        self._listener = socket.create_server((LOOPBACK, port))
        self._host: socket.socket | None = None
        self._left: int | None = None
        self._taking = threading.Event()
        self._taking.set()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="virtual-printer")

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self.take_data()
        self._listener.shutdown(socket.SHUT_RDWR)
        self.drop_host()
        self._thread.join()
        self._listener.close()

    def drop_host(self) -> None:
        """Break the connection, as a pulled cable does."""
        host = self._host
        if host is not None:
            try:
                host.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("the host had gone already")

    def drop_host_after(self, count: int) -> None:
        """Break the connection when so many more bytes have come."""
        self._left = count

    def refuse_data(self) -> None:
        """Take no more data: the host's writes stall once the buffers between are full."""
        self._taking.clear()

    def take_data(self) -> None:
        """Take data again."""
        self._taking.set()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                host, _ = self._listener.accept()
            except OSError:
                if self._closing.is_set():
                    return
                raise
            with host:
                self._host = host
                self.printer.connect(host.sendall)
                self._listen(host)
                self.printer.connect(None)
                self._host = None

    def _listen(self, host: socket.socket) -> None:
        while True:
            self._taking.wait()
            try:
                data = host.recv(CHUNK)
                self.printer.receive(data[: self._left])
                if self._left is not None:
                    self._left -= len(data)
                if not data or (self._left is not None and self._left <= 0):
                    self._left = None
                    return
            except OSError as error:
                log.info("the host is gone: %s", error)
                return


@click.command()
@click.option("--port", default=9100, show_default=True, help="Where to listen on 127.0.0.1.")
@click.option("--dir", "directory", default="kezek-data", show_default=True, help="Slips go to DIR/slips.")
@click.option("--width", default=80, show_default=True, help=f"Paper in mm: {' or '.join(map(str, WIDTHS))}.")
def main(port: int, directory: str, width: int) -> None:
    """Be a network printer on loopback that keeps each slip as DIR/slips/<n>.bin and .png."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    printer = VirtualPrinter(SlipFolder(Path(directory) / "slips"), dots_across(width))
    with VirtualPrinterServer(printer, port) as server:
        click.echo(f"tcp://{LOOPBACK}:{server.port}")
        stop.wait()


if __name__ == "__main__":
    main()
