"""The reception day: when a new one is opened, and what it leaves behind."""

import msgspec
import pytest

from appliance.contract import models as m
from appliance.domain.errors import DayInUse, UnknownTicket
from appliance.domain.model import DeskId, Number, ServiceCode
from appliance.office import calling, reception
from appliance.office.day import begin_day, open_day, settle_day

TITLE = m.Names(kk="Қабылдау", ru="Приём")
EVENT = m.EventInfo(title=TITLE, day="2023-07-28", opens="10:00", address="http://kezek.test")
REHEARSAL = msgspec.structs.replace(EVENT, rehearsal=True)


class Office:
    """The office's verbs, each in a transaction of its own."""

    def __init__(self, store, clock):
        self.store = store
        self.clock = clock

    def do(self, action, *arguments):
        with self.store.write() as unit:
            found = action(unit, *arguments, self.clock.stamp())
            unit.commit()
        return found

    def issue(self, *services):
        secret = f"secret {self.clock.now().running} {services}"
        self.clock.advance(1)
        order = reception.Order(tuple(map(ServiceCode, services)), secret)
        return [one.number for one in self.do(reception.issue, order).tickets]

    def settle(self, event):
        return self.do(settle_day, event)

    def begin(self, event, *, abandon):
        return self.do(lambda unit, stamp: begin_day(unit, event, stamp, abandon=abandon))

    def next(self, desk):
        return self.do(calling.call_next, DeskId(desk)).current.number

    def read(self, look):
        with self.store.read() as unit:
            return look(unit)

    def types_after(self, head):
        return [one.type for one in self.read(lambda unit: unit.journal.after(head, 200))]

    @property
    def head(self):
        return self.read(lambda unit: unit.journal.head())


@pytest.fixture
def office(store, clock):
    made = Office(store, clock)
    made.settle(EVENT)
    return made


def test_the_first_start_opens_a_day(bare_store, clock):
    office = Office(bare_store, clock)
    assert office.settle(EVENT) is True
    assert office.read(lambda unit: unit.house.day()).event == EVENT
    [entry] = office.read(lambda unit: unit.journal.after(0, 10))
    assert (entry.type, entry.day) == ("DayOpened", "2023-07-28")
    assert entry.data == {"day": "2023-07-28", "rehearsal": False}


def test_a_restart_on_the_same_day_changes_nothing(office):
    office.issue("К")
    head = office.head
    assert office.settle(EVENT) is False
    assert office.head == head
    assert office.issue("К") == ["К-002"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": m.Names(kk="Басқа", ru="Другой")},
        {"opens": "09:30"},
        {"opens": None},
        {"address": "http://10.0.0.1"},
    ],
)
def test_another_title_time_or_address_renews_the_day_and_keeps_its_numbers(office, change):
    office.issue("К")
    head = office.head
    changed = msgspec.structs.replace(EVENT, **change)
    assert office.settle(changed) is False
    assert office.read(lambda unit: unit.house.day()).event == changed
    assert office.types_after(head) == ["DayDescribed"], "screens are told"
    assert office.issue("К") == ["К-002"]


def test_midnight_opens_no_day(office, clock):
    """Clocks here may be wrong: a day is begun by a person."""
    office.issue("К")
    clock.advance(86_400)
    assert office.settle(msgspec.structs.replace(EVENT, day="2023-07-29")) is False
    assert office.read(lambda unit: unit.house.day()).event.day == "2023-07-28"
    assert office.issue("К") == ["К-002"]


def test_a_real_day_follows_a_rehearsal_with_its_own_numbers(store, clock):
    office = Office(store, clock)
    office.settle(REHEARSAL)
    assert office.issue("К", "Ж") == ["К-001", "Ж-001"]
    assert office.settle(EVENT) is True
    assert office.read(lambda unit: unit.house.day()).event == EVENT
    assert office.issue("Ж") == ["Ж-001"], "numbers begin again"
    assert office.read(lambda unit: [one.number for one in unit.queue.line()]) == ["Ж-001"]
    assert office.settle(EVENT) is False


def test_a_rehearsal_follows_a_real_day_that_is_empty(office):
    assert office.settle(REHEARSAL) is True
    assert office.read(lambda unit: unit.house.day()).event == REHEARSAL


def test_a_rehearsal_never_ends_a_real_day_that_has_tickets(office):
    """`--speed` typed by mistake on the day itself must not send the hall home."""
    office.issue("К")
    head = office.head
    with pytest.raises(DayInUse, match="1 tickets; rehearse with another --data"):
        office.settle(REHEARSAL)
    assert office.head == head
    assert office.issue("К") == ["К-002"]


def test_a_person_is_told_who_would_be_left_behind(office):
    office.issue("К", "Ж")
    with pytest.raises(DayInUse, match="2 tickets of the open day are not finished"):
        office.begin(EVENT, abandon=False)
    assert office.issue("К") == ["К-002"]
    office.begin(EVENT, abandon=True)
    assert office.issue("К") == ["К-001"]


def test_pauses_and_closed_services_end_with_their_day(office):
    office.do(lambda unit, stamp: calling.pause(unit, DeskId("К1"), "lunch", stamp))
    office.do(lambda unit, stamp: reception.set_service_open(unit, ServiceCode("К"), "", stamp, is_open=False))
    office.begin(EVENT, abandon=False)
    assert office.issue("К") == ["К-001"]
    assert office.next("К1") == "К-001"


def test_a_ticket_left_at_a_desk_does_not_keep_the_new_day_from_it(office):
    office.issue("К", "Ж")
    assert office.next("К1") == "К-001"
    office.begin(EVENT, abandon=True)
    assert office.read(lambda unit: unit.house.desk(DeskId("К1"))).current is None
    assert office.read(lambda unit: unit.queue.at_desks()) == []
    office.issue("К")
    assert office.next("К1") == "К-001"
    assert office.read(lambda unit: len(unit.queue.at_desks())) == 1


def test_places_begin_again_too(office):
    office.issue("К", "Ж")
    office.do(open_day, EVENT)
    office.issue("К")
    assert office.read(lambda unit: [one.place for one in unit.queue.line()]) == [1]


def test_the_roster_is_kept(office):
    before = office.read(lambda unit: unit.house.roster())
    office.settle(REHEARSAL)
    assert office.read(lambda unit: unit.house.roster()) == before


def test_the_journal_goes_on_and_each_entry_knows_its_day(office):
    office.issue("К")
    office.do(open_day, msgspec.structs.replace(EVENT, day="2023-07-29"))
    office.issue("К")
    entries = office.read(lambda unit: unit.journal.after(0, 200))
    assert [one.seq for one in entries] == list(range(1, len(entries) + 1))
    issued = [(one.day, one.data["number"]) for one in entries if one.type == "TicketIssued"]
    assert issued == [("2023-07-28", "К-001"), ("2023-07-29", "К-001")]
    of_day = office.read(lambda unit: [one.type for one in unit.journal.of_day(unit.house.today())])
    assert of_day == ["DayOpened", "TicketIssued", "SlipQueued"]


def test_slips_owed_at_the_days_end_are_given_up_on_its_record(office):
    office.issue("К", "Ж")
    head = office.head
    office.begin(EVENT, abandon=True)
    assert office.types_after(head) == ["SlipFailed", "SlipFailed", "DayOpened"]
    assert office.read(lambda unit: unit.outbox.owed()) == []


def test_an_earlier_days_ticket_is_unknown(office):
    office.issue("К")
    office.begin(EVENT, abandon=True)
    with office.store.read() as unit, pytest.raises(UnknownTicket, match="no ticket К-001"):
        unit.queue.visit_of(Number("К-001"))
