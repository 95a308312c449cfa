"""Dots and bytes: that paper shows what was laid out, and bytes say what was drawn."""

import io
import re
from pathlib import Path

import msgspec
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from printer import raster, slip
from printer.errors import FontMissing, SlipUnprintable
from printer.interpret import FeedDots, Interpreter, Raster
from printer.lines import Style
from printer.mechanism import VirtualPrinter
from printer.paper import SlipFolder

WIDTHS = [slip.WIDE, slip.NARROW]
DOTS_15_MM = 15 * slip.DOTS_A_MM


class Tray(SlipFolder):
    """Takes slips in memory."""

    def __init__(self) -> None:
        super().__init__(Path("/nonexistent"))
        self.slips: list[tuple[bytes, Image.Image]] = []

    def keep(self, data: bytes, image: Image.Image) -> int:
        self.slips.append((data, image))
        return len(self.slips)


def printed(data: bytes, width: int) -> Image.Image:
    """Return what a printer makes of `data`, which must be one slip and all of it understood."""
    tray = Tray()
    printer = VirtualPrinter(tray, width)
    printer.receive(data)
    assert printer.complaints == []
    ((kept, image),) = tray.slips
    assert kept == data
    return image


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """Return the box around the black dots."""
    box = image.convert("L").point([255] * 128 + [0] * 128).getbbox()
    assert box
    return box


@pytest.fixture(params=WIDTHS)
def width(request):
    return request.param


@pytest.mark.parametrize("tickets", [1, 4])
@pytest.mark.parametrize("copy", [False, True])
@pytest.mark.parametrize("language", [None, "en"])
def test_the_printed_dots_are_the_drawn_dots(make_slip, width, tickets, copy, language):
    facts = make_slip(tickets=tickets, language=language, rehearsal=copy)
    drawn = raster.make_image(facts, copy=copy, width=width)
    assert printed(raster.make_bytes(facts, copy=copy, width=width), width).tobytes() == drawn.tobytes()


@given(
    rows=some.lists(some.binary(min_size=0, max_size=9), min_size=1, max_size=80),
    gaps=some.lists(some.integers(0, 300), max_size=4),
)
@settings(deadline=None)
def test_any_dots_come_out_as_they_went_in(rows, gaps):
    across = 9
    pieces = [row.ljust(across, b"\x00") for row in rows]
    for gap in gaps:
        pieces.insert(len(pieces) // 2, bytes(across * gap))
    pieces.append(b"\x01" * across)
    image = Image.frombytes("1", (across * 8, sum(map(len, pieces)) // across), b"".join(pieces), "raw", "1;I")
    data = raster.RESET + raster.encode_image(image) + b"\x1dVB\x00"
    assert same_but_for_tamed_dots(printed(data, across * 8), image)


def same_but_for_tamed_dots(got: Image.Image, image: Image.Image) -> bool:
    """Whether all dots are as drawn, but for one more where the drawn ones may spell a real-time command."""
    pairs = zip(got.tobytes("raw", "1;I"), image.tobytes("raw", "1;I"), strict=True)
    return all(was == drawn or (drawn in b"\x04\x05\x14" and was == drawn | 0x08) for was, drawn in pairs)


@given(
    across=some.integers(1, 72),
    dots=some.lists(some.sampled_from(b"\x00\x10\x04\x05\x14\x0c\x1b\x1d\xff"), min_size=1, max_size=600),
)
@settings(deadline=None)
def test_no_dots_are_ever_sent_that_spell_a_real_time_command(across, dots):
    rows = -(-len(dots) // across)
    image = Image.frombytes("1", (across * 8, rows), bytes(dots).ljust(across * rows, b"\x00"), "raw", "1;I")
    data = raster.encode_image(image)
    assert not re.search(rb"\x10[\x04\x05\x14]", data)
    black = b"\x1dv0\x00\x01\x00\x01\x00\xff"
    paper = printed(raster.RESET + black + data + b"\x1dVB\x00", across * 8)
    assert same_but_for_tamed_dots(paper.crop((0, 1, across * 8, 1 + rows)), image)


def test_a_status_question_inside_an_image_becomes_one_dot_more():
    image = Image.frombytes("1", (24, 1), b"\x10\x04\x01", "raw", "1;I")
    assert raster.encode_image(image).endswith(b"\x10\x0c\x01")


@pytest.mark.parametrize("number", ["К-045", "Ә-001", "Ц-111", "Щ-9999", "ЖЖ-10001"])
def test_digits_are_at_least_15_mm_high_and_inside_the_paper(width, number):
    image = raster.draw_blocks((slip.Number(number),), width)
    for digit in set(re.sub(r"\D", "", number)):
        box = ink(raster.draw_blocks((slip.Number(digit),), width))
        assert box[3] - box[1] >= DOTS_15_MM
    left, top, right, bottom = ink(image)
    assert bottom - top >= DOTS_15_MM
    assert left >= slip.MARGIN
    assert right <= width - slip.MARGIN


def test_the_number_stands_higher_than_anything_else(make_slip, width):
    blocks = slip.lay_out(make_slip(tickets=4), copy=False, width=width, measure=raster.measure)
    for block in blocks:
        if isinstance(block, slip.Text):
            one = slip.Text(block.lines[:1], block.style)
            assert raster.draw_blocks((one,), width).height < DOTS_15_MM


@pytest.mark.parametrize("tickets", [1, 4])
def test_the_qr_code_on_the_paper_opens_the_visit(make_slip, width, tickets):
    facts = make_slip(tickets=tickets, url="http://192.168.10.1:8080/v/Zk3vQ0m9XyW4t7Lp")
    image = printed(raster.make_bytes(facts, copy=False, width=width), width)
    (code,) = zxingcpp.read_barcodes(image.convert("L"))
    assert code.text == facts.url


@given(some.text("abcdefghijklmnopqrstuvwxyzABCDEF0123456789-_", min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_secret_can_be_read_back(secret):
    url = f"http://kezek.local:8080/v/{secret}"
    image = raster.draw_blocks((slip.Space(60), slip.Qr(url, 230), slip.Space(60)), slip.NARROW)
    (code,) = zxingcpp.read_barcodes(image.convert("L"))
    assert code.text == url


def test_an_address_too_long_for_a_code_cannot_be_printed(make_slip):
    with pytest.raises(SlipUnprintable):
        raster.make_bytes(make_slip(url="http://host/" + "x" * 3000), copy=False, width=slip.WIDE)


@given(name=some.text(some.characters(codec="utf-8", exclude_categories=["C"]), max_size=200))
@settings(max_examples=30, deadline=None)
def test_nothing_is_drawn_outside_the_margins(make_slip, name):
    facts = make_slip(tickets=2)
    facts = msgspec.structs.replace(facts, names=msgspec.structs.replace(facts.names, kk=name))
    for width in WIDTHS:
        for block in slip.lay_out(facts, copy=False, width=width, measure=raster.measure):
            if isinstance(block, slip.Space):
                continue
            left, _, right, _ = raster.draw_blocks((block,), width).convert("L").point(INVERSE).getbbox() or (
                8,
                0,
                8,
                0,
            )
            assert left >= slip.MARGIN - 1
            assert right <= width - slip.MARGIN + 1


INVERSE = [255] * 128 + [0] * 128


@pytest.mark.parametrize("letter", "ӘҒҚҢӨҰҮҺІәғқңөұүһіЁё№–·")
@pytest.mark.parametrize("bold", [False, True])
def test_every_letter_has_a_shape_of_its_own(letter, bold):
    style = Style(40, bold=bold)
    missing, there = (raster.draw_blocks((slip.Text((text,), style),), 384) for text in ("\uffff", letter))
    assert there.tobytes() != missing.tobytes()
    assert ink(there)


def test_a_missing_font_names_its_package(monkeypatch):
    monkeypatch.setattr(raster, "FONT_FILES", {True: "NoSuchFont-Bold.ttf"})
    raster._font.cache_clear()
    with pytest.raises(FontMissing, match="fonts-dejavu-core") as caught:
        raster._font(slip.NUMBER)
    assert caught.value.permanent
    raster._font.cache_clear()


def test_no_band_is_higher_than_24_rows_and_blank_rows_are_fed(make_slip, width):
    data = raster.make_bytes(make_slip(), copy=True, width=width)
    commands = [command for command, _ in Interpreter().feed(data)]
    bands = [command for command in commands if isinstance(command, Raster)]
    assert max(band.rows for band in bands) <= raster.BAND_ROWS
    assert max(band.across for band in bands) * 8 <= width
    assert sum(command.dots for command in commands if isinstance(command, FeedDots)) > 200


def test_encoding_prints_nothing_on_standard_output(make_slip, capsys):
    raster.make_bytes(make_slip("Х-321"), copy=False, width=slip.WIDE)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == ""


def test_a_slip_is_kept_as_a_png_that_shows_the_paper(make_slip, tmp_path, width):
    facts = make_slip(tickets=2)
    VirtualPrinter(SlipFolder(tmp_path), width).receive(raster.make_bytes(facts, copy=False, width=width))
    with Image.open(io.BytesIO((tmp_path / "1.png").read_bytes())) as image:
        assert image.convert("1").tobytes() == raster.make_image(facts, copy=False, width=width).tobytes()
