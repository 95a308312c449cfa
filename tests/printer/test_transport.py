"""Bytes to a device: real sockets, a pseudo-terminal for the serial line and for usblp."""

import os
import socket
import threading
import tty
from contextlib import contextmanager

import pytest

from printer.address import SerialLine, Tcp, UsbLp
from printer.errors import DeviceAbsent, DeviceLost, DeviceStalled
from printer.transport import SerialTransport, TcpTransport, UsbLpTransport

PATIENCE = 0.2
MUCH = bytes(range(256)) * 200_000


class Wire:
    """The other end of a transport."""

    def __init__(self, transport, fd, hang_up):
        self.transport = transport
        self.fd = fd
        self.hang_up = hang_up

    def take(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            data += os.read(self.fd, count - len(data))
        return data


@contextmanager
def open_tcp():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = TcpTransport(Tcp("127.0.0.1", listener.getsockname()[1]))
        transport.open()
        host, _ = listener.accept()
        with host:
            yield Wire(transport, host.fileno(), host.close)
        transport.close()


@contextmanager
def open_line(kind):
    master, slave = os.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    transport = SerialTransport(SerialLine(name, 115200)) if kind == "serial" else UsbLpTransport(UsbLp(name))
    transport.open()
    os.close(slave)
    closed = threading.Event()

    def hang_up() -> None:
        if not closed.is_set():
            closed.set()
            os.close(master)

    yield Wire(transport, master, hang_up)
    transport.close()
    hang_up()


@pytest.fixture(params=["tcp", "serial", "usblp"])
def wire(request):
    with open_tcp() if request.param == "tcp" else open_line(request.param) as wire:
        yield wire


@pytest.fixture
def tcp():
    with open_tcp() as wire:
        yield wire


def test_what_is_written_arrives_and_what_is_said_is_read(wire):
    wire.transport.write(b"\x1b@hello", PATIENCE)
    assert wire.take(7) == b"\x1b@hello"
    os.write(wire.fd, b"\x12")
    assert wire.transport.read(5) == b"\x12"


def test_a_long_write_loops_until_all_is_taken(wire):
    data = MUCH[: 1 << 19]
    taken: list[bytes] = []
    thread = threading.Thread(target=lambda: taken.append(wire.take(len(data))))
    thread.start()
    wire.transport.write(data, 5)
    thread.join(20)
    assert taken == [data]


def test_a_device_that_takes_nothing_stalls_and_the_count_is_true(wire):
    with pytest.raises(DeviceStalled) as caught:
        wire.transport.write(MUCH, PATIENCE)
    assert 0 < caught.value.sent < len(MUCH)
    assert wire.take(caught.value.sent) == MUCH[: caught.value.sent]


def test_nothing_said_is_nothing_read(wire):
    assert wire.transport.read(0.01) == b""


def test_a_hang_up_is_noticed_by_reading(tcp):
    tcp.hang_up()
    with pytest.raises(DeviceLost):
        tcp.transport.read(5)


def test_a_hang_up_is_noticed_by_writing(wire):
    wire.hang_up()
    with pytest.raises(DeviceLost):  # noqa: PT012 - the first writes may still go into a buffer
        for _ in range(50):
            wire.transport.write(MUCH, PATIENCE)


def test_the_last_words_before_a_hang_up_are_read(tcp):
    os.write(tcp.fd, b"\x12")
    tcp.hang_up()
    assert tcp.transport.read(5) == b"\x12"


def test_a_closed_transport_says_so(wire):
    wire.transport.close()
    wire.transport.close()
    with pytest.raises(DeviceLost, match="not open"):
        wire.transport.write(b"x", PATIENCE)


def test_the_library_writes_and_reads_through_it(wire):
    wire.transport.cut(feed=False)
    assert wire.take(4) == b"\x1dVB\x00"
    os.write(wire.fd, b"\x16")
    assert wire.transport._read() == b"\x16"


@pytest.mark.parametrize(
    "transport",
    [
        SerialTransport(SerialLine("/nonexistent/tty", 9600)),
        UsbLpTransport(UsbLp("/nonexistent/lp0")),
        TcpTransport(Tcp("127.0.0.1", 1)),
    ],
    ids=str,
)
def test_an_absent_device_names_itself(transport):
    with pytest.raises(DeviceAbsent) as caught:
        transport.open()
    assert str(transport) in str(caught.value)
    assert not caught.value.permanent


def test_usblp_saying_nothing_is_not_gone(tmp_path):
    path = tmp_path / "lp0"
    os.mkfifo(path)
    transport = UsbLpTransport(UsbLp(str(path)))
    transport.open()
    assert transport.read(0.01) == b""
    transport.write(b"x", PATIENCE)
    assert transport.read(1) == b"x"
    transport.close()
