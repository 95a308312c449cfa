"""How a handler becomes an operation: who may, what body, which answer; the OpenAPI document reads the same facts."""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec
from flask import Response, request

from appliance.api.context import context
from appliance.api.problems import BadRequest
from appliance.contract import models as m
from appliance.domain.model import DeskId, Stamp
from appliance.office.once import Ask, once
from appliance.office.ports import Reply, Token, Unit

DEVICE: Final = "device"
OPERATOR: Final = "operator"
SUPERVISOR: Final = "supervisor"
MAX_KEY: Final = 128
B = TypeVar("B", bound=m.Request)
View = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the OpenAPI document says of a handler. `roles` empty means anyone on the LAN."""

    summary: str
    roles: tuple[str, ...]
    body: type[m.Request] | None
    answer: Any
    status: int
    errors: tuple[str, ...]
    media: str = "application/json"


@dataclass(frozen=True, slots=True)
class Work(Generic[B]):
    """What a writing handler gets: one open transaction, the stamp of its facts, the checked body."""

    unit: Unit
    stamp: Stamp
    body: B
    desk: DeskId | None
    """The one desk that the asker's token is for, if it is bound to one."""


def describe(operation: Operation) -> Callable[[View], View]:
    """Attach an operation to a view that does everything itself."""

    def attach(view: View) -> View:
        view.operation = operation  # type: ignore[attr-defined] # a note on the function for openapi.py
        return view

    return attach


def operation_of(view: object) -> Operation | None:
    """Return the operation attached to a view."""
    found = getattr(view, "operation", None)
    return found if isinstance(found, Operation) else None


def writes(operation: Operation) -> Callable[[Callable[..., Any]], View]:
    """Make a view of `handler(work, **path)`: authorised, body checked, carried out once in one transaction.

    The handler's answer is encoded as JSON; None is answered 204.
    """
    body_type = operation.body or m.Nothing

    def make(handler: Callable[..., Any]) -> View:
        @functools.wraps(handler)
        def view(**path: str) -> Response:
            token = authorise(operation.roles, path.get("desk"))
            body = read_body(body_type)
            ask = Ask(actor_of(token), read_key(), _fingerprint())

            def act(unit: Unit, stamp: Stamp) -> Reply:
                return _encode(
                    handler(Work(unit, stamp, body, token.desk), **path), operation.status, ask.fingerprint
                )

            reply, replayed = once(context().store, ask, context().now, act)
            if not replayed:
                context().bell.ring()
            response = Response(reply.body, reply.status, mimetype="application/json" if reply.body else None)
            if replayed:
                response.headers["Idempotency-Replayed"] = "true"
            return response

        return describe(operation)(view)

    return make


def reads(operation: Operation) -> Callable[[Callable[..., Any]], View]:
    """Make a view of `handler(unit, **path)`: authorised, in one consistent reading transaction."""

    def make(handler: Callable[..., Any]) -> View:
        @functools.wraps(handler)
        def view(**path: str) -> Response:
            if operation.roles:
                authorise(operation.roles, path.get("desk"))
            with context().store.read() as unit:
                body = msgspec.json.encode(handler(unit, **path))
            return Response(body, operation.status, mimetype="application/json")

        return describe(operation)(view)

    return make


def authorise(roles: tuple[str, ...], desk: str | None = None) -> Token:
    """Return who asks. Raises BadRequest: unauthorized without a good token, wrong_role with a lesser one."""
    token = optional_token()
    if token is None:
        raise BadRequest("unauthorized", "send Authorization: Bearer with a token made by `kezek token`")
    if token.role not in roles:
        raise BadRequest("wrong_role", f"a {token.role}'s token may not do this; it takes {' or '.join(roles)}")
    if desk is not None and token.desk is not None and token.desk != desk:
        raise BadRequest("wrong_role", f"this token is for desk {token.desk} only")
    return token


def optional_token() -> Token | None:
    """Return who asks, None when nobody says. Raises BadRequest for a token that is not good."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        found = context().tokens.find(context().store, token.strip())
        if found:
            return found
    raise BadRequest("unauthorized", "this bearer token is not known here; make one with `kezek token`")


def actor_of(token: Token) -> str:
    """Return what the journal calls the holder of a token."""
    return f"{token.role}:{token.desk or token.id}"


def read_body(kind: type[B]) -> B:
    """Return the checked body; nothing counts as `{}`. Raises BadRequest that names the field."""
    raw = request.get_data()
    if raw and request.mimetype != "application/json":
        raise BadRequest("unsupported_media_type", f"send application/json, not {request.mimetype or 'no type'}")
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        field = where.rstrip("`").lstrip(".") or "body"
        fault = m.Fault(where=field, problem=what, remedy="see /api/v1/openapi.json for what is right")
        raise BadRequest("invalid_body", f"{field}: {what}", (fault,)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest("malformed_json", f"the body is not JSON: {error}") from error


def read_number(name: str, default: int) -> int:
    """Return a whole number from the address's query. Raises BadRequest that names the parameter."""
    text = request.args.get(name)
    if text is None:
        return default
    return parse_number(name, text)


def parse_number(name: str, text: str) -> int:
    """Return a whole number of at most 18 digits. Raises BadRequest that names `name`."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - fits 64 bits
        raise BadRequest("invalid_parameter", f"{name} must be a whole number from 0, not {text[:40]!r}")
    return int(text)


def read_key() -> str | None:
    """Return the Idempotency-Key, None without one. Raises BadRequest."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise BadRequest("idempotency_key_invalid", f"use 1 to {MAX_KEY} printable ASCII characters, such as a UUID")
    return key


def _fingerprint() -> bytes:
    return hashlib.sha256(b"\0".join((request.method.encode(), request.path.encode(), request.get_data()))).digest()


def _encode(answer: Any, status: int, fingerprint: bytes) -> Reply:
    if answer is None:
        return Reply(fingerprint, 204, b"")
    return Reply(fingerprint, status, msgspec.json.encode(answer))
