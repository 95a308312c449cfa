"""The house rules of this package: errors, marks, tokens, and an import that leaves nothing behind."""

import ast
import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from appliance.client import Client, Refused
from printer import errors
from printer.errors import AlreadyRunning, PrinterError, TokenMissing
from printer.mark import Mark, MarkFile
from printer.session import Ended, Session, listen

ROOT = Path(__file__).parents[2]


def descendants(kind: type) -> list[type]:
    return [each for child in kind.__subclasses__() for each in (child, *descendants(child))]


def test_every_error_has_a_code_of_its_own_and_stands_in_the_tree():
    kinds = [PrinterError, *descendants(PrinterError)]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in kinds)
    drawn = {line.split()[1]: "permanent" in line for line in errors.__doc__.splitlines() if "── " in line}
    assert all(drawn[kind.__name__] == kind.permanent for kind in kinds[1:])


@pytest.mark.parametrize("module", sorted(path.stem for path in (ROOT / "printer").glob("*.py")))
def test_modules_and_functions_stay_small(module):
    source = (ROOT / "printer" / f"{module}.py").read_text()
    assert source.count("\n") <= 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60
            names = [each.arg for each in (*node.args.args, *node.args.kwonlyargs) if each.arg not in {"self", "cls"}]
            assert len(names) <= 5


def test_importing_leaves_nothing_behind_and_changes_nothing(tmp_path):
    code = (
        "import logging, os, tempfile\n"
        "import printer.__main__\n"
        "assert not logging.root.handlers\n"
        "assert 'ESCPOS_CAPABILITIES_PICKLE_DIR' not in os.environ\n"
        "assert tempfile.tempdir is None or not tempfile.tempdir.count('kezek')\n"
        "from printer.library import Dummy\n"
        "assert Dummy().profile.profile_data['name']\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


# --- the mark


def test_a_mark_is_kept_and_taken_away(tmp_path):
    marks = MarkFile(tmp_path, "kiosk")
    assert marks.load() is None
    for mark in (Mark(job=7, stage="sending"), Mark(job=7, stage="printed", proof="echo", detail="ё")):
        marks.write(mark)
        assert MarkFile(tmp_path, "kiosk").load() == mark
    marks.clear()
    marks.clear()
    assert marks.load() is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"job": "x"}', b'{"job": 1, "stage": "lost"}'])
def test_a_damaged_mark_may_be_any_jobs(tmp_path, damage):
    (tmp_path / "printer-kiosk.spool.json").write_bytes(damage)
    assert MarkFile(tmp_path, "kiosk").load() == Mark(job=None, stage="sending")


def test_one_printer_has_one_process(tmp_path):
    with MarkFile(tmp_path, "kiosk"):
        with pytest.raises(AlreadyRunning), MarkFile(tmp_path, "kiosk"):
            pass
        with MarkFile(tmp_path, "registration"):
            pass
    with MarkFile(tmp_path, "kiosk"):
        pass


# --- the session


def test_a_token_that_comes_late_is_waited_for(tmp_path, office):
    stop = threading.Event()
    clients: list[Client] = []

    def connect(token: str) -> Client:
        clients.append(Client("http://test", token, transport=httpx.MockTransport(office.handle)))
        return clients[-1]

    session = Session(connect, tmp_path / "device.token", stop)
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(session.call(lambda client: client.health().status)))
    thread.start()
    (tmp_path / "device.token").write_text("the-token\n")
    thread.join(10)
    session.close()
    assert answers == ["ok"]


def test_without_a_token_it_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setattr("printer.session.TOKEN_WAIT_SECONDS", 0.0)
    session = Session(lambda token: Client("http://test", token), tmp_path / "device.token", threading.Event())
    with pytest.raises(TokenMissing, match="kezek token --role device"):
        session.client()


def test_told_to_end_a_wait_ends(bench):
    bench.office.away = True
    bench.stop.set()
    session = Session(bench.connect, bench.token_file, bench.stop)
    with pytest.raises(Ended):
        session.call(lambda client: client.claim("kiosk"))


def test_a_refusal_that_cannot_pass_is_raised(bench):
    bench.office.refusals = [(422, "invalid_body")] * 2
    session = Session(bench.connect, bench.token_file, bench.stop)
    for call in (session.call, session.try_call):
        with pytest.raises(Refused):
            call(lambda client: client.claim("kiosk"))


def test_a_refusal_that_can_pass_is_asked_again(bench):
    bench.office.refusals = [(503, "store_unavailable"), (404, "not_kezek"), (404, "unknown_job")]
    session = Session(bench.connect, bench.token_file, bench.stop)
    with pytest.raises(Refused, match="unknown_job"):
        session.call(lambda client: client.claim("kiosk"))


def test_an_event_for_this_printer_wakes_it(office, office_server, make_slip, tmp_path):
    (tmp_path / "token").write_text("the-token")
    stop, wake = threading.Event(), threading.Event()
    session = Session(lambda token: Client(office_server.url, token), tmp_path / "token", stop)
    thread = threading.Thread(target=listen, args=(session, "kiosk", wake, stop))
    thread.start()
    assert wake.wait(10)
    wake.clear()
    office.queue(make_slip())
    assert wake.wait(10)
    stop.set()
    office.queue(make_slip())
    thread.join(10)
    assert not thread.is_alive()
    session.close()


def test_events_that_are_refused_leave_the_polling(bench):
    wake = threading.Event()
    session = Session(bench.connect, bench.token_file, bench.stop)
    thread = threading.Thread(target=listen, args=(session, "kiosk", wake, bench.stop))
    thread.start()
    bench.office.wait_for(lambda: "/events" in bench.office.calls)
    bench.stop.set()
    thread.join(10)
    assert not thread.is_alive()
