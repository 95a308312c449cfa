"""Kezek's processes for a measurement, ended with it."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from appliance.cli.options import read_place
from appliance.office.ports import Store
from appliance.roster import sample_roster
from appliance.wiring import open_store, prepare


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `kezek ARGUMENTS` until the block ends."""
    command = [sys.executable, "-m", "appliance", *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def prepared(data: Path) -> Iterator[Store]:
    """Open a store with the sample roster, as the server would find it."""
    place = read_place(data, None)
    with open_store(place) as store:
        prepare(place, store, sample_roster())
        yield store


class Http:
    """One kept-alive connection, timed."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        wait_for(port)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[float, Any]:
        """Return how long the answer took (ms), and the answer."""
        content = b"" if body is None else json.dumps(body).encode()
        begun = time.perf_counter()
        self._connection.request(method, path, content, {**self._headers, **headers})
        response = self._connection.getresponse()
        answer = response.read()
        took = (time.perf_counter() - begun) * 1000
        assert response.status < 300, answer
        return took, json.loads(answer) if answer else None


def wait_for(port: int) -> None:
    """Wait until something listens on a port."""
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
