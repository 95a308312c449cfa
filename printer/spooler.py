"""The loop of one printer: claim a job, print it, report what is proven. One slip in flight, one thread.

At least once, and at most once unmarked: the mark is on disk before the first byte, and says after any crash whether
a slip may be on paper. An outcome that was reached is reported before anything else, however long that takes.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from appliance.client import Refused
from appliance.contract.models import Job, PrinterStatus
from printer.device import Device
from printer.dialogue import Patience
from printer.errors import SlipUnprintable
from printer.mark import Mark, MarkFile
from printer.outcome import Outcome
from printer.raster import make_bytes
from printer.session import Ended, Session
from printer.transport import Transport

POLL_SECONDS: Final = 2.0
"""How often work is asked for when no event says that there is some, and how often the printer is looked at."""
HELD_SECONDS: Final = 1.0
"""How often a printer that holds a slip up is looked at."""
STATUS_SECONDS: Final = 30.0
"""How often an unchanged status is reported."""
MOVED_ON: Final = frozenset({"job_not_claimed", "unknown_job"})
"""The server has settled the job without us; there is nothing to report any more."""
REASON_LENGTH: Final = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the loop must know of its printer."""

    printer: str
    width: int
    patience: Patience = field(default_factory=Patience)


class Spooler:
    """Owns one printer from start to end of the process."""

    def __init__(
        self, settings: Settings, session: Session, transport: Transport, marks: MarkFile, stop: threading.Event
    ) -> None:
        self.wake = threading.Event()
        self._settings = settings
        self._session = session
        self._marks = marks
        self._stop = stop
        self._device = Device(transport, self._tell, stop.is_set, settings.patience, marks.known)
        self._told: tuple[PrinterStatus, float] | None = None

    def run(self) -> None:
        """Print until told to stop."""
        try:
            mark = self._marks.load()
            self._device.torn = mark is not None and mark.stage in {"sending", "uncertain"}
            while not self._stop.is_set():
                if not self.step():
                    self.wake.wait(POLL_SECONDS)
                    self.wake.clear()
        except Ended:
            log.info("told to stop")
        finally:
            self._device.close()

    def step(self) -> bool:
        """Do what is next: report, or print one slip. False when there is nothing to do."""
        self._report()
        if not self._device.ready():
            return False
        job = self._claim()
        if job is None:
            return False
        self._print(job)
        self._report()
        return True

    def _claim(self) -> Job | None:
        try:
            return self._session.call(lambda client: client.claim(self._settings.printer))
        except Refused as error:
            if error.code != "unknown_printer":
                raise
            # The server has forgotten us, or never heard of us: the next look introduces us.
            self._told = None
            return None

    def _print(self, job: Job) -> None:
        mark = self._marks.load()
        if mark is not None and (mark.job == job.id or (mark.job is None and job.resumed)):
            log.warning("job %d: cut short before it was confirmed", job.id)
            self._marks.write(_uncertain(job, "the printer process was cut short before the slip was confirmed"))
            return
        try:
            blob = make_bytes(job.slip, copy=job.copy, width=self._settings.width)
        except SlipUnprintable as error:
            log.error("job %d: %s", job.id, error)  # noqa: TRY400 - the text says it all
            self._marks.write(Mark(job=job.id, stage="failed", detail=str(error)))
            return
        self._marks.write(Mark(job=job.id, stage="sending"))
        outcome = self._device.put(blob, job.id)
        while outcome.kind == "untouched":
            self._marks.clear()
            self._hold(job, outcome.detail)
            self._marks.write(Mark(job=job.id, stage="sending"))
            outcome = self._device.put(blob, job.id)
        log.info("job %d, slip %s: %s %s", job.id, job.slip.number, outcome.kind, outcome.proof or outcome.detail)
        self._marks.write(_outcome_mark(job, outcome))

    def _hold(self, job: Job, why: str) -> None:
        """Keep a claimed job until the printer is ready. Raises Ended."""
        log.warning("job %d waits: %s", job.id, why)
        while not self._device.ready():
            if self._stop.wait(HELD_SECONDS):
                raise Ended
        if self._stop.is_set():
            raise Ended

    # --- reports

    def _report(self) -> None:
        """Report an outcome that was reached, until the server has it. Raises Ended; the mark then stays."""
        mark = self._marks.load()
        if mark is None or mark.stage == "sending" or mark.job is None:
            return
        try:
            self._send_report(mark.job, mark)
        except Refused as error:
            if error.code not in MOVED_ON:
                raise
            log.warning("job %d: the report came too late (%s)", mark.job, error.code)
        self._marks.clear()

    def _send_report(self, job: int, mark: Mark) -> None:
        reason = mark.detail[:REASON_LENGTH] or "no reason known"
        match mark.stage:
            case "printed":
                proof = mark.proof or "processed"
                self._session.call(lambda client: client.job_printed(job, proof))
            case "sent":
                self._session.call(lambda client: client.job_sent(job, mark.detail))
            case "uncertain":
                self._session.call(lambda client: client.job_uncertain(job, reason))
            case _:
                self._session.call(lambda client: client.job_failed(job, reason))

    def _tell(self, status: PrinterStatus) -> None:
        """Report the printer's status when it changed, and now and then."""
        now = time.monotonic()
        if self._told is not None and self._told[0] == status and now - self._told[1] < STATUS_SECONDS:
            return
        if self._told is None or self._told[0] != status:
            log.info("printer is %s, paper %s %s", status.state, status.paper, status.detail)
        if self._session.try_call(lambda client: client.put_printer_status(self._settings.printer, status)):
            self._told = (status, now)


def _uncertain(job: Job, reason: str) -> Mark:
    return Mark(job=job.id, stage="uncertain", detail=reason)


def _outcome_mark(job: Job, outcome: Outcome) -> Mark:
    match outcome.kind:
        case "printed" | "sent":
            return Mark(job=job.id, stage=outcome.kind, proof=outcome.proof, detail=outcome.detail)
        case _:
            return _uncertain(job, outcome.detail)
