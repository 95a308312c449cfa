"""XLSX rosters: the real one, office-style ones with titles and merged cells, and what is not a workbook."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.errors import Fault, RosterRejected
from appliance.roster import read_roster, sample_roster
from appliance.roster.cells import MAX_ROWS
from appliance.roster.table import read_sheets

DATA = Path(__file__).parents[2] / "data"
REAL = DATA / "temirtau-2023" / "roster.xlsx"
HEADER = ("prefix", "name_kk", "name_ru", "name_en", "desks", "minutes", "topics")
GOOD = ("А", "Облыс әкімі", "Аким области", "Governor", 1, 8, "roads;water")
ENERGY = ("К", "Энергетика басқармасы", "Управление энергетики", None, 3, 10, "water")
TOPICS = (
    ("code", "name_kk", "name_ru", "name_en", "group"),
    ("roads", "Жолдар", "Дороги", "Roads", "roads"),
    ("water", "Су", "Вода", None, "utilities"),
)


def test_the_real_workbook_equals_the_sample():
    assert read_roster(REAL) == sample_roster()


def test_an_office_workbook(small, write_xlsx):
    """Titles, a header of two rows, section titles, a service over two rows, totals: all as offices do it."""
    rows = [
        ["Облыс әкімінің 28 шілдедегі қабылдауы (үстелдер, тақырыптар)"],
        ["Прием 28 июля"],
        [],
        ["№", "Литера", "Наименование", None, None, "Столы", "Минут\nна человека", "Темы"],
        [None, None, "на\u00a0казахском", " на русском ", "на английском"],
        [1, 2, 3, 4, 5, 6, 7, 8],
        ["І. Басшылық"],
        [1, "А\u00a0", "Облыс  әкімі", " Аким области", "Governor", 1.0, "8,0", "roads,\nwater"],
        [],
        ["ІІ. Басқармалар"],
        [2, "К", "Энергетика\u200b басқармасы", "Управление\nэнергетики", None, 3, 10.0, "water"],
        [None, None, None, None, None, None, None, " water "],
        [None, "Барлығы", None, None, None, 4],
    ]
    merges = ["A1:H1", "A2:H2", "A4:A5", "B4:B5", "C4:E4", "F4:F5", "G4:G5", "H4:H5", "A7:H7", "A10:H10"]
    merges += [f"{letter}11:{letter}12" for letter in "ABCDEFG"] + ["H11:H12"]
    topics = [
        ["Темы обращений"],
        ["№", "Код", "Қазақша", "На русском", "На английском", "Группа"],
        [1, "roads", "Жолдар", "Дороги", "Roads", "roads"],
        [],
        [2, "water ", "Су", "\u00a0Вода", None, "utilities"],
    ]
    assert read_roster(write_xlsx(rows, topics, merges)) == small


def test_the_topics_of_a_merged_service_may_fill_several_rows(small, write_xlsx):
    rows = [HEADER, (*GOOD[:6], "roads"), (None,) * 6 + ("water",), ENERGY]
    assert read_roster(write_xlsx(rows, TOPICS, [f"{letter}2:{letter}3" for letter in "ABCDEF"])) == small


def test_a_value_merged_over_several_services_applies_to_each(write_xlsx):
    rows = [HEADER, (*GOOD[:4], 2, 9, "roads"), (*ENERGY[:4], None, None, None)]
    roster = read_roster(write_xlsx(rows, TOPICS, ["E2:E3", "F2:F3", "G2:G3"]))
    assert [(service.desks, service.minutes, service.topics) for service in roster.services] == [
        (2, 9, ("roads",)),
        (2, 9, ("roads",)),
    ]


def test_a_group_merged_over_its_topics(small, write_xlsx):
    topics = [TOPICS[0], TOPICS[1], ("water", "Су", "Вода", None, None)]
    path = write_xlsx([HEADER, GOOD, ENERGY], topics)
    book = openpyxl.load_workbook(path)
    book["Темы"].merge_cells("E2:E3")
    book.save(path)
    book.close()
    assert {topic.group for topic in read_roster(path).topics} == {"roads"}


def test_rows_under_a_merged_prefix_must_agree(write_xlsx, faults_of):
    path = write_xlsx([HEADER, GOOD, (None, "Басқа", "Аким области", None, 1, 8, None)], TOPICS, ["A2:A3"])
    assert faults_of(path) == [
        Fault(
            "roster.xlsx, sheet Тізім, row 3, column B (name_kk)",
            'the merged prefix joins this row to row 2, but "Басқа" is not "Облыс әкімі"',
            "Unmerge the prefix if these are two services, or write the same in both",
        )
    ]


def test_the_topics_sheet_may_come_first_or_third(small, write_xlsx):
    path = write_xlsx([HEADER, GOOD, ENERGY], TOPICS)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Лист3", 0)
    book.move_sheet("Темы", -1)
    book.save(path)
    book.close()
    assert read_roster(path) == small


def test_topics_may_lie_beside_a_workbook_with_empty_sheets(small, write_xlsx, write_csv):
    write_csv([HEADER], TOPICS)
    path = write_xlsx([HEADER, GOOD, ENERGY], topics=[])
    assert read_roster(path) == small
    assert read_roster(path, path.with_name("topics.csv")) == small


def test_the_content_decides_not_the_name(small, write_xlsx):
    path = write_xlsx([HEADER, GOOD, ENERGY])
    assert read_roster(path.rename(path.with_name("list.csv"))) == small


def edit_first_sheet(path: Path, *changes: tuple[bytes, bytes]) -> None:
    """Change the first sheet's XML, for what openpyxl cannot write."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for old, new in changes:
        assert old in parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_a_stored_formula_gives_its_value(small, write_xlsx):
    path = write_xlsx([HEADER, (*GOOD[:4], "=2-1", *GOOD[5:]), ENERGY])
    edit_first_sheet(path, (b"<f>2-1</f><v />", b"<f>2-1</f><v>1</v>"))
    assert read_roster(path) == small


def test_a_whole_number_stored_as_a_fraction(small, write_xlsx):
    path = write_xlsx([HEADER, GOOD, ENERGY])
    edit_first_sheet(path, (b'<c r="E3" t="n"><v>3</v></c>', b'<c r="E3"><v>3.0</v></c>'))
    assert read_roster(path) == small


def test_a_returned_carriage_is_no_part_of_a_name(small, write_xlsx):
    assert read_roster(write_xlsx([HEADER, (GOOD[0], "Облыс_x000D_\nәкімі", *GOOD[2:]), ENERGY])) == small


def test_a_workbook_of_charts_alone(faults_of, tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.create_chartsheet()
    book.save(tmp_path / "roster.xlsx")
    book.close()
    (fault,) = faults_of(tmp_path / "roster.xlsx")
    assert fault.where == "roster.xlsx"


def test_dimensions_written_wrong_leave_nothing_out(small, write_xlsx):
    path = write_xlsx([HEADER, GOOD, ENERGY])
    edit_first_sheet(path, (b'<dimension ref="A1:G3" />', b'<dimension ref="A1:B2" />'))
    assert read_roster(path) == small


FORMAT = "Set the cell's format to Number or Text, and write the value again"


@pytest.mark.parametrize(
    ("column", "value", "problem", "remedy"),
    [
        ("E (desks)", dt.datetime(2023, 3, 1), "there is a date or time here (2023-03-01)", FORMAT),  # noqa: DTZ001
        ("F (minutes)", dt.time(0, 10), "there is a date or time here (00:10:00)", FORMAT),
        ("C (name_ru)", dt.date(2023, 3, 1), "there is a date or time here (2023-03-01)", FORMAT),
        (
            "F (minutes)",
            "=5+5",
            "the formula has no stored value",
            "Open the file in a spreadsheet and save it again, or write the value itself",
        ),
        ("E (desks)", "#REF!", "the formula gives #REF!", "Write the value itself"),
        ("E (desks)", True, '"True" is not a number of desks', "Write digits, for example 3"),
        ("E (desks)", 0, "there are no desks", "Write a whole number from 1 to 30"),
        ("E (desks)", 2.5, "there cannot be 2.5 desks", "Write a whole number from 1 to 30"),
        ("G (topics)", dt.date(2023, 3, 1), "there is a date or time here (2023-03-01)", FORMAT),
    ],
)
def test_one_bad_cell_is_one_fault(bad_cell_faults, column, value, problem, remedy):
    assert bad_cell_faults("ABCDEFG".index(column[0]), value) == [
        Fault(f"roster.xlsx, sheet Тізім, row 2, column {column}", problem, remedy)
    ]


@pytest.fixture
def bad_cell_faults(write_xlsx, faults_of):
    def faults(column, value):
        return faults_of(write_xlsx([HEADER, (*GOOD[:column], value, *GOOD[column + 1 :]), ENERGY]))

    return faults


def test_faults_of_both_sheets_come_at_once(write_xlsx, faults_of):
    topics = [*TOPICS[:2], ("water", None, "Вода", None, None)]
    rows = [["Тізім"], HEADER, GOOD, ("K", None, *ENERGY[2:])]
    assert [fault.where for fault in faults_of(write_xlsx(rows, topics))] == [
        "roster.xlsx, sheet Тізім, row 4, column A (prefix)",
        "roster.xlsx, sheet Тізім, row 4, column B (name_kk)",
        "roster.xlsx, sheet Темы, row 3, column B (name_kk)",
        "roster.xlsx, sheet Темы, row 3, column E (group)",
    ]


def test_a_remark_beside_the_table(write_xlsx, faults_of):
    rows = [HEADER, (*GOOD, None, None, "тексеру керек"), (*ENERGY[:4], 0, *ENERGY[5:])]
    assert [(fault.where, fault.problem) for fault in faults_of(write_xlsx(rows))] == [
        ("roster.xlsx, sheet Тізім, row 2", '"тексеру керек" in column J stands under no heading'),
        ("roster.xlsx, sheet Тізім, row 3, column E (desks)", "there are no desks"),
    ]


def test_columns_past_z_have_two_letters(write_xlsx, faults_of):
    rows = [(*[None] * 26, *HEADER), (*[None] * 26, *GOOD[:4], 0, *GOOD[5:])]
    assert [fault.where for fault in faults_of(write_xlsx(rows))] == [
        "roster.xlsx, sheet Тізім, row 2, column AE (desks)"
    ]


def test_an_empty_sheet(write_xlsx, faults_of):
    assert faults_of(write_xlsx([], topics=None)) == [
        Fault(
            "roster.xlsx, sheet Тізім",
            "the sheet is empty",
            f"Put the services in it, under a row with {', '.join(HEADER)}",
        )
    ]


def test_an_empty_topics_sheet(write_xlsx, faults_of):
    (fault,) = faults_of(write_xlsx([HEADER, GOOD], topics=[]))
    assert fault.problem == "the services name topics, but there is no list of topics"


def test_too_many_rows(write_xlsx, faults_of):
    (fault,) = faults_of(write_xlsx([HEADER, *[GOOD] * MAX_ROWS], topics=None))
    assert fault == Fault(
        "roster.xlsx, sheet Тізім",
        "there are too many rows for a roster",
        f"Keep {MAX_ROWS} rows at most",
    )


def test_formats_and_merges_far_below_and_beside_the_table_are_no_matter(small, write_xlsx):
    path = write_xlsx([HEADER, GOOD, ENERGY], merges=["A9:B9"])
    book = openpyxl.load_workbook(path)
    book["Тізім"]["A90000"].number_format = "0.00"
    book["Тізім"]["XFD1"].number_format = "0.00"
    book.save(path)
    book.close()
    edit_first_sheet(path, (b'ref="A9:B9"', b'ref="A50:XFD1048576"'))
    assert read_roster(path) == small


def zip_of(*names: str, size: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"x" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"PK\x03\x04 and nothing more", "the workbook is damaged (BadZipFile)"),
        (zip_of("xl/workbook.xml"), "the workbook is damaged (KeyError)"),
        (zip_of("xl/workbook.bin"), "this is an .xlsb workbook"),
        (zip_of("mimetype", "content.xml"), "this is an OpenDocument file"),
        (zip_of("word/document.xml"), "this is a Word document"),
        (zip_of("photo.jpg"), "this is a ZIP archive, not a workbook"),
        (zip_of("xl/workbook.xml", size=33 * 1024 * 1024), "the workbook is too large for a roster"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "the file is protected by a password",
        ),
        (b"prefix,desks", "this is not really an .xlsx file, or it is damaged"),
    ],
)
def test_files_that_are_no_workbook(faults_of, tmp_path, data, problem):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(data)
    (fault,) = faults_of(path)
    assert (fault.where, fault.problem) == ("roster.xlsx", problem)
    assert fault.remedy


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_never_worse(data):
    """A few bytes changed or the end cut off: either the damage does not matter, or it is told as a fault."""
    whole = bytearray(REAL.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=5)):
        whole[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
    try:
        sheets = read_sheets("roster.xlsx", bytes(whole[:cut]))
    except RosterRejected:
        return
    assert sheets
