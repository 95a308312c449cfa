"""The reception day. It is opened by a person or by the first start, never by midnight: clocks here may be wrong."""

from appliance.contract import models as m
from appliance.domain.errors import DayInUse
from appliance.domain.events import DayDescribed, DayOpened
from appliance.domain.model import Stamp
from appliance.office.ports import Unit
from appliance.office.printing import drop_owed


def open_day(unit: Unit, event: m.EventInfo, stamp: Stamp) -> None:
    """Open a new day: numbers begin again at 001, and what waited before is left behind.

    Slips still owed are given up: printed today, they would put two people with one number before a desk.
    """
    given_up = drop_owed(unit, "its day is over")
    if given_up:
        unit.journal.append(given_up, stamp)
    unit.house.open_day(event)
    unit.journal.append((DayOpened(event.day, event.rehearsal),), stamp)


def begin_day(unit: Unit, event: m.EventInfo, stamp: Stamp, *, abandon: bool) -> None:
    """Open a new day by a person's wish. Raises DayInUse while anybody waits or is at a desk, unless `abandon`."""
    if unit.house.day() and not abandon and (live := unit.queue.live()):
        raise DayInUse(
            f"{live} tickets of the open day are not finished; their holders would be left behind. "
            "Finish or cancel them, or add --abandon"
        )
    open_day(unit, event, stamp)


def settle_day(unit: Unit, event: m.EventInfo, stamp: Stamp) -> bool:
    """Bring the open day in line with the configuration; return whether a new day was opened for it.

    A new one is opened when there is none, and when a rehearsal begins or ends, so that rehearsed tickets never mix
    with real ones. Otherwise only the title, the opening time and the address are renewed. Raises DayInUse when a
    rehearsal would end a real day that has tickets.
    """
    day = unit.house.day()
    if day is None or day.event.rehearsal != event.rehearsal:
        if day and event.rehearsal and (issued := unit.queue.issued()):
            raise DayInUse(
                f"the real day {day.event.day} is open here with {issued} tickets; rehearse with another --data, "
                "or end that day first: kezek day open"
            )
        open_day(unit, event, stamp)
        return True
    wanted = m.EventInfo(
        title=event.title, day=day.event.day, rehearsal=event.rehearsal, opens=event.opens, address=event.address
    )
    if wanted != day.event:
        unit.house.describe_day(wanted)
        unit.journal.append((DayDescribed(event.title.ru),), stamp)
    return False
