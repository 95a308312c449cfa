"""CSV rosters: as the sample, and as offices send them; each fault with its file, row and column."""

from pathlib import Path

import pytest

from appliance.domain.errors import Fault
from appliance.domain.roster import Names
from appliance.roster import read_roster, sample_roster

DATA = Path(__file__).parents[2] / "data"
SAMPLE = Path(__file__).parents[3] / "appliance" / "roster" / "sample"
HEADER = ("prefix", "name_kk", "name_ru", "name_en", "desks", "minutes", "topics")
TOPIC_HEADER = ("code", "name_kk", "name_ru", "name_en", "group")
GOOD = ("А", "Облыс әкімі", "Аким области", "Governor", "1", "8", "roads;water")
ENERGY = ("К", "Энергетика басқармасы", "Управление энергетики", "", "3", "10", "water")
COLUMNS = ", ".join(HEADER)


def test_the_sample_from_its_file_and_from_the_package_are_equal():
    roster = read_roster(SAMPLE / "roster.csv")
    assert roster == sample_roster()
    assert (len(roster.services), sum(service.desks for service in roster.services), len(roster.topics)) == (
        15,
        20,
        28,
    )
    assert roster.services[3].names.kk == "Құрылыс, сәулет және қала құрылысы басқармасы"


def test_a_path_may_be_a_string():
    assert read_roster(str(SAMPLE / "roster.csv"), str(SAMPLE / "topics.csv")) == sample_roster()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048", "ptcp154"])
def test_every_dialect_and_encoding_reads_the_same(small, write_csv, delimiter, encoding):
    assert read_roster(write_csv([HEADER, GOOD, ENERGY], TOPICS_WITH_ENGLISH, encoding, delimiter)) == small


TOPICS_WITH_ENGLISH = (
    TOPIC_HEADER,
    ("roads", "Жолдар", "Дороги", "Roads", "roads"),
    ("water", "Су", "Вода", "", "utilities"),
)


def test_the_office_file_in_windows_1251_reads_as_the_small_roster(small):
    assert read_roster(DATA / "rosters" / "office-1251.csv", DATA / "rosters" / "office-1251-topics.csv") == small


def test_stray_blanks_of_every_kind_are_dropped(small, write_csv):
    good = (
        "\u00a0А ",
        " Облыс\u00a0 әкімі",
        "Аким\nобласти ",
        " Governor\u200b",
        " 1",
        "8\u202f",
        " roads ;\n water; ",
    )
    rows = [[" prefix", "name_kk ", "\ufeffname_ru", *HEADER[3:]], (), good, ("",) * 7, (" ", "\u00a0"), ENERGY]
    assert read_roster(write_csv(rows, TOPICS_WITH_ENGLISH)) == small


@pytest.mark.parametrize("separator", [";", ",", "\n", " ; ", ",\n"])
def test_topics_may_be_separated_by_semicolon_comma_or_line(small, write_csv, separator):
    good = (*GOOD[:-1], f"roads{separator}water")
    assert read_roster(write_csv([HEADER, good, ENERGY])) == small


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(small, write_csv, line_end):
    path = write_csv([HEADER, GOOD, ENERGY])
    path.write_bytes(path.read_bytes().replace(b"\r\n", line_end.encode()))
    assert read_roster(path) == small


def test_excels_separator_line(small, write_csv):
    path = write_csv([HEADER, GOOD, ENERGY], delimiter="|")
    path.write_bytes(b"sep=|\r\n" + path.read_bytes())
    assert read_roster(path, _topics(path)) == small


def _topics(path: Path) -> Path:
    topics = path.with_name("topics.csv")
    topics.write_text(
        "code,name_kk,name_ru,name_en,group\nroads,Жолдар,Дороги,Roads,roads\nwater,Су,Вода,,utilities\n"
    )
    return topics


@pytest.mark.parametrize(
    "header",
    [
        ("Әріп", "Қазақша", "Орысша", "Ағылшынша", "Үстелдер", "Минут", "Тақырыптар"),
        ("Литера", "На казахском", "На русском", "На английском", "Окна", "Мин.", "Темы"),
        (
            "Буква",
            "Атауы (қаз.)",
            "Наименование на русском языке",
            "English",
            "Кол-во столов",
            "Минут на человека",
            "Вопросы",
        ),
        ("PREFIX", "Name KK", "Name RU", "Name EN", "Desks", "Minutes", "Topics"),
        ("letter", "Атауы", "Название", "name (English)", "Терезелер саны", "минуты", "Мәселелер"),
    ],
)
def test_headings_in_three_languages(small, write_csv, header):
    titles = [("Прием граждан; список управлений, количество окон",), ("28 шілде 2023 ж.",), ()]
    assert read_roster(write_csv([*titles, header, GOOD, ENERGY])) == small


def test_columns_in_any_order_with_notes_and_numbering(small, write_csv):
    def shuffled(row, number, note):
        return (number, *row[::-1], note)

    rows = [shuffled(HEADER, "№ п/п", "Ескерту"), shuffled(GOOD, 1, "первым"), shuffled(ENERGY, 2, "")]
    assert read_roster(write_csv(rows)) == small


def test_furniture_between_the_rows_is_skipped(small, write_csv):
    rows = [HEADER, range(1, 8), GOOD, HEADER, ENERGY, ("Барлығы:", "", "", "", 4), ("", "", "Итого", "", 4)]
    assert read_roster(write_csv(rows)) == small


@pytest.mark.parametrize("desks", ["3", "3.0", "3,0", " 3 ", "+3"])
def test_whole_numbers_however_written(small, write_csv, desks):
    assert read_roster(write_csv([HEADER, GOOD, (*ENERGY[:4], desks, *ENERGY[5:])])) == small


def test_topics_are_optional(write_csv):
    roster = read_roster(write_csv([HEADER[:6], GOOD[:6]], topics=None))
    assert roster.services[0].topics == ()
    assert roster.services[0].names == Names("Облыс әкімі", "Аким области", "Governor")


def test_a_topics_file_given_wins_over_the_one_beside(small, write_csv, tmp_path):
    path = write_csv([HEADER, GOOD, ENERGY], topics=[("nothing", "here")])
    other = tmp_path / "other"
    other.mkdir()
    assert read_roster(path, _topics(other / "roster.csv")) == small


# --- faults -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "problem", "remedy"),
    [
        (
            "prefix",
            "A",
            'the prefix "A" is a Latin letter, not a Cyrillic one',
            "Write the Cyrillic letter А, which looks like it",
        ),
        (
            "prefix",
            "",
            "the prefix is missing",
            "Write one upper-case Cyrillic letter, Russian or Kazakh, for example А",
        ),
        (
            "name_kk",
            "",
            "the Kazakh name is missing",
            "Write the name in Kazakh: it is shown and spoken",
        ),
        (
            "name_kk",
            "Oблыс",
            'the word "Oблыс" hides a Latin letter: O (letter 1)',
            'Write "Облыс" all in Cyrillic letters',
        ),
        ("desks", "0", "there are no desks", "Write a whole number from 1 to 30"),
        ("desks", "", "the number of desks is missing", "Write a number, for example 1"),
        ("desks", "три", '"три" is not a number of desks', "Write digits, for example 3"),
        ("desks", "3 стола", '"3 стола" is not a number of desks', "Write 3 alone"),
        ("desks", "2.5", "there cannot be 2.5 desks", "Write a whole number from 1 to 30"),
        ("minutes", "10 мин", '"10 мин" is not a number of minutes', "Write 10 alone"),
        (
            "minutes",
            "999",
            "a talk cannot be planned at 999 minutes",
            "Write a number from 1 to 240, for example 10",
        ),
        (
            "topics",
            "roads;watr",
            'the topic "watr" is not in the list of topics',
            "Did you mean water? If not, add watr to the list",
        ),
        ("topics", "roads;roads", 'the topic "roads" is named twice', "Name it once"),
    ],
)
def test_one_bad_cell_is_one_fault(service_faults, column, value, problem, remedy):
    row = [value if name == column else good for name, good in zip(HEADER, GOOD, strict=True)]
    assert service_faults(row) == [Fault(f"roster.csv, row 2, column {column}", problem, remedy)]


def test_a_duplicate_prefix_names_both_rows(service_faults):
    assert service_faults(GOOD, ENERGY, GOOD) == [
        Fault(
            "roster.csv, row 4, column prefix",
            'the prefix "А" is already taken by roster.csv, row 2, column prefix',
            "Give one of the two another letter, for example И",
        )
    ]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(faults_of, write_csv):
    rows = [("Тізім",), (), HEADER, (), (*GOOD[:1], "Облыс\nәкімі", *GOOD[2:]), (), (*ENERGY[:4], "0", *ENERGY[5:])]
    assert [fault.where for fault in faults_of(write_csv(rows))] == ["roster.csv, row 7, column desks"]


def test_a_column_is_named_as_the_file_names_it(faults_of, write_csv):
    header = ("Әріп", "Қазақша", "Орысша", "Ағылшынша", "Үстелдер", "Минут", "Тақырыптар")
    (fault,) = faults_of(write_csv([header, (*GOOD[:4], "0", *GOOD[5:])]))
    assert fault.where == "roster.csv, row 2, column Үстелдер"


def test_faults_of_both_files_come_at_once_in_order(faults_of, write_csv):
    topics = [TOPIC_HEADER, ("roads", "", "Дороги", "", ""), ("Water", "Су", "Вода", "", "utilities")]
    bad = ("К", "", "Энергетика", "", "0", "10", "water")
    assert [str(fault).split(".", 2)[1] for fault in faults_of(write_csv([HEADER, GOOD, bad], topics))] == [
        'csv, row 2, column topics: the topic "water" is not in the list of topics',
        "csv, row 3, column name_kk: the Kazakh name is missing",
        "csv, row 3, column desks: there are no desks",
        'csv, row 3, column topics: the topic "water" is not in the list of topics',
        "csv, row 2, column name_kk: the Kazakh name is missing",
        "csv, row 2, column group: the topic has no group",
        'csv, row 3, column code: the topic code "Water" is badly formed',
    ]


def test_missing_columns_are_told_once_not_in_every_row(faults_of, write_csv):
    rows = [("prefix", "name_ru", "minutes"), ("А", "Аким", "8"), ("К", "Энергетика", "0")]
    assert faults_of(write_csv(rows)) == [
        Fault(
            "roster.csv, row 1",
            "the column name_kk is missing",
            "Add it: the name in Kazakh; also қазақша, на казахском",
        ),
        Fault(
            "roster.csv, row 1", "the column desks is missing", "Add it: how many desks; also үстелдер, столы, окна"
        ),
        Fault(
            "roster.csv, row 3, column minutes",
            "a talk cannot be planned at 0 minutes",
            "Write a number from 1 to 240, for example 10",
        ),
    ]


def test_a_column_that_is_there_twice(faults_of, write_csv):
    assert faults_of(write_csv([(*HEADER, "столы"), (*GOOD, "1")])) == [
        Fault(
            "roster.csv, row 1",
            "the column desks is there more than once: desks and столы",
            "Keep one, rename or delete the rest",
        )
    ]


def test_an_unknown_column_with_something_in_it(faults_of, write_csv):
    assert faults_of(write_csv([(*HEADER, "Этаж"), (*GOOD, "2")])) == [
        Fault(
            "roster.csv, row 1",
            "the column Этаж is not known",
            f"Call it one of {COLUMNS}; or call it note, or delete it",
        )
    ]


def test_an_unknown_column_without_anything_in_it_is_no_fault(small, write_csv):
    assert read_roster(write_csv([(*HEADER, "Этаж"), (*GOOD, ""), (*ENERGY, "")])) == small


def test_a_comma_that_is_not_in_quotes(faults_of, write_csv):
    path = write_csv([HEADER, GOOD])
    path.write_text(path.read_text() + "К,Құрылыс, сәулет,Строительство,,1,8,roads\n")
    assert faults_of(path) == [
        Fault(
            "roster.csv, row 3",
            '"roads" in column 8 stands under no heading',
            "Give the column a heading, or put a name that has a comma in double quotes",
        )
    ]


def test_a_row_of_one_value(service_faults):
    assert service_faults(GOOD, ("Әлеуметтік блок",)) == [
        Fault("roster.csv, row 3", 'only "Әлеуметтік блок" is written in this row', "Fill the row in, or delete it")
    ]


def test_a_row_of_remarks_only(faults_of, write_csv):
    (fault,) = faults_of(write_csv([(*HEADER, "note"), GOOD, ("",) * 7 + ("кейін",)]))
    assert fault.where == "roster.csv, row 3"
    assert fault.problem == "only remarks are in this row"


def test_a_quotation_mark_that_is_not_closed(faults_of, write_csv):
    path = write_csv([HEADER, GOOD])
    path.write_text(path.read_text() + 'К,"Құрылыс,Строительство,,1,8,roads\n')
    (fault,) = faults_of(path)
    assert fault.where == "roster.csv, row 3"
    assert fault.problem == "a quotation mark is not closed, or text follows the closing one"
    assert fault.remedy == 'Put the whole value in quotes and write a quote inside it twice: "Цех ""Алтын"""'


def test_topics_named_but_no_list_of_topics(faults_of, write_csv):
    assert faults_of(write_csv([HEADER, GOOD], topics=None)) == [
        Fault(
            "roster.csv (no other sheet, no topics.csv beside it, no --topics FILE)",
            "the services name topics, but there is no list of topics",
            "Add the list of topics (code, names, group), or leave the topics of all services empty",
        )
    ]


NO_HEADER = "Name the columns in one row above the list: "


@pytest.mark.parametrize(
    ("rows", "problem", "remedy"),
    [
        (
            [("А", "Әкім", "Аким", "", "1", "8")],
            "no row names the columns of the services",
            NO_HEADER + COLUMNS,
        ),
        ([(), ("", " ")], "the sheet is empty", f"Put the services in it, under a row with {COLUMNS}"),
        (
            [HEADER],
            "there are no services",
            "List at least one service: prefix, names, desks, minutes",
        ),
        (
            TOPICS_WITH_ENGLISH,
            "this is a list of topics, not of services",
            "Give the file with the services",
        ),
    ],
)
def test_a_file_without_services(faults_of, write_csv, rows, problem, remedy):
    assert faults_of(write_csv(rows)) == [Fault("roster.csv", problem, remedy)]


def test_a_topics_file_that_is_a_roster(faults_of, write_csv):
    path = write_csv([HEADER, GOOD])
    assert faults_of(path, path) == [
        Fault("roster.csv", "this is a list of services, not of topics", "Give the file with the topics")
    ]


def test_a_topics_file_without_header_is_one_fault(faults_of, write_csv):
    assert faults_of(write_csv([HEADER, GOOD], topics=[("roads", "Жолдар", "Дороги")])) == [
        Fault(
            "topics.csv",
            "no row names the columns of the topics",
            NO_HEADER + ", ".join(TOPIC_HEADER),
        )
    ]


def test_lost_kazakh_letters_of_plain_windows_1251(faults_of, write_csv, small):
    path = write_csv([HEADER, GOOD])
    path.write_bytes(path.read_text().encode("cp1251", "replace"))
    (fault,) = faults_of(path)
    assert fault == Fault(
        "roster.csv, row 2, column name_kk",
        'letters of the name "Облыс ?кімі" were lost in saving',
        "Type the name again and save the file as .xlsx or as CSV in UTF-8",
    )


def test_a_garbled_name_is_one_fault(service_faults):
    garbled = "Қала әкімдігі".encode().decode("cp1251")
    (fault,) = service_faults(GOOD, (*ENERGY[:1], garbled, *ENERGY[2:]))
    assert fault.where == "roster.csv, row 3, column name_kk"
    assert fault.problem == f'the letters are garbled: "{garbled}"'
    assert fault.remedy.startswith('It may be "Қала әкімдігі": type it again.')


def test_the_wrong_encoding_is_one_fault(faults_of, write_csv):
    path = write_csv([HEADER, *[("А", "Баскарма", "Управление здравоохранения", "", 1, 8, "roads")] * 3])
    path.write_bytes(path.read_text().encode("koi8-r"))
    (fault,) = faults_of(path)
    assert (fault.where, fault.problem) == (
        "roster.csv",
        "the encoding is wrong: the letters read as nonsense",
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b" \r\n ", "the file is empty"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"<html><table>", "this is a web page, whatever its name says"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "this is a web page, whatever its name says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "this is an old .xls file, or not a table at all"),
        (b"x" * 5_300_000, "the file is 5 MB, too large for a roster"),
        (b"prefix,desks\n" * 2001, "there are 2001 rows, too many for a roster"),
    ],
)
def test_files_that_are_no_roster(faults_of, tmp_path, data, problem):
    path = tmp_path / "roster.csv"
    path.write_bytes(data)
    (fault,) = faults_of(path)
    assert (fault.where, fault.problem) == ("roster.csv", problem)
    assert fault.remedy


def test_files_that_are_not_there(faults_of, tmp_path):
    remedy = "Look at the name and the folder; put the file there"
    assert faults_of(tmp_path / "no.csv", tmp_path / "none.csv") == [
        Fault(str(tmp_path / "no.csv"), "there is no such file", remedy),
        Fault(str(tmp_path / "none.csv"), "there is no such file", remedy),
    ]


def test_faults_of_a_good_roster_are_told_beside_missing_topics(faults_of, write_csv, tmp_path):
    path = write_csv([HEADER, (*GOOD[:4], "0", *GOOD[5:])])
    assert [fault.where for fault in faults_of(path, tmp_path / "none.csv")] == [
        "roster.csv, row 2, column desks",
        str(tmp_path / "none.csv"),
    ]


def test_a_folder_is_not_a_file(faults_of, tmp_path):
    assert faults_of(tmp_path) == [Fault(str(tmp_path), "this is a folder, not a file", "Name the file in it")]


def test_a_file_that_cannot_be_read(faults_of, tmp_path):
    loop = tmp_path / "roster.csv"
    loop.symlink_to(loop)
    (fault,) = faults_of(loop)
    assert fault.problem.startswith("the file cannot be read (")


def test_everything_wrong_at_once_as_an_installer_reads_it(faults_of):
    folder = DATA / "rosters"
    told = "".join(f"{fault}\n" for fault in faults_of(folder / "faulty.csv", folder / "faulty-topics.csv"))
    assert told == (folder / "faulty.txt").read_text(encoding="utf-8")
