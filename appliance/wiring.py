"""The one place where configuration becomes objects. Importing it opens nothing; its functions do."""

import fcntl
import logging
import math
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import waitress
from flask import Flask

from appliance.api.app import MAX_BODY, create_app
from appliance.api.bell import Bell, Streams
from appliance.api.cache import BoardCache
from appliance.api.context import Context
from appliance.api.presence import Presence
from appliance.api.tokens import TokenCache
from appliance.clock import Clock, Origin, parse_offset
from appliance.config import Place, ServerSection
from appliance.contract import models as m
from appliance.domain.model import Stamp
from appliance.domain.roster import Roster
from appliance.lan import LOOPBACK, lan_address
from appliance.office.access import identify, make_token
from appliance.office.day import settle_day
from appliance.office.ports import Store, StoreUnavailable, Unit
from appliance.office.roster import load
from appliance.store.engine import open_engine
from appliance.store.units import SqlStore

LOCK: Final = "serve.lock"
DATABASE: Final = "kezek.db"
ADDRESS_SECONDS: Final = 10.0
SETUP: Final = "setup"
CLOCK: Final = "clock"
log = logging.getLogger(__name__)


@contextmanager
def hold_data(place: Place) -> Iterator[None]:
    """Keep other servers off this data folder while the block runs. Raises StoreUnavailable when one holds it."""
    make_folder(place.data)
    with (place.data / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            words = f"another Kezek serves the data folder {place.data}; end it, or choose another with --data"
            raise StoreUnavailable(words) from error
        yield


def is_served(place: Place) -> bool:
    """Return whether a server runs on this data folder."""
    try:
        with hold_data(place):
            return False
    except StoreUnavailable:
        return True


def make_folder(data: Path) -> None:
    """Make the data folder if it is absent. Raises StoreUnavailable."""
    try:
        # What operators note down is in there: nobody else's business.
        data.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the data folder {data} cannot be made: {error.strerror}") from error


@contextmanager
def open_store(place: Place) -> Iterator[Store]:
    """Open the database in the data folder, made if absent. Raises StoreUnavailable."""
    make_folder(place.data)
    engine = open_engine(place.config.server.database or f"sqlite:///{place.data / DATABASE}")
    try:
        yield SqlStore(engine)
    finally:
        engine.dispose()


def open_clock(place: Place, store: Store) -> Clock:
    """Return the hall's clock.

    A rehearsal that is open goes on where it was, also at another speed; a new one begins at the world's time.
    """
    offset = parse_offset(place.config.server.utc_offset)
    if not place.rehearsal:
        return Clock(offset)
    with store.write() as unit:
        day = unit.house.day()
        goes_on = day is not None and day.event.rehearsal
        kept = _sped_clock(offset, unit.desktop.setting(CLOCK)) if goes_on else None
        if kept and math.isclose(kept.speed, place.speed):
            return kept
        shown = kept.now().wall.timestamp() if kept else time.time()
        origin = Origin(time.time(), shown)
        unit.desktop.save_setting(CLOCK, f"{place.speed} {origin.wall!r} {origin.shown!r}")
        unit.commit()
    return Clock(offset, speed=place.speed, origin=origin)


def _sped_clock(offset: timezone, kept: str | None) -> Clock | None:
    if not kept:
        return None
    speed, wall, shown = (float(part) for part in kept.split())
    return Clock(offset, speed=speed, origin=Origin(wall, shown))


def open_existing(place: Place, store: Store) -> Clock:
    """Return the clock of the day that is open in the store, sped if that is a rehearsal; open a day if none is."""
    offset = parse_offset(place.config.server.utc_offset)
    with store.read() as unit:
        day, sped = unit.house.day(), _sped_clock(offset, unit.desktop.setting(CLOCK))
    if day is None:
        clock = Clock(offset)
        with store.write() as unit:
            settle_day(unit, event_info(place, clock), Stamp(clock.now(), SETUP))
            unit.commit()
        return clock
    return sped if sped and day.event.rehearsal else Clock(offset)


def event_info(place: Place, clock: Clock) -> m.EventInfo:
    """Return what the configuration says of the day."""
    event, server = place.config.event, place.config.server
    return m.EventInfo(
        title=m.Names(kk=event.title_kk, ru=event.title_ru, en=event.title_en),
        day=clock.now().wall.date().isoformat(),
        rehearsal=place.rehearsal,
        opens=event.opens,
        address=server.address or f"http://{lan_address()}:{server.port}",
    )


def prepare(place: Place, store: Store, roster: Roster | None = None) -> Clock:
    """Make the store ready to serve: the day, the roster when one is given, the devices' token. Returns the clock."""
    clock = open_clock(place, store)
    stamp = Stamp(clock.now(), SETUP)
    with store.write() as unit:
        if settle_day(unit, event_info(place, clock), stamp):
            log.info("a new %s day is open", "rehearsal" if place.rehearsal else "reception")
        _warn_of_an_old_day(unit, clock)
        if roster is not None:
            changes = load(unit, roster, stamp).changes
            log.info("the roster is loaded: %d changes", len(changes))
        unit.commit()
    keep_token(place, store, "device")
    return clock


def _warn_of_an_old_day(unit: Unit, clock: Clock) -> None:
    """Say that the open day is an earlier one: whether it goes on is for a person to decide, clocks may be wrong."""
    event, today = unit.house.today().event, clock.now().wall.date().isoformat()
    if event.day != today and not event.rehearsal:
        words = "the open day began on %s and has %d unfinished tickets; today is %s: `kezek day open` begins it"
        log.warning(words, event.day, unit.queue.live(), today)


def keep_token(place: Place, store: Store, role: str) -> str:
    """Return the token that this machine's own processes or its console use, made anew when it is not good.

    It lies in `DATA/<role>.token`, readable by owner and group only.
    """
    path = place.data / f"{role}.token"
    kept = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    with store.write() as unit:
        if kept and identify(unit, kept):
            return kept
        stamp = Stamp(Clock(parse_offset(place.config.server.utc_offset)).now(), SETUP)
        token = make_token(unit, role, None, stamp)
        unit.commit()
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(descriptor, "w") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return token


class AddressKeeper(threading.Thread):
    """Renews the address on slips and screens when the network comes, or changes, after the start."""

    def __init__(self, place: Place, store: Store, clock: Clock, bell: Bell) -> None:
        super().__init__(name="address", daemon=True)
        self._place, self._store, self._clock, self._bell = place, store, clock, bell

    def run(self) -> None:
        """Look every few seconds until the server stops."""
        last = ""
        while not self._bell.closed:
            found = lan_address()
            if found not in {last, LOOPBACK}:
                self._renew()
            last = found
            self._bell.wait_closed(ADDRESS_SECONDS)

    def _renew(self) -> None:
        with self._store.write() as unit:
            settle_day(unit, event_info(self._place, self._clock), Stamp(self._clock.now(), SETUP))
            unit.commit()
        self._bell.ring()


def serve(place: Place, roster: Roster | None = None) -> None:
    """Serve API and pages until SIGTERM or SIGINT. Raises StoreUnavailable, OSError when the port is taken."""
    with ExitStack() as stack:
        stack.enter_context(hold_data(place))
        store = stack.enter_context(open_store(place))
        clock = prepare(place, store, roster)
        bell = Bell()
        settings = place.config.server
        context = Context(
            store=store,
            now=clock.now,
            speed=clock.speed,
            bell=bell,
            streams=Streams(settings.streams),
            board=BoardCache(),
            tokens=TokenCache(),
            presence=Presence(),
            version=version("kezek"),
        )
        server = listen(create_app(context), settings)
        stop_on_signal(bell)
        if settings.address is None:
            AddressKeeper(place, store, clock, bell).start()
        log.info("serving on http://%s:%s", settings.host, server.effective_port)
        try:
            server.run()
        finally:
            bell.close()
            server.close()
            log.info("stopped")


def listen(app: Flask, settings: ServerSection) -> Any:
    """Return a waitress server that listens. Raises OSError that names the port."""
    try:
        return waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            connection_limit=settings.threads * 8,
            channel_request_lookahead=1,  # lets a stream see that its client is gone
            max_request_body_size=16 * MAX_BODY,  # beyond MAX_BODY Flask answers, as a problem
        )
    except OSError as error:
        words = f"port {settings.port} cannot be used: {error.strerror}; choose another with --port"
        raise OSError(error.errno, words) from error


def stop_on_signal(bell: Bell) -> None:
    """Let SIGTERM and SIGINT end the server's loop at once; open streams are woken to end."""

    def stop(_number: int, _frame: Any) -> None:
        bell.close()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
