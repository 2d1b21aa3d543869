"""The outbox: what is to be told stands here before anybody is told, and what became of it after."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import TypeAdapter

from bot.facts.delivery import Delivery, Message, NotSent, Role, Sent, Told, Why
from bot.history.connection import transaction

_MESSAGE, _TOLD = TypeAdapter(Message), TypeAdapter(Told)
_PENDING, _SENDING, _SENT, _FAILED = "pending", "sending", "sent", "failed"
_LIVING_TS = """SELECT ts FROM delivery
    WHERE incident_id = ? AND channel = ? AND role = 'message' AND ts <> ''
    ORDER BY created_at DESC, rowid DESC LIMIT 1"""
_LATELY = 7 * 24 * 3600
"""Seconds for which a channel that nobody writes to any more is still worth a word."""
_DUE = """SELECT id, incident_id, why, channel, message, created_at, attempts, unsure OR state = 'sending',
      role, aloud FROM delivery
    WHERE state IN ('pending', 'sending') AND next_try_at <= ?1 AND NOT EXISTS (
      SELECT 1 FROM delivery AS earlier
      WHERE earlier.incident_id = delivery.incident_id AND earlier.channel = delivery.channel
        AND earlier.state IN ('pending', 'sending') AND earlier.next_try_at > ?1
        AND (earlier.created_at, earlier.rowid) < (delivery.created_at, delivery.rowid))
    ORDER BY created_at, rowid"""


class OutboxTable:
    """The outbox of one history file. At most one delivery of an incident and role waits per channel."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, delivery: Delivery, told: Told) -> None:
        """Queue a message.

        One that still waits for the same incident, channel and role takes over the newer words, so that after
        a silence people are told the present state once.
        """
        with transaction(self._db):
            if not self._refresh(delivery, told):
                self._insert(delivery, told)

    def _refresh(self, delivery: Delivery, told: Told) -> bool:
        query = """UPDATE delivery SET message = ?, told = ?, aloud = max(aloud, ?),
              why = CASE why WHEN 'edit' THEN ? ELSE why END
            WHERE incident_id = ? AND channel = ? AND role = ? AND state = 'pending' AND unsure = 0"""
        words = (_MESSAGE.dump_json(delivery.message).decode(), _TOLD.dump_json(told).decode())
        place = (delivery.incident_id, delivery.channel, delivery.role)
        return self._db.execute(query, (*words, delivery.aloud, delivery.why, *place)).rowcount > 0

    def _insert(self, delivery: Delivery, told: Told) -> None:
        now = int(delivery.created_at.timestamp())
        row = {
            "id": delivery.id,
            "incident_id": delivery.incident_id,
            "why": delivery.why,
            "channel": delivery.channel,
            "created_at": now,
            "state": _PENDING,
            "attempts": 0,
            "next_try_at": now,
            "unsure": 0,
            "ts": "",
            "error": "",
            "told": _TOLD.dump_json(told).decode(),
            "message": _MESSAGE.dump_json(delivery.message).decode(),
            "role": delivery.role,
            "aloud": delivery.aloud,
        }
        marks = ", ".join(f":{name}" for name in row)
        self._db.execute(f"INSERT INTO delivery ({', '.join(row)}) VALUES ({marks})", row)

    def told(self, incident_id: str, channel: str) -> Told | None:
        """What was last told, or is about to be, about an incident in a channel."""
        query = """SELECT told FROM delivery
            WHERE incident_id = ? AND channel = ? AND role = 'message' AND state <> 'failed'
            ORDER BY created_at DESC, rowid DESC LIMIT 1"""
        found = self._db.execute(query, (incident_id, channel)).fetchone()
        return _TOLD.validate_json(found[0]) if found else None

    def heard(self, incident_id: str) -> list[str]:
        """The channels in which an incident was told, or is about to be, in their order."""
        query = """SELECT channel FROM delivery WHERE incident_id = ? AND state <> 'failed'
            GROUP BY channel ORDER BY min(rowid)"""
        return [channel for (channel,) in self._db.execute(query, (incident_id,))]

    def note(self, incident_id: str, channel: str, told: Told) -> None:
        """Remember how an incident stands, though nothing is sent."""
        query = """UPDATE delivery SET told = ? WHERE rowid =
            (SELECT max(rowid) FROM delivery
             WHERE incident_id = ? AND channel = ? AND role = 'message' AND state <> 'failed')"""
        self._db.execute(query, (_TOLD.dump_json(told).decode(), incident_id, channel))

    def count(self, incident_id: str) -> int:
        """How many deliveries an incident has had: the next one's number."""
        query = "SELECT count(*) FROM delivery WHERE incident_id = ?"
        return int(self._db.execute(query, (incident_id,)).fetchone()[0])

    def rung(self, channel: str, since: datetime) -> int:
        """How many incidents were told for the first time, or again, in a channel since an instant."""
        query = """SELECT count(DISTINCT incident_id || why) FROM delivery
            WHERE channel = ? AND created_at >= ? AND role = 'message' AND state <> 'failed'
              AND why NOT IN ('digest', 'edit')
              AND (why IN ('first', 'reopened') OR id = incident_id || '-1')"""
        return int(self._db.execute(query, (channel, int(since.timestamp()))).fetchone()[0])

    def due(self, now: datetime) -> Iterator[Delivery]:
        """What to send now, oldest first. One interrupted while it was sent is marked unsure.

        Each knows what became of those before it: one that waits behind a first message edits that message.
        """
        for row in self._db.execute(_DUE, (int(now.timestamp()),)).fetchall():
            yield self._delivery(row)

    def _delivery(self, row: tuple[str, str, str, str, str, int, int, int, str, int]) -> Delivery:
        id_, incident_id, why, channel, message, created_at, attempts, unsure, role, aloud = row
        living = self._db.execute(_LIVING_TS, (incident_id, channel)).fetchone()
        return Delivery(
            id=id_,
            incident_id=incident_id,
            why=Why(why),
            channel=channel,
            message=_MESSAGE.validate_json(message),
            created_at=datetime.fromtimestamp(created_at, UTC),
            attempts=attempts,
            unsure=bool(unsure),
            ts=living[0] if living else "",
            role=Role(role),
            aloud=bool(aloud),
        )

    def claim(self, delivery: Delivery) -> Delivery | None:
        """Note that sending begins: whatever happens next, we know that it may have been sent.

        The delivery as it now reads, since newer words may have come after it was listed; None if it is gone.
        """
        query = """UPDATE delivery SET state = 'sending', attempts = attempts + 1
            WHERE id = ? AND state IN ('pending', 'sending') RETURNING message, aloud"""
        found = self._db.execute(query, (delivery.id,)).fetchall()
        return next(
            (replace(delivery, message=_MESSAGE.validate_json(words), aloud=bool(a)) for words, a in found),
            None,
        )

    def settle(
        self,
        delivery: Delivery,
        outcome: Sent | NotSent,
        now: datetime,
        wait_seconds: float,
        *,
        keep: bool = False,
    ) -> None:
        """Note what became of it; a retry comes `wait_seconds` from now at the earliest.

        What was refused for good is given up, unless it is to be kept: then it is tried again all the same.
        """
        if isinstance(outcome, Sent):
            self._set(delivery, state=_SENT, ts=outcome.ts, unsure=0, refused=0, error="")
            return
        refused = not outcome.retry
        self._set(
            delivery,
            state=_FAILED if refused and not keep else _PENDING,
            unsure=int(delivery.unsure or outcome.unsure),
            refused=int(refused),
            next_try_at=int(now.timestamp() + wait_seconds),
            error=outcome.error,
        )

    def divert(self, delivery: Delivery, channel: str, now: datetime) -> None:
        """Queue the same message for another channel, unless its incident is told there anyway."""
        if channel in self.heard(delivery.incident_id):
            return
        (told,) = self._db.execute("SELECT told FROM delivery WHERE id = ?", (delivery.id,)).fetchone()
        id_ = f"{delivery.incident_id}-{self.count(delivery.incident_id) + 1}"
        again = replace(delivery, id=id_, channel=channel, why=Why.FIRST, created_at=now)
        self._insert(again, _TOLD.validate_json(told))

    def withdraw_digests(self, channel: str) -> None:
        """Give up the digests that still wait in a channel: a newer one takes their place."""
        query = """UPDATE delivery SET state = 'failed', error = '' WHERE channel = ? AND state = 'pending'
            AND unsure = 0 AND (incident_id LIKE 'daily-%' OR incident_id LIKE 'weekly-%')"""
        self._db.execute(query, (channel,))

    def is_posted(self, incident_id: str, channel: str) -> bool:
        """Whether an incident has a message in a channel that people can see and that has a thread."""
        return self._db.execute(_LIVING_TS, (incident_id, channel)).fetchone() is not None

    def undelivered(self) -> list[tuple[str, str]]:
        """(incident id, error) of everything that waits since it could not be told."""
        query = """SELECT incident_id, error FROM delivery
            WHERE state IN ('pending', 'sending') AND error <> '' ORDER BY rowid"""
        return self._db.execute(query).fetchall()

    def refused(self) -> dict[str, str]:
        """The channels that took nothing since their last refusal, in the last week, and what was said."""
        query = f"""SELECT channel, error FROM delivery AS given_up
            WHERE (state = 'failed' OR refused) AND role = 'message' AND error <> ''
              AND created_at > (SELECT max(created_at) FROM delivery) - {_LATELY} AND NOT EXISTS
              (SELECT 1 FROM delivery AS later WHERE later.channel = given_up.channel
                 AND later.state = 'sent' AND later.rowid > given_up.rowid)
            ORDER BY rowid"""
        return dict(self._db.execute(query).fetchall())

    def _set(self, delivery: Delivery, **columns: str | int) -> None:
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self._db.execute(f"UPDATE delivery SET {assignments} WHERE id = ?", (*columns.values(), delivery.id))
