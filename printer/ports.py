"""How hosts reach a virtual printer: a port on loopback, a serial line (pseudo-terminal), and a socket for its hands.

The printer outlives its connections: what came half stays half, as in a printer that kept its power.
"""

import logging
import os
import select
import socket
import threading
import tty
from abc import abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from printer.errors import BadOrder
from printer.hands import carry_out, parse_order
from printer.mechanism import VirtualPrinter

LOOPBACK: Final = "127.0.0.1"
TICK_SECONDS: Final = 0.01
"""How often a printer that is busy, and the hands, are looked after."""
ORDER_BYTES: Final = 200

log = logging.getLogger(__name__)


class Port:
    """One way to a virtual printer, one host at a time, with a thread of its own."""

    def __init__(self, printer: VirtualPrinter) -> None:
        self.printer = printer
        self._taking = threading.Event()
        self._taking.set()
        self._closing = threading.Event()
        self._briefly = False
        self._thread = threading.Thread(target=self._serve, name="virtual-printer")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._thread.join()

    def drop_host(self) -> None:
        """Break the connection, as a cable does that is pulled and put back."""
        self.printer.unplug()
        self._briefly = True

    def drop_host_after(self, count: int) -> None:
        """Break the connection when so many more bytes have come."""
        self.printer.at_byte(count, self.drop_host)

    def refuse_data(self) -> None:
        """Take no more data: the host's writes stall once the buffers between are full."""
        self._taking.clear()

    def take_data(self) -> None:
        """Take data again."""
        self._taking.set()

    @property
    @abstractmethod
    def reachable(self) -> bool:
        """Whether a host can have a connection now."""

    @abstractmethod
    def _serve(self) -> None:
        """Run until closing."""

    def _talk(self, fd: int) -> None:
        """Serve the host behind a descriptor until it or the connection is gone."""
        self.printer.connect(lambda data: _say(fd, data))
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        while self.reachable and not self._closing.is_set():
            self.printer.work()
            room = self.printer.room() if self._taking.is_set() else 0
            if not room:
                self._closing.wait(TICK_SECONDS)
            elif poll.poll(TICK_SECONDS * 1000):
                try:
                    data = os.read(fd, room)
                except OSError as error:
                    log.info("the host is gone: %s", error)
                    break
                if not data:
                    break
                self.printer.receive(data)
        self.printer.connect(None)

    def _put_back(self) -> None:
        """Plug the cable in again when it was to be out for a moment only."""
        if self._briefly:
            self._briefly = False
            self.printer.plug_in()

    def _rest(self) -> None:
        """Pass a moment without a host."""
        self.printer.work()
        self._closing.wait(TICK_SECONDS)


def _say(fd: int, data: bytes) -> None:
    try:
        os.write(fd, data)
    except OSError as error:
        log.info("the host does not hear: %s", error)


class VirtualPrinterServer(Port):
    """A virtual printer on the network, that is on loopback."""

    def __init__(self, printer: VirtualPrinter, port: int = 0) -> None:
        super().__init__(printer)
        self._listener = socket.create_server((LOOPBACK, port))
        self._listener.setblocking(False)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def reachable(self) -> bool:
        """Whether a host can have a connection now: not without the cable, nor without power."""
        return self.printer.plugged and self.printer.powered

    def _serve(self) -> None:
        with self._listener:
            while not self._closing.is_set():
                self._put_back()
                try:
                    host, _ = self._listener.accept()
                except BlockingIOError:
                    self._rest()
                    continue
                with host:
                    host.setblocking(False)
                    self._talk(host.fileno())


class VirtualPrinterLine(Port):
    """A virtual printer on a serial line: `link` leads to a pseudo-terminal, another one after each replugging.

    The host sees the cable come and go, as with a USB adapter; it does not see the printer's power.
    """

    def __init__(self, printer: VirtualPrinter, link: Path) -> None:
        super().__init__(printer)
        self.link = link
        self._ends = self._lay()

    @property
    def reachable(self) -> bool:
        """Whether a host can have a connection now: the cable is in."""
        return self.printer.plugged

    def _serve(self) -> None:
        while not self._closing.is_set():
            if self.reachable:
                self._ends = self._ends or self._lay()
                self._talk(self._ends[0])
            else:
                self._take_up()
                self._put_back()
                self._rest()
        self._take_up()

    def _lay(self) -> tuple[int, ...]:
        """Make a line. The printer holds both its ends: a host that closes the line does not end it."""
        printer_end, host_end = os.openpty()
        tty.setraw(host_end)
        os.set_blocking(printer_end, False)
        beside = self.link.with_name(f".{self.link.name}.new")
        beside.unlink(missing_ok=True)
        beside.symlink_to(os.ttyname(host_end))
        beside.replace(self.link)
        return printer_end, host_end

    def _take_up(self) -> None:
        if self._ends:
            self.link.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = ()


class HandsSocket:
    """Takes orders as datagrams on a Unix socket, and answers `done` or what is wrong to whoever can be answered."""

    def __init__(self, printer: VirtualPrinter, path: Path) -> None:
        self._printer = printer
        self._path = path
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._thread = threading.Thread(target=self._serve, name="hands")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            data, sender = self._socket.recvfrom(ORDER_BYTES)
            if not data and not sender:
                return
            text = data.decode("utf-8", "replace").strip()
            try:
                carry_out(parse_order(text), self._printer)
                answer = "done"
            except BadOrder as error:
                answer = str(error)
            log.info("%s: %s", text, answer)
            if sender:
                self._socket.sendto(answer.encode(), sender)
