"""The `kezek` command: parse, wire, run.

Each command's module is imported when it is asked for: a panel's process has no use for the database's memory.
"""

import importlib
import logging
import os
import sys
import threading
from typing import Final

import click

from appliance.buttons.errors import PanelError
from appliance.config import ConfigError
from appliance.domain.errors import QueueError, RosterRejected
from appliance.office.ports import StoreUnavailable

LOG_FORMAT: Final = "%(asctime)s %(name)s: %(message)s"
HOMES: Final = {
    "serve": "serving",
    "run": "together",
    "buttons": "devices",
    "printer": "devices",
    "display": "devices",
    "token": "records",
    "roster": "records",
    "day": "records",
    "report": "records",
    "journal": "records",
}
"""Which module of this package holds which command."""
log = logging.getLogger(__name__)


class Commands(click.Group):
    """A group that imports a command's module when the command is wanted."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(HOMES)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a command by its name."""
        if name not in HOMES:
            return None
        command = getattr(importlib.import_module(f"appliance.cli.{HOMES[name]}"), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kezek")
def kezek() -> None:
    """Kezek: the electronic queue of a public reception day."""


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
