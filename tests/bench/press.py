"""From a button's pin to the first raster byte at the printer, through buttons, server and printer processes."""

import os
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from processes import free_port, prepared, running, wait_for

RASTER = b"\x1dv0"
GAP_SECONDS = 0.15


class Catcher(threading.Thread):
    """A TCP printer that notes when the first raster byte of a slip comes, and answers as a good one does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.first = threading.Event()
        self.done = threading.Event()
        self.at = 0.0

    def run(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            with connection:
                self.listen(connection)

    def listen(self, connection: socket.socket) -> None:
        while data := connection.recv(65536):
            arrived = time.perf_counter()
            if RASTER in data and not self.first.is_set():
                self.at = arrived
                self.first.set()
            self.answer(connection, data)

    def answer(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(b"\x12" * data.count(b"\x10\x04"))
        at = data.find(b"\x1d(H\x06\x00\x30\x30")
        if at >= 0:
            connection.sendall(b"\x37\x22" + data[at + 7 : at + 11] + b"\x00")
            self.done.set()


def measure_press(data: Path, rounds: int) -> list[float]:
    """Return the milliseconds of each press."""
    with prepared(data):
        port = free_port()
    catcher = Catcher()
    catcher.start()
    server = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(running("serve", "--data", str(data), "--port", str(port)))
        wait_for(port)
        at = ("--data", str(data), "--server", server)
        stack.enter_context(running("buttons", *at, "--stand-in"))
        stack.enter_context(running("printer", *at, "--printer", f"tcp://127.0.0.1:{catcher.port}"))
        hand = stack.enter_context(Hand(data / "panel.sock"))
        hand.wait()
        services = "КЖБДЕГӘСПОМРЦТА"
        took = [one_press(catcher, hand, services[n % len(services)]) for n in range(rounds + 10)]
    return took[10:]


def one_press(catcher: Catcher, hand: "Hand", service: str) -> float:
    """Return the milliseconds of one press, after the slip before it is done."""
    time.sleep(GAP_SECONDS)
    catcher.first.clear()
    catcher.done.clear()
    begun = time.perf_counter()
    hand.press(service)
    assert catcher.first.wait(10)
    took = (catcher.at - begun) * 1000
    assert catcher.done.wait(10)
    return took


class Hand:
    """Presses buttons of the mock panel."""

    def __init__(self, panel: Path) -> None:
        self.panel = panel
        self.mine = panel.with_name(f"bench-{os.getpid()}.sock")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def __enter__(self) -> Self:
        self.socket.bind(str(self.mine))
        self.socket.settimeout(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self.mine.unlink()

    def wait(self) -> None:
        deadline = time.monotonic() + 30
        while not self.panel.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def press(self, service: str) -> None:
        self.socket.sendto(f"press {service}".encode(), str(self.panel))
        assert self.socket.recv(100) == b"ok"
