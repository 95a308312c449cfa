"""Asking a printer and hearing what it says: each answer goes to the question it belongs to, or to none.

A printer answers late, says things unasked, and on a bad line says nonsense. An answer that is not clearly the one
to the question that was put counts as missing.
"""

import time
from dataclasses import dataclass

from printer import status as st
from printer.transport import Transport


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds.

    answer   a real-time question waits for its answer
    probe    an idle printer takes to answer the fence
    fence    a printer that is ready takes to answer the fence; then the slip is uncertain
    stall    a write stands still before it is told
    give_up  a printer that is connected takes no data or says nothing before the slip is uncertain: a change of roll
    poll     between two looks at a printer that has a slip in hand
    mute     between two looks at a printer that never answered
    last     a slip is still waited for when the process is to end
    """

    answer: float = 0.3
    probe: float = 1.0
    fence: float = 30.0
    stall: float = 2.0
    give_up: float = 600.0
    poll: float = 1.0
    mute: float = 6.0
    last: float = 10.0


class Dialogue:
    """What was said on one connection. Used by one thread."""

    def __init__(self, transport: Transport, patience: Patience) -> None:
        self._transport = transport
        self._patience = patience
        self._receiver = st.Receiver()
        self._late = False
        self.owed = 0
        """How many GS r are not answered yet."""
        self.echoed = b""
        """The newest echo of a fence."""

    def forget(self) -> None:
        """Begin anew: the connection is another."""
        self._receiver.clear()
        self._late = False
        self.owed = 0
        self.echoed = b""

    def ask(self, question: int) -> int | None:
        """Return the answer to DLE EOT n; None when it is missing, or not clearly the answer to this question."""
        self._drain()
        self._transport.write(st.ask(question), self._patience.answer)
        deadline = time.monotonic() + self._patience.answer
        while (left := deadline - time.monotonic()) > 0:
            heard = self.hear(left)
            answers = [each.bits for each in heard if isinstance(each, st.RealTime)]
            if len(answers) > 1 or any(isinstance(each, st.Noise) for each in heard):
                break
            if answers:
                return answers[0]
        self._late = True
        return None

    def ask_in_order(self) -> int | None:
        """Return the answer to GS r 1, put once: a printer that is stopped gives it when it goes on."""
        if not self.owed:
            self._drain()
            self._transport.write(st.PROCESSED, self._patience.answer)
            self.owed += 1
        deadline = time.monotonic() + self._patience.answer
        while (left := deadline - time.monotonic()) > 0:
            heard = self.hear(left)
            answers = [each.bits for each in heard if isinstance(each, st.Processed)]
            if len(answers) > 1 or any(isinstance(each, st.Noise) for each in heard):
                return None
            if answers:
                return answers[0]
        return None

    def hear(self, timeout: float) -> list[st.Heard]:
        """Return what the printer says next. Proofs are remembered, whoever listens and whatever for."""
        heard = self._receiver.feed(self._transport.read(timeout))
        for each in heard:
            match each:
                case st.Processed():
                    self.owed = max(0, self.owed - 1)
                case st.Echo(mark=mark):
                    self.echoed = mark
                case _:
                    pass
        return heard

    def _drain(self) -> None:
        """Take in what was said before the next question, for it must not pass for its answer.

        An answer that missed its time is waited for once more; the question after it would else get it.
        """
        quiet = self._patience.answer if self._late else 0.0
        deadline = time.monotonic() + 2 * quiet
        while self.hear(quiet) and time.monotonic() < deadline:
            pass
        if self._late:
            self._receiver.clear()
        self._late = False
