"""Idempotency keys, tokens, appeals and settings."""

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from appliance.domain.model import DeskId, Instant
from appliance.office.ports import Appeal, Reply, Token
from appliance.store.house import SqlHouse
from appliance.store.schema import appeals, replies, settings, tickets, tokens

REPLY = select(replies.c.fingerprint, replies.c.status, replies.c.body).where(
    (replies.c.actor == bindparam("actor")) & (replies.c.key == bindparam("key"))
)
KEEP_REPLY = insert(replies)
TOKEN = select(tokens.c.id, tokens.c.role, tokens.c.desk).where(tokens.c.hash == bindparam("hash"))


class SqlDesktop:
    """Implements `office.ports.Desktop`."""

    def __init__(self, connection: Connection, house: SqlHouse) -> None:
        self._connection = connection
        self._house = house

    def reply(self, actor: str, key: str) -> Reply | None:
        """Return the stored reply to this actor's key."""
        row = self._connection.execute(REPLY, {"actor": actor, "key": key}).first()
        return Reply(row.fingerprint, row.status, row.body) if row else None

    def keep_reply(self, actor: str, key: str, reply: Reply, at: Instant) -> None:
        """Store the reply to this actor's key."""
        columns = {
            "actor": actor,
            "key": key,
            "fingerprint": reply.fingerprint,
            "status": reply.status,
            "body": reply.body,
            "at": at.wall.isoformat(),
        }
        self._connection.execute(KEEP_REPLY, columns)

    def token(self, digest: bytes) -> Token | None:
        """Return whom a token's digest belongs to."""
        row = self._connection.execute(TOKEN, {"hash": digest}).first()
        return Token(row.id, row.role, DeskId(row.desk) if row.desk else None) if row else None

    def add_token(self, token: Token, digest: bytes, at: Instant) -> None:
        """Store a token's digest; `token.id` is ignored."""
        self._connection.execute(
            insert(tokens).values(role=token.role, desk=token.desk, hash=digest, created_at=at.wall.isoformat())
        )

    def add_appeal(self, appeal: Appeal, at: Instant) -> None:
        """Store what was asked and what became of it."""
        mine = (tickets.c.day == self._house.day_id) & (tickets.c.number == appeal.number)
        ticket = self._connection.execute(select(tickets.c.id).where(mine)).scalar_one()
        self._connection.execute(
            insert(appeals).values(
                day=self._house.day_id,
                ticket=ticket,
                desk=appeal.desk,
                topics=msgspec.json.encode(appeal.topics).decode(),
                outcome=appeal.outcome,
                note=appeal.note,
                at=at.wall.isoformat(),
            )
        )

    def setting(self, key: str) -> str | None:
        """Return a stored setting."""
        return self._connection.scalar(select(settings.c.value).where(settings.c.key == key))

    def save_setting(self, key: str, value: str) -> None:
        """Store a setting."""
        if not self._connection.execute(update(settings).where(settings.c.key == key).values(value=value)).rowcount:
            self._connection.execute(insert(settings).values(key=key, value=value))
