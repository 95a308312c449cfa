"""XLSX to sheets: merged cells share their value, formulas give the value that was stored with them."""

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from typing import Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

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


def read_workbook(name: str, data: bytes) -> tuple[Sheet, ...]:
    """Read all sheets of an XLSX file. Raises `RosterRejected` when it is damaged, too large or something else."""
    try:
        _refuse_archive(name, data)
        values, formulas = _load(data, stored=True), _load(data, stored=False)
        sheets = tuple(
            _read_sheet(name, sheet, formula_sheet)
            for sheet, formula_sheet in zip(values.worksheets, formulas.worksheets, strict=True)
        )
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


def _load(data: bytes, *, stored: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that a roster has no use for
        return openpyxl.load_workbook(io.BytesIO(data), data_only=stored)


def _read_sheet(name: str, sheet: Worksheet, formulas: Worksheet) -> Sheet:
    label = f"{name}, sheet {sheet.title}"
    height, width = min(sheet.max_row, MAX_ROWS), min(sheet.max_column, MAX_COLUMNS)
    beyond = sheet.iter_rows(min_row=height + 1, max_row=sheet.max_row, max_col=width, values_only=True)
    if sheet.max_row > height and any(value is not None for row in beyond for value in row):
        refuse(label, f"there are {sheet.max_row} rows, too many for a roster", f"Keep {MAX_ROWS} rows at most")
    anchors = _anchors(sheet, height, width)
    rows: list[Row] = []
    for number, row in enumerate(sheet.iter_rows(max_row=height, max_col=width), start=1):
        cells: list[Cell] = []
        for column in range(1, len(row) + 1):
            top, left = anchors.get((number, column), (number, column))
            cell = _read_cell(sheet.cell(top, left), formulas.cell(top, left))
            merged = anchors.get((number, column))
            cells.append(Cell(cell.text, cell.trouble, merged))
        rows.append(Row(number, tuple(cells)))
    return Sheet(label, tuple(rows), lettered=True)


def _anchors(sheet: Worksheet, height: int, width: int) -> dict[tuple[int, int], tuple[int, int]]:
    """The top-left cell of each cell that is part of a merge, itself included; (row, column) from 1."""
    return {
        (row, column): (merge.min_row, merge.min_col)
        for merge in sheet.merged_cells.ranges
        for row in range(merge.min_row, min(merge.max_row, height) + 1)
        for column in range(merge.min_col, min(merge.max_col, width) + 1)
    }


def _read_cell(cell: XlsxCell | MergedCell, formula: XlsxCell | MergedCell) -> Cell:
    value = cell.value
    if value is None:
        if isinstance(formula, XlsxCell) and formula.data_type == "f":
            remedy = "Open the file in a spreadsheet and save it again, or write the value itself"
            return Cell("", Trouble("the formula has no stored value", remedy))
        return Cell()
    if isinstance(cell, XlsxCell) and cell.data_type == "e":
        return Cell(str(value), Trouble(f"the formula gives {value}", "Write the value itself"))
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        shown = value.date() if isinstance(value, dt.datetime) else value
        remedy = "Set the cell's format to Number or Text, and write the value again"
        return Cell(str(shown), Trouble(f"there is a date or time here ({shown})", remedy))
    if isinstance(value, float) and value.is_integer():
        return Cell(f"{value:.0f}")
    return Cell(_ESCAPED_RETURN.sub("", str(value)))
