"""A panel without hardware: gpiozero's mock pins with hands, moved by the keyboard and by a local socket.

The presses go the whole way that real ones go: pin, debounce, book, server. The socket is a Unix datagram socket,
`DATA/panel.sock`; `press К`, `down К` and `up К` move that service's button and are answered `ok` once a press is
safe on disk, or `error ...`.
"""

import codecs
import contextlib
import os
import select
import socket
import sys
import termios
import threading
import tty
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gpiozero.pins.mock import MockFactory

FIRST_PIN: Final = 2
KEYS: Final = "1234567890abcdefghijklmn"


def free_pins(services: list[str]) -> dict[str, int]:
    """Return a mock pin for each service."""
    return {service: FIRST_PIN + index for index, service in enumerate(services)}


class Hands:
    """Moves the buttons of a mock panel."""

    def __init__(self, pins: Mapping[str, int]) -> None:
        self.factory: Any = MockFactory()
        self._pins = pins

    def down(self, service: str) -> None:
        """Push the button down. Raises KeyError for a service without one."""
        self.factory.pin(self._pins[service]).drive_low()

    def up(self, service: str) -> None:
        """Let the button go. Raises KeyError for a service without one."""
        self.factory.pin(self._pins[service]).drive_high()

    def press(self, service: str) -> None:
        """Push the button and let it go."""
        self.down(service)
        self.up(service)

    def obey(self, text: str) -> str:
        """Carry out `press|down|up SERVICE` and return the answer."""
        verb, _, service = text.strip().partition(" ")
        moves = {"press": self.press, "down": self.down, "up": self.up}
        if verb not in moves:
            return f"error {verb!r} is not press, down or up"
        if service not in self._pins:
            return f"error there is no button {service!r}; there are {' '.join(self._pins)}"
        moves[verb](service)
        return "ok"


@contextmanager
def listening(path: Path, hands: Hands) -> Iterator[None]:
    """Obey datagrams at `path` until the block ends."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(path))
        path.chmod(0o600)
        stop, stopper = os.pipe()
        thread = threading.Thread(target=_obey_all, args=(receiver, hands, stop), name="panel-socket")
        thread.start()
        try:
            yield
        finally:
            os.write(stopper, b".")
            thread.join()
            os.close(stop)
            os.close(stopper)
            path.unlink(missing_ok=True)


def _obey_all(receiver: socket.socket, hands: Hands, stop: int) -> None:
    while stop not in select.select([receiver.fileno(), stop], [], [])[0]:
        text, sender = receiver.recvfrom(200)
        answer = hands.obey(text.decode("utf-8", "replace"))
        if sender:
            with contextlib.suppress(OSError):  # who asked is gone; the press stands
                receiver.sendto(answer.encode(), sender)


def legend(services: list[tuple[str, str]]) -> str:
    """Return which key presses which button."""
    rows = [f"  {key}  {code}  {name}" for key, (code, name) in zip(KEYS, services, strict=False)]
    return "\n".join(["The panel's stand-in: each key below is a button (so is the service's letter).", *rows])


def watch_keyboard(hands: Hands, services: list[str], stop: threading.Event) -> None:
    """Press a button for each key typed on the terminal, until `stop` is set or the terminal closes."""
    wanted = dict(zip(KEYS, services, strict=False)) | {service: service for service in services}
    keyboard = sys.stdin.fileno()
    # Read past Python's own buffer: `select` knows nothing of what would wait in there.
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    saved = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    try:
        while not stop.is_set():
            if not select.select([keyboard], [], [], 0.2)[0]:
                continue
            typed = os.read(keyboard, 64)
            if not typed:
                return
            for key in decoder.decode(typed):
                service = wanted.get(key) or wanted.get(key.upper())
                if service:
                    hands.press(service)
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, saved)
