"""The commands that look, load or export and end: token, roster, day, report, journal."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
import msgspec

from appliance import wiring
from appliance.api.reports import to_csv
from appliance.cli.options import File, common, read_place
from appliance.cli.summary import summarise
from appliance.config import Place
from appliance.domain.errors import RosterRejected
from appliance.domain.model import DeskId, Stamp
from appliance.office import access, feed
from appliance.office import day as office_day
from appliance.office import roster as office
from appliance.office.ports import Unit
from appliance.office.reports import day_report
from appliance.roster import describe, read_roster

CONSOLE = "console"
T = TypeVar("T")


def act(place: Place, action: Callable[[Unit, Stamp], T]) -> T:
    """Carry out `action` in one transaction on the data folder, whether or not the server runs."""
    with wiring.open_store(place) as store:
        clock = wiring.open_existing(place, store)
        with store.write() as unit:
            result = action(unit, Stamp(clock.now(), CONSOLE))
            unit.commit()
            return result


def look(place: Place, action: Callable[[Unit, Stamp], T]) -> T:
    """Carry out `action` where a Kezek has kept its data before; a mistyped folder is named, not made."""
    if place.config.server.database is None and not (place.data / wiring.DATABASE).exists():
        raise click.ClickException(f"there is no Kezek in {place.data.resolve()}; name its folder with --data")
    return act(place, action)


@click.command()
@common
@click.option("--role", type=click.Choice(access.ROLES), required=True)
@click.option("--desk", help="bind an operator's token to one desk, such as К1")
@click.option("--link", is_flag=True, help="print the operator page's address with the token in it")
def token(data: Path, config: Path | None, role: str, desk: str | None, *, link: bool) -> None:
    """Make a bearer token and print it; it is not shown again."""
    if desk and role != "operator":
        raise click.UsageError("--desk goes with --role operator")
    if link and role == "device":
        raise click.UsageError("--link is for people: it goes with --role operator or supervisor")

    def make(unit: Unit, stamp: Stamp) -> str:
        made = access.make_token(unit, role, DeskId(desk) if desk else None, stamp)
        day = unit.house.day()
        return f"{day.event.address}/operator#{made}" if link and day else made

    click.echo(act(read_place(data, config), make))


@click.group()
def roster() -> None:
    """Check, load or show the list of who receives."""


_TOPICS = click.option("--topics", type=File, help="the topics, when they are not beside the list or in it")


@roster.command()
@click.argument("file", type=File)
@_TOPICS
def check(file: Path, topics: Path | None) -> None:
    """Say everything that is wrong with FILE, or that it is right."""
    try:
        found = read_roster(file, topics)
    except RosterRejected as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        raise click.ClickException(f"{file}: {len(error.faults)} faults") from error
    desks = sum(one.desks for one in found.services)
    click.echo(f"{file}: right. {len(found.services)} services, {desks} desks, {len(found.topics)} topics")


@roster.command()
@click.argument("file", type=File, required=False)
@_TOPICS
@common
def show(data: Path, config: Path | None, file: Path | None, topics: Path | None) -> None:
    """Show the list in FILE, or the one in force."""
    found = (
        read_roster(file, topics)
        if file
        else look(read_place(data, config), lambda unit, _stamp: unit.house.roster())
    )
    click.echo(describe(found))


@roster.command(name="load")
@click.argument("file", type=File)
@_TOPICS
@common
def load_file(data: Path, config: Path | None, file: Path, topics: Path | None) -> None:
    """Put the list in FILE in force, and say what changed; issued tickets are kept."""
    found = read_roster(file, topics)
    place = read_place(data, config)
    loaded = act(place, lambda unit, stamp: office.load(unit, found, stamp))
    for change in loaded.changes:
        click.echo(f"{change.what} {change.code} {change.kind}{f': {change.detail}' if change.detail else ''}")
    served = "which is being served" if wiring.is_served(place) else "which nothing serves just now"
    count = f"{len(loaded.changes)} changes" if loaded.changes else "nothing changed"
    click.echo(f"{count}; in force in {place.data.resolve()}, {served}")


@click.group()
def day() -> None:
    """Open the next reception day, or show the open one."""


@day.command(name="open")
@common
@click.option("--abandon", is_flag=True, help="leave tickets behind that are not finished")
def open_(data: Path, config: Path | None, *, abandon: bool) -> None:
    """Open a new day: numbers begin again at 001, every service is open."""

    def begin(unit: Unit, stamp: Stamp) -> str:
        known = unit.house.day()
        if known is None:
            raise click.ClickException("no day was ever opened here; the first start of the server opens one")
        event = msgspec.structs.replace(known.event, day=stamp.at.wall.date().isoformat())
        office_day.begin_day(unit, event, stamp, abandon=abandon)
        return event.day

    click.echo(f"the day {look(read_place(data, config), begin)} is open; numbers begin at 001")


@day.command(name="show")
@common
def show_day(data: Path, config: Path | None) -> None:
    """Show the open day."""
    known = look(read_place(data, config), lambda unit, _stamp: unit.house.day())
    if known is None:
        raise click.ClickException("no day was ever opened here")
    mark = "  REHEARSAL" if known.event.rehearsal else ""
    click.echo(f"{known.event.day}  {known.event.title.kk} / {known.event.title.ru}{mark}")


@day.command(name="list")
@common
def list_days(data: Path, config: Path | None) -> None:
    """List every day that was opened, newest first."""
    for one in look(read_place(data, config), lambda unit, _stamp: unit.house.days()):
        click.echo(f"{one.event.day}  {one.event.title.ru}{'  REHEARSAL' if one.event.rehearsal else ''}")


@click.command()
@common
@click.option("--format", "form", type=click.Choice(("text", "json", "csv")), default="text", show_default=True)
@click.option("--day", "date", help="an earlier day, such as 2026-11-23; default the open one")
def report(data: Path, config: Path | None, form: str, date: str | None) -> None:
    """Sum up the day: the five most frequent groups of topics, tickets, served, absent, waits."""
    found = look(read_place(data, config), lambda unit, stamp: day_report(unit, stamp.at, date))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        click.echo(to_csv(found) if form == "csv" else summarise(found), nl=form == "text")


@click.group()
def journal() -> None:
    """The append-only record of facts."""


@journal.command()
@common
@click.option("--after", type=click.IntRange(0), default=0, show_default=True, help="only entries after this seq")
def export(data: Path, config: Path | None, after: int) -> None:
    """Print the journal, one JSON entry a line."""
    place = read_place(data, config)
    look(place, lambda _unit, _stamp: None)
    with wiring.open_store(place) as store:
        while True:
            with store.read() as unit:
                entries = feed.entries_after(unit, after, staff=True)
            if not entries:
                return
            for entry in entries:
                sys.stdout.write(msgspec.json.encode(entry).decode() + "\n")
            after = entries[-1].seq
