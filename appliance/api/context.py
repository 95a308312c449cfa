"""What the API was wired with, found through Flask's current app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app

from appliance.api.bell import Bell, Streams
from appliance.api.cache import BoardCache
from appliance.api.presence import Presence
from appliance.api.tokens import TokenCache
from appliance.domain.model import Instant
from appliance.office.ports import Store

_KEY: Final = "kezek"


@dataclass(frozen=True, slots=True)
class Context:
    """The slices of wiring that handlers use. `now` is the hall's time; `speed` 1.0 on a real day."""

    store: Store
    now: Callable[[], Instant]
    speed: float
    bell: Bell
    streams: Streams
    board: BoardCache
    tokens: TokenCache
    presence: Presence
    version: str


def install(app: Flask, context: Context) -> None:
    """Hand the context to the app's handlers."""
    app.extensions[_KEY] = context


def context() -> Context:
    """Return the context of the app that handles this request."""
    found = current_app.extensions[_KEY]
    if not isinstance(found, Context):
        raise TypeError("the app was not wired")
    return found
