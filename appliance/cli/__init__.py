"""The `kezek` command: parse, wire, run."""

import logging
import sys
from typing import Final

import click

from appliance.cli import records, serving
from appliance.config import ConfigError
from appliance.domain.errors import QueueError, RosterRejected
from appliance.office.ports import StoreUnavailable

LOG_FORMAT: Final = "%(asctime)s %(name)s: %(message)s"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kezek")
def kezek() -> None:
    """Kezek: the electronic queue of a public reception day."""


for command in (serving.serve, serving.run, serving.buttons, serving.printer, serving.display):
    kezek.add_command(command)
for record in (records.token, records.roster, records.day, records.report, records.journal):
    kezek.add_command(record)


def main() -> None:
    """Run the command. What bad input or a missing device causes is said in plain words, with exit code 1."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, datefmt="%H:%M:%S")
    for chatty in ("httpx", "httpcore", "waitress", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        kezek(standalone_mode=True)
    except RosterRejected as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        sys.exit(f"kezek: {error}")
    except (QueueError, ConfigError, StoreUnavailable) as error:
        sys.exit(f"kezek: {error}")
    except OSError as error:
        sys.exit(f"kezek: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
