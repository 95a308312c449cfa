"""What the columns of a roster may be called in Kazakh, Russian and English, and which row names them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from appliance.roster.cells import Row, Sheet, clean

Table = Literal["services", "topics"]

IGNORED: Final = "ignored"
UNKNOWN: Final = "unknown"

COLUMNS: Final[Mapping[Table, Mapping[str, str]]] = {
    "services": {
        "prefix": "one letter; also әріп, литера",
        "name_kk": "the name in Kazakh; also қазақша, на казахском",
        "name_ru": "the name in Russian; also орысша, на русском",
        "name_en": "the name in English; also ағылшынша, на английском",
        "desks": "how many desks; also үстелдер, столы, окна",
        "minutes": "minutes a talk takes; also минут, мин",
        "topics": "topic codes with ; between; also тақырыптар, темы",
    },
    "topics": {
        "code": "a short code in Latin letters; also код",
        "name_kk": "the name in Kazakh; also қазақша, на казахском",
        "name_ru": "the name in Russian; also орысша, на русском",
        "name_en": "the name in English; also ағылшынша, на английском",
        "group": "the group it is counted in; also топ, группа",
    },
}
"""The columns of each table, in the order of the sample, and what each holds."""
OPTIONAL: Final = frozenset({"name_en", "topics"})

_TELLING: Final[Mapping[Table, frozenset[str]]] = {
    "services": frozenset({"prefix", "desks", "minutes"}),
    "topics": frozenset({"code", "group"}),
}
"""At least one of these makes a row the header of that table: both have names."""

_Words = Mapping[str, str]

_OWN: Final[Mapping[Table, _Words]] = {
    "services": {
        "prefix": r"prefix|letter|әріп\w*|әрпі|букв[аы]|литера?|префикс\w*",
        "desks": r"desks?|windows?|стол|стол[ыа]|столов|окн[оа]|окон|үстел\w*|терезе\w*",
        "minutes": r"minutes?|mins?|мин|минут\w*",
        "topics": r"topics?|тем[аы]?|тематика|тақырып\w*|вопросы?|вопросов|мәселе\w*",
    },
    "topics": {"code": r"codes?|код\w*", "group": r"groups?|групп\w*|топ|топтар\w*|тобы"},
}
_LANGUAGES: Final[_Words] = {
    "name_kk": r"kk|kz|kaz|kazakh|қаз|қазақ\w*|каз|казахск\w*",
    "name_ru": r"ru|rus|russian|орыс\w*|рус|русск\w*",
    "name_en": r"en|eng|english|ағылш\w*|англ|английск\w*",
}
_BARE_NAMES: Final[_Words] = {
    "name_kk": r"атауы|атау|басқарма\w*|қызмет\w*",
    "name_ru": r"название|наименование|управлени[ея]|служба|услуга",
}
_NOISE: Final = (
    r"|n|no|пп|п|рс|р|с|notes?|comments?|примечани[ея]|ескерт\w*|руководител[ьи]\w*|басшы\w*|фио|аты|head"
    r"|телефон\w*|phone|кабинет\w*|room|адрес\w*|мекен\w*|должность|лауазым\w*|дата|күні?|день|время|уақыт\w*"
)
_MAX_WORDS: Final = 7


@dataclass(frozen=True, slots=True)
class Header:
    """Which column (from 0) holds which field, as the row that names them says; `end` is its last row's number.

    `headings` are the words as written; a field named by several columns is in `fields` once for each.
    """

    end: int
    fields: Mapping[int, str]
    headings: Mapping[int, str]

    @property
    def found(self) -> frozenset[str]:
        """The fields that some column holds."""
        return frozenset(self.fields.values()) - {IGNORED, UNKNOWN}

    def column(self, field: str) -> int | None:
        """The first column of a field."""
        return next((column for column in sorted(self.fields) if self.fields[column] == field), None)


def field_of(heading: str, table: Table) -> str:
    """The field that a heading names; IGNORED for numbering and notes, UNKNOWN when it means nothing here."""
    words = re.findall(r"[^\W_]+", clean(heading).casefold().replace("ё", "е"))
    if len(words) > _MAX_WORDS:
        return UNKNOWN
    for vocabulary in (_OWN[table], _LANGUAGES, _BARE_NAMES):
        for field, pattern in vocabulary.items():
            if any(re.fullmatch(pattern, word) for word in words):
                return field
    return IGNORED if all(re.fullmatch(_NOISE, word) for word in words) else UNKNOWN


def recognised(texts: Sequence[str]) -> int:
    """How many fields of a table these cells name, for whichever table they name more of."""
    return max(len({field_of(text, table) for text in texts} - {IGNORED, UNKNOWN}) for table in COLUMNS)


def find_header(sheet: Sheet, table: Table) -> Header | None:
    """The row, or two rows under each other, that name most of a table's columns; None when no row does."""
    rows = [row for row in sheet.rows if not row.blank]
    spans = [(row,) for row in rows] + [(row, after) for row, after in pairwise(rows)]
    headers = [_header(span, table) for span in spans]
    telling = [header for header in headers if header.found & _TELLING[table] and len(header.found) > 1]
    return max(telling, key=lambda header: len(header.found), default=None)


def _header(span: Sequence[Row], table: Table) -> Header:
    """Read a header; in the second of two rows only words that name a field count, over those above."""
    fields: dict[int, str] = {}
    headings: dict[int, str] = {}
    for depth, row in enumerate(span):
        for column, cell in enumerate(row.cells):
            heading = clean(cell.text)
            field = field_of(heading, table)
            if heading and (depth == 0 or field not in {IGNORED, UNKNOWN}):
                fields[column], headings[column] = field, heading
    return Header(span[-1].number, fields, headings)
