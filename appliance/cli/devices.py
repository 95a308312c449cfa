"""The commands of the devices' processes: buttons, printer, display. They know the server by its address only."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from appliance.buttons.main import watch
from appliance.cli.options import common, read_place


@click.command()
@common
@click.option("--server", default="http://127.0.0.1:8080", show_default=True)
@click.option("--stand-in", is_flag=True, help="mock pins, driven by the keyboard and by DATA/panel.sock")
def buttons(data: Path, config: Path | None, server: str, *, stand_in: bool) -> None:
    """Watch the hardware buttons and issue a ticket for each press."""
    watch(read_place(data, config).config.buttons, server, data, stand_in=stand_in)


_PASS_ON = {"ignore_unknown_options": True, "help_option_names": []}


@click.command(context_settings=_PASS_ON)
@common
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def printer(data: Path, config: Path | None, rest: tuple[str, ...]) -> None:
    """Print slips; `kezek printer --help` lists its options."""
    settings = read_place(data, config).config.printer
    typed = ["--printer", settings.url, "--id", settings.id, "--width", str(settings.width)]
    execute("printer", *typed, "--data", str(data), *rest)


@click.command(context_settings=_PASS_ON)
@common
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def display(data: Path, config: Path | None, rest: tuple[str, ...]) -> None:
    """Show the board on the hall TV; `kezek display --help` lists its options."""
    settings = read_place(data, config).config.display
    size = ["--size", settings.size] if settings.size else []
    execute("display", "--id", settings.id, "--distance", str(settings.distance_m), *size, "--data", str(data), *rest)


def execute(module: str, *arguments: str) -> NoReturn:
    """Become `python -m MODULE`: another program, not an import. What was typed comes last and wins."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own program
