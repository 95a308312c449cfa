"""What each device was once seen to answer, kept on disk: a printer that is silent now is not taken for a mute one.

Some makes say nothing while their cover is open. One that has answered before is waited for; only one that never
did may have no way back.
"""

import logging
from enum import StrEnum
from pathlib import Path

import msgspec

from printer.paper import write_whole

log = logging.getLogger(__name__)


class Fence(StrEnum):
    """What the printer answers after the cut."""

    UNKNOWN = "not asked yet"
    ECHO = "GS ( H"
    PROCESSED = "GS r"
    NONE = "nothing"


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one device answers: which of DLE EOT's questions, and which fence."""

    questions: tuple[int, ...] = ()
    fence: Fence = Fence.UNKNOWN

    @property
    def speaks(self) -> bool:
        """Whether it has ever answered anything."""
        return bool(self.questions) or self.fence in {Fence.ECHO, Fence.PROCESSED}


class Memory:
    """What is known of each device by its identity, for as long as the process lives."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def recall(self, identity: str) -> Known:
        """Return what is known of a device."""
        return self._known.get(identity, Known())

    def keep(self, identity: str, known: Known) -> bool:
        """Remember; True when this is news."""
        if self.recall(identity) == known:
            return False
        self._known = {**self._known, identity: known}
        return True


class KnownFile(Memory):
    """`DIR/printer-<id>.known.json`. Without it, or when it is damaged, nothing is known yet."""

    def __init__(self, data: Path, printer: str) -> None:
        super().__init__()
        self._path = data / f"printer-{printer}.known.json"
        try:
            self._known = msgspec.json.decode(self._path.read_bytes(), type=dict[str, Known])
        except FileNotFoundError:
            pass
        except msgspec.MsgspecError:
            log.exception("cannot read %s; each printer is asked anew", self._path)

    def keep(self, identity: str, known: Known) -> bool:
        """Remember, on the disk as well; True when this is news."""
        news = super().keep(identity, known)
        if news:
            write_whole(self._path, msgspec.json.encode(self._known))
        return news
