"""Which encoding a file is in, and names that were read in the wrong one before they came here."""

import pytest

from appliance.domain.errors import RosterRejected
from appliance.roster.cells import Trouble
from appliance.roster.encoding import decode, garbled, plausibility
from appliance.roster.table import read_sheets

KAZAKH = "Ж,Жұмыспен қамтуды үйлестіру және әлеуметтік бағдарламалар басқармасы,Управление занятости №1\n"
RUSSIAN = "О,Отдел «Экология» — ёлки,Отдел экологии\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048", "ptcp154"])
def test_kazakh_is_read_in_every_accepted_encoding(encoding):
    assert decode(KAZAKH.encode(encoding), "x.csv") == KAZAKH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "kz1048", "ptcp154"])
def test_russian_is_read_in_every_accepted_encoding(encoding):
    assert decode(RUSSIAN.encode(encoding), "x.csv") == RUSSIAN


@pytest.mark.parametrize("encoding", ["kz1048", "ptcp154"])
@pytest.mark.parametrize("word", ["Шаруашылығы", "Мәдениет", "Қоғамдық тәртіп", "Ғылым", "Әкімдік", "Өрт", "Дәрігер"])
def test_one_word_is_enough_to_tell_the_two_kazakh_code_pages_apart(encoding, word):
    assert decode(word.encode(encoding), "x.csv") == word


def test_bytes_that_two_code_pages_do_not_have_leave_the_third():
    assert decode("Қаланың ҳалі".encode("ptcp154"), "x.csv") == "Қаланың ҳалі"


def test_plain_ascii_is_read():
    assert plausibility("prefix,desks") == 1
    assert decode(b"prefix,desks", "x.csv") == "prefix,desks"


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r", "mac-cyrillic"])
def test_other_code_pages_are_refused_as_nonsense(encoding):
    with pytest.raises(RosterRejected) as caught:
        decode("Управление здравоохранения,Отдел экологии".encode(encoding), "list.csv")
    (fault,) = caught.value.faults
    assert fault.where == "list.csv"
    assert fault.problem == "the encoding is wrong: the letters read as nonsense"
    assert fault.remedy == "Open the file in a spreadsheet and save it as .xlsx or as CSV in UTF-8"


def test_utf8_with_a_broken_byte_names_the_line():
    data = ("Бірінші\n" + KAZAKH).encode()
    broken = data.replace("қамтуды".encode(), "қамтуды".encode()[1:])
    with pytest.raises(RosterRejected) as caught:
        decode(broken, "list.csv")
    (fault,) = caught.value.faults
    assert fault.where == "list.csv, line 2"
    assert fault.problem == "the encoding is broken: a byte here is not valid"


def test_binary_is_refused():
    with pytest.raises(RosterRejected) as caught:
        decode(b"\x00\x01\x02", "list.csv")
    assert caught.value.faults[0].problem == "this is not a text file, or its encoding is not known"


SAVE = "Open the file in a spreadsheet and save it as .xlsx or as CSV in UTF-8"


def read_as(name: str, written: str, read: str) -> str:
    """The name as it looks when its bytes are read in another code page; undefined bytes keep their number."""
    return "".join(bytes([byte]).decode(read, "ignore") or chr(byte) for byte in name.encode(written))


@pytest.mark.parametrize(
    ("written", "read"), [("utf-8", "cp1251"), ("utf-8", "cp1252"), ("kz1048", "cp1252"), ("cp1251", "cp1252")]
)
def test_a_garbled_name_is_told_with_what_it_may_mean(written, read):
    name = "Управление энергетики"
    assert garbled(read_as(name, written, read)) == Trouble(
        f'the letters are garbled: "{read_as(name, written, read)}"', f'It may be "{name}": type it again. {SAVE}'
    )


def test_a_garbled_kazakh_name_is_told():
    trouble = garbled(read_as("Қала әкімдігі", "utf-8", "cp1251"))
    assert trouble
    assert 'It may be "Қала әкімдігі"' in trouble.remedy


def test_a_name_past_repair_is_told():
    trouble = garbled(read_as("Білім басқармасы", "kz1048", "cp1251"))
    assert trouble
    assert trouble.problem.startswith("the letters are garbled")
    assert trouble.remedy == f"Type the name again. {SAVE}"


@pytest.mark.parametrize(
    "name", ["", "Облыс әкімі", "Отдел «Ёлка» № 5", "IT", "РС", "НурОтан", "Һ", "ТКШ — ЖКХ", "36,6°"]
)
def test_good_names_are_not_called_garbled(name):
    assert garbled(name) is None


def test_no_name_of_the_sample_is_called_garbled(sample_names):
    assert [name for name in sample_names if garbled(name)] == []


@pytest.fixture
def sample_names():
    from appliance.roster import sample_roster  # noqa: PLC0415 - only this test reads the sample

    roster = sample_roster()
    return [text for each in (*roster.services, *roster.topics) for text in (each.names.kk, each.names.ru)]


def test_read_sheets_uses_it():
    (sheet,) = read_sheets("x.csv", KAZAKH.encode("ptcp154"))
    assert sheet.rows[0].cells[1].text == KAZAKH.split(",")[1]
