"""Draws blocks as dots and turns dots into ESC/POS bytes.

A slip is a pile of blocks, each as wide as the paper, so each block is drawn and encoded on its own and remembered
by its content: what all slips share (titles, service names, the kept place) costs nothing the second time.
Only whole-slip raster has every Kazakh letter on every printer. Blank rows travel as feeds, not as dots.

Dots may happen to spell a real-time command: 10 04 n asks for the status, 10 05 and 10 14 clear the buffer, open the
drawer or switch off. Printers look for these while they receive, some of them also inside an image (Epson, ESC/POS
command reference, DLE EOT and DLE DC4, notes): then an answer comes that nobody asked for, or worse; and one that
takes the bytes out of the image misses as many at its end and reads the next command's head as dots. No such pair is
ever sent, not even across two rows: its second byte gets one more black dot, an eighth of a millimetre wide.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

from appliance.contract.models import EventInfo, Names, Range, Slip, SlipLine
from printer import slip as layout
from printer.errors import FontMissing, SlipUnprintable
from printer.library import Dummy
from printer.lines import Style

FONTS: Final = Path("/usr/share/fonts/truetype/dejavu")
FONT_FILES: Final = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
FONT_PACKAGE: Final = "fonts-dejavu-core"
WHITE: Final = 255
BLACK: Final = 0
BAND_ROWS: Final = 24
"""Rows in one raster command: what a cut transfer can ruin at most."""
BLANK_ROWS: Final = 8
"""A shorter run of blank rows is cheaper as dots."""
MOST_FEED: Final = 255
FEED: Final = b"\x1bJ"
RESET: Final = b"\x1b@"
REAL_TIME: Final = re.compile(rb"\x10([\x04\x05\x14])")
"""DLE EOT, DLE ENQ and DLE DC4."""
ONE_MORE_DOT: Final = 0x08
THRESHOLD: Final = [BLACK] * 128 + [WHITE] * 128
QR_MODULE: Final = range(2, 7)
QR_QUIET: Final = 4
QR_MASK: Final = 3
"""Any mask can be read; weighing all eight takes half of the time that a slip takes."""


def make_bytes(facts: Slip, *, copy: bool, width: int) -> bytes:
    """Return the slip as ESC/POS, from reset to cut, for paper of `width` dots. Raises SlipUnprintable."""
    return encode_blocks(layout.lay_out(facts, copy=copy, width=width, measure=measure), width)


def make_image(facts: Slip, *, copy: bool, width: int) -> Image.Image:
    """Return the slip as the dots that `make_bytes` prints. Raises SlipUnprintable."""
    return draw_blocks(layout.lay_out(facts, copy=copy, width=width, measure=measure), width)


def encode_blocks(blocks: tuple[layout.Block, ...], width: int) -> bytes:
    """Return blocks as ESC/POS, from reset to cut."""
    encoder = Dummy()
    encoder.cut(feed=False)
    cut: bytes = encoder.output
    return b"".join((RESET, *(_encode_block(block, width) for block in blocks), cut))


def draw_blocks(blocks: tuple[layout.Block, ...], width: int) -> Image.Image:
    """Return blocks as one 1-bit image."""
    images = [_draw_block(block, width) for block in blocks]
    paper = Image.new("1", (width, sum(image.height for image in images)), WHITE)
    top = 0
    for image in images:
        paper.paste(image, (0, top))
        top += image.height
    return paper


@lru_cache(maxsize=4096)
def measure(text: str, style: Style) -> int:
    """Return the width in dots of `text`, ink that leans out of its letters included."""
    font = _font(style)
    left, _, right, _ = font.getbbox(text, mode="1", anchor="ls")
    return round(max(font.getlength(text, mode="1"), right) - min(0, left)) + 1


def warm_up(width: int) -> None:
    """Draw and throw away a slip, so that the first visitor does not wait for fonts to load."""
    names = Names(kk="Ә", ru="Я", en="A")
    slip = Slip(
        number="Ә-001",
        service="Ә",
        names=names,
        desks=["Ә1"],
        ahead=1,
        wait=Range(low=1, high=2),
        issued_at="2000-01-01T00:00:00+05:00",
        tickets=[SlipLine(number="Ә-001", names=names), SlipLine(number="Ә-002", names=names)],
        url="http://127.0.0.1:8080/v/0123456789abcdef",
        event=EventInfo(title=names, day="2000-01-01"),
        language=None,
    )
    make_bytes(slip, copy=True, width=width)


# --- dots -> bytes


@lru_cache(maxsize=512)
def _encode_block(block: layout.Block, width: int) -> bytes:
    if isinstance(block, layout.Space):
        return _feed(block.dots)
    return encode_image(_draw_block(block, width))


def encode_image(image: Image.Image) -> bytes:
    """Return a 1-bit image as raster commands of at most 24 rows, with blank rows as feeds."""
    encoder = Dummy()
    # Without a width in its profile the library prints a complaint to standard output for each image.
    encoder.profile.profile_data = {**encoder.profile.profile_data, "media": {"width": {"pixels": image.width}}}
    rows = _rows(image)
    for top, bottom, ink in _runs([bool(row) for row in rows]):
        if not ink:
            encoder._raw(_feed(bottom - top))  # noqa: SLF001 - the library's name for sending as is
            continue
        for row in range(top, bottom, BAND_ROWS):
            end = min(row + BAND_ROWS, bottom)
            # A printer leaves the paper right of the dots white by itself.
            across = 8 * max(1, *(len(dots) for dots in rows[row:end]))
            band = _tame(image.crop((0, row, across, end)))
            encoder.image(band, impl="bitImageRaster", fragment_height=BAND_ROWS)
    out: bytes = encoder.output
    return out


def _tame(band: Image.Image) -> Image.Image:
    """Return the band without dots that spell a real-time command. Its width is whole bytes."""
    dots = band.tobytes("raw", "1;I")
    if not REAL_TIME.search(dots):
        return band
    tame = REAL_TIME.sub(lambda found: bytes([found[0][0], found[1][0] | ONE_MORE_DOT]), dots)
    return Image.frombytes("1", band.size, tame, "raw", "1;I")


def _rows(image: Image.Image) -> list[bytes]:
    """Return the image's rows, 8 dots a byte, without the white at their ends. Paper is whole bytes wide."""
    stride = image.width // 8
    dots = image.tobytes()
    return [dots[start : start + stride].rstrip(b"\xff") for start in range(0, len(dots), stride)]


def _feed(rows: int) -> bytes:
    full, rest = divmod(rows, MOST_FEED)
    return (FEED + bytes([MOST_FEED])) * full + (FEED + bytes([rest]) if rest else b"")


def _runs(inked: list[bool]) -> Iterator[tuple[int, int, bool]]:
    """Yield (top, bottom, has ink) of the rows; a short blank run between ink counts as ink."""
    done = 0
    top: int | None = None
    bottom = 0
    for row in (row for row, ink in enumerate(inked) if ink):
        if top is None or row - bottom >= BLANK_ROWS:
            if top is not None:
                yield top, bottom, True
                done = bottom
            if row > done:
                yield done, row, False
            top = row
        bottom = row + 1
    if top is not None:
        yield top, bottom, True
        done = bottom
    if len(inked) > done:
        yield done, len(inked), False


# --- blocks -> dots


@lru_cache(maxsize=512)
def _draw_block(block: layout.Block, width: int) -> Image.Image:
    match block:
        case layout.Space():
            return Image.new("1", (width, block.dots), WHITE)
        case layout.Number():
            return _draw_number(block, width)
        case layout.Text():
            return _draw_text(block, width)
        case layout.Row():
            return _draw_row(block, width)
        case layout.Band():
            return _draw_band(block, width)
        case layout.Qr():
            return _draw_qr(block, width)


@lru_cache(maxsize=8)
def _font(style: Style) -> ImageFont.FreeTypeFont:
    path = FONTS / FONT_FILES[style.bold]
    try:
        return ImageFont.truetype(path, style.size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise FontMissing(f"cannot read {path}; install Debian's package {FONT_PACKAGE}") from error


def _draw_number(block: layout.Number, width: int) -> Image.Image:
    """Draw the number at its full height; narrow it when it is too long, rather than lower it."""
    font = _font(layout.NUMBER)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(block.text, anchor="ls"))
    ink = Image.new("L", (max(1, right - left), max(1, bottom - top)), WHITE)
    ImageDraw.Draw(ink).text((-left, -top), block.text, fill=BLACK, font=font, anchor="ls")
    room = width - 2 * layout.MARGIN
    if ink.width > room:
        ink = ink.resize((room, ink.height), Image.Resampling.LANCZOS)
    paper = Image.new("1", (width, ink.height), WHITE)
    paper.paste(ink.point(THRESHOLD, "1"), ((width - ink.width) // 2, 0))
    return paper


def _draw_text(block: layout.Text, width: int) -> Image.Image:
    ascent, descent = _font(block.style).getmetrics()
    paper = Image.new("1", (width, (ascent + descent) * len(block.lines)), WHITE)
    for index, line in enumerate(block.lines):
        room = width - measure(line, block.style)
        left = layout.MARGIN if block.align == "left" else room // 2
        _write(paper, (left, index * (ascent + descent) + ascent), line, block.style)
    return paper


def _draw_row(block: layout.Row, width: int) -> Image.Image:
    strong, small = block.scale.strong, block.scale.small
    number_height, step = sum(_font(strong).getmetrics()), sum(_font(small).getmetrics())
    # Beside: one baseline for the number and the first line. Below: the lines follow the number's.
    first = _font(strong).getmetrics()[0] if block.indent else number_height + _font(small).getmetrics()[0]
    height = max(number_height, first + _font(small).getmetrics()[1] + step * (len(block.lines) - 1))
    paper = Image.new("1", (width, height), WHITE)
    number = Image.new("1", (max(1, measure(block.number, strong)), number_height), WHITE)
    _write(number, (0, _font(strong).getmetrics()[0]), block.number, strong)
    room = block.indent - layout.MARGIN if block.indent else width - 2 * layout.MARGIN
    if number.width > room:
        number = number.resize((room, number.height))
    paper.paste(number, (layout.MARGIN, 0))
    for index, line in enumerate(block.lines):
        _write(paper, (layout.MARGIN + block.indent, first + index * step), line, small)
    return paper


def _draw_band(block: layout.Band, width: int) -> Image.Image:
    ascent, descent = _font(block.style).getmetrics()
    step, edge = ascent + descent, 14
    paper = Image.new("1", (width, step * len(block.lines) + 2 * edge), BLACK)
    pen = ImageDraw.Draw(paper)
    if block.pattern == "striped":
        for start in range(-paper.height, width, 28):
            pen.line((start, paper.height, start + paper.height, 0), fill=WHITE, width=12)
        half = max(measure(line, block.style) for line in block.lines) // 2 + edge
        pen.rectangle((width // 2 - half, edge - 4, width // 2 + half, paper.height - edge + 3), fill=WHITE)
    for index, line in enumerate(block.lines):
        left = (width - measure(line, block.style)) // 2
        ink = BLACK if block.pattern == "striped" else WHITE
        _write(paper, (left, edge + index * step + ascent), line, block.style, ink)
    return paper


def _draw_qr(block: layout.Qr, width: int) -> Image.Image:
    try:
        matrix = segno.make_qr(block.data, error="m", boost_error=False, mask=QR_MASK).matrix
    except segno.DataOverflowError as error:
        raise SlipUnprintable("the visitor's page has an address too long for a QR code") from error
    side = len(matrix)
    module = min(max(block.room // (side + 2 * QR_QUIET), QR_MODULE.start), QR_MODULE.stop - 1)
    code = Image.new("1", (side, side), WHITE)
    code.putdata([BLACK if dark else WHITE for row in matrix for dark in row])
    code = code.resize((side * module, side * module), Image.Resampling.NEAREST)
    paper = Image.new("1", (width, code.height), WHITE)
    paper.paste(code, ((width - code.width) // 2, 0))
    return paper


def _write(paper: Image.Image, at: tuple[int, int], text: str, style: Style, ink: int = BLACK) -> None:
    ImageDraw.Draw(paper).text(at, text, fill=ink, font=_font(style), anchor="ls")
