"""The commands of the devices' processes: buttons, printer, display. They know the server by its address only."""

import os
import sys
from pathlib import Path
from typing import Final, NoReturn

import click

from appliance.buttons.main import watch
from appliance.cli.options import common, read_place
from appliance.config import ConfigError

ON_A_PI: Final = Path("/proc/device-tree/model")


@click.command()
@common
@click.option("--server", help="the server's address; default: this machine's, as kezek.toml has it")
@click.option("--stand-in", is_flag=True, help="mock pins, driven by the keyboard and by DATA/panel.sock")
def buttons(data: Path, config: Path | None, server: str | None, *, stand_in: bool) -> None:
    """Watch the hardware buttons and issue a ticket for each press."""
    settings = read_place(data, config).config
    watch(settings.buttons, server or settings.server.here, data, stand_in=stand_in)


_PASS_ON = {"ignore_unknown_options": True, "help_option_names": []}


@click.command(context_settings=_PASS_ON)
@common
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def printer(data: Path, config: Path | None, rest: tuple[str, ...]) -> None:
    """Print slips; `kezek printer --help` lists its options."""
    settings = read_place(data, config).config
    known = settings.printer
    url = known.url or _virtual(rest)
    typed = ["--server", settings.server.here, "--id", known.id, "--width", str(known.width)]
    execute("printer", *typed, *(["--printer", url] if url else []), "--data", str(data), *rest)


def _virtual(rest: tuple[str, ...]) -> str | None:
    """Return the stand-in for a printer that kezek.toml does not name; on a Pi there is none. Raises ConfigError."""
    if "--printer" in rest or "--help" in rest:
        return None
    if ON_A_PI.exists() and "Raspberry Pi" in ON_A_PI.read_text(errors="replace"):
        raise ConfigError("kezek.toml names no printer: add [printer] url, such as usblp:/dev/usb/lp0")
    click.echo("no printer is named: slips are drawn in DATA/slips by the virtual printer", err=True)
    return "virtual:"


@click.command(context_settings=_PASS_ON)
@common
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def display(data: Path, config: Path | None, rest: tuple[str, ...]) -> None:
    """Show the board on the hall TV; `kezek display --help` lists its options."""
    settings = read_place(data, config).config
    known = settings.display
    size = ["--size", known.size] if known.size else []
    typed = ["--server", settings.server.here, "--id", known.id, "--distance", str(known.distance_m), *size]
    execute("display", *typed, "--data", str(data), *rest)


def execute(module: str, *arguments: str) -> NoReturn:
    """Become `python -m MODULE`: another program, not an import. What was typed comes last and wins."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own program
