"""The command that starts everything together."""

import sys
from pathlib import Path

import click

from appliance import run as runner
from appliance.cli.options import read_place
from appliance.cli.options import serving as serving_options


@click.command()
@serving_options
def run(  # noqa: PLR0917 - click hands options over by name
    data: Path,
    config: Path | None,
    port: int | None,
    headless: bool,  # noqa: FBT001 - the same
    roster_file: Path | None,
    printer_url: str | None,
    speed: float,
) -> None:
    """Run the whole appliance here, with named stand-ins for hardware that is absent."""
    place = read_place(data, config, speed, port)
    sys.exit(runner.run(runner.Order(place, config, roster_file, printer_url, headless)))
