"""The four real processes on loopback, started, killed and restarted as systemd would."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from appliance.client import Client, ServerAway

SAMPLE: Final = Path(__file__).parents[2] / "appliance" / "roster" / "sample" / "roster.csv"
PARTS: Final = ("serve", "printer", "display", "buttons")


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Appliance:
    """Four processes over one data folder."""

    def __init__(self, data: Path, speed: float) -> None:
        self.data = data
        self.speed = speed
        self.server = f"http://127.0.0.1:{(port := free_port())}"
        kezek = [sys.executable, "-m", "appliance"]
        at = ["--data", str(data), "--server", self.server]
        serve = ["--data", str(data), "--port", str(port), "--speed", str(speed), "--roster", str(SAMPLE)]
        self.commands = {
            "serve": [*kezek, "serve", *serve],
            "printer": [*kezek, "printer", *at],
            "display": [*kezek, "display", *at, "--headless", "--size", "1280x720"],
            "buttons": [*kezek, "buttons", *at, "--stand-in"],
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.log = (data.parent / "processes.log").open("ab")
        self.kills = dict.fromkeys(PARTS, 0)
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start all four and wait until the server answers and the panel can be pressed."""
        for part in PARTS:
            self.start_part(part)
        self.wait_for_server()
        self.wait_for_panel()

    def start_part(self, part: str) -> None:
        """Start one process."""
        self.processes[part] = subprocess.Popen(
            self.commands[part], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )

    def wait_for_server(self, seconds: float = 30) -> None:
        """Wait until the server answers."""
        deadline = time.monotonic() + seconds
        with Client(self.server, timeout=2) as client:
            while True:
                try:
                    client.health()
                except ServerAway:
                    assert time.monotonic() < deadline, self.tail()
                    threading.Event().wait(0.05)
                else:
                    return

    def wait_for_panel(self, seconds: float = 30) -> None:
        """Wait until the mock panel takes presses."""
        deadline = time.monotonic() + seconds
        while self.press("?") is None:
            assert time.monotonic() < deadline, self.tail()
            threading.Event().wait(0.05)

    def press(self, service: str, seconds: float = 5) -> str | None:
        """Press a button on the mock panel; None when nobody answered."""
        mine = self.data.parent / f"hand-{os.getpid()}-{threading.get_ident()}.sock"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hand:
            hand.bind(str(mine))
            hand.settimeout(seconds)
            try:
                hand.sendto(f"press {service}".encode(), str(self.data / "panel.sock"))
                return hand.recv(200).decode()
            except OSError:
                return None
            finally:
                mine.unlink()

    def kill(self, part: str) -> None:
        """Kill a process without warning and start it again, as systemd would."""
        with self._lock:
            process = self.processes[part]
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.kills[part] += 1
            self.start_part(part)

    def check_alive(self) -> None:
        """Fail if a process ended by itself."""
        for part, process in self.processes.items():
            assert process.poll() is None, f"{part} ended with {process.returncode}\n{self.tail()}"

    def stop(self) -> dict[str, int]:
        """End all four by SIGTERM and return their exit codes."""
        codes = {}
        for part in reversed(PARTS):
            if process := self.processes.get(part):
                process.terminate()
                codes[part] = process.wait(15)
        self.log.close()
        return codes

    def tail(self) -> str:
        """Return the end of what the processes said."""
        self.log.flush()
        return (self.data.parent / "processes.log").read_text(errors="replace")[-4000:]

    def token(self, role: str) -> str:
        """Return a new token, made by the command that an installer would type."""
        command = [sys.executable, "-m", "appliance", "token", "--role", role, "--data", str(self.data)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
