"""The first 40 visitors of a real day, through the real processes: once undisturbed, once with SIGKILLs all day."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter

import msgspec
import pytest
from appliance_under_test import PARTS, Appliance
from evidence import check_journal, read_slips, tv_texts
from hall import Hall, persist, read_day

from appliance.client import Client
from appliance.contract import models as m
from appliance.roster import sample_roster

pytestmark = pytest.mark.e2e
VISITORS = 40
SPEED = 200.0


class Chaos(threading.Thread):
    """Kills a process at a random moment, again and again, each five times."""

    def __init__(self, appliance: Appliance, seed: int) -> None:
        super().__init__(daemon=True)
        self.appliance = appliance
        self.random = random.Random(seed)
        self.stop = threading.Event()

    def run(self) -> None:
        victims = list(PARTS) * 5
        self.random.shuffle(victims)
        for victim in victims:
            if self.stop.wait(self.random.uniform(0.8, 2.6)):
                return
            self.appliance.kill(victim)


class Watcher(threading.Thread):
    """Compares the TV with the board all day long, whenever both are of one seq."""

    def __init__(self, appliance: Appliance, client: Client) -> None:
        super().__init__(daemon=True)
        self.appliance = appliance
        self.client = client
        self.stop = threading.Event()
        self.agreed = 0
        self.failure: AssertionError | None = None

    def run(self) -> None:
        while not self.stop.wait(0.05):
            board = persist(lambda _key: self.client.board())
            try:
                seq, texts = tv_texts(self.appliance.data)
            except FileNotFoundError:
                continue
            if seq != board.seq:
                continue
            desk_of = {call.number: call.desk for call in board.calls}
            shown = [(text, texts[at + 2]) for at, text in enumerate(texts) if text in desk_of]
            on_their_way = [call for call in board.calls if call.state == "called"]
            newest = [(call.number, call.desk) for call in on_their_way[:1]]
            if (
                not set(newest) <= set(shown)
                or bool(shown) != bool(desk_of)
                or not set(shown) <= set(desk_of.items())
            ):
                self.failure = AssertionError(f"the TV shows {shown}, the board has {desk_of}")
                return
            self.agreed += bool(shown)


@pytest.fixture
def appliance(tmp_path):
    made = Appliance(tmp_path / "data", SPEED)
    made.start()
    yield made
    codes = made.stop()
    assert set(codes.values()) == {0}, f"{codes}\n{made.tail()}"


def play(appliance: Appliance, seconds: float) -> tuple[Hall, Watcher]:
    operator = Client(appliance.server, appliance.token("operator"))
    supervisor = Client(appliance.server, appliance.token("supervisor"))
    with operator, supervisor, Client(appliance.server) as eyes:
        watcher = Watcher(appliance, eyes)
        watcher.start()
        hall = Hall(appliance, read_day(VISITORS), operator, supervisor)
        hall.play(seconds)
        settle(appliance, supervisor)
        watcher.stop.set()
        watcher.join()
        if watcher.failure:
            raise watcher.failure
        check_report(hall, persist(lambda _key: supervisor.report()))
    return hall, watcher


def settle(appliance: Appliance, client: Client) -> None:
    """Wait until nothing is owed to paper and the TV shows the last seq."""
    deadline = time.monotonic() + 60
    while True:
        health = persist(lambda _key: client.health())
        owed = sum(printer.queued for printer in health.printers)
        if not owed and tv_texts(appliance.data)[0] == health.seq:
            return
        assert time.monotonic() < deadline, f"{health}\n{appliance.tail()}"
        threading.Event().wait(0.1)


def check_report(hall: Hall, report) -> None:
    """The report must say what the people themselves would."""
    errands = hall.errands
    served = hall.log.served
    assert report.tickets == len(errands)
    assert report.visits == len({errand.visitor for errand in errands})
    assert report.served == len(served)
    assert report.absent == len(hall.absent) == len(errands) - len(served)
    assert (report.open, report.cancelled) == (0, 0)
    assert report.event.rehearsal
    group_of = {topic.code: topic.group for topic in sample_roster().topics}
    groups = Counter(group_of[errand.topic] for errand in served)
    assert {one.group: one.count for one in report.top_groups}.items() <= groups.items()
    assert [one.count for one in report.top_groups] == [count for _, count in groups.most_common(5)]
    assert report.outcomes == dict(Counter(errand.outcome for errand in served))
    for service in report.services:
        assert service.tickets == sum(errand.service == service.code for errand in errands)
        assert service.served == sum(errand.service == service.code for errand in served)


def check_paper(appliance: Appliance, hall: Hall) -> tuple[int, int]:
    """Every ticket has its slip; a second one only if it is marked. Returns slips and copies."""
    papers = read_slips(appliance.data / "slips")
    unmarked = Counter(paper.number for paper in papers if not paper.copy)
    assert set(hall.by_number) == {paper.number for paper in papers}
    assert max(unmarked.values()) == 1
    return len(papers), sum(paper.copy for paper in papers)


def journal(appliance: Appliance) -> list[m.Entry]:
    command = [sys.executable, "-m", "appliance", "journal", "export", "--data", str(appliance.data)]
    lines = subprocess.run(command, check=True, capture_output=True).stdout.splitlines()
    return [msgspec.json.decode(line, type=m.Entry) for line in lines]


def test_a_day(appliance):
    hall, watcher = play(appliance, 240)
    facts = check_journal(journal(appliance))
    assert facts["TicketIssued"] == len(hall.errands)
    assert facts["TicketMissed"] == hall.log.missed
    assert hall.log.visits_of_several >= 15, "the rule that nobody is called twice was put to the test"
    assert facts["TicketReturned"] == hall.log.returned
    slips, copies = check_paper(appliance, hall)
    assert (slips, copies) == (len(hall.errands), 0)
    assert watcher.agreed > 20
    appliance.check_alive()


def test_a_day_with_every_process_killed_again_and_again(appliance):
    chaos = Chaos(appliance, seed=20230728)
    chaos.start()
    hall, watcher = play(appliance, 300)
    chaos.stop.set()
    chaos.join()
    appliance.wait_for_server()
    facts = check_journal(journal(appliance))
    assert facts["TicketIssued"] == len(hall.errands)
    slips, copies = check_paper(appliance, hall)
    assert slips - copies <= len(hall.errands) <= slips
    assert min(appliance.kills.values()) >= 2, appliance.kills
    assert watcher.agreed > 10
    print(f"kills {appliance.kills}, slips {slips}, copies {copies}, pressed again {hall.log.pressed_again}")
