"""What is owed to paper. A job carries a slip's facts; its end is reported by the printer that claimed it.

queued -> claimed -> printed     on proof only
                  -> sent        all bytes went to a device that cannot answer
                  -> uncertain   some bytes went out, no proof: a marked copy is queued
                  -> failed      needs a person
queued, claimed   -> failed      a new day was opened
"""

from collections.abc import Mapping
from typing import Final

from appliance.contract import models as m
from appliance.domain.errors import JobNotClaimed
from appliance.domain.events import (
    Event,
    PrinterChanged,
    SlipFailed,
    SlipPrinted,
    SlipQueued,
    SlipSent,
    SlipUncertain,
)
from appliance.domain.model import Number, Stamp, Visit
from appliance.office.ports import PrintJob, Unit

DEFAULT_PRINTER: Final = "kiosk"


def printer_for(unit: Unit, kiosk: str | None) -> str:
    """Return the printer of a kiosk: its namesake if that ever reported, else the default one."""
    if kiosk is None or kiosk == DEFAULT_PRINTER:
        return DEFAULT_PRINTER
    return kiosk if unit.outbox.printer(kiosk) else DEFAULT_PRINTER


def compose_slips(unit: Unit, visit: Visit, secret: str, ahead: Mapping[Number, int]) -> list[m.Slip]:
    """Return a slip for each of the visit's tickets, all of them listed on each. Nothing personal goes in.

    `ahead` says how many wait before each.
    """
    day = unit.house.today()
    known = {service.code: service.names for service in unit.house.services()}
    # A service that the roster lost since is named by its letter.
    names = {one.service: known.get(one.service) or m.Names(kk=one.service, ru=one.service) for one in visit.tickets}
    lines = [m.SlipLine(number=ticket.number, names=names[ticket.service]) for ticket in visit.tickets]
    return [
        m.Slip(
            number=ticket.number,
            service=ticket.service,
            names=names[ticket.service],
            desks=[str(desk) for desk in unit.house.desks_giving(ticket.service)],
            ahead=ahead[ticket.number],
            wait=None,
            issued_at=ticket.issued.wall.isoformat(timespec="seconds"),
            tickets=lines,
            url=f"{day.event.address}/v/{secret}" if day.event.address else None,
            event=day.event,
            language=visit.language,  # type: ignore[arg-type] # was checked when it came in
        )
        for ticket in visit.tickets
    ]


def owes(unit: Unit, printer: str) -> bool:
    """Return whether this printer has a job to claim or one in hand."""
    return bool(unit.outbox.oldest(printer, "claimed") or unit.outbox.oldest(printer, "queued"))


def claim(unit: Unit, printer: str) -> m.Job | None:
    """Put the printer's oldest job in its hands; the one it already holds comes back as `resumed`."""
    held = unit.outbox.oldest(printer, "claimed")
    if held:
        return _job(held, resumed=True)
    job = unit.outbox.oldest(printer, "queued")
    if job is None:
        return None
    unit.outbox.move(job.id, "queued", "claimed")
    return _job(job, resumed=False)


def _job(job: PrintJob, *, resumed: bool) -> m.Job:
    return m.Job(id=job.id, printer=job.printer, copy=job.copy, resumed=resumed, slip=job.slip)


def report_printed(unit: Unit, job_id: int, proof: m.Proof, stamp: Stamp) -> m.JobState:
    """The paper has the slip. Raises UnknownJob, JobNotClaimed."""
    job = _end(unit, job_id, "printed", proof)
    unit.journal.append((SlipPrinted(job.id, job.number, job.printer, proof),), stamp)
    return m.JobState(id=job.id, state="printed")


def report_sent(unit: Unit, job_id: int, detail: str, stamp: Stamp) -> m.JobState:
    """All bytes went to a device that cannot answer. Raises UnknownJob, JobNotClaimed."""
    job = _end(unit, job_id, "sent", detail)
    unit.journal.append((SlipSent(job.id, job.number, job.printer),), stamp)
    return m.JobState(id=job.id, state="sent")


def report_uncertain(unit: Unit, job_id: int, reason: str, stamp: Stamp) -> m.JobState:
    """Some bytes went out, no proof came: queue the number again, marked. Raises UnknownJob, JobNotClaimed."""
    job = _end(unit, job_id, "uncertain", reason)
    copy = unit.outbox.put(job.printer, job.slip, copy=True, at=stamp.at)
    facts: list[Event] = [SlipUncertain(job.id, job.number, job.printer, reason)]
    facts.append(SlipQueued(copy, job.number, job.printer, copy=True))
    unit.journal.append(facts, stamp)
    return m.JobState(id=job.id, state="uncertain")


def report_failed(unit: Unit, job_id: int, reason: str, stamp: Stamp) -> m.JobState:
    """Nothing will print without a person. Raises UnknownJob, JobNotClaimed."""
    job = _end(unit, job_id, "failed", reason)
    unit.journal.append((SlipFailed(job.id, job.number, job.printer, reason),), stamp)
    return m.JobState(id=job.id, state="failed")


def drop_owed(unit: Unit, reason: str) -> list[Event]:
    """Give up every slip that has not reached paper, also one in a printer's hands; return the facts."""
    facts: list[Event] = []
    for job in unit.outbox.owed():
        unit.outbox.move(job.id, job.state, "failed", reason)
        facts.append(SlipFailed(job.id, job.number, job.printer, reason))
    return facts


def _end(unit: Unit, job_id: int, state: str, detail: str) -> PrintJob:
    job = unit.outbox.job(job_id)
    if not unit.outbox.move(job.id, "claimed", state, detail):
        raise JobNotClaimed(f"print job {job.id} is {job.state}; only a claimed one can be reported {state}")
    return job


def reprint(unit: Unit, number: Number, stamp: Stamp) -> None:
    """Queue this number's slip again, marked as a copy, with the service and desks it waits for now.

    Raises UnknownTicket.
    """
    visit = unit.queue.visit_of(number)
    last = unit.outbox.last_slip(number)
    printer = last.printer if last else DEFAULT_PRINTER
    ahead = {ticket.number: unit.queue.ahead(ticket.service, ticket.place) for ticket in visit.tickets}
    for slip in compose_slips(unit, visit, unit.queue.secret_of(visit.id), ahead):
        if slip.number == number:
            job = unit.outbox.put(printer, slip, copy=True, at=stamp.at)
            unit.journal.append((SlipQueued(job, number, printer, copy=True),), stamp)


def save_status(unit: Unit, printer: str, status: m.PrinterStatus, stamp: Stamp) -> None:
    """Store what a printer says of itself; journal it when it is news."""
    if unit.outbox.printer(printer) != status:
        changed = PrinterChanged(printer, status.state, status.paper, status.detail)
        unit.journal.append((changed,), stamp)
    unit.outbox.save_printer(printer, status, stamp.at)
