"""Sheets to a roster: finds the two tables, reads their entries, asks the rules, and tells all faults at once."""

import re
from typing import Final

from appliance.domain.errors import RosterRejected
from appliance.domain.roster import MAX_DESKS, Names, Place, Roster, ServicePlan, Topic, validate
from appliance.roster.cells import Row, Sheet, Trouble, clean
from appliance.roster.columns import TableReader, open_table
from appliance.roster.findings import Findings, Spot
from appliance.roster.headers import COLUMNS, Table, find_header

_SERVICES: Final = 0
_TOPICS: Final = 1
_SEPARATOR: Final = re.compile(r"[;,\n\r\v\f\x85\u2028\u2029|]")
_FIRST_ROW: Final = {table: ", ".join(columns) for table, columns in COLUMNS.items()}


def parse_roster(name: str, sheets: tuple[Sheet, ...], topic_sheets: tuple[Sheet, ...], findings: Findings) -> Roster:
    """Read a roster out of the sheets of its file, and of the topics' file when there is one.

    `findings` may hold faults already. Raises `RosterRejected` with these and all others, in reading order.
    """
    services_reader = _find_table(sheets, "services", _SERVICES, findings)
    if sheets and services_reader is None:
        _tell_missing(sheets, "services", _SERVICES, findings)
    used = services_reader.sheet if services_reader else None
    others = tuple(sheet for sheet in sheets if sheet is not used)
    topics_reader = _find_table(topic_sheets or others, "topics", _TOPICS, findings)
    if topic_sheets and topics_reader is None:
        _tell_missing(topic_sheets, "topics", _TOPICS, findings)
    roster = Roster(
        _read_services(services_reader) if services_reader else (),
        _read_topics(topics_reader) if topics_reader else (),
    )

    def locate(place: Place) -> str | None:
        reader = services_reader if place.table == "services" else topics_reader
        if reader:
            return reader.where(place)
        if findings.told(place) or place.table == "services":
            return None
        return findings.locate(Spot(_TOPICS), f"{name} (no other sheet, no topics.csv beside it, no --topics FILE)")

    findings.add_located(validate(roster, locate))
    if faults := findings.in_order():
        raise RosterRejected(faults)
    return roster


def _find_table(sheets: tuple[Sheet, ...], table: Table, order: int, findings: Findings) -> TableReader | None:
    readers = (open_table(sheet, table, order, findings) for sheet in sheets)
    return next((reader for reader in readers if reader), None)


def _tell_missing(sheets: tuple[Sheet, ...], table: Table, order: int, findings: Findings) -> None:
    """Say why no sheet of a file holds the table."""
    findings.tell(Place(table))
    sheet = next((sheet for sheet in sheets if not sheet.empty), sheets[0])
    other: Table = "topics" if table == "services" else "services"
    if sheet.empty:
        trouble = Trouble("the sheet is empty", f"Put the {table} in it, under a row with {_FIRST_ROW[table]}")
    elif find_header(sheet, other):
        trouble = Trouble(f"this is a list of {other}, not of {table}", f"Give the file with the {table}")
    else:
        remedy = f"Name the columns in one row above the list: {_FIRST_ROW[table]}"
        trouble = Trouble(f"no row names the columns of the {table}", remedy)
    findings.add(Spot(order), sheet.label, trouble)


def _read_services(reader: TableReader) -> tuple[ServicePlan, ...]:
    return tuple(_read_service(reader, rows, index) for index, rows in enumerate(reader.entries()))


def _read_service(reader: TableReader, rows: tuple[Row, ...], index: int) -> ServicePlan:
    row = rows[0]
    _check_same(reader, rows, index)
    desks_at = Place("services", index, "desks")
    desks = reader.number(row, desks_at)
    if not desks.is_integer():
        reader.tell(
            row, desks_at, Trouble(f"there cannot be {desks:g} desks", f"Write a whole number from 1 to {MAX_DESKS}")
        )
    return ServicePlan(
        prefix=reader.name(row, Place("services", index, "prefix")),
        names=_read_names(reader, row, Place("services", index)),
        desks=int(desks),
        minutes=reader.number(row, Place("services", index, "minutes")),
        topics=_read_codes(reader, rows, Place("services", index, "topics")),
    )


def _check_same(reader: TableReader, rows: tuple[Row, ...], index: int) -> None:
    """Rows whose prefix is one merged cell are one service: what they say again must be the same."""
    for name in ("name_kk", "name_ru", "name_en", "desks", "minutes"):
        said = clean(reader.raw(rows[0], name))
        for row in rows[1:]:
            again = clean(reader.raw(row, name))
            if again not in {"", said}:
                problem = f'the merged prefix joins this row to row {rows[0].number}, but "{again}" is not "{said}"'
                trouble = Trouble(problem, "Unmerge the prefix if these are two services, or write the same in both")
                reader.tell(row, Place("services", index, name), trouble)


def _read_codes(reader: TableReader, rows: tuple[Row, ...], place: Place) -> tuple[str, ...]:
    codes: list[str] = []
    shared = None
    for row in rows:
        column = reader.header.column(place.field)
        merged = None if column is None else row.cell(column).merged
        if merged is None or merged != shared:
            reader.name(row, place)
            codes += [code for part in _SEPARATOR.split(reader.raw(row, place.field)) if (code := clean(part))]
        shared = merged
    return tuple(codes)


def _read_topics(reader: TableReader) -> tuple[Topic, ...]:
    return tuple(
        Topic(
            code=reader.name(rows[0], Place("topics", index, "code")),
            names=_read_names(reader, rows[0], Place("topics", index)),
            group=reader.name(rows[0], Place("topics", index, "group")),
        )
        for index, rows in enumerate(reader.entries())
    )


def _read_names(reader: TableReader, row: Row, place: Place) -> Names:
    kk, ru, en = (
        reader.name(row, Place(place.table, place.row, field)) for field in ("name_kk", "name_ru", "name_en")
    )
    return Names(kk, ru, en)
