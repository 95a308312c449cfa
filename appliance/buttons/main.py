"""The buttons' process: its wiring, from settings to a panel that sends."""

import fcntl
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from appliance.buttons import standin
from appliance.buttons.errors import PanelError
from appliance.buttons.panel import Lamp, Panel
from appliance.buttons.presses import Press, PressBook
from appliance.buttons.sender import Sender
from appliance.client import Client, new_key, wait_until
from appliance.clock import read_boot
from appliance.config import ButtonsSection
from appliance.contract import models as m

DEVICE_TOKEN: Final = "device.token"  # noqa: S105 - the name of a file
TOKEN_SECONDS: Final = 30.0
ENDING: Final = (signal.SIGTERM, signal.SIGINT)
BOOK: Final = "presses.log"
log = logging.getLogger(__name__)


class Telling:
    """Shows what became of a press: on the lamp where there is one, and in the log."""

    def __init__(self) -> None:
        self.lamp: Lamp | None = None

    def waiting(self) -> None:
        """The server is away; the press is kept."""
        if self.lamp:
            self.lamp.away()

    def issued(self, press: Press, numbers: list[str]) -> None:
        """The press became tickets."""
        log.info("%s: %s", press.service, ", ".join(numbers))
        if self.lamp:
            self.lamp.fine()

    def refused(self, press: Press, why: str) -> None:
        """The press became nothing."""
        log.warning("%s: REFUSED, no slip will come: %s", press.service, why)
        if self.lamp:
            self.lamp.refuse()


def watch(settings: ButtonsSection, server: str, data: Path, *, stand_in: bool) -> None:
    """Watch the buttons until SIGTERM or SIGINT. Raises PanelError, OSError."""
    stop = threading.Event()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    ending = threading.Thread(target=_wait_for_end, args=(stop,), name="ending", daemon=True)
    ending.start()
    if not stand_in and not settings.pins:
        raise PanelError("kezek.toml names no pins: add [buttons] pins = { К = 4, ... } or start with --stand-in")
    if not stand_in:
        # Without this gpiozero tries one library after another and may end with one that is not meant.
        os.environ.setdefault("GPIOZERO_PIN_FACTORY", "lgpio")
    token = read_token(data / DEVICE_TOKEN, stop)
    telling = Telling()
    with ExitStack() as stack:
        stack.enter_context(alone(data / "buttons.lock"))
        client = stack.enter_context(Client(server, token))
        book = PressBook(data / BOOK, new_key, time.monotonic, read_boot())
        stack.callback(book.close)
        hands = None
        pins: dict[str, int] = dict(settings.pins)
        if stand_in:
            board = wait_until(client.board, stop)
            if board is None:
                return
            pins = pins or standin.free_pins([service.code for service in board.services])
            hands = standin.Hands(pins)
        factory: Any = hands.factory if hands else None
        panel = stack.enter_context(Panel(pins, settings, book.add, time.monotonic, factory))
        telling.lamp = panel.lamp
        if hands:
            stack.enter_context(standin.listening(data / "panel.sock", hands))
            _offer_keyboard(stack, hands, board, stop)
        log.info("%d buttons are watched", len(pins))

        def renew() -> None:
            client.use_token(read_token(data / DEVICE_TOKEN, stop))

        Sender(client, book, telling, settings.kiosk, settings.patience_s, renew).run(stop)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep a second panel off this data folder while the block runs. Raises PanelError."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PanelError(f"another `kezek buttons` watches the panel of {path.parent}; end it first") from error
        yield


def _wait_for_end(stop: threading.Event) -> None:
    """Set `stop` on a signal, in a thread of its own: a handler that did could wait for a lock of its own thread."""
    signal.sigwait(ENDING)
    stop.set()


def _offer_keyboard(stack: ExitStack, hands: standin.Hands, board: m.Board | None, stop: threading.Event) -> None:
    """Let the keyboard press the buttons, when there is one."""
    if board is None or not sys.stdin.isatty():
        return
    print(standin.legend([(one.code, one.names.ru) for one in board.services]), flush=True)  # noqa: T201 - for the person at this terminal
    services = [one.code for one in board.services]
    thread = threading.Thread(target=standin.watch_keyboard, args=(hands, services, stop), name="keyboard")
    thread.start()
    stack.callback(thread.join)
    stack.callback(stop.set)


def read_token(path: Path, stop: threading.Event) -> str:
    """Return the device token, waiting a while for the server to make it. Raises PanelError."""
    deadline = time.monotonic() + TOKEN_SECONDS
    while not stop.is_set():
        try:
            return path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            if time.monotonic() > deadline:
                break
            stop.wait(0.2)
    raise PanelError(
        f"there is no {path}: start the server on this machine, "
        "or put a token made by `kezek token --role device` there"
    )
