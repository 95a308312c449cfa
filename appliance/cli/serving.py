"""The command that serves."""

from pathlib import Path

import click

from appliance import wiring
from appliance.cli.options import read_place
from appliance.cli.options import serving as serving_options


@click.command()
@serving_options
def serve(  # noqa: PLR0917 - click hands options over by name
    data: Path,
    config: Path | None,
    port: int | None,
    headless: bool,  # noqa: FBT001 - the same
    roster_file: Path | None,
    printer_url: str | None,
    speed: float,
) -> None:
    """Serve the API and the pages."""
    del headless, printer_url  # shared with `run`, where they matter
    roster = None
    if roster_file:
        # Spreadsheets take 16 MiB that the server has no use for afterwards.
        from appliance.roster import read_roster  # noqa: PLC0415

        roster = read_roster(roster_file)
    wiring.serve(read_place(data, config, speed, port), roster)
