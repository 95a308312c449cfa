"""Printers named by URL: text -> a frozen address, or an error that says what is wrong and what would be right."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from printer.errors import BadPrinterUrl

TCP_PORT: Final = 9100
"""The port on which network printers take raw data."""
BAUD: Final = 115200
BAUDS: Final = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
FORMS: Final = "virtual:, tcp://host:9100, serial:/dev/ttyUSB0?baud=115200, usblp:/dev/usb/lp0 or usb:0416:5011"
PORTS: Final = range(1, 65536)
USB_NUMBERS: Final = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(\S+))?")


@dataclass(frozen=True, slots=True)
class Virtual:
    """The virtual printer of this process: slips become files."""

    def __str__(self) -> str:
        return "virtual:"


@dataclass(frozen=True, slots=True)
class Tcp:
    """A printer on the network."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SerialLine:
    """A printer on a serial line."""

    path: str
    baud: int

    def __str__(self) -> str:
        return f"serial:{self.path}?baud={self.baud}"


@dataclass(frozen=True, slots=True)
class UsbLp:
    """A USB printer behind the kernel's usblp driver."""

    path: str

    def __str__(self) -> str:
        return f"usblp:{self.path}"


@dataclass(frozen=True, slots=True)
class Usb:
    """A USB printer by its numbers, through libusb; the serial number tells printers apart that are alike."""

    vendor: int
    product: int
    serial: str | None = None

    def __str__(self) -> str:
        numbers = f"usb:{self.vendor:04x}:{self.product:04x}"
        return numbers if self.serial is None else f"{numbers}:{self.serial}"


Address = Virtual | Tcp | SerialLine | UsbLp | Usb


def parse_address(text: str) -> Address:
    """Read a printer's URL. Raises BadPrinterUrl."""
    try:
        parts = urlsplit(text.strip())
    except ValueError as error:
        raise BadPrinterUrl(f"printer {text!r} is not a URL ({error}); use {FORMS}") from None
    parsers: dict[str, Callable[[str, SplitResult], Address]] = {
        "virtual": _parse_virtual,
        "tcp": _parse_tcp,
        "serial": _parse_serial,
        "usblp": _parse_usblp,
        "usb": _parse_usb,
    }
    parse = parsers.get(parts.scheme)
    if parse is None:
        what = f"kind {parts.scheme!r} is not known" if parts.scheme else "no kind before ':'"
        raise BadPrinterUrl(f"printer {text!r}: {what}; use {FORMS}")
    return parse(text, parts)


def _parse_virtual(text: str, parts: SplitResult) -> Virtual:
    if parts.netloc or parts.path or parts.query or parts.fragment:
        raise BadPrinterUrl(f"printer {text!r}: the virtual printer takes nothing after 'virtual:'; use virtual:")
    return Virtual()


def _parse_tcp(text: str, parts: SplitResult) -> Tcp:
    example = "use tcp://host:9100"
    if not parts.hostname:
        raise BadPrinterUrl(f"printer {text!r}: no host; {example}")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise BadPrinterUrl(f"printer {text!r}: only a host and a port are needed; {example}")
    try:
        port = TCP_PORT if parts.port is None else parts.port
    except ValueError:
        port = 0
    if port not in PORTS:
        raise BadPrinterUrl(f"printer {text!r}: the port is not a number from 1 to 65535; {example}")
    return Tcp(parts.hostname, port)


def _parse_serial(text: str, parts: SplitResult) -> SerialLine:
    example = f"use serial:/dev/ttyUSB0?baud={BAUD}"
    path = _device_path(text, parts, example)
    settings = parse_qsl(parts.query, keep_blank_values=True)
    if any(name != "baud" for name, _ in settings) or len(settings) > 1:
        raise BadPrinterUrl(f"printer {text!r}: only 'baud' can be set, once; {example}")
    if not settings:
        return SerialLine(path, BAUD)
    value = settings[0][1]
    if not value.isascii() or not value.isdigit() or int(value) not in BAUDS:
        known = ", ".join(str(baud) for baud in BAUDS)
        raise BadPrinterUrl(f"printer {text!r}: {value!r} is not a baud rate ({known}); {example}")
    return SerialLine(path, int(value))


def _parse_usblp(text: str, parts: SplitResult) -> UsbLp:
    example = "use usblp:/dev/usb/lp0"
    path = _device_path(text, parts, example)
    if parts.query:
        raise BadPrinterUrl(f"printer {text!r}: a USB printer has no settings; {example}")
    return UsbLp(path)


def _device_path(text: str, parts: SplitResult, example: str) -> str:
    if parts.netloc or not parts.path.startswith("/"):
        raise BadPrinterUrl(f"printer {text!r}: no device path that starts with one '/'; {example}")
    if parts.fragment:
        raise BadPrinterUrl(f"printer {text!r}: nothing may follow '#'; {example}")
    return parts.path


def _parse_usb(text: str, parts: SplitResult) -> Usb:
    example = "use usb:0416:5011 or usb:0416:5011:SERIAL"
    found = USB_NUMBERS.fullmatch(parts.path)
    if parts.netloc or found is None:
        raise BadPrinterUrl(f"printer {text!r}: no vendor and product, four hexadecimal digits each; {example}")
    if parts.query or parts.fragment:
        raise BadPrinterUrl(f"printer {text!r}: nothing may follow the serial number; {example}")
    return Usb(int(found[1], 16), int(found[2], 16), found[3])
