"""The command that serves."""

import click

from appliance import wiring
from appliance.cli.options import Choices, serving


@click.command()
@serving
def serve(typed: Choices) -> None:
    """Serve the API and the pages."""
    roster = None
    if typed.roster_file:
        # Spreadsheets take 16 MiB that the server has no use for afterwards.
        from appliance.roster import read_roster  # noqa: PLC0415

        roster = read_roster(typed.roster_file)
    wiring.serve(typed.place, roster)
