"""The printer's session with the server: waits while it is away, and shows the token that is in force.

A token file may be replaced while the process runs; a 401 makes it read again.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from appliance.client import BACKOFF_SECONDS, Back, Client, Refused, ServerAway, follow
from appliance.contract.models import Entry
from printer.errors import TokenMissing

TOKEN_WAIT_SECONDS: Final = 60.0
TOKEN_POLL_SECONDS: Final = 0.5
BAD_TOKEN: Final = frozenset({"unauthorized", "wrong_role"})
PASSING: Final = BAD_TOKEN | {"not_kezek"}
"""Refusals with a 4xx that another token, or the right server, ends."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Ended(Exception):
    """The process is to end; raised out of a wait."""


class Session:
    """Calls the server with the token in force. May be used from several threads."""

    def __init__(self, connect: Callable[[str], Client], token_file: Path, stop: threading.Event) -> None:
        """`connect` makes a client that shows the token it is given."""
        self._connect = connect
        self._token_file = token_file
        self._stop = stop
        self._lock = threading.Lock()
        self._token = ""
        self._client: Client | None = None
        self._retired: list[Client] = []

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            for client in (*self._retired, self._client):
                if client is not None:
                    client.close()

    def client(self) -> Client:
        """Return a client with the token in force. Raises TokenMissing when there is none for too long, or Ended."""
        with self._lock:
            if self._client is None:
                self._token = self._read_token()
                self._client = self._connect(self._token)
            return self._client

    def try_call(self, call: Callable[[Client], None]) -> bool:
        """Call the server once; False when it is away or refuses for now."""
        client = self.client()
        try:
            call(client)
        except ServerAway as error:
            log.debug("the server is away: %s", error)
        except Refused as error:
            if error.permanent and error.code not in PASSING:
                raise
            self.renew(client, error)
        else:
            return True
        return False

    def call(self, call: Callable[[Client], T]) -> T:
        """Call the server until it answers. Raises Refused when asking again is no use, Ended when told to end."""
        failures = 0
        while not self._stop.is_set():
            client = self.client()
            try:
                answer = call(client)
            except ServerAway as error:
                if not failures:
                    log.warning("the server is away: %s", error)
            except Refused as error:
                if error.permanent and error.code not in PASSING:
                    raise
                if not failures:
                    log.warning("the server refuses: %s", error)
                self.renew(client, error)
            else:
                if failures:
                    log.info("the server is back")
                return answer
            self._stop.wait(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])
            failures += 1
        raise Ended

    def renew(self, refused: Client, error: Refused) -> None:
        """Read the token again when it was refused and the file holds another."""
        if error.code not in BAD_TOKEN:
            return
        with self._lock:
            token = self._read_token()
            if self._client is refused and token != self._token:
                log.info("the token was replaced")
                self._retired.append(refused)
                self._token, self._client = token, self._connect(token)

    def _read_token(self) -> str:
        waited = 0.0
        while not self._stop.is_set():
            token = self._token_file.read_text().strip() if self._token_file.is_file() else ""
            if token:
                return token
            if not waited:
                log.warning("no token in %s yet; `kezek token --role device` makes one", self._token_file)
            if waited >= TOKEN_WAIT_SECONDS:
                break
            self._stop.wait(TOKEN_POLL_SECONDS)
            waited += TOKEN_POLL_SECONDS
        if self._stop.is_set():
            raise Ended
        raise TokenMissing(f"no token in {self._token_file}; make one with: kezek token --role device")


def listen(session: Session, printer: str, wake: threading.Event, stop: threading.Event) -> None:
    """Follow the journal and set `wake` when a slip is queued for `printer`, and on every new connection."""
    try:
        while not stop.is_set():
            client = session.client()
            try:
                for entry in follow(client, session.call(lambda client: client.health().seq), stop):
                    if isinstance(entry, Back) or (isinstance(entry, Entry) and _queues(entry, printer)):
                        wake.set()
            except Refused as error:
                log.warning("no event stream (%s); slips are asked for every few seconds", error)
                session.renew(client, error)
                stop.wait(BACKOFF_SECONDS[-1])
    except Ended:
        pass


def _queues(entry: Entry, printer: str) -> bool:
    return entry.type == "SlipQueued" and entry.data.get("printer") == printer
