"""Reading what the day left behind: slips as paper shows them, the journal, the TV's draw list."""

import json
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from printer.interpret import Interpreter, Raster

NUMBER_HEIGHT = 112
"""The number is the first thing on a slip that stands this many dots high or more."""


@dataclass(frozen=True)
class Paper:
    """A slip on paper: the number a person reads on it, and whether it is marked as a copy."""

    name: str
    number: str
    copy: bool


def read_slips(folder: Path) -> list[Paper]:
    """Read all slips, in order, with optical character recognition: no help from what printed them."""
    found = sorted(folder.glob("*.bin"), key=lambda path: int(path.stem))
    assert [int(path.stem) for path in found] == list(range(1, len(found) + 1))
    return [read_slip(path) for path in found]


def read_slip(path: Path) -> Paper:
    """Read one slip from its picture, after checking that its bytes really draw that picture."""
    picture = Image.open(path.with_suffix(".png")).convert("L")
    assert has_ink(picture) == draws_ink(path.read_bytes()), f"{path} does not draw its picture"
    bands = ink_bands(picture)
    top, bottom = next(band for band in bands if band[1] - band[0] >= NUMBER_HEIGHT)
    number = recognise(picture.crop((0, top - 12, picture.width, bottom + 12)), "7").upper()
    above = recognise(picture.crop((0, 0, picture.width, top - 6)), "6") if top > 130 else ""
    return Paper(path.name, number, "КОПИЯ" in above.upper() or "КӨШІРМЕ" in above.upper())


def recognise(picture: Image.Image, mode: str) -> str:
    """Return the text in a picture."""
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    padded = Image.new("L", (small.width + 40, small.height + 40), 255)
    padded.paste(small, (20, 20))
    command = ["tesseract", "-", "-", "--psm", mode, "-l", "kaz+rus"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as ocr:
        assert ocr.stdin
        padded.save(ocr.stdin, "PNG")
        ocr.stdin.close()
        assert ocr.stdout
        return ocr.stdout.read().decode().strip().replace("—", "-").replace("–", "-")


def ink_bands(picture: Image.Image) -> list[tuple[int, int]]:
    """Return the runs of rows that hold ink, as (first, past the last)."""
    rows = [min(picture.crop((0, y, picture.width, y + 1)).tobytes()) < 128 for y in range(picture.height)]
    edges = [y for y in range(1, len(rows)) if rows[y] != rows[y - 1]]
    edges = ([0] if rows[0] else []) + edges + ([len(rows)] if rows[-1] else [])
    return list(zip(edges[::2], edges[1::2], strict=True))


def has_ink(picture: Image.Image) -> int:
    """Return how many dots of a picture are black."""
    return sum(value < 128 for value in picture.tobytes())


def draws_ink(data: bytes) -> int:
    """Return how many dots the raster bands in a printer's bytes set."""
    commands = [command for command, _bytes in Interpreter().feed(data)]
    return sum(byte.bit_count() for one in commands if isinstance(one, Raster) for byte in one.dots)


def check_journal(entries) -> Counter[str]:
    """Check that no desk and no visitor ever had two tickets, and return how often each fact happened."""
    at_desk: dict[str, str] = {}
    visit_of: dict[str, int] = {}
    busy: set[int] = set()
    printed: dict[str, int] = defaultdict(int)
    copies: set[int] = set()
    for entry in entries:
        data = entry.data
        match entry.type:
            case "TicketIssued":
                assert data["number"] not in visit_of, entry
                visit_of[data["number"]] = data["visit"]
            case "TicketCalled":
                assert data["desk"] not in at_desk, entry
                assert visit_of[data["number"]] not in busy, entry
                busy.add(visit_of[data["number"]])
                at_desk[data["desk"]] = data["number"]
            case "TicketFinished" | "TicketMissed":
                assert at_desk.pop(data["desk"]) == data["number"], entry
                busy.remove(visit_of[data["number"]])
            case "SlipQueued" if data["copy"]:
                copies.add(data["job"])
            case "SlipPrinted" if data["job"] not in copies:
                printed[data["number"]] += 1
    assert all(count == 1 for count in printed.values())
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    return Counter(entry.type for entry in entries)


def tv_texts(data: Path) -> tuple[int, list[str]]:
    """Return the board's seq and the texts of the TV's draw list."""
    drawn = json.loads((data / "display" / "hall.json").read_text(encoding="utf-8"))
    return drawn["seq"], [one["text"] for one in drawn["draws"] if one["kind"] == "text"]
