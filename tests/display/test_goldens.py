"""The pictures of a day, kept as draw lists and compared as data.

After a wanted change renew them, look at the difference, and commit it with its reason:

    KEZEK_RENEW_GOLDENS=1 .venv/bin/pytest tests/display/test_goldens.py
"""

import os
from pathlib import Path

import msgspec
import pytest

from display.draw import Sheet
from display.layout import layout
from display.look import Frame
from display.tv import sheet_of

GOLDEN = Path(__file__).parent / "golden"
RENEW = "KEZEK_RENEW_GOLDENS" in os.environ
SIZES = ("1280x720", "1920x1080", "1080x1920")
PICTURES = [(name, size) for name in ("opening", "opened", "busy", "rush", "away", "rehearsal") for size in SIZES]
PICTURES += [("nothing", "1920x1080"), ("busy", "3840x2160"), ("busy", "2160x3840")]


@pytest.mark.parametrize(("name", "size"), PICTURES)
def test_picture_is_the_golden_one(name, size, views, measure):
    view = views[name]
    width, height = (int(side) for side in size.split("x"))
    frame = Frame(width, height)
    sheet = sheet_of(view, frame, layout(view, frame, measure), "hall")
    path = GOLDEN / f"{name}-{size}.json"
    if RENEW:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(sheet), indent=1) + b"\n")
    assert msgspec.json.decode(path.read_bytes(), type=Sheet) == sheet


def test_no_golden_is_left_over():
    assert {path.stem for path in GOLDEN.glob("*.json")} == {f"{name}-{size}" for name, size in PICTURES}
