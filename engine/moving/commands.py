"""Planning and carrying out the move of open cases to another version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, insert, select, update

from engine.db.uow import Database, UnitOfWork
from engine.definitions.store import content_hash
from engine.errors import Conflict, EngineError, NotFound
from engine.events import Event
from engine.instances.change import Change, Loaded
from engine.instances.commands import InstanceCommands, insist
from engine.instances.models import instances
from engine.instances.writing import write
from engine.moving.models import move_items, move_plans
from engine.moving.types import MoveItem, MovePlan
from engine.spiff.compile import Compiled, compile_bundle
from engine.spiff.moving import CANNOT, Assessment, assess, move
from engine.tasks.models import tasks
from engine.types import Actor, Bundle, Instance, InstanceState, TaskState

Veto = Callable[[Connection, Instance], str | None]
"""Asked for each case: a sentence why it must not move now, or None."""


class MoveCommands:
    """Moves open cases: a plan first, then each case in its own transaction, resumable."""

    def __init__(self, database: Database, commands: InstanceCommands) -> None:
        self._database = database
        self._commands = commands

    def preview(
        self, connection: Connection, key: str, to_hash: str, *, veto: Veto | None = None
    ) -> list[MoveItem]:
        """What a move of all open cases of a definition to a version would mean. Nothing is stored."""
        rows = connection.execute(_open_cases(key, to_hash)).scalars()
        new = self._commands.definitions.compiled(connection, to_hash, key)
        return self._items(connection, rows.all(), new, veto)

    def preview_of(
        self, connection: Connection, key: str, files: Mapping[str, bytes], *, veto: Veto | None = None
    ) -> list[MoveItem]:
        """The same for files that are no version yet, so that a release's effect is known before it happens.

        The files, with those of the policies they call, must pass the release gate; nothing is stored.
        """
        whole = self._commands.definitions.callees.completed(connection, key, files)
        bundle = Bundle(content_hash(whole), whole)
        rows = connection.execute(_open_cases(key, bundle.hash)).scalars()
        new = compile_bundle(bundle, key)
        return self._items(connection, rows.all(), new, veto)

    def plan(
        self,
        actor: Actor,
        key: str,
        to_hash: str,
        *,
        reason: str,
        restart_timers: bool = False,
        veto: Veto | None = None,
    ) -> MovePlan:
        """Compute and keep a plan for all open cases.

        Raises:
            NotFound: no such version of the definition.
        """
        plan_id = uuid4().hex

        def command() -> MovePlan:
            with self._database.unit_of_work() as uow:
                self._commands.definitions.version(uow.connection, to_hash, key=key)
                items = self.preview(uow.connection, key, to_hash, veto=veto)
                now = self._commands.clock.now(uow.connection)
                self._keep(uow, plan_id, key, to_hash, restart_timers, reason, now, actor, items)
                return MovePlan(plan_id, key, to_hash, restart_timers, tuple(items))

        return self._database.retrying(command)

    def get(self, connection: Connection, plan_id: str) -> MovePlan:
        """A plan with the state of its items. Raises `NotFound`."""
        row = self._plan_row(connection, plan_id)
        found = connection.execute(
            select(move_items).where(move_items.c.plan_id == plan_id).order_by(move_items.c.instance_id)
        )
        items = tuple(
            MoveItem(item.instance_id, item.kind, tuple(item.changes), item.state, item.sentence)
            for item in found
        )
        return MovePlan(row.id, row.key, row.to_hash, row.restart_timers, items)

    def carry_out(
        self,
        actor: Actor,
        plan_id: str,
        *,
        veto: Veto | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> MovePlan:
        """Move what is still pending, each case in its own transaction; resumable where it was stopped.

        Each case is assessed anew: one that can no longer move stays on its version and says why.

        Raises:
            NotFound: no such plan.
        """
        with self._database.reading() as connection:
            plan = self.get(connection, plan_id)
        pending = [item for item in plan.items if item.state == "pending"]
        for count, item in enumerate(pending, start=1):
            try:
                self._database.retrying(lambda item=item: self._move(actor, plan, item, veto))  # type: ignore[misc]
            except EngineError as error:
                with suppress(Conflict):  # somebody else, carrying out the same plan, has dealt with it
                    self._stay(plan_id, item.instance_id, str(error))
            if progress is not None:
                progress(count, len(pending))
        with self._database.reading() as connection:
            return self.get(connection, plan_id)

    def _items(
        self, connection: Connection, instance_ids: Sequence[str], new: Compiled, veto: Veto | None
    ) -> list[MoveItem]:
        items = []
        for instance_id in instance_ids:
            try:
                items.append(self._item(connection, instance_id, new, veto))
            except Conflict:
                continue  # it has ended since the list was read
        return items

    def _item(self, connection: Connection, instance_id: str, new: Compiled, veto: Veto | None) -> MoveItem:
        loaded = self._commands.load(connection, instance_id)
        found = self._assess(connection, loaded, new, veto)
        state = "stayed" if found.kind == CANNOT else "pending"
        sentence = " ".join(found.sentences) if found.kind == CANNOT else ""
        return MoveItem(instance_id, found.kind, found.sentences, state, sentence)

    def _assess(self, connection: Connection, loaded: Loaded, new: Compiled, veto: Veto | None) -> Assessment:
        if veto is not None:
            reason = veto(connection, self._commands.view(connection, loaded.id))
            if reason is not None:
                return Assessment(CANNOT, (reason,))
        old = self._commands.definitions.compiled(connection, loaded.version_hash, loaded.key)
        return assess(old, new, loaded.state)

    def _move(self, actor: Actor, plan: MovePlan, item: MoveItem, veto: Veto | None) -> None:
        def attempt(forced: Mapping[str, str]) -> None:
            with self._database.reading() as connection:
                loaded = self._commands.load(connection, item.instance_id)
                new = self._commands.definitions.compiled(connection, plan.to_hash, loaded.key)
                found = self._assess(connection, loaded, new, veto)
                if found.kind == CANNOT:
                    raise Conflict(" ".join(found.sentences), instance_id=loaded.id)
                now = self._commands.clock.now(connection)
                around = self._commands.around(connection, loaded, actor, now, forced)
                outcome = move(new, loaded.state, around, restart_timers=plan.restart_timers)
                change = Change(
                    kind="move",
                    event=Event.INSTANCE_MOVED,
                    actor=actor.person_id,
                    now=now,
                    payload={
                        "plan": plan.id,
                        "from": loaded.version_hash,
                        "to": plan.to_hash,
                        "changes": list(found.sentences),
                        "timers": "restarted" if plan.restart_timers else "kept",
                    },
                )
            with self._database.unit_of_work() as uow:
                self._claim(uow, plan.id, item.instance_id, "moved", "It moved.", now)
                write(uow, loaded, outcome, change, self._commands.directory, self._commands.operations)
                self._point(uow, loaded, plan.to_hash, now)

        insist(attempt)

    def _point(self, uow: UnitOfWork, loaded: Loaded, to_hash: str, now: datetime) -> None:
        """Let the case and its open tasks be of the new version; a changed role gets its own desk."""
        uow.connection.execute(
            update(instances).where(instances.c.id == loaded.id).values(version_hash=to_hash)
        )
        elements = self._commands.definitions.compiled(uow.connection, to_hash, loaded.key).elements
        rows = uow.connection.execute(
            select(tasks).where(tasks.c.instance_id == loaded.id, tasks.c.state == TaskState.OPEN)
        ).all()
        for row in rows:
            element = elements[row.element_id]
            values: dict[str, Any] = {
                "version_hash": to_hash,
                "name": element.name or element.id,
                "form": element.form,
                "revision": row.revision + 1,
            }
            if row.seat is None and element.performer is None and element.role != row.role:
                values["role"] = element.role
                values["desk"] = self._commands.directory.desk(
                    uow.connection, element.role or "", loaded.subject, now
                )
            uow.connection.execute(update(tasks).where(tasks.c.id == row.id).values(**values))

    def _stay(self, plan_id: str, instance_id: str, sentence: str) -> None:
        def command() -> None:
            with self._database.unit_of_work() as uow:
                now = self._commands.clock.now(uow.connection)
                self._claim(uow, plan_id, instance_id, "stayed", sentence, now)

        self._database.retrying(command)

    @staticmethod
    def _claim(
        uow: UnitOfWork, plan_id: str, instance_id: str, state: str, sentence: str, now: datetime
    ) -> None:
        taken = uow.connection.execute(
            update(move_items)
            .where(
                move_items.c.plan_id == plan_id,
                move_items.c.instance_id == instance_id,
                move_items.c.state == "pending",
            )
            .values(state=state, sentence=sentence, done_at=now)
        )
        if taken.rowcount != 1:
            raise Conflict("This case was dealt with meanwhile.", instance_id=instance_id)

    @staticmethod
    def _keep(
        uow: UnitOfWork,
        plan_id: str,
        key: str,
        to_hash: str,
        restart_timers: bool,
        reason: str,
        now: datetime,
        actor: Actor,
        items: Sequence[MoveItem],
    ) -> None:
        uow.connection.execute(
            insert(move_plans).values(
                id=plan_id,
                key=key,
                to_hash=to_hash,
                restart_timers=restart_timers,
                reason=reason,
                made_at=now,
                made_by=actor.person_id,
            )
        )
        if items:
            rows = [
                {
                    "plan_id": plan_id,
                    "instance_id": item.instance_id,
                    "kind": item.kind,
                    "changes": list(item.changes),
                    "state": item.state,
                    "sentence": item.sentence,
                }
                for item in items
            ]
            uow.connection.execute(insert(move_items), rows)

    @staticmethod
    def _plan_row(connection: Connection, plan_id: str) -> Row[Any]:
        row = connection.execute(select(move_plans).where(move_plans.c.id == plan_id)).one_or_none()
        if row is None:
            raise NotFound("plan", plan_id)
        return row


def _open_cases(key: str, to_hash: str) -> Select[str]:
    """Ids of the running cases of a definition that are not of a version yet, the oldest first."""
    return (
        select(instances.c.id)
        .where(
            instances.c.key == key,
            instances.c.state == InstanceState.RUNNING,
            instances.c.version_hash != to_hash,
        )
        .order_by(instances.c.started_at, instances.c.id)
    )
