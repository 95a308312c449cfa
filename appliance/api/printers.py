"""`/printers` and `/jobs`: print jobs are claimed and their ends reported by the printer's process."""

import re
from typing import Final

from flask import Blueprint, Response

from appliance.api.context import context
from appliance.api.operations import (
    DEVICE,
    Operation,
    Work,
    authorise,
    describe,
    parse_number,
    read_body,
    read_key,
    writes,
)
from appliance.contract import models as m
from appliance.domain.errors import UnknownPrinter
from appliance.office import printing

blueprint: Final = Blueprint("printers", __name__)
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CLAIM: Final = Operation(
    "Take the oldest print job in hand; 204 when there is none",
    (DEVICE,),
    m.Nothing,
    m.Job,
    200,
    ("unknown_printer",),
)


def _name(printer: str) -> str:
    """Return the name, after noting the sign of life. Raises UnknownPrinter for what cannot be one."""
    if not _NAME.fullmatch(printer):
        raise UnknownPrinter(f"{printer[:40]!r} is not a printer's name: 1 to 32 of A-Z a-z 0-9 _ -")
    context().presence.note(printer)
    return printer


@writes(_CLAIM)
def _claim(work: Work[m.Nothing], printer: str) -> m.Job | None:
    return printing.claim(work.unit, printer)


@blueprint.post("/printers/<printer>/claim")
@describe(_CLAIM)
def claim(printer: str) -> Response:
    """Claim, without a write when nothing is owed: idle printers ask every few seconds."""
    authorise(_CLAIM.roles)
    read_body(m.Nothing)
    read_key()
    with context().store.read() as unit:
        if not printing.owes(unit, _name(printer)):
            return Response(status=204)
    return _claim(printer=printer)


@blueprint.put("/printers/<printer>/status")
@writes(Operation("Say how the printer is", (DEVICE,), m.PrinterStatus, m.PrinterStatus, 200, ("unknown_printer",)))
def put_status(work: Work[m.PrinterStatus], printer: str) -> m.PrinterStatus:
    """Store the printer's status."""
    printing.save_status(work.unit, _name(printer), work.body, work.stamp)
    return work.body


def _report(summary: str, body: type[m.Request]) -> Operation:
    return Operation(
        summary, (DEVICE,), body, m.JobState, 200, ("unknown_job", "job_not_claimed", "invalid_parameter")
    )


@blueprint.post("/jobs/<job>/printed")
@writes(_report("The paper has the slip: said on proof only", m.JobPrinted))
def printed(work: Work[m.JobPrinted], job: str) -> m.JobState:
    """Report printed."""
    return printing.report_printed(work.unit, parse_number("job", job), work.body.proof, work.stamp)


@blueprint.post("/jobs/<job>/sent")
@writes(_report("All bytes went to a device that cannot answer", m.JobSent))
def sent(work: Work[m.JobSent], job: str) -> m.JobState:
    """Report sent."""
    return printing.report_sent(work.unit, parse_number("job", job), work.body.detail, work.stamp)


@blueprint.post("/jobs/<job>/uncertain")
@writes(_report("Bytes went out and no proof came: a marked copy is queued", m.JobTrouble))
def uncertain(work: Work[m.JobTrouble], job: str) -> m.JobState:
    """Report uncertain."""
    return printing.report_uncertain(work.unit, parse_number("job", job), work.body.reason, work.stamp)


@blueprint.post("/jobs/<job>/failed")
@writes(_report("Nothing will print without a person", m.JobTrouble))
def failed(work: Work[m.JobTrouble], job: str) -> m.JobState:
    """Report failed."""
    return printing.report_failed(work.unit, parse_number("job", job), work.body.reason, work.stamp)
