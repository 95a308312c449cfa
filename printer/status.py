"""What a printer says about itself: questions, answers told apart, and their meaning.

Real-time questions (DLE EOT) tell how the printer is *now*; the fence after the cut tells that everything before it
was executed. Silence and nonsense are 'unknown', never 'fine'. Answers of several kinds interleave on the wire;
`Receiver` tells them apart by their fixed bits, and names what is none of them.
"""

from dataclasses import dataclass
from enum import IntFlag
from typing import Final

from appliance.contract.models import Paper, PrinterState, PrinterStatus

DLE_EOT: Final = b"\x10\x04"
QUESTIONS: Final = (1, 2, 3, 4)
"""Online, cause of offline, error, paper."""
PROCESSED: Final = b"\x1dr\x01"
"""GS r 1: answered when everything before it has been executed."""
ECHO: Final = b"\x1d(H\x06\x00\x30\x30"
"""GS ( H, function 48: the four bytes that follow are echoed when everything before is on paper."""
ECHO_HEAD: Final = b"\x37\x22"
ECHO_LENGTH: Final = 7
ASB_LENGTH: Final = 4
LETTERS: Final = b"1QSUWY[]_qsuwy{}"
"""0xx1xx11 and 0xx1xx01: of these no answer of another kind is made, so that half an echo is no answer either."""


class Online(IntFlag):
    """DLE EOT 1."""

    OFFLINE = 0x08


class Cause(IntFlag):
    """DLE EOT 2."""

    COVER_OPEN = 0x04
    PAPER_END = 0x20
    ERROR = 0x40


class Trouble(IntFlag):
    """DLE EOT 3."""

    CUTTER = 0x08
    FATAL = 0x20
    PASSING = 0x40


class PaperSensor(IntFlag):
    """DLE EOT 4."""

    LOW = 0x0C
    OUT = 0x60


@dataclass(frozen=True, slots=True)
class RealTime:
    """The answer to DLE EOT n; which n is known from the question only."""

    bits: int


@dataclass(frozen=True, slots=True)
class Processed:
    """The answer to GS r 1."""

    bits: int


@dataclass(frozen=True, slots=True)
class Echo:
    """The answer to the fence with these four bytes."""

    mark: bytes


@dataclass(frozen=True, slots=True)
class Automatic:
    """Automatic status (GS a): four bytes that the printer sends unasked."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are no whole answer of any kind."""

    data: bytes


Heard = RealTime | Processed | Echo | Automatic | Noise


def ask(question: int) -> bytes:
    """Return DLE EOT n."""
    return DLE_EOT + bytes([question])


def fence_mark(job: int) -> bytes:
    """Return the four letters that stand for a job on the fence."""
    return bytes(LETTERS[job >> shift & 0x0F] for shift in (12, 8, 4, 0))


def fence(mark: bytes) -> bytes:
    """Return the command that makes a printer echo `mark` when all before it is on paper."""
    return ECHO + mark


class Receiver:
    """Tells the answers on the wire apart, across any split into pieces.

    Fixed bits (Epson, ESC/POS command reference, DLE EOT, GS a, GS r, GS ( H): a real-time answer is 0xx1xx10,
    automatic status is 0xx1xx00 and three bytes 0xx0xxxx, GS r answers 0xx0xxxx, the echo is 37 22 d1 d2 d3 d4 00.
    The first two are made by interrupt, so a real-time answer may stand between any two bytes of another answer, and
    automatic status, whole, inside an echo. What is executed in order (GS r, echo) never stands inside another.
    """

    def __init__(self) -> None:
        self._open: list[bytes] = []
        """Answers that have begun, each inside the one before it."""

    def feed(self, data: bytes) -> list[Heard]:
        """Take what came in and return the answers that are complete."""
        heard: list[Heard] = []
        for bits in data:
            self._take(bits, heard)
        return heard

    def clear(self) -> None:
        """Forget half an answer."""
        self._open.clear()

    def _take(self, bits: int, heard: list[Heard]) -> None:
        if bits & 0x93 == 0x12:  # noqa: PLR2004 - the fixed bits of DLE EOT
            heard.append(RealTime(bits))
            return
        starts_automatic = bits & 0x93 == 0x10  # noqa: PLR2004 - the fixed bits of automatic status
        while self._open:
            begun = self._open[-1]
            inside_echo = begun[0] == ECHO_HEAD[0]
            if _goes_on(begun, bits):
                self._open[-1] = begun + bytes([bits])
                self._close(heard)
                return
            if inside_echo and starts_automatic:
                break
            heard.append(Noise(self._open.pop()))
        if starts_automatic or bits == ECHO_HEAD[0]:
            self._open.append(bytes([bits]))
        elif bits & 0x90 == 0:
            heard.append(Processed(bits))
        else:
            heard.append(Noise(bytes([bits])))

    def _close(self, heard: list[Heard]) -> None:
        """Take the innermost answer off when it is complete."""
        begun = self._open[-1]
        if begun[0] == ECHO_HEAD[0]:
            if len(begun) == ECHO_LENGTH:
                heard.append(Echo(begun[len(ECHO_HEAD) : -1]))
                self._open.pop()
        elif len(begun) == ASB_LENGTH:
            heard.append(Automatic(begun))
            self._open.pop()


def _goes_on(begun: bytes, bits: int) -> bool:
    """Whether an answer that has begun like this may go on with these bits."""
    if begun[0] != ECHO_HEAD[0]:
        return bits & 0x90 == 0
    if len(begun) == 1:
        return bits == ECHO_HEAD[1]
    if len(begun) == ECHO_LENGTH - 1:
        return bits == 0
    return 0x20 <= bits <= 0x7E and bits & 0x93 != 0x10  # noqa: PLR2004 - what GS ( H takes


def judge(answers: dict[int, int]) -> PrinterStatus:
    """Return what the answers to DLE EOT 1 to 4 mean together; a missing answer is never a good one."""
    troubles = [
        text
        for question, bits, text in (
            (2, Cause.COVER_OPEN, "the cover is open"),
            (3, Trouble.CUTTER, "the cutter is stuck"),
            (3, Trouble.FATAL, "the printer has an error that needs service"),
            (3, Trouble.PASSING, "the printer recovers from an error"),
        )
        if answers.get(question, 0) & bits
    ]
    paper = _paper(answers)
    if paper == "out":
        troubles.insert(0, "the paper is out")
    offline = answers.get(1, 0) & Online.OFFLINE or answers.get(2, 0) & Cause.ERROR
    if offline and not troubles:
        troubles.append("the printer is off line and does not say why")
    if troubles:
        return PrinterStatus(state="blocked", paper=paper, detail="; ".join(troubles))
    if any(question not in answers for question in QUESTIONS):
        state: PrinterState = "unknown"
        return PrinterStatus(state=state, paper=paper, detail="the printer does not answer all questions")
    return PrinterStatus(state="ready", paper=paper, detail="the paper is low" if paper == "low" else "")


def judge_processed(bits: int) -> PrinterStatus:
    """Return what the answer to GS r 1 means: bits 0 and 1 the paper is low, 2 and 3 it is out (Epson, GS r)."""
    if bits & 0x0C:
        return PrinterStatus(state="blocked", paper="out", detail="the paper is out")
    low = bool(bits & 0x03)
    return PrinterStatus(state="ready", paper="low" if low else "ok", detail="the paper is low" if low else "")


def _paper(answers: dict[int, int]) -> Paper:
    if answers.get(4, 0) & PaperSensor.OUT or answers.get(2, 0) & Cause.PAPER_END:
        return "out"
    if 4 not in answers:  # noqa: PLR2004 - the question's number
        return "unknown"
    return "low" if answers[4] & PaperSensor.LOW else "ok"
