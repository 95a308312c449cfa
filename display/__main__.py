"""`python -m display`: the hall TV as a process of its own."""

import logging
import queue
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any, Final

import click

from appliance.client import Client, ClientError
from display.board import BoardRead, Watch, look_at, reduce
from display.errors import DisplayError, NotServed
from display.feed import Feed, read_clock
from display.layout import layout
from display.look import Frame
from display.metrics import open_metrics
from display.paint import Painter, blank, save_png
from display.screen import DEFAULT_SIZE, ScreenChoice, open_screen
from display.standin import StandIn
from display.tv import Crash, Inbox, Quit, Tv

log = logging.getLogger("display")

SMALLEST: Final = 320
LARGEST: Final = 7680
FAILED: Final = 1
BAD_USAGE: Final = 2


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, read once."""

    server: str
    size: tuple[int, int] | None
    data: Path
    name: str
    headless: bool
    window: bool
    token_file: Path | None
    distance: float
    diagonal: float
    snapshot: Path | None

    def frame(self, size: tuple[int, int]) -> Frame:
        """Return the frame of a screen of `size`."""
        return Frame(*size, diagonal_in=self.diagonal, distance_m=self.distance)

    def token(self) -> str | None:
        """Read the token file, if one is named. Raises UsageError."""
        if self.token_file is None:
            return None
        try:
            return self.token_file.read_text().strip()
        except OSError as error:
            raise click.UsageError(f"cannot read the token file {self.token_file}: {error.strerror}") from error


def parse_size(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Read `WxH`."""
    if value is None:
        return None
    if not (match := re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", value)):
        raise click.BadParameter(f"{value!r} is not WIDTHxHEIGHT like 1920x1080")
    size = int(match[1]), int(match[2])
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise click.BadParameter(f"each side must be {SMALLEST} to {LARGEST} pixels")
    return size


def parse_name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Read a display's id, which also names files."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", value):
        raise click.BadParameter("use 1 to 32 of the letters A-Z a-z, digits, _ and -")
    return value


def parse_server(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Read the server's address."""
    if not re.fullmatch(r"https?://[^\s/]+/?", value):
        raise click.BadParameter(f"{value!r} is not an address like http://10.0.0.1:8080")
    return value


@click.command("display", help="Show the hall's board on a TV, in a window, or without a screen as files.")
@click.option("--server", default="http://127.0.0.1:8080", show_default=True, callback=parse_server, metavar="URL")
@click.option("--size", callback=parse_size, metavar="WxH", help="Default: the screen's own, 1920x1080 without one.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("kezek-data"), show_default=True, metavar="DIR")
@click.option("--id", "name", default="hall", show_default=True, callback=parse_name, help="Which TV this is.")
@click.option("--headless", is_flag=True, help="No screen: write DIR/display/ID.json and ID.png instead.")
@click.option("--window", is_flag=True, help="A window instead of the whole screen.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="The board needs none.")
@click.option(
    "--distance", type=click.FloatRange(1, 60), default=15.0, show_default=True, help="Farthest seat, metres."
)
@click.option("--diagonal", type=click.FloatRange(7, 200), default=55.0, show_default=True, help="Of the TV, inches.")
@click.option("--snapshot", type=click.Path(path_type=Path, dir_okay=False), help="Write one PNG and end.")
def command(**given: Any) -> None:
    """Read the options and show the board."""
    options = Options(**given)
    if options.headless and options.window:
        raise click.UsageError("--headless and --window exclude each other")
    with Client(options.server, options.token()) as client:
        if options.snapshot:
            write_snapshot(client, options, options.snapshot)
        else:
            show(client, options)


def write_snapshot(client: Client, options: Options, path: Path) -> None:
    """Read the board once and write what the TV would show."""
    try:
        clock, board = read_clock(client), client.board()
    except ClientError as error:
        raise NotServed(f"no board from {options.server}: {error}") from error
    at = monotonic()
    watch = reduce(reduce(Watch(), clock, at), BoardRead(board), at)
    size = options.size or DEFAULT_SIZE
    draws = layout(look_at(watch, at), options.frame(size), open_metrics())
    surface = blank(size)
    Painter().paint(surface, draws)
    save_png(surface, path)


def show(client: Client, options: Options) -> None:
    """Show the board until somebody ends it."""
    inbox: Inbox = queue.SimpleQueue()
    stop = threading.Event()
    with posting_signals(inbox, stop):
        measure = open_metrics()
        stand_in = StandIn(options.data / "display", options.name) if options.headless else None
        with open_screen(ScreenChoice(options.size, options.headless, options.window), stop) as screen:
            log.info("showing %s on %s at %dx%d", options.server, options.name, *screen.size)
            feed = Feed(client, inbox.put, options.name)
            feed.start()
            try:
                Tv(screen, options.frame(screen.size), measure, stand_in).run(inbox)
            finally:
                feed.stop()
        if stand_in:
            stand_in.close()


@contextmanager
def posting_signals(inbox: Inbox, stop: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT, and the death of any thread, arrive in `inbox`."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        # Not here: the handler may stand in the middle of this thread's own wait for `stop`.
        threading.Thread(target=stop.set, daemon=True).start()
        inbox.put(Quit())

    def on_death(death: threading.ExceptHookArgs) -> None:
        inbox.put(Crash(death.exc_value or death.exc_type()))

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    hook, threading.excepthook = threading.excepthook, on_death
    try:
        yield
    finally:
        threading.excepthook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code: 0 ended, 1 cannot go on, 2 asked wrongly."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", datefmt="%H:%M:%S")
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        command.main(arguments, prog_name="kezek display", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"kezek display: {error.format_message()}", err=True)
        return BAD_USAGE
    except DisplayError as error:
        click.echo(f"kezek display: {error}", err=True)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
