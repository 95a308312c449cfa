"""`kezek.toml`: read once, checked whole, frozen, handed down in slices. Everything has an embedded default."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from appliance.domain.roster import LETTERS, MAX_SERVICES

SYSTEM_FILE: Final = Path("/etc/kezek/kezek.toml")
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$(?!\n)")]
Time = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]
Pin = Annotated[int, Meta(ge=0, le=27)]


class ConfigError(Exception):
    """The configuration cannot be used; the text names the file, the field and what would be right."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every section: an unknown key is an error that names it."""


class EventSection(Section, frozen=True, kw_only=True):
    """`[event]`: what the day is called on every surface, and when the doors open."""

    title_kk: str = "Азаматтарды қабылдау күні"
    title_ru: str = "День приёма граждан"
    title_en: str = "Public reception day"
    opens: Time | None = None


class ServerSection(Section, frozen=True, kw_only=True):
    """`[server]`: where it listens, the address on slips and screens, the database, the hall's time."""

    host: str = "0.0.0.0"
    port: Annotated[int, Meta(ge=1, le=65535)] = 8080
    address: Annotated[str, Meta(pattern=r"^https?://[^/]+$(?!\n)")] | None = None
    database: Annotated[str, Meta(pattern=r"^sqlite:///.+(?!\n)$")] | None = None
    utc_offset: Annotated[str, Meta(pattern=r"^[+-][01][0-9]:[0-5][0-9]$(?!\n)")] = "+05:00"
    threads: Annotated[int, Meta(ge=4, le=256)] = 64
    streams: Annotated[int, Meta(ge=1, le=200)] = 40

    @property
    def here(self) -> str:
        """The server's address as a process on the same machine reaches it."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host
        return f"http://{host}:{self.port}"


class ButtonsSection(Section, frozen=True, kw_only=True):
    """`[buttons]`: GPIO number (BCM) of each service's button and of the lamp; how long a press waits."""

    pins: dict[str, Pin] = {}
    lamp: Pin | None = None
    kiosk: Name = "kiosk"
    debounce_ms: Annotated[int, Meta(ge=0, le=1000)] = 50
    patience_s: Annotated[float, Meta(gt=0, le=600)] = 30.0


class PrinterSection(Section, frozen=True, kw_only=True):
    """`[printer]`: the device by URL and its paper in mm; without a URL a virtual one, but never on a Pi."""

    id: Name = "kiosk"
    url: str | None = None
    width: Literal[58, 80] = 80


class DisplaySection(Section, frozen=True, kw_only=True):
    """`[display]`: the TV's name, how far the farthest seat is (metres), a fixed size such as 1920x1080."""

    id: Name = "hall"
    distance_m: Annotated[float, Meta(gt=0, le=60)] = 15.0
    size: Annotated[str, Meta(pattern=r"^[0-9]{3,5}x[0-9]{3,5}$(?!\n)")] | None = None


class Config(Section, frozen=True, kw_only=True):
    """The whole of `kezek.toml`."""

    event: EventSection = EventSection()
    server: ServerSection = ServerSection()
    buttons: ButtonsSection = ButtonsSection()
    printer: PrinterSection = PrinterSection()
    display: DisplaySection = DisplaySection()


@dataclass(frozen=True, slots=True)
class Place:
    """Where this appliance keeps its data, and how it is set up."""

    data: Path
    config: Config
    speed: float = 1.0

    @property
    def rehearsal(self) -> bool:
        """Whether time runs fast: then every slip, screen and export is marked."""
        return self.speed != 1.0


def find_config(given: Path | None, data: Path) -> Path | None:
    """Return the file to read: the one given, else `DATA/kezek.toml`, else the system's, else None."""
    if given is not None:
        return given
    return next((path for path in (data / "kezek.toml", SYSTEM_FILE) if path.exists()), None)


def load_config(path: Path | None) -> Config:
    """Return the checked configuration; the embedded defaults when `path` is None. Raises ConfigError."""
    if path is None:
        return Config()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        config = msgspec.convert(found, Config)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_plain(str(error))}") from error
    lamp = config.buttons.lamp
    _check_pins(path, {**config.buttons.pins, **({"lamp": lamp} if lamp is not None else {})})
    return config


EXAMPLES: Final = {
    "opens": "10:00",
    "address": "http://10.0.0.1:8080",
    "database": "sqlite:////var/lib/kezek/kezek.db",
    "utc_offset": "+05:00",
    "size": "1920x1080",
    "id": "kiosk",
    "kiosk": "kiosk",
}
"""What a field that has a form looks like."""


def _plain(message: str) -> str:
    """Name the field as it stands in the file: `[server] port` instead of `$.server.port`."""
    problem, _, place = message.partition(" - at `$.")
    section, _, field = place.rstrip("`").partition(".")
    if "matching regex" in problem:
        problem = f'it must look like "{EXAMPLES[field]}"'
    return f"[{section}]{' ' if field else ''}{field}: {problem}" if place else message


def _check_pins(path: Path, pins: Mapping[str, int]) -> None:
    if len(pins) > MAX_SERVICES:
        raise ConfigError(f"{path}: [buttons] pins: {len(pins)} buttons; a panel has at most {MAX_SERVICES}")
    for service, pin in pins.items():
        if service != "lamp" and (len(service) != 1 or service not in LETTERS):
            raise ConfigError(f"{path}: [buttons] pins: {service!r} is not a service's letter (Cyrillic capital)")
        for other, taken in pins.items():
            if other != service and taken == pin:
                raise ConfigError(f"{path}: [buttons] pins: {service} and {other} both use GPIO {pin}")
