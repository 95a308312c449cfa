"""What comes out of the virtual printer: dots under the head, and a folder of cut-off slips.

A slip is two files, `<n>.png` and then `<n>.bin`; each appears whole or not at all, and `.bin` last: where there is
a `.bin` there is a slip, also after the power was cut in the middle of writing.
"""

import io
import os
from pathlib import Path
from typing import Final

from PIL import Image

from printer.interpret import Raster

WHITE: Final = 255


class Roll:
    """The paper under the head since the last cut."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._pieces: list[tuple[int, Image.Image]] = []
        self._height = 0

    @property
    def blank(self) -> bool:
        """Whether nothing was printed since the last cut."""
        return not self._pieces

    def feed(self, dots: int) -> None:
        """Move the paper on."""
        self._height += dots

    def burn(self, raster: Raster) -> None:
        """Print dots; what is wider than the paper is lost, as on any printer."""
        image = Image.frombytes("1", (raster.across * 8, raster.rows), raster.dots, "raw", "1;I")
        self._pieces.append((self._height, image))
        self._height += raster.rows

    def cut(self) -> Image.Image:
        """Return the paper since the last cut, and begin anew."""
        paper = Image.new("1", (self.width, max(1, self._height)), WHITE)
        for top, image in self._pieces:
            paper.paste(image, (0, top))
        self._pieces.clear()
        self._height = 0
        return paper


class SlipFolder:
    """`DIR/slips`: numbered from 1, going on after a restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: int | None = None

    @property
    def last(self) -> int:
        """The number of the newest whole slip; 0 when there is none."""
        numbers = (path.stem for path in self._folder.glob("*.bin"))
        return max((int(stem) for stem in numbers if stem.isascii() and stem.isdigit()), default=0)

    def keep(self, data: bytes, image: Image.Image) -> int:
        """Write a slip and return its number."""
        self._folder.mkdir(parents=True, exist_ok=True)
        number = (self.last if self._last is None else self._last) + 1
        picture = io.BytesIO()
        image.save(picture, format="PNG")
        write_whole(self._folder / f"{number}.png", picture.getvalue())
        write_whole(self._folder / f"{number}.bin", data)
        self._last = number
        return number


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
