"""Idempotency: what was carried out once is answered again from its stored reply, never carried out twice.

The reply commits in the transaction that did the work. A refusal changed nothing and is not stored: asking again
with the same key asks anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.domain.errors import KeyReused
from appliance.domain.model import Instant, Stamp
from appliance.office.ports import Reply, Store, Unit


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, by which key (None: unprotected), and a digest of what is asked."""

    actor: str
    key: str | None
    fingerprint: bytes


def once(
    store: Store, ask: Ask, now: Callable[[], Instant], act: Callable[[Unit, Stamp], Reply]
) -> tuple[Reply, bool]:
    """Carry out `act` in one write unit and return its reply, and whether it is a stored one.

    The stamp is taken inside the unit, so that times in the journal rise with its seq. Raises KeyReused when the
    actor used the key for another request, and whatever `act` raises, in which case nothing was written.
    """
    with store.write() as unit:
        if ask.key:
            known = unit.desktop.reply(ask.actor, ask.key)
            if known and known.fingerprint != ask.fingerprint:
                raise KeyReused("this Idempotency-Key was used for another request; make a new key for a new intent")
            if known:
                return known, True
        stamp = Stamp(now(), ask.actor)
        reply = act(unit, stamp)
        if ask.key:
            unit.desktop.keep_reply(ask.actor, ask.key, reply, stamp.at)
        unit.commit()
        return reply, False
