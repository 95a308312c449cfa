"""A file's bytes to sheets, whatever it is called: the content decides, not the name."""

import csv
import io
import re
from collections import Counter
from typing import Final

from appliance.roster.cells import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Cell, Row, Sheet, refuse
from appliance.roster.encoding import decode
from appliance.roster.headers import recognised
from appliance.roster.workbook import read_workbook

_DELIMITERS: Final = (",", ";", "\t")
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?')
_HEADER_WITHIN: Final = 50
_SAVE: Final = "Open it in a spreadsheet and save it as .xlsx or as CSV in UTF-8"


def read_sheets(name: str, data: bytes) -> tuple[Sheet, ...]:
    """Read a CSV or XLSX file; `name` is only for words. Raises `RosterRejected` when it is neither, or broken."""
    if len(data) > MAX_BYTES:
        refuse(
            name, f"the file is {len(data) / 1e6:.0f} MB, too large for a roster", "Save only the list, not a scan"
        )
    if not data.strip():
        refuse(name, "the file is empty", "Give the file with the list in it")
    if data.startswith(b"PK\x03\x04"):
        return read_workbook(name, data)
    _refuse_others(name, data)
    return (_read_csv(name, decode(data, name)),)


def _refuse_others(name: str, data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            refuse(name, "the file is protected by a password", "Open it, remove the password and save it again")
        refuse(name, "this is an old .xls file, or not a table at all", _SAVE)
    if data.startswith(b"%PDF"):
        refuse(name, "this is a PDF", "Ask for the table itself, as .xlsx or .csv")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower() in {b"<html", b"<!doc", b"<?xml", b"<tabl"}:
        refuse(name, "this is a web page, whatever its name says", _SAVE)
    if name.lower().endswith((".xlsx", ".xlsm")):
        refuse(name, "this is not really an .xlsx file, or it is damaged", _SAVE)


def _read_csv(name: str, text: str) -> Sheet:
    """Read CSV with the delimiter under which most columns are named, then most rows are equally wide."""
    lines = text.split("\n", 1)
    named = _SEP_LINE.fullmatch(lines[0].strip())
    if named:
        text = "\n" + (lines[1] if len(lines) > 1 else "")
    readings = [_split(text, delimiter) for delimiter in ([named[1]] if named else _DELIMITERS)]
    rows, whole = max(readings, key=lambda reading: _fit(*reading))
    if not whole:
        where = f"{name}, row {len(rows) + 1}"
        remedy = 'Put the whole value in quotes and write a quote inside it twice: "Цех ""Алтын"""'
        refuse(where, "a quotation mark is not closed, or text follows the closing one", remedy)
    if len(rows) > MAX_ROWS:
        refuse(name, f"there are {len(rows)} rows, too many for a roster", f"Keep {MAX_ROWS} rows at most")
    return Sheet(
        name,
        tuple(
            Row(number, tuple(Cell(value) for value in row[:MAX_COLUMNS])) for number, row in enumerate(rows, start=1)
        ),
    )


def _split(text: str, delimiter: str) -> tuple[list[list[str]], bool]:
    """Rows up to the first that cannot be read, and whether all could."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        rows.extend(reader)
    except csv.Error:
        return rows, False
    return rows, True


def _fit(rows: list[list[str]], whole: bool) -> tuple[int, bool, int]:  # noqa: FBT001 - a pair taken apart
    named = max((recognised(row) for row in rows[:_HEADER_WITHIN]), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return named, whole, max(widths.values(), default=0)
