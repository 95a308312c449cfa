"""Options that commands share, and what they are turned into."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec

from appliance.config import Place, find_config, load_config

DATA: Final = Path("kezek-data")
F = TypeVar("F", bound=Callable[..., Any])
File: Final = click.Path(path_type=Path, dir_okay=False)


def common(command: F) -> F:
    """Add the options every command has."""
    config = click.option("--config", type=File, help="kezek.toml; default DATA/kezek.toml")
    data = click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=DATA,
        show_default=True,
        help="the data folder",
    )
    return data(config(command))


@dataclass(frozen=True, slots=True)
class Choices:
    """What was typed for `serve` or `run`."""

    data: Path
    config: Path | None
    port: int | None
    headless: bool
    roster_file: Path | None
    printer_url: str | None
    speed: float

    @property
    def place(self) -> Place:
        """Where and how the appliance is set up. Raises ConfigError."""
        return read_place(self.data, self.config, self.speed, self.port)


def serving(command: Callable[[Choices], None]) -> Callable[..., None]:
    """Add the options that `serve` and `run` share, handed over as one value."""

    @functools.wraps(command)
    def gathered(**typed: Any) -> None:
        command(Choices(**typed))

    options = (
        click.option("--speed", type=click.FloatRange(0.1, 10_000), default=1.0, help="a faster clock: REHEARSAL"),
        click.option("--printer", "printer_url", help="such as virtual: or tcp://host:9100 (for run)"),
        click.option("--roster", "roster_file", type=File, help="load this list first"),
        click.option("--headless", is_flag=True, help="no window, no keyboard (for run)"),
        click.option("--port", type=click.IntRange(1, 65535), help="the API's port; default 8080"),
    )
    wrapped: Callable[..., None] = gathered
    for option in options:
        wrapped = option(wrapped)
    return common(wrapped)


def read_place(data: Path, config: Path | None, speed: float = 1.0, port: int | None = None) -> Place:
    """Return where and how this appliance is set up. Raises ConfigError."""
    found = load_config(find_config(config, data))
    if port is not None:
        found = msgspec.structs.replace(found, server=msgspec.structs.replace(found.server, port=port))
    return Place(data, found, speed)
