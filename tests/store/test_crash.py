"""A process that is killed loses nothing it had said, and leaves nothing half done."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from appliance.wiring import DATABASE, open_store

ISSUER = Path(__file__).with_name("issuer.py")
KILLS = 20


@pytest.fixture
def issuer(store, place):
    """The process that issues; ended by closing its standard input."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(ISSUER), str(place.data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        yield process
        process.stdin.close()
        assert process.wait(20) == 0


def kill_one(issuer, dice: random.Random) -> list[str]:
    """Let one child issue, kill it at a random moment, and return every number that it said."""
    issuer.stdin.write("go\n")
    issuer.stdin.flush()
    child = int(issuer.stdout.readline())
    said = [issuer.stdout.readline() for _ in range(dice.randint(0, 8))]
    threading.Event().wait(dice.uniform(0, 0.012))  # somewhere within a transaction
    os.kill(child, signal.SIGKILL)
    while (line := issuer.stdout.readline()) != "dead\n":
        said.append(line)
    return " ".join(said).split()


def test_what_was_said_is_there_after_twenty_kills(issuer, place, raw):
    dice = random.Random(20230728)
    said: list[str] = []
    for _ in range(KILLS):
        said += kill_one(issuer, dice)
        assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert len(said) > KILLS
    assert len(said) == len(set(said))
    check_database(place.data / DATABASE, said)
    with open_store(place) as store, store.read() as unit:
        assert {one.number for one in unit.queue.line()} >= set(said)


def check_database(path: Path, said: list[str]) -> None:
    """Check that each number said is there with its record and slip, and that no transaction was left half done."""
    with closing(sqlite3.connect(path)) as connection:
        stored = {number for (number,) in connection.execute("SELECT number FROM tickets")}
        assert set(said) <= stored
        queued = {number for (number,) in connection.execute("SELECT number FROM jobs")}
        assert queued == stored, "each ticket has its slip and each slip its ticket"
        query = "SELECT json_extract(CAST(data AS TEXT), '$.number') FROM journal WHERE type = 'TicketIssued'"
        assert {number for (number,) in connection.execute(query)} == stored
        seqs = [seq for (seq,) in connection.execute("SELECT seq FROM journal ORDER BY seq")]
        assert seqs == list(range(1, len(seqs) + 1))
        assert connection.execute("SELECT seq FROM journal_head").fetchone() == (len(seqs),)
        for service in "КЖА":
            mine = sorted(number for number in stored if number.startswith(service))
            assert mine == [f"{service}-{number:03d}" for number in range(1, len(mine) + 1)], "no number is skipped"
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
