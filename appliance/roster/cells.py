"""What every kind of file is turned into: sheets of rows of cells, with the row numbers that a spreadsheet shows."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NoReturn

from appliance.domain.errors import Fault, RosterRejected

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 2000
MAX_COLUMNS: Final = 64

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a value, and what would be right."""

    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text, untouched. `merged` is (row, column) of the top-left cell it shares a value with."""

    text: str = ""
    trouble: Trouble | None = None
    merged: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `number` counts from 1 as a spreadsheet does, blank rows included."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell in a column (from 0); rows may be short."""
        return self.cells[column] if column < len(self.cells) else Cell()

    @property
    def blank(self) -> bool:
        """Whether nothing is written in it."""
        return not any(cell.trouble or clean(cell.text) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as found; `label` names its file and sheet. `lettered`: its columns are known by letters."""

    label: str
    rows: tuple[Row, ...]
    lettered: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is written in any row."""
        return all(row.blank for row in self.rows)


def clean(text: str) -> str:
    """Drop what cannot be seen: zero-width characters, stray, doubled and no-break spaces, split accents."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


def refuse(where: str, problem: str, remedy: str) -> NoReturn:
    """Raise `RosterRejected` with one fault: nothing more can be read there."""
    raise RosterRejected((Fault(where, problem, remedy),))
