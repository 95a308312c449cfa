"""XLSX to sheets: merged cells share their value, formulas give the value that was stored with them."""

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, Final, Protocol
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook.workbook import Workbook

from appliance.roster.cells import MAX_COLUMNS, MAX_ROWS, Cell, Row, Sheet, Trouble, refuse

_MAX_UNPACKED: Final = 32 * 1024 * 1024
_SAVE: Final = "Open it in a spreadsheet and save it again as .xlsx"
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
"""What openpyxl lets out when a workbook is not as it should be."""
_OTHERS: Final = (
    ("xl/workbook.bin", "an .xlsb workbook"),
    ("content.xml", "an OpenDocument file"),
    ("word/document.xml", "a Word document"),
)
_ESCAPED_RETURN: Final = re.compile(r"_x000[dD]_")
_MERGE: Final = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z0-9:]+)["']""")
_SHEET_ROWS: Final = 2**20

_Corner = tuple[int, int]
"""Row and column, from 1."""


class _XlsxCell(Protocol):
    """What openpyxl's cells have when a workbook is read row by row."""

    @property
    def value(self) -> object: ...

    @property
    def data_type(self) -> str: ...


def read_workbook(name: str, data: bytes) -> tuple[Sheet, ...]:
    """Read all sheets of an XLSX file. Raises `RosterRejected` when it is damaged, too large or something else."""
    try:
        _refuse_archive(name, data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that a roster has no use for
            sheets = tuple(_read_sheets(name, data))
    except _DAMAGED as error:
        refuse(name, f"the workbook is damaged ({type(error).__name__})", _SAVE)
    if not sheets:
        refuse(name, "the workbook has no sheets that can be read", _SAVE)
    return sheets


def _refuse_archive(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = {info.filename: info.file_size for info in archive.infolist()}
    if sum(inside.values()) > _MAX_UNPACKED:
        refuse(name, "the workbook is too large for a roster", "Copy only the list to a new workbook")
    if "xl/workbook.xml" not in inside:
        kind = next((words for part, words in _OTHERS if part in inside), "a ZIP archive, not a workbook")
        refuse(name, f"this is {kind}", "Open it in a spreadsheet and save it as .xlsx or as CSV in UTF-8")


def _open(data: bytes, *, stored: bool) -> Workbook:
    """Open a workbook to be read row by row, so that formats and merges far below the list take no memory."""
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=stored)


def _read_sheets(name: str, data: bytes) -> Iterator[Sheet]:
    with closing(_open(data, stored=True)) as values, closing(_open(data, stored=False)) as formulas:
        for sheet, formula_sheet in zip(values.worksheets, formulas.worksheets, strict=True):
            label = f"{name}, sheet {sheet.title}"
            found, formulas_found = _cells(sheet), _cells(formula_sheet)
            pairs = islice(zip(found, formulas_found, strict=True), MAX_ROWS)
            rows = [Row(number, tuple(map(_read_cell, *pair))) for number, pair in enumerate(pairs, start=1)]
            if any(cell.value is not None for row in islice(found, _SHEET_ROWS) for cell in row):
                refuse(label, "there are too many rows for a roster", f"Keep {MAX_ROWS} rows at most")
            yield Sheet(label, _share_merged(rows, _anchors(data, sheet)), lettered=True)


def _cells(sheet: Any) -> Iterator[tuple[_XlsxCell, ...]]:
    sheet.reset_dimensions()  # some programs write them wrong, and cells would be left out
    rows: Iterator[tuple[_XlsxCell, ...]] = sheet.iter_rows()
    return (row[:MAX_COLUMNS] for row in rows)


def _anchors(data: bytes, sheet: Any) -> Mapping[_Corner, _Corner]:
    """The top-left cell of each cell that is part of a merge, itself included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read(sheet._worksheet_path)  # noqa: SLF001 - nothing public tells a sheet's part
    return dict(islice(_merged_cells(part), MAX_ROWS * MAX_COLUMNS))


def _merged_cells(part: bytes) -> Iterator[tuple[_Corner, _Corner]]:
    for found in _MERGE.finditer(part):
        left, top, right, bottom = range_boundaries(found[1].decode())
        if left and top and right and bottom:
            for row in range(top, min(bottom, MAX_ROWS) + 1):
                for column in range(left, min(right, MAX_COLUMNS) + 1):
                    yield (row, column), (top, left)


def _share_merged(rows: Sequence[Row], anchors: Mapping[_Corner, _Corner]) -> tuple[Row, ...]:
    """Give each cell of a merge the value of its top-left one."""
    width = max([len(row.cells) for row in rows] + [column for _, column in anchors], default=0)

    def shared(row: Row, column: int) -> Cell:
        anchor = anchors.get((row.number, column + 1))
        if anchor is None:
            return row.cell(column)
        top_left = rows[anchor[0] - 1].cell(anchor[1] - 1)
        return Cell(top_left.text, top_left.trouble, anchor)

    return tuple(Row(row.number, tuple(shared(row, column) for column in range(width))) for row in rows)


def _read_cell(cell: _XlsxCell, formula: _XlsxCell) -> Cell:
    value = cell.value
    if value is None:
        if formula.data_type == "f":
            remedy = "Open the file in a spreadsheet and save it again, or write the value itself"
            return Cell("", Trouble("the formula has no stored value", remedy))
        return Cell()
    if cell.data_type == "e":
        return Cell(str(value), Trouble(f"the formula gives {value}", "Write the value itself"))
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        shown = value.date() if isinstance(value, dt.datetime) else value
        remedy = "Set the cell's format to Number or Text, and write the value again"
        return Cell(str(shown), Trouble(f"there is a date or time here ({shown})", remedy))
    if isinstance(value, float) and value.is_integer():
        return Cell(f"{value:.0f}")
    return Cell(_ESCAPED_RETURN.sub("", str(value)))
