"""The command that starts everything together."""

import sys

import click

from appliance import run as runner
from appliance.cli.options import Choices, serving


@click.command()
@serving
def run(typed: Choices) -> None:
    """Run the whole appliance here, with named stand-ins for hardware that is absent."""
    order = runner.Order(typed.place, typed.config, typed.roster_file, typed.printer_url, typed.headless)
    sys.exit(runner.run(order))
