"""Lays a slip out: facts -> draw blocks from top to bottom. Pure: no fonts, no pixels, no bytes.

How wide a text is comes in as `measure`, so that the layout can be judged without drawing. A slip has four sizes,
no lines, and nothing personal: a number, where to go, how long, and the visitor's other tickets.
Lengths are dots; at 203 dpi there are 8 to the millimetre.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from appliance.contract.models import Language, Names, Slip
from appliance.contract.words import LANGUAGES, say
from printer.errors import BadPaperWidth, SlipUnprintable
from printer.lines import Measure, Style, balance, wrap

DOTS_A_MM: Final = 8
MARGIN: Final = 8
"""Left free on each side, so that a roll that sits askew cuts nothing off."""
SEPARATOR: Final = " · "
EDGE: Final = 12
"""Blank paper before and after everything."""
QR_SHARE: Final = 0.6
"""How much of the width the QR code may take."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The four sizes of one paper width."""

    number: Style
    title: Style
    strong: Style
    body: Style
    small: Style


def _scale(title: int, body: int, small: int) -> Scale:
    return Scale(NUMBER, Style(title, bold=True), Style(body, bold=True), Style(body), Style(small))


NUMBER: Final = Style(168, bold=True)
"""Its digits are 122 dots high: 15 mm."""
WIDE: Final = 576
NARROW: Final = 384
WIDTHS: Final = {80: WIDE, 58: NARROW}
"""Paper width in mm -> printable dots."""
SCALES: Final = {WIDE: _scale(40, 32, 25), NARROW: _scale(36, 28, 23)}


@dataclass(frozen=True, slots=True)
class Number:
    """The ticket's number across the paper; a long one is narrowed, never made lower."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one style, each narrower than the paper."""

    lines: tuple[str, ...]
    style: Style
    align: Literal["left", "center"] = "center"


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in a list: its number, and the service's names `indent` dots beside it, or below when that is 0."""

    number: str
    lines: tuple[str, ...]
    indent: int
    scale: Scale


@dataclass(frozen=True, slots=True)
class Band:
    """Words across the paper that nobody overlooks: white on black, or on stripes."""

    lines: tuple[str, ...]
    style: Style
    pattern: Literal["inverted", "striped"]


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code in the middle, at most `room` dots wide with its quiet zone."""

    data: str
    room: int


@dataclass(frozen=True, slots=True)
class Space:
    """Blank paper."""

    dots: int


Block = Number | Text | Row | Band | Qr | Space


def dots_across(paper_mm: int) -> int:
    """Return the printable dots of 80 or 58 mm paper. Raises BadPaperWidth."""
    try:
        return WIDTHS[paper_mm]
    except KeyError:
        raise BadPaperWidth(f"paper of {paper_mm} mm is not known; use 80 or 58") from None


def lay_out(slip: Slip, *, copy: bool, width: int, measure: Measure) -> tuple[Block, ...]:
    """Return the slip's blocks for paper of `width` dots. Raises SlipUnprintable."""
    page = _Page(width, measure, SCALES[width])
    languages = spoken(slip.language)
    parts: list[list[Block]] = [
        _bands(slip, page, copy=copy),
        [Number(slip.number)],
        _service(slip, page, languages),
        _desks(slip, page, languages),
        _waiting(slip, page, languages),
        _tickets(slip, page, languages),
        _apart([page.text(say("place_kept", language), page.scale.small) for language in languages]),
        [Qr(slip.url, int(width * QR_SHARE))] if slip.url else [],
        _foot(slip, page, languages),
    ]
    blocks: list[Block] = []
    for part in parts:
        if part:
            blocks += [Space(28 if blocks else EDGE), *part]
    return (*blocks, Space(EDGE))


def spoken(language: Language | None) -> tuple[Language, ...]:
    """Return the slip's languages: Kazakh and Russian always, English for whoever chose it."""
    return LANGUAGES if language == "en" else ("kk", "ru")


@dataclass(frozen=True, slots=True)
class _Page:
    """The paper's width, its scale and the measure, so that the parts below need not carry them all."""

    width: int
    measure: Measure
    scale: Scale

    @property
    def inner(self) -> int:
        return self.width - 2 * MARGIN

    def text(self, text: str, style: Style) -> Text:
        return Text(balance(text, self.inner, style, self.measure), style)

    def joined(self, words: Sequence[str], style: Style) -> tuple[str, ...]:
        """Set words with separators; a line breaks between words and leaves no separator at its end."""
        lines: list[str] = []
        line = ""
        for word in words:
            longer = f"{line}{SEPARATOR}{word}" if line else word
            if line and self.measure(longer, style) > self.inner:
                lines.append(line)
                longer = word
            line = longer
        whole = (*lines, line) if line else ()
        return tuple(piece for each in whole for piece in wrap(each, self.inner, style, self.measure))


def _bands(slip: Slip, page: _Page, *, copy: bool) -> list[Block]:
    style = page.scale.strong
    bands: list[Block] = []
    if slip.event.rehearsal:
        words = page.joined([say("rehearsal", language) for language in LANGUAGES], style)
        bands.append(Band(words, style, "striped"))
    if copy:
        words = page.joined([say("copy", language) for language in LANGUAGES], style)
        bands += [*([Space(8)] if bands else []), Band(words, style, "inverted")]
    return bands


def _service(slip: Slip, page: _Page, languages: Sequence[Language]) -> list[Block]:
    blocks: list[Block] = []
    for name in _names(slip.names, languages):
        style = page.scale.body if blocks else page.scale.title
        blocks += [*([Space(8)] if blocks else []), page.text(name, style)]
    return blocks


def _desks(slip: Slip, page: _Page, languages: Sequence[Language]) -> list[Block]:
    if not slip.desks:
        return []
    key = "your_desk" if len(slip.desks) == 1 else "desks"
    label = page.joined([_capital(say(key, language)) for language in languages], page.scale.small)
    desks = page.joined(slip.desks, page.scale.title)
    return [Text(label, page.scale.small), Space(4), Text(desks, page.scale.title)]


def _waiting(slip: Slip, page: _Page, languages: Sequence[Language]) -> list[Block]:
    blocks: list[Block] = []
    for language in languages:
        if blocks:
            blocks.append(Space(10))
        ahead = say("people_ahead", language, n=slip.ahead) if slip.ahead else say("you_are_next", language)
        blocks.append(page.text(_glued(ahead), page.scale.strong))
        if slip.wait is not None:
            text = say("wait_about", language, a=slip.wait.low, b=slip.wait.high)
            blocks.append(page.text(_glued(text), page.scale.body))
    return blocks


def _tickets(slip: Slip, page: _Page, languages: Sequence[Language]) -> list[Block]:
    """List all tickets of the visitor, in the language he chose: the list would be too long in more."""
    if len(slip.tickets) < 2:  # noqa: PLR2004 - one ticket needs no list
        return []
    scale = page.scale
    chosen = (slip.language,) if slip.language else languages
    title = page.joined([say("your_tickets", language) for language in languages], scale.small)
    blocks: list[Block] = [Text(title, scale.small)]
    widest = max(page.measure(line.number, scale.strong) for line in slip.tickets)
    indent = min(page.inner // 3, widest + 16) if page.width >= WIDE else 0
    for line in slip.tickets:
        names = _names(line.names, chosen) or _names(line.names, LANGUAGES)
        lines = [piece for name in names for piece in wrap(name, page.inner - indent, scale.small, page.measure)]
        blocks += [Space(10), Row(line.number, tuple(lines), indent, scale)]
    return blocks


def _foot(slip: Slip, page: _Page, languages: Sequence[Language]) -> list[Block]:
    titles = _names(slip.event.title, languages)
    return _apart([page.text(text, page.scale.small) for text in (*titles, _moment(slip.issued_at))])


def _apart(blocks: Sequence[Block]) -> list[Block]:
    """Put a little space between texts that say the same in two languages."""
    return [each for block in blocks for each in (Space(8), block)][1:]


def _names(names: Names, languages: Sequence[Language]) -> list[str]:
    """Return the names in these languages, without the empty and without repeating one."""
    all_names: list[str] = [" ".join(getattr(names, language).split()) for language in languages]
    return [name for name in dict.fromkeys(all_names) if name]


def _capital(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def _glued(phrase: str) -> str:
    """Keep a figure and the word after it on one line."""
    return re.sub(r"(\d) ", "\\1\N{NO-BREAK SPACE}", phrase)


def _moment(issued_at: str) -> str:
    """Return day and time as people read them; UTC becomes the appliance's own zone."""
    try:
        moment = datetime.fromisoformat(issued_at)
    except ValueError as error:
        raise SlipUnprintable(f"time of issue {issued_at!r} is not ISO 8601") from error
    if moment.utcoffset() == timedelta(0):
        moment = moment.astimezone()
    return moment.strftime("%d.%m.%Y %H:%M")
