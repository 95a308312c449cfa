"""Idempotency: what was carried out once is answered again from its stored reply, never carried out twice.

The reply commits in the transaction that did the work. A refusal changed nothing and is not stored: asking again
with the same key asks anew.
"""

from collections.abc import Callable

from appliance.domain.errors import KeyReused
from appliance.domain.model import Stamp
from appliance.office.ports import Reply, Store, Unit


def once(
    store: Store, stamp: Stamp, key: str | None, fingerprint: bytes, act: Callable[[Unit], Reply]
) -> tuple[Reply, bool]:
    """Carry out `act` in one write unit and return its reply, and whether it is a stored one.

    `key` None means no protection. Raises KeyReused when the actor used the key for a request with another
    fingerprint, and whatever `act` raises, in which case nothing was written.
    """
    with store.write() as unit:
        if key:
            known = unit.desktop.reply(stamp.actor, key)
            if known and known.fingerprint != fingerprint:
                raise KeyReused("this Idempotency-Key was used for another request; make a new key for a new intent")
            if known:
                return known, True
        reply = act(unit)
        if key:
            unit.desktop.keep_reply(stamp.actor, key, reply, stamp.at)
        unit.commit()
        return reply, False
