"""The real process: options, signals, death at any moment."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from printer import raster, slip
from printer.mechanism import VirtualPrinter
from printer.paper import SlipFolder
from printer.virtual import VirtualPrinterServer

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-X", "faulthandler", "-m", "printer"]


def call(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


@contextmanager
def running(server: str, printer: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    (data / "device.token").write_text("the-token\n")
    options = ["--server", server, "--printer", printer, "--data", str(data)]
    with (data / "log").open("ab") as log:
        process = subprocess.Popen([*COMMAND, *options], cwd=ROOT, stdout=log, stderr=log)
    try:
        yield process
    except AssertionError:
        process.send_signal(signal.SIGABRT)
        process.wait(5)
        raise
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--printer", "usb:0416"], ["usb:0416", "usb:0416:5011"]),
        (["--printer", "lpt1"], ["lpt1", "tcp://host:9100"]),
        (["--server", "ftp://host"], ["ftp://host", "http://127.0.0.1:8080"]),
        (["--id", "a kiosk"], ["a kiosk", "letters"]),
    ],
)
def test_bad_usage_is_one_line_and_code_2(options, words):
    done = call(*options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert all(word in done.stderr for word in words)


def test_another_width_is_refused():
    done = call("--width", "57")
    assert done.returncode == 2
    assert "'57'" in done.stderr


def test_a_slip_is_printed_within_the_event_and_sigterm_ends_it(office, office_server, make_slip, tmp_path):
    with running(office_server.url, "virtual:", tmp_path) as process:
        office.wait_for(lambda: office.statuses)
        office.queue(make_slip())
        office.wait_for(lambda: office.states() == ["printed"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert sorted(path.name for path in (tmp_path / "slips").iterdir()) == ["1.bin", "1.png"]
    log = (tmp_path / "log").read_text()
    assert "К-045" in log
    assert "/v/" not in log
    assert "the-token" not in log


def test_a_second_process_for_the_same_printer_is_refused(office, office_server, tmp_path):
    with running(office_server.url, "virtual:", tmp_path):
        office.wait_for(lambda: office.statuses)
        second = call("--server", office_server.url, "--data", str(tmp_path))
    assert second.returncode == 1
    assert "another process prints here" in second.stderr


def test_an_unexpected_answer_ends_the_process_loudly(office, office_server, tmp_path):
    with running(office_server.url, "virtual:", tmp_path) as process:
        office.wait_for(lambda: office.statuses)
        office.refusals.append((422, "invalid_body"))
        assert process.wait(20) == 1
    assert "invalid_body" in (tmp_path / "log").read_text()


def test_nothing_is_left_in_the_temporary_folder(office, office_server, tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    with running(office_server.url, "virtual:", tmp_path) as process:
        office.wait_for(lambda: office.statuses)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("way", ["virtual", "tcp"])
def test_killed_at_any_moment_no_slip_is_lost_and_none_comes_twice_unmarked(
    office, office_server, make_slip, tmp_path, way
):
    """SIGKILL at random distances from the claim: each number on paper, at most once without COPY on it."""
    dice = random.Random(f"{way} {os.environ.get('KEZEK_SEED', '1')}")
    folder = SlipFolder(tmp_path / "slips")
    with VirtualPrinterServer(VirtualPrinter(folder, slip.WIDE)) as server:
        url = "virtual:" if way == "virtual" else f"tcp://127.0.0.1:{server.port}"
        for number in range(1, 9):
            with running(office_server.url, url, tmp_path) as process:
                office.wait_for(lambda: office.calls.count("/printers/kiosk/claim"))
                office.calls.clear()
                if number % 2:
                    server.drop_host_after(dice.randrange(1, 45_000))
                job = office.queue(make_slip(f"К-{number:03d}"))
                office.wait_for(lambda job=job: job.state != "queued")
                threading.Event().wait(dice.uniform(0, 0.06))
                process.kill()
        with running(office_server.url, url, tmp_path):
            office.wait_for(lambda: set(office.states()) <= {"printed", "uncertain"}, 30)
        if way == "tcp":
            assert server.printer.complaints == []
    _judge(office, make_slip, tmp_path / "slips")


def _judge(office, make_slip, folder: Path) -> None:
    pieces = [path.with_suffix(".bin").read_bytes() for path in folder.glob("*.bin")]
    assert all(path.with_suffix(".png").exists() for path in folder.glob("*.bin"))
    torn = len(pieces)
    for number in range(1, 9):
        facts = make_slip(f"К-{number:03d}")
        plain, copy = (raster.make_bytes(facts, copy=marked, width=slip.WIDE) for marked in (False, True))
        unmarked, marked = (sum(piece.endswith(slip_bytes) for piece in pieces) for slip_bytes in (plain, copy))
        torn -= unmarked + marked
        assert unmarked <= 1
        assert unmarked + marked >= 1
    uncertain = office.states().count("uncertain")
    print(f"{uncertain} uncertain, {torn} torn, {len(pieces)} pieces")
    assert torn <= uncertain
