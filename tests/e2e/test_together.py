"""`kezek run` as a person starts it: what it says, what it restarts, how it ends."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from appliance_under_test import free_port

from appliance.client import Client, ServerAway

pytestmark = pytest.mark.e2e
SECONDS = 40


class Together:
    """`kezek run` in a process of its own, with its words as they come."""

    def __init__(self, folder, *arguments: str) -> None:
        self.port = free_port()
        self.data = folder / "data"
        command = [sys.executable, "-m", "appliance", "run", "--data", str(self.data), "--headless", *arguments]
        if "--port" not in arguments and not (self.data / "kezek.toml").exists():
            command += ["--port", str(self.port)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.words: list[str] = []
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._more:
                self.words.append(line)
                self._more.notify_all()

    def until(self, pattern: str, times: int = 1) -> str:
        """Wait until a pattern was said, `times` times, and return it."""
        with self._more:
            found = self._more.wait_for(lambda: len(re.findall(pattern, "".join(self.words))) >= times, SECONDS)
        assert found, "".join(self.words)
        return re.findall(pattern, "".join(self.words))[-1]

    def child(self, name: str) -> int:
        """Return the process id of a part."""
        found = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=True
        ).stdout
        [line] = [line for line in found.splitlines() if re.search(rf"-m (appliance {name}|{name}) ", line)]
        return int(line.split()[0])

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code; every part must be gone."""
        self.process.send_signal(number)
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        assert self.process.stdout
        self.process.stdout.close()
        return code


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(*arguments: str) -> Together:
        started.append(made := Together(tmp_path, *arguments))
        return made

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)


def health(port: int, seconds: float = SECONDS):
    deadline = time.monotonic() + seconds
    with Client(f"http://127.0.0.1:{port}", timeout=2) as client:
        while True:
            try:
                return client.health()
            except ServerAway:
                assert time.monotonic() < deadline
                threading.Event().wait(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_names_its_stand_ins_and_ends_all_of_them(start, number):
    run = start()
    run.until("Ctrl-C ends all of it")
    said = "".join(run.words)
    for words in (
        "the sample of Temirtau is loaded",
        "stand-in for the printer",
        "stand-in for the TV",
        "the buttons",
    ):
        assert words in said
    assert health(run.port).status == "ok"
    children = [run.child(name) for name in ("serve", "printer", "display", "buttons")]
    assert run.end(number) == 0
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    assert "Traceback" not in "".join(run.words)


def test_a_part_that_dies_is_started_again_however_often(start):
    run = start()
    run.until("event stream open")
    for times in (1, 2, 3):
        threading.Event().wait(5.5 if times == 1 else 0)  # until it counts as started well
        os.kill(run.child("display"), signal.SIGKILL)
        run.until("display ended with code -9; starting it again", times)
        run.until("event stream open", times + 1)
    os.kill(run.child("serve"), signal.SIGKILL)
    run.until("serve ended with code -9; starting it again")
    assert health(run.port).status == "ok"
    assert run.end() == 0


def test_killing_it_leaves_nothing_behind(start):
    run = start()
    run.until("event stream open")
    children = [run.child(name) for name in ("serve", "printer", "display", "buttons")]
    run.end(signal.SIGKILL)
    deadline = time.monotonic() + SECONDS
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline
        threading.Event().wait(0.1)


def test_a_part_that_cannot_start_ends_the_whole(start):
    run = start("--printer", "fax:12345")
    run.until("printer cannot start")
    assert run.process.wait(SECONDS) == 1
    assert run.end() == 1
    assert "Traceback" not in "".join(run.words)


def test_the_port_in_the_file_reaches_every_part(start, tmp_path):
    port = free_port()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kezek.toml").write_text(f'[server]\nport = {port}\nhost = "127.0.0.1"\n')
    run = start()
    run.until("event stream open")
    run.until("buttons are watched")
    deadline = time.monotonic() + SECONDS
    while not (found := health(port)).printers:
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)
    assert [one.id for one in found.displays] == ["hall"]
    assert [(one.id, one.state) for one in found.printers] == [("kiosk", "ready")]
    assert run.end() == 0
