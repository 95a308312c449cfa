"""Six desks, a panel of buttons and a roomful of threads: the record has no gap and nobody is called twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from appliance.contract import models as m
from appliance.domain.errors import DeskBusy, DeskIdle, NobodyWaiting, NotAllowed
from appliance.domain.model import DeskId, ServiceCode
from appliance.office import appeals, calling, reception

THREADS = 16
DESKS = ("К1", "К2", "К3", "Ж1", "Ж2", "А1")
WANTED = (("К", "Ж"), ("К",), ("Ж", "А"), ("А", "К", "Ж"), ("Ж",))
VISITS = 200
ENOUGH = 300


@pytest.fixture
def crowd(store, clock):
    """Issue many visits of several tickets each, in one transaction."""
    with store.write() as unit:
        for number in range(VISITS):
            services = tuple(map(ServiceCode, WANTED[number % len(WANTED)]))
            reception.issue(unit, reception.Order(services, f"crowd-{number}"), clock.stamp())
        unit.commit()


def whole_journal(store):
    with store.read() as unit:
        return list(unit.journal.of_day(unit.house.today()))


class Crowd:
    """Threads that press buttons and tap tablets on one store, until enough were called."""

    def __init__(self, store, clock):
        self.store = store
        self.clock = clock
        self.calls = []
        self.issued = []
        self.enough = threading.Event()
        self._gate = threading.Barrier(THREADS)

    def carry_out(self, action):
        with self.store.write() as unit:
            result = action(unit)
            unit.commit()
            return result

    def work(self, number):
        self._gate.wait(10)
        try:
            if number < 3:
                self.press(f"kiosk-{number}")
            else:
                self.operate(DESKS[number % len(DESKS)])
        except BaseException:
            self.enough.set()  # one that fails leaves its desk busy: the others must not wait for it
            raise

    def press(self, name):
        for number in range(15):
            order = reception.Order((ServiceCode("К"),), f"{name}-{number}")
            visit = self.carry_out(lambda unit, order=order: reception.issue(unit, order, self.clock.stamp(name)))
            self.issued.append(visit.tickets[0].number)

    def operate(self, desk):
        """Several threads share a desk: two tablets, or a finger that taps twice."""
        stamp = self.clock.stamp(desk)
        while not self.enough.is_set():
            try:
                after = self.carry_out(lambda unit: calling.call_next(unit, DeskId(desk), stamp))
                self.calls.append(after.current.number)
                if len(self.calls) >= ENOUGH:
                    self.enough.set()
                self.carry_out(lambda unit: self.end_talk(unit, desk, stamp))
            except NobodyWaiting:
                return
            except (DeskBusy, DeskIdle, NotAllowed):
                continue

    def end_talk(self, unit, desk, stamp):
        calling.start(unit, DeskId(desk), None, stamp)
        appeals.finish(unit, DeskId(desk), m.FinishRequest(), stamp)


def test_seqs_have_no_gap_and_nobody_is_called_twice(store, clock, crowd):
    hall = Crowd(store, clock)
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(hall.work, number) for number in range(THREADS)]:
            done.result(60)
    entries = whole_journal(store)
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))
    called = [one.data["number"] for one in entries if one.type == "TicketCalled"]
    assert sorted(called) == sorted(hall.calls)
    assert len(called) == len(set(called)) >= ENOUGH
    numbers = [one.data["number"] for one in entries if one.type == "TicketIssued"]
    assert len(numbers) == len(set(numbers))
    assert set(hall.issued) <= set(numbers)
    assert len(hall.issued) == 45
    places = [one.data["place"] for one in entries if one.type == "TicketIssued"]
    assert places == list(range(1, len(numbers) + 1))
    check_hall(entries)


def check_hall(entries):
    """Follow the record: a desk never has two tickets, a visitor is never at two desks."""
    visit_of = {one.data["number"]: one.data["visit"] for one in entries if one.type == "TicketIssued"}
    at_desk: dict[str, str] = {}
    for one in entries:
        number = one.data.get("number")
        if one.type == "TicketCalled":
            assert one.data["desk"] not in at_desk.values(), one
            assert visit_of[number] not in {visit_of[other] for other in at_desk}, one
            at_desk[number] = one.data["desk"]
        elif one.type == "TicketFinished":
            assert at_desk.pop(number) == one.data["desk"]


def test_a_reader_that_polls_by_seq_misses_nothing(store, hall):
    """Every entry is seen as soon as a later one is: no number commits after its successor."""
    stop = threading.Event()
    seen: list[int] = []

    def poll():
        while True:
            last_round = stop.is_set()
            with store.read() as unit:
                seen.extend(one.seq for one in unit.journal.after(seen[-1] if seen else 0, 200))
            if last_round:
                return

    reader = threading.Thread(target=poll)
    reader.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: hall.issue("К"), range(60)))
    stop.set()
    reader.join(10)
    assert seen == [one.seq for one in whole_journal(store)]
    assert seen == list(range(1, len(seen) + 1))


def test_numbers_are_taken_one_by_one(hall):
    """Eight kiosks press at once; К-001 to К-080 are given, each once."""
    with ThreadPoolExecutor(8) as pool:
        numbers = [one for taken in pool.map(lambda _: hall.issue("К"), range(80)) for one in taken]
    assert sorted(numbers) == [f"К-{number:03d}" for number in range(1, 81)]
