"""The `kezek` command: parse, wire, run."""

import logging
import os
import sys
import threading
from typing import Final

import click

from appliance.buttons.errors import PanelError
from appliance.cli import records, serving
from appliance.config import ConfigError
from appliance.domain.errors import QueueError, RosterRejected
from appliance.office.ports import StoreUnavailable

log = logging.getLogger(__name__)
LOG_FORMAT: Final = "%(asctime)s %(name)s: %(message)s"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kezek")
def kezek() -> None:
    """Kezek: the electronic queue of a public reception day."""


for command in (serving.serve, serving.run, serving.buttons, serving.printer, serving.display):
    kezek.add_command(command)
for record in (records.token, records.roster, records.day, records.report, records.journal):
    kezek.add_command(record)


def die_loudly(failure: threading.ExceptHookArgs) -> None:
    """End the process when one of its threads fails unexpectedly: systemd starts it again, in a known state."""
    log.critical("thread %s failed", failure.thread, exc_info=failure.exc_value)
    logging.shutdown()
    os._exit(70)


def main() -> None:
    """Run the command. What bad input or a missing device causes is said in plain words, with exit code 1."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, datefmt="%H:%M:%S")
    for chatty in ("httpx", "httpcore", "waitress", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    threading.excepthook = die_loudly
    try:
        kezek(standalone_mode=True)
    except RosterRejected as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        sys.exit(f"kezek: {error}")
    except (QueueError, ConfigError, StoreUnavailable, PanelError) as error:
        sys.exit(f"kezek: {error}")
    except OSError as error:
        sys.exit(f"kezek: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
