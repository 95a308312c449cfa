"""Bearer tokens: who may do what. Only a digest is stored; a token is seen once, when it is made."""

import hashlib
import secrets
from typing import Final

from appliance.domain.errors import UnknownDesk
from appliance.domain.model import DeskId, Stamp
from appliance.office.ports import Token, Unit

ROLES: Final = ("device", "operator", "supervisor")


def make_token(unit: Unit, role: str, desk: DeskId | None, stamp: Stamp) -> str:
    """Store and return a new token of 192 random bits. Raises UnknownDesk, ValueError for a role or mix not known."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}; there are {', '.join(ROLES)}")
    if desk is not None and role != "operator":
        raise ValueError("only an operator's token names a desk")
    if desk is not None and desk not in {one.id for one in unit.house.desks()}:
        known = ", ".join(one.id for one in unit.house.desks()) or "none yet: load the roster first"
        raise UnknownDesk(f"there is no desk {desk}; there are {known} (all in Cyrillic)")
    token = f"kz{role[0]}_{secrets.token_urlsafe(24)}"
    unit.desktop.add_token(Token(0, role, desk), digest(token), stamp.at)
    return token


def identify(unit: Unit, token: str) -> Token | None:
    """Return whom a token belongs to."""
    return unit.desktop.token(digest(token))


def digest(token: str) -> bytes:
    """Return what is stored of a token. One round of SHA-256 is enough for 192 random bits."""
    return hashlib.sha256(token.encode()).digest()
