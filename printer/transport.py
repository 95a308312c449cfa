"""How bytes reach a device: our own transports under python-escpos's `Escpos`.

The library's own lose the rest of a short write, block for ever, or cannot read. Here every write has a deadline
that moves on with progress and loops on short counts; every failure says how many bytes went out before it.
A transport is used by one thread.
"""

import os
import select
import socket
import time
from abc import abstractmethod
from typing import Final

import serial

from appliance.contract.models import Proof
from printer.address import SerialLine, Tcp, UsbLp
from printer.errors import DeviceAbsent, DeviceLost, DeviceStalled
from printer.library import Escpos

OPEN_SECONDS: Final = 3.0
READ_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 10.0
"""How long a write waits without a single byte of progress."""
CHUNK: Final = 4096
BROKEN: Final = select.POLLHUP | select.POLLERR | select.POLLNVAL


class Transport(Escpos):  # type: ignore[misc]  # the library has no types
    """A way to a device. Closed until `open`; after DeviceLost it must be closed, and may be opened again."""

    proof: Proof = "echo"
    """What an answered fence proves here."""
    shows_power = True
    """Whether the connection breaks when the printer loses its power."""

    @property
    def identity(self) -> str:
        """What stands for the very device that is open: its address, unless it says more of itself."""
        return str(self)

    @abstractmethod
    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""

    @abstractmethod
    def close(self) -> None:
        """Disconnect; harmless when closed."""

    @abstractmethod
    def write(self, data: bytes, patience: float = PATIENCE_SECONDS) -> None:
        """Send all of `data`. Raises DeviceLost, or DeviceStalled after `patience` seconds without progress."""

    @abstractmethod
    def read(self, timeout: float = READ_SECONDS) -> bytes:
        """Return what the device said, waiting at most `timeout` seconds; empty when nothing. Raises DeviceLost."""

    def _raw(self, msg: bytes) -> None:
        self.write(msg)

    def _read(self) -> bytes:
        return self.read()


class FileTransport(Transport):
    """A transport over one non-blocking file descriptor."""

    ends_when_empty = True
    """Whether reading nothing from a readable descriptor means that the other side is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._fd = -1

    @abstractmethod
    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""

    def write(self, data: bytes, patience: float = PATIENCE_SECONDS) -> None:
        """Send all of `data`. Raises DeviceLost, or DeviceStalled after `patience` seconds without progress."""
        sent = 0
        deadline = time.monotonic() + patience
        while sent < len(data):
            self._wait(select.POLLOUT, deadline, sent)
            try:
                count = os.write(self._fd, data[sent : sent + CHUNK])
            except BlockingIOError:
                count = 0
            except OSError as error:
                raise DeviceLost(f"{self} was lost: {error.strerror}", sent) from error
            if count:
                sent += count
                deadline = time.monotonic() + patience

    def read(self, timeout: float = READ_SECONDS) -> bytes:
        """Return what the device said, waiting at most `timeout` seconds; empty when nothing. Raises DeviceLost."""
        try:
            self._wait(select.POLLIN, time.monotonic() + timeout, 0)
        except DeviceStalled:
            return b""
        try:
            data = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise DeviceLost(f"{self} was lost: {error.strerror}") from error
        if not data and self.ends_when_empty:
            raise DeviceLost(f"{self} closed the connection")
        return data

    def _wait(self, wanted: int, deadline: float, sent: int) -> None:
        """Wait for the descriptor. Raises DeviceLost, or DeviceStalled at the deadline."""
        if self._fd < 0:
            raise DeviceLost(f"{self} is not open", sent)
        poll = select.poll()
        poll.register(self._fd, wanted)
        ready = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not ready:
            raise DeviceStalled(f"{self} takes no data", sent)
        # What the device said before it went is still read.
        if ready[0][1] & BROKEN and not ready[0][1] & wanted & select.POLLIN:
            raise DeviceLost(f"{self} was lost", sent)


class TcpTransport(FileTransport):
    """A printer on the network."""

    def __init__(self, address: Tcp) -> None:
        super().__init__()
        self._address = address
        self._socket: socket.socket | None = None

    def __str__(self) -> str:
        return str(self._address)

    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""
        try:
            connection = socket.create_connection((self._address.host, self._address.port), OPEN_SECONDS)
        except OSError as error:
            raise DeviceAbsent(f"{self} does not answer: {error.strerror or error}") from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setblocking(False)
        self._socket, self._fd = connection, connection.fileno()

    def close(self) -> None:
        """Disconnect; harmless when closed."""
        self._fd = -1
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class SerialTransport(FileTransport):
    """A printer on a serial line."""

    shows_power = False

    def __init__(self, address: SerialLine) -> None:
        super().__init__()
        self._address = address
        self._line: serial.Serial | None = None

    def __str__(self) -> str:
        return str(self._address)

    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""
        try:
            self._line = serial.Serial(
                self._address.path, self._address.baud, timeout=0, write_timeout=PATIENCE_SECONDS, exclusive=True
            )
        except (OSError, ValueError) as error:
            raise DeviceAbsent(f"{self} cannot be opened: {error}") from error
        self._fd = self._line.fileno()

    def close(self) -> None:
        """Disconnect; harmless when closed."""
        self._fd = -1
        if self._line is not None:
            self._line.close()
            self._line = None


class UsbLpTransport(FileTransport):
    """A USB printer behind the kernel's usblp driver."""

    ends_when_empty = False

    def __init__(self, address: UsbLp) -> None:
        super().__init__()
        self._address = address

    def __str__(self) -> str:
        return str(self._address)

    def open(self) -> None:
        """Connect. Raises DeviceAbsent."""
        try:
            self._fd = os.open(self._address.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceAbsent(f"{self} cannot be opened: {error.strerror}") from error

    def close(self) -> None:
        """Disconnect; harmless when closed."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
