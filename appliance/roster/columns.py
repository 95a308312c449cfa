"""One table of a sheet: which rows are entries, what their cells say, and where each thing stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from appliance.domain.roster import Place
from appliance.roster.cells import Cell, Row, Sheet, Trouble, clean
from appliance.roster.encoding import garbled
from appliance.roster.findings import Findings, Spot
from appliance.roster.headers import COLUMNS, IGNORED, OPTIONAL, UNKNOWN, Header, Table, find_header

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}([.,][0-9]{1,9})?")
_NUMBER_WITHIN: Final = re.compile(r"[0-9]{1,9}([.,][0-9]{1,9})?")
_TOTALS: Final = re.compile(r"(итого|всего|барлығы|жалпы|жиыны|total)\W*", re.IGNORECASE)
_LEAST_WIDTH: Final = 3
"""Rows of fewer cells are not taken for a section title or for column numbers."""
_SHOWN: Final = 60
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STAND_IN: Final = 1.0
"""Put for a number that could not be read, so that the rules have nothing more to say of it."""


@dataclass(slots=True)
class TableReader:
    """Reads the entries of one table. `order` is its place among the tables; faults go to `findings`."""

    sheet: Sheet
    table: Table
    header: Header
    order: int
    findings: Findings
    _numbers: list[int] = field(default_factory=list)
    _misfits: bool = False

    def check_columns(self) -> None:
        """Note columns that are missing, there twice, or not known though something is written in them."""
        where, spot = f"{self.sheet.label}, row {self.header.end}", Spot(self.order, self.header.end)
        fields = self.header.fields
        for name, holds in COLUMNS[self.table].items():
            columns = [column for column in sorted(fields) if fields[column] == name]
            if not columns and name not in OPTIONAL:
                self.findings.add(spot, where, Trouble(f"the column {name} is missing", f"Add it: {holds}"))
            if len(columns) > 1:
                listed = " and ".join(self._column_words(column) for column in columns)
                problem = f"the column {name} is there more than once: {listed}"
                self.findings.add(spot, where, Trouble(problem, "Keep one, rename or delete the rest"))
        known = ", ".join(COLUMNS[self.table])
        for column in sorted(fields):
            if fields[column] == UNKNOWN and any(clean(row.cell(column).text) for row in self._rows()):
                problem = f"the column {self._column_words(column)} is not known"
                remedy = f"Call it one of {known}; or call it note, or delete it"
                self.findings.add(spot, where, Trouble(problem, remedy))

    def entries(self) -> Iterator[tuple[Row, ...]]:
        """The rows of each entry: one, or several when the first column of the table is merged over them.

        Each entry given is one more of the roster, so that places can be named by its index.
        """
        key = self.header.column(next(iter(COLUMNS[self.table])))
        groups: list[list[Row]] = []
        for row in self._rows():
            merged = None if key is None else row.cell(key).merged
            if groups and key is not None and merged and merged == groups[-1][0].cell(key).merged:
                groups[-1].append(row)
            else:
                groups.append([row])
        for group in groups:
            if self._misfit(group[0]):
                self._misfits = True
            else:
                self._numbers.append(group[0].number)
                yield tuple(group)

    def _rows(self) -> Iterator[Row]:
        for row in self.sheet.rows:
            if row.number > self.header.end and not row.blank and not self._furniture(row):
                yield row

    def _furniture(self, row: Row) -> bool:
        """Whether a row is a section title, a total, column numbers, or the header once more."""
        filled = [cell for cell in row.cells if clean(cell.text)]
        texts = [clean(cell.text) for cell in filled]
        wide = len(filled) >= _LEAST_WIDTH
        section = wide and filled[0].merged is not None and len({cell.merged for cell in filled}) == 1
        numbering = wide and texts == [str(number) for number in range(1, len(texts) + 1)]
        again = all(clean(row.cell(column).text) == words for column, words in self.header.headings.items())
        return section or numbering or again or bool(texts and _TOTALS.fullmatch(texts[0]))

    def _misfit(self, row: Row) -> bool:
        """Note values that no heading covers, or a row of one value; say whether the row is no entry at all."""
        spot, where = Spot(self.order, row.number), f"{self.sheet.label}, row {row.number}"
        for column, cell in enumerate(row.cells):
            part_of_merge = cell.merged not in {None, (row.number, column + 1)}
            if clean(cell.text) and column not in self.header.fields and not part_of_merge:
                problem = f'"{_short(cell.text)}" in column {self._column_words(column)} stands under no heading'
                remedy = "Give the column a heading, or put a name that has a comma in double quotes"
                self.findings.add(spot, where, Trouble(problem, remedy))
                return not self.sheet.lettered
        used = [row.cell(column) for column, name in self.header.fields.items() if name not in {IGNORED, UNKNOWN}]
        texts = [clean(cell.text) for cell in used if cell.trouble or clean(cell.text)]
        if len(texts) < 2 <= len(used):  # noqa: PLR2004 - one value alone, of two or more columns
            problem = f'only "{_short(texts[0])}" is written in this row' if texts else "only remarks are in this row"
            self.findings.add(spot, where, Trouble(problem, "Fill the row in, or delete it"))
            return True
        return False

    def name(self, row: Row, place: Place) -> str:
        """A cell as cleaned text; a cell that cannot be text, or reads as nonsense, is told."""
        cell = self._cell(row, place.field)
        trouble = cell.trouble or (garbled(cell.text) if place.field != "name_en" else None)
        if trouble:
            self.tell(row, place, trouble)
        return clean(cell.text)

    def number(self, row: Row, place: Place) -> float:
        """A cell as a number; one that is missing or no number is told, and a harmless 1 given."""
        cell = self._cell(row, place.field)
        text = clean(cell.text)
        inside = _NUMBER_WITHIN.search(text)
        if cell.trouble:
            self.tell(row, place, cell.trouble)
        elif not text:
            self.tell(row, place, Trouble(f"the number of {place.field} is missing", "Write a number, for example 1"))
        elif not _NUMBER.fullmatch(text):
            remedy = f"Write {inside[0]} alone" if inside else "Write digits, for example 3"
            self.tell(row, place, Trouble(f'"{_short(text)}" is not a number of {place.field}', remedy))
        else:
            return float(text.replace(",", "."))
        return _STAND_IN

    def raw(self, row: Row, name: str) -> str:
        """A cell untouched: line breaks are kept."""
        return self._cell(row, name).text

    def tell(self, row: Row, place: Place, trouble: Trouble) -> None:
        """Note what is wrong with a cell, once; the rules are not asked about it any more."""
        column = self.header.column(place.field)
        if column is not None and not self.findings.told(place):
            where = f"{self.sheet.label}, row {row.number}, column {self._column_words(column)}"
            self.findings.add(Spot(self.order, row.number, column + 1), where, trouble)
        self.findings.tell(place)

    def where(self, place: Place) -> str | None:
        """Words for a place of this table; None when it was told, or when its whole column is missing."""
        column = self.header.column(place.field)
        if self.findings.told(place) or (place.field and column is None) or (place.row is None and self._misfits):
            return None
        row = 0 if place.row is None else self._numbers[place.row]
        words = self.sheet.label + (f", row {row}" if row else "")
        if column is not None:
            words += f", column {self._column_words(column)}"
        return self.findings.locate(Spot(self.order, row, 0 if column is None else column + 1), words)

    def _cell(self, row: Row, name: str) -> Cell:
        column = self.header.column(name)
        return Cell() if column is None else row.cell(column)

    def _column_words(self, column: int) -> str:
        heading = self.header.headings.get(column, "")
        if not self.sheet.lettered:
            return heading or str(column + 1)
        tens, ones = divmod(column, len(_ALPHABET))
        letters = (_ALPHABET[tens - 1] if tens else "") + _ALPHABET[ones]
        return f"{letters} ({heading})" if heading else letters


def open_table(sheet: Sheet, table: Table, order: int, findings: Findings) -> TableReader | None:
    """A reader for a table of a sheet, its columns checked; None when no row of the sheet names the columns."""
    header = find_header(sheet, table)
    if header is None:
        return None
    reader = TableReader(sheet, table, header, order, findings)
    reader.check_columns()
    return reader


def _short(text: str) -> str:
    plain = clean(text)
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"
