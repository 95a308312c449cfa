"""Any valid roster, written in any accepted format, dialect and encoding, reads back equal."""

import csv
import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.errors import RosterRejected
from appliance.domain.roster import LETTERS, Names, Roster, ServicePlan, Topic, validate
from appliance.roster import describe, read_roster
from appliance.roster.encoding import decode
from appliance.roster.table import read_sheets

KAZAKH_WORDS = ["Жер", "қатынастары", "басқармасы", "Әлеуметтік", "үйлестіру", "Өнер", "ұлт", "ғылым", "Іс", "тәртіп"]
RUSSIAN_WORDS = ["Управление", "жильё", "№", "дорог,", "«Цех»", "области;", "здравоохранения", "ЖКХ", "—", '"Алтын"']
ENGLISH_WORDS = ["Land", "relations", "(city)", "services,", '"IT"']


def texts(words: list[str], least: int = 1) -> st.SearchStrategy[str]:
    """Names of a few words, the first of them a plain one."""
    return st.lists(st.sampled_from(words), min_size=least, max_size=5).map(
        lambda chosen: " ".join([*([words[0]] if least else []), *chosen])
    )


NAMES = st.builds(Names, texts(KAZAKH_WORDS), texts(RUSSIAN_WORDS), texts(ENGLISH_WORDS, 0))
CODES = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)


@st.composite
def rosters(draw) -> Roster:
    topics = draw(
        st.lists(
            st.builds(Topic, CODES, NAMES, st.sampled_from(["utilities", "roads", "Жол"])),
            min_size=1,
            max_size=5,
            unique_by=lambda topic: topic.code,
        )
    )
    chosen = st.lists(st.sampled_from([topic.code for topic in topics]), unique=True, max_size=3).map(tuple)
    minutes = st.integers(1, 240) | st.sampled_from([7.5, 0.25 + 9])
    services = st.lists(
        st.builds(ServicePlan, st.sampled_from(LETTERS), NAMES, st.integers(1, 30), minutes, chosen),
        min_size=1,
        max_size=6,
        unique_by=lambda service: service.prefix,
    )
    return Roster(tuple(draw(services)), tuple(topics))


def grids(roster: Roster, separator: str) -> tuple[list[list[object]], list[list[object]]]:
    services: list[list[object]] = [["prefix", "name_kk", "name_ru", "name_en", "desks", "minutes", "topics"]]
    for s in roster.services:
        topics = separator.join(s.topics)
        services.append([s.prefix, s.names.kk, s.names.ru, s.names.en, s.desks, s.minutes, topics])
    topics_grid: list[list[object]] = [["code", "name_kk", "name_ru", "name_en", "group"]]
    topics_grid += [[t.code, t.names.kk, t.names.ru, t.names.en, t.group] for t in roster.topics]
    return services, topics_grid


def to_csv(rows: list[list[object]], delimiter: str, quoting: int) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(rows)
    return out.getvalue()


SEPARATORS = st.sampled_from([";", ",", "; ", "\n"])


@given(rosters())
def test_what_is_written_here_is_valid(roster):
    assert validate(roster) == ()


@settings(max_examples=60, deadline=None)
@given(
    rosters(),
    st.tuples(st.sampled_from([",", ";", "\t"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "kz1048", "ptcp154"]),
    SEPARATORS,
)
def test_csv(roster, dialect, encoding, separator):
    with tempfile.TemporaryDirectory() as folder:
        for name, grid in zip(("roster.csv", "topics.csv"), grids(roster, separator), strict=True):
            Path(folder, name).write_bytes(to_csv(grid, *dialect).encode(encoding))
        assert read_roster(Path(folder, "roster.csv")) == roster


@settings(max_examples=25, deadline=None)
@given(rosters(), SEPARATORS, st.integers(0, 3), st.booleans())
def test_xlsx(roster, separator, titles, merged):
    services, topics = grids(roster, separator)
    book = openpyxl.Workbook()
    sheet = book.active
    for title in range(titles):
        sheet.append([f"Тақырып {title}"])
        if merged:
            sheet.merge_cells(start_row=title + 1, start_column=1, end_row=title + 1, end_column=7)
    for row in services:
        sheet.append(row)
        sheet.append([])
    second = book.create_sheet()
    for row in topics:
        second.append(row)
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder, "roster.xlsx"))
        book.close()
        assert read_roster(Path(folder, "roster.xlsx")) == roster


@given(rosters())
def test_every_valid_roster_can_be_described(roster):
    text = describe(roster)
    for service in roster.services:
        assert service.names.kk in text
        assert service.names.ru in text


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"prefix;desks;name_kk\n{text}".encode()))
def test_any_bytes_are_read_or_refused_never_worse(data):
    try:
        sheets = read_sheets("roster.csv", data)
    except RosterRejected:
        return
    assert sheets


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=8) | st.sampled_from(["А", "prefix", "1", "Итого"]), max_size=9), max_size=9)
)
def test_any_table_is_read_or_refused_never_worse(rows):
    header: list[list[object]] = [["prefix", "name_kk", "name_ru", "desks", "minutes", "topics"]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "roster.csv")
        path.write_bytes(to_csv([*header, *rows], ",", csv.QUOTE_ALL).encode("utf-8", "replace"))
        try:
            roster = read_roster(path)
        except RosterRejected as rejected:
            assert rejected.faults  # noqa: PT017 - either outcome is right
        else:
            assert validate(roster) == ()


@pytest.mark.parametrize("encoding", ["kz1048", "ptcp154"])
@given(texts(KAZAKH_WORDS))
def test_kazakh_words_survive_either_code_page(encoding, text):
    assert decode(text.encode(encoding), "x.csv") == text
