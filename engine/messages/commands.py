"""Sending and delivering messages and signals.

A message goes to the one case that waits for its name under its correlation key. Where no case waits, or
several do, nothing is guessed: the message says so and is kept, and can be delivered again. A signal goes to
every case that waited for it when it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, literal_column, select, update

from engine.db.types import plain
from engine.db.uow import Database
from engine.errors import Conflict, EngineError, NotFound
from engine.events import Event
from engine.instances.change import Change
from engine.instances.commands import InstanceCommands, insist
from engine.instances.writing import write
from engine.messages.models import messages, subscriptions
from engine.spiff.events import MESSAGE, SIGNAL, correlation_text
from engine.types import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message or signal."""

    id: str
    state: str
    """`pending`, `delivered`, `unmatched` or `ambiguous`."""
    sentence: str
    instance_ids: tuple[str, ...] = ()


_WAITS: ColumnElement[str] = literal_column("'waiting'")
_PENDING: ColumnElement[str] = literal_column("'pending'")
_WAITS_STILL = select(subscriptions.c.id).where(
    subscriptions.c.id == bindparam("of"), subscriptions.c.state == _WAITS
)

SENTENCES = {
    "delivered": "It was delivered.",
    "pending": "It is kept, and will be delivered shortly.",
    "unmatched": "No case waits for it. It is kept, and can be delivered again once a case waits.",
    "ambiguous": "Several cases wait for it under the same key, so it was given to none. It is kept; "
    "deliver it again once only one waits.",
}


class MessageCommands:
    """What can be sent to cases."""

    def __init__(self, database: Database, instances: InstanceCommands) -> None:
        self._database = database
        self._instances = instances

    def send(
        self,
        actor: Actor,
        *,
        name: str,
        correlation: Any,
        payload: Mapping[str, Any],
        token: str | None = None,
    ) -> Delivery:
        """Send a message from outside and try to deliver it at once.

        Args:
            correlation: the key, a text or a number.
            token: the sender's; the same one again gives the first answer.

        Raises:
            ElementFailed: where the key is none. ValueError: where the payload holds what cannot be stored.
        """
        return self._send(actor, MESSAGE, name, correlation_text(correlation), payload, token)

    def broadcast(
        self, actor: Actor, *, name: str, payload: Mapping[str, Any], token: str | None = None
    ) -> Delivery:
        """Send a signal to every case that waits for it now. Raises as `send`."""
        return self._send(actor, SIGNAL, name, "", payload, token)

    def deliver(self, message_id: str) -> Delivery:
        """Deliver what was sent before and is not delivered yet.

        Raises:
            NotFound: no such message.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(messages).where(messages.c.id == message_id)).one_or_none()
        if row is None:
            raise NotFound("message", message_id)
        if row.state == "delivered":
            return Delivery(row.id, row.state, SENTENCES[row.state])
        return self._deliver_signal(row) if row.kind == SIGNAL else self._deliver_message(row)

    def pending(self, connection: Connection, limit: int = 100) -> list[str]:
        """Ids of what cases sent and was not delivered yet, the oldest first."""
        return list(
            connection.execute(
                select(messages.c.id)
                .where(messages.c.state == _PENDING)
                .order_by(messages.c.sent_at, messages.c.id)
                .limit(limit)
            ).scalars()
        )

    def undelivered(self, connection: Connection) -> list[Row[Any]]:
        """What found no case, or several."""
        return list(
            connection.execute(
                select(messages)
                .where(messages.c.state.in_(("unmatched", "ambiguous")))
                .order_by(messages.c.sent_at, messages.c.id)
            )
        )

    def _send(
        self,
        actor: Actor,
        kind: str,
        name: str,
        correlation: str,
        payload: Mapping[str, Any],
        token: str | None,
    ) -> Delivery:
        message_id = uuid4().hex

        def store() -> str:
            with self._database.unit_of_work() as uow:
                if token is not None:
                    known = uow.connection.execute(
                        select(messages.c.id).where(messages.c.token == token)
                    ).scalar_one_or_none()
                    if known is not None:
                        return str(known)
                uow.connection.execute(
                    insert(messages).values(
                        id=message_id,
                        kind=kind,
                        name=name,
                        correlation=correlation,
                        payload=plain(dict(payload)),
                        sent_at=self._instances.clock.now(uow.connection),
                        sent_by=actor.person_id,
                        state="pending",
                        token=token,
                    )
                )
            return message_id

        return self.deliver(self._database.retrying(store))

    def _deliver_message(self, row: Row[Any]) -> Delivery:
        with self._database.reading() as connection:
            waiting = self._waiting(connection, row)
        if len(waiting) != 1:
            state = "unmatched" if not waiting else "ambiguous"
            return self._settle(row, state)
        try:
            return self._hand_over(row, waiting[0])
        except Conflict:
            # The case moved on between the look and the hand-over: look again at the next delivery.
            return Delivery(row.id, "pending", SENTENCES["pending"])

    def _deliver_signal(self, row: Row[Any]) -> Delivery:
        with self._database.reading() as connection:
            waiting = [s for s in self._waiting(connection, row) if s.opened_at <= row.sent_at]
        reached: list[str] = []
        for subscription in waiting:
            try:
                self._fire(row, subscription, last=False)
                reached.append(subscription.instance_id)
            except EngineError:
                # One case that cannot take it must not keep it from the others; it goes on without.
                continue
        delivery = self._settle(row, "delivered")
        return Delivery(delivery.id, delivery.state, delivery.sentence, tuple(reached))

    def _hand_over(self, row: Row[Any], subscription: Row[Any]) -> Delivery:
        self._fire(row, subscription, last=True)
        return Delivery(row.id, "delivered", SENTENCES["delivered"], (subscription.instance_id,))

    def _fire(self, row: Row[Any], subscription: Row[Any], *, last: bool) -> None:
        """Hand a message to one case, in one transaction with the message's own row."""

        def attempt(forced: Mapping[str, str]) -> None:
            with self._database.reading() as connection:
                waits = connection.execute(_WAITS_STILL, {"of": subscription.id}).one_or_none()
                if waits is None:
                    raise Conflict("The case has moved on.", instance_id=subscription.instance_id)
                now = self._instances.clock.now(connection)
                loaded = self._instances.load(connection, subscription.instance_id)
                change = Change(
                    kind="message",
                    event=Event.MESSAGE_RECEIVED,
                    actor=row.sent_by if row.kind == MESSAGE else SYSTEM.person_id,
                    now=now,
                    element_id=subscription.element_id,
                    payload={"message": row.id, "name": row.name},
                )
                running = self._instances.restore(connection, loaded, Actor(change.actor), now, forced)
                outcome = running.receive(subscription.id, row.payload)
            with self._database.unit_of_work() as uow:
                if last:
                    taken = uow.connection.execute(
                        update(messages)
                        .where(messages.c.id == row.id, messages.c.state != "delivered")
                        .values(state="delivered", settled_at=now, delivered_to=subscription.id)
                    )
                    if taken.rowcount != 1:
                        raise Conflict("This message was delivered meanwhile.")
                write(uow, loaded, outcome, change, self._instances.directory, self._instances.operations)

        self._database.retrying(lambda: insist(attempt))

    def _settle(self, row: Row[Any], state: str) -> Delivery:
        def command() -> None:
            with self._database.unit_of_work() as uow:
                uow.connection.execute(
                    update(messages)
                    .where(messages.c.id == row.id, messages.c.state != "delivered")
                    .values(state=state, settled_at=self._instances.clock.now(uow.connection))
                )

        self._database.retrying(command)
        return Delivery(row.id, state, SENTENCES[state])

    @staticmethod
    def _waiting(connection: Connection, row: Row[Any]) -> list[Row[Any]]:
        return list(
            connection.execute(
                select(subscriptions)
                .where(
                    subscriptions.c.state == _WAITS,
                    subscriptions.c.kind == row.kind,
                    subscriptions.c.name == row.name,
                    subscriptions.c.correlation == row.correlation,
                )
                .order_by(subscriptions.c.id)
            )
        )
