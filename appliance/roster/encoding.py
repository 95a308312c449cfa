"""Bytes to text, and text that was read in the wrong encoding.

Files called Windows-1251 in Kazakhstan are mostly KZ-1048 or PT154, which put the Kazakh letters where Windows-1251
has Serbian and Ukrainian ones. No mark tells them apart, so what reads as Kazakh and Russian is chosen.
"""

import codecs
import re
import unicodedata
from typing import Final

from appliance.roster.cells import Trouble, refuse

_LETTERS: Final = frozenset(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі" + "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӘҒҚҢӨҰҮҺІ"
)
_VOWELS: Final = frozenset("аәеёиоөуұүыіэюя")
_MARKS: Final = frozenset("«»№—–…’‘“”„•·°§\u00a0")
_ONE_BYTE: Final = ("kz1048", "cp1251", "ptcp154")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE: Final = "Open the file in a spreadsheet and save it as .xlsx or as CSV in UTF-8"
_ENOUGH: Final = 0.5
"""The least plausibility at which a file is taken for Kazakh and Russian."""
_MISREAD: Final = (("cp1251", "utf-8"), ("cp1252", "utf-8"), ("cp1252", "kz1048"))
_BUMP: Final = re.compile(r"\w*[а-яёәғқңөұүһі][А-ЯЁӘҒҚҢӨҰҮҺІ]\w*")
"""A word with a small letter before a capital: rare, but every second word of a KOI8-R file read as Windows-1251."""


def decode(data: bytes, name: str) -> str:
    """Read a text file: UTF-8 with or without BOM, UTF-16 with BOM, Windows-1251 and its two Kazakh kin.

    Raises `RosterRejected` when it is none of them.
    """
    codec = next((codec for bom, codec in _BOMS if data.startswith(bom)), None)
    if codec is None and b"\0" in data:
        refuse(name, "this is not a text file, or its encoding is not known", _SAVE)
    try:
        return data.decode(codec or "utf-8")
    except UnicodeDecodeError as error:
        if codec or _nearly_utf8(data):
            line = data.count(b"\n", 0, error.start) + 1
            refuse(f"{name}, line {line}", "the encoding is broken: a byte here is not valid", _SAVE)
    texts = [text for codec in _ONE_BYTE if (text := _decoded(data, codec)) is not None]
    best = max(texts, key=plausibility)
    if plausibility(best) < _ENOUGH:
        refuse(name, "the encoding is wrong: the letters read as nonsense", _SAVE)
    return best


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _nearly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(not char.isascii() for char in text) - broken > 4 * broken


def plausibility(text: str) -> float:
    """How much like Kazakh and Russian the text reads; 1 and a little more is perfect, below 0 is nonsense."""
    foreign = [char for char in text if not char.isascii()]
    if not foreign:
        return 1.0
    good = sum(char in _LETTERS or char in _MARKS for char in foreign)
    strange = 3 * (len(foreign) - good) + 4 * sum(map(len, _BUMP.findall(text)))
    return (good - strange + _harmony(text.lower())) / len(foreign)


def _harmony(text: str) -> float:
    """KZ-1048's ғ is PT154's ә: a vowel wants no vowel beside it, a consonant wants one."""
    score = 0.0
    for before, char, after in zip(f" {text[:-1]}", text, f"{text[1:]} ", strict=True):
        if char in "әғ":
            beside = before in _VOWELS or after in _VOWELS
            score += 0.1 if beside == (char == "ғ") else -0.1
    return score


def garbled(name: str) -> Trouble | None:
    """Say so when a Kazakh or Russian name was read in the wrong encoding on its way here, with what it may mean."""
    plain = unicodedata.normalize("NFC", name)
    for written, meant in _MISREAD:
        guess = _reread(plain, written, meant)
        if guess is not None and plausibility(guess) >= 1:
            return Trouble(
                f'the letters are garbled: "{_short(name)}"', f'It may be "{_short(guess)}": type it again. {_SAVE}'
            )
    if any(_strange(char) for char in plain):
        return Trouble(f'the letters are garbled: "{_short(name)}"', f"Type the name again. {_SAVE}")
    return None


def _strange(char: str) -> bool:
    """Whether a character has no business in a Kazakh or Russian name."""
    other_cyrillic = "\u0400" <= char <= "\u052f" and char not in _LETTERS
    return other_cyrillic or "\u00c0" <= char <= "\u00ff" or char in "¤¦†‡‰¬¶µ±€™›‹"


def _reread(text: str, written: str, meant: str) -> str | None:
    """The text had its bytes in `meant` been read as `written`; None when that cannot be or changes nothing."""
    raw = bytearray()
    for char in text:
        byte = char.encode(written, "ignore")
        if not byte and not "\u0080" <= char <= "\u009f":  # undefined bytes become control characters
            return None
        raw += byte or bytes([ord(char)])
    guess = _decoded(bytes(raw), meant)
    return None if guess is None or guess == text or guess.isascii() else guess


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
