"""One printer as the spooler sees it: how it is, and printing a slip with the best proof it can give.

Owns the transport: opens it when needed, closes it when it broke. Learns by asking which answers the printer gives;
nothing is inferred from names. A slip's bytes are written once; whatever happens after the first, they are never
written again from here.
"""

import logging
import time
from contextlib import suppress
from typing import Final

from appliance.contract.models import PrinterStatus
from printer import status as st
from printer.checkpoints import add_checkpoints
from printer.dialogue import Dialogue, Patience
from printer.errors import DeviceAbsent, DeviceLost, DeviceStalled
from printer.known import Fence, Known, Memory
from printer.outcome import Ending, Outcome, Tell
from printer.transport import Transport

RESYNC: Final = bytes(72 * 24 + 16)
"""Ends with white whatever command was cut short in the printer; one that is between commands skips it."""
CUT_OFF: Final = b"\x1b@\x1dVB\x00"
"""Cuts a torn slip off: the next begins on clean paper."""

PROBE_MARK: Final = st.fence_mark(0)

log = logging.getLogger(__name__)


class Device:
    """One printer. Used by one thread."""

    def __init__(
        self,
        transport: Transport,
        tell: Tell,
        ending: Ending,
        patience: Patience | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._memory = memory or Memory()
        self._patience = patience or Patience()
        self._transport = transport
        self._tell = tell
        self._ending = ending
        self._dialogue = Dialogue(transport, self._patience)
        self._open = False
        self._fence = Fence.UNKNOWN
        self._questions: tuple[int, ...] = st.QUESTIONS
        self._spoke = False
        self._looked = self._answered = 0.0
        self._answers_in_order = self._counting = False
        self.torn = False
        """Whether a slip may have been cut short in the printer: the next connection begins by cutting it off."""

    def close(self) -> None:
        """Let go of the device."""
        self._transport.close()
        self._open = False
        self._dialogue.forget()
        self._fence = Fence.UNKNOWN
        self._questions = st.QUESTIONS

    def ready(self) -> bool:
        """Look at the printer, tell how it is, and return whether it may be given a slip."""
        if self._open and not self._spoke and time.monotonic() - self._looked < self._patience.mute:
            return True
        try:
            status, answered = self._connect_and_look()
        except (DeviceAbsent, DeviceLost, DeviceStalled) as error:
            self.close()
            self._tell(PrinterStatus(state="offline", detail=str(error)))
            return False
        self._tell(status)
        if not answered and self._spoke:
            # One that has never answered may have no way back; this one is off, covered, or the connection is dead.
            if not self._in_order or time.monotonic() - self._answered > self._patience.fence:
                self.close()
            return False
        return status.state != "blocked"

    def _connect_and_look(self) -> tuple[PrinterStatus, bool]:
        """Look at the printer, through a new connection when the old one was closed meanwhile."""
        was_open = self._open
        self._connect()
        try:
            status, answered = self._look()
        except DeviceLost:
            if not was_open:
                raise
            self.close()
            self._connect()
            status, answered = self._look()
        if not self._spoke:
            self._learn_in_order()
            if self._in_order:
                status, answered = self._look()
        elif self._fence is Fence.UNKNOWN and answered and status.state != "blocked":
            self._learn_fence()
        if self._spoke and self._fence is not Fence.UNKNOWN:
            self._memory.keep(self._transport.identity, Known(questions=self._questions, fence=self._fence))
        return status, answered

    def _connect(self) -> None:
        if self._open:
            return
        self._transport.open()
        self._open, self._answered = True, time.monotonic()
        known = self._memory.recall(self._transport.identity)
        self._spoke = self._spoke or known.speaks
        if known.fence is Fence.PROCESSED and not known.questions:
            self._fence, self._questions = known.fence, ()
            self._answers_in_order = True
        self._transport.write(RESYNC + CUT_OFF if self.torn else RESYNC, self._patience.stall)

    def put(self, blob: bytes, job: int) -> Outcome:
        """Print a slip on a printer that is `ready`, and wait for what it can prove."""
        mark = st.fence_mark(job)
        with suppress(DeviceLost):
            # What was said before is no proof of this slip; a loss shows in the first byte.
            self._dialogue.hear(0)
        self._counting = self._answers_in_order and not self._transport.shows_power
        if self._counting:
            blob, count = add_checkpoints(blob)
            self._dialogue.owed += count
        outcome = self._write(blob + self._fence_bytes(mark)) or self._confirm(mark)
        if outcome.kind in {"uncertain", "untouched"}:
            self.torn = self.torn or outcome.kind == "uncertain"
            self.close()
        else:
            self.torn = False
        return outcome

    # --- looking

    @property
    def _in_order(self) -> bool:
        """Whether the printer answers GS r only: in its turn, so not while it is stopped."""
        return self._fence is Fence.PROCESSED and not self._questions

    def _look(self) -> tuple[PrinterStatus, bool]:
        """Return how the printer is, and whether it answered at all."""
        self._looked = time.monotonic()
        if self._in_order:
            bits = self._dialogue.ask_in_order()
            if bits is not None:
                self.torn, self._answered = False, time.monotonic()
                return st.judge_processed(bits), True
            return PrinterStatus(
                state="unknown", detail="the printer stopped answering: see to paper and cover"
            ), False
        answers: dict[int, int] = {}
        for question in self._questions:
            bits = self._dialogue.ask(question)
            if bits is not None:
                answers[question] = bits
            elif not answers:
                break
        if not answers:
            detail = "the printer stopped answering" if self._spoke else "the printer does not answer"
            return PrinterStatus(state="unknown", detail=detail), False
        if not self._spoke:
            self._spoke, self._fence = True, Fence.UNKNOWN
        # It answers, so it has swallowed what the connection began with.
        self.torn = False
        self._questions = tuple(answers)
        return st.judge(answers), True

    # --- the fence

    def _learn_in_order(self) -> None:
        """Find out whether a printer that answers no real-time question answers GS r, now or when it goes on."""
        if self._fence is Fence.UNKNOWN:
            self._fence = self._probe(st.PROCESSED)
        elif not self._dialogue.owed:
            self._fence = Fence.PROCESSED
        if self._fence is Fence.PROCESSED:
            self._spoke = self._answers_in_order = True
            self._questions = ()

    def _learn_fence(self) -> None:
        """Find out which fence a printer answers. One that answered another before is asked twice."""
        question = st.fence(PROBE_MARK) + st.PROCESSED
        self._fence = self._probe(question)
        if self._memory.recall(self._transport.identity).fence not in {self._fence, Fence.UNKNOWN}:
            self._fence = self._probe(question)
        self._answers_in_order = not self._dialogue.owed

    def _probe(self, question: bytes) -> Fence:
        """Ask an idle printer which fence it answers; `question` ends with GS r."""
        self._transport.write(question, self._patience.stall)
        self._dialogue.owed += 1
        fence = Fence.NONE
        deadline = time.monotonic() + self._patience.probe
        while (left := deadline - time.monotonic()) > 0 and (fence is Fence.NONE or self._dialogue.owed):
            for heard in self._dialogue.hear(left):
                if heard == st.Echo(PROBE_MARK):
                    fence = Fence.ECHO
                elif isinstance(heard, st.Processed) and fence is Fence.NONE:
                    fence = Fence.PROCESSED
        log.info("%s answers the fence with %s", self._transport, fence.value)
        return fence

    def _fence_bytes(self, mark: bytes) -> bytes:
        match self._fence:
            case Fence.ECHO:
                return st.fence(mark)
            case Fence.PROCESSED:
                self._dialogue.owed += 1
                return st.PROCESSED
            case _:
                return b""

    def _confirm(self, mark: bytes) -> Outcome:
        """Wait for the proof. While connected the printer holds the slip: it is asked again, never sent again."""
        answered_at = time.monotonic()
        ready_at: float | None = None
        ends_at: float | None = None
        try:
            while True:
                if outcome := self._proof(mark):
                    return outcome
                status, answered = self._look_again()
                self._tell(status)
                now = time.monotonic()
                if answered:
                    answered_at = now
                ready_at = (ready_at or now) if answered and status.state != "blocked" else None
                if ready_at is not None and now - ready_at > self._patience.fence:
                    return Outcome("uncertain", detail="the printer is there and never confirmed the slip")
                if now - answered_at > self._patience.give_up:
                    return Outcome("uncertain", detail=status.detail)
                if self._ending():
                    ends_at = ends_at or now + (0 if status.state == "blocked" else self._patience.last)
                    if now >= ends_at:
                        return Outcome("uncertain", detail=f"stopped while the slip waited: {status.detail}")
        except DeviceLost as error:
            return Outcome("uncertain", detail=str(error))

    def _look_again(self) -> tuple[PrinterStatus, bool]:
        """Look at a printer that has a slip in hand, and may be unable to take a question."""
        try:
            return self._look()
        except DeviceStalled as error:
            return PrinterStatus(state="blocked", detail=f"{error}: see to paper and cover"), False

    def _echo_proof(self, mark: bytes) -> Outcome | None:
        if self._dialogue.echoed != mark:
            self._dialogue.hear(self._patience.poll)
        if self._dialogue.echoed != mark:
            return None
        if self._counting and self._dialogue.owed:
            return Outcome("uncertain", detail="the printer lost power, or data, inside the slip")
        return Outcome("printed", self._transport.proof)

    def _proof(self, mark: bytes) -> Outcome | None:
        """Wait a little for the fence's answer."""
        if self._fence is Fence.ECHO:
            return self._echo_proof(mark)
        if not self._spoke:
            return Outcome("sent", detail="the printer has no way to answer")
        if self._fence is Fence.PROCESSED:
            if self._dialogue.owed:
                self._dialogue.hear(self._patience.poll)
            if self._dialogue.owed:
                return None
        status, answered = self._look_again()
        if not answered or status.state == "blocked":
            self._dialogue.hear(self._patience.poll)
            return None
        if self._fence is Fence.PROCESSED:
            return Outcome("printed", "processed")
        return Outcome("sent", detail="the printer tells its status but confirms no slip")

    # --- writing

    def _write(self, data: bytes) -> Outcome | None:
        """Send all of `data` once; None when all went out."""
        sent = 0
        stalled = 0.0
        while True:
            try:
                self._transport.write(data[sent:], self._patience.stall)
            except DeviceLost as error:
                sent += error.sent
                return Outcome("uncertain" if sent else "untouched", detail=str(error))
            except DeviceStalled as error:
                stalled = 0.0 if error.sent else stalled + self._patience.stall
                sent += error.sent
                if not sent:
                    return Outcome("untouched", detail=str(error))
                self._tell(PrinterStatus(state="blocked", detail="the printer takes no data: see to paper and cover"))
                if stalled >= self._patience.give_up or (self._ending() and stalled >= self._patience.last):
                    return Outcome("uncertain", detail=str(error))
            else:
                return None
