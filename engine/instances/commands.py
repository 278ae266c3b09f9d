"""Starting and advancing instances: load, compute, write; computed again where an effect was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, bindparam, select
from sqlalchemy.exc import DBAPIError

from engine.audit.chain import GENESIS
from engine.audit.models import audit_chains
from engine.db.types import plain
from engine.db.uow import UnitOfWork, is_collision, memo_of
from engine.definitions.store import DefinitionStore
from engine.errors import AnswersRefused, Conflict, NotFound, OperationFailed
from engine.events import Event
from engine.instances.change import Change, Loaded, Submitted
from engine.instances.models import instances
from engine.instances.queries import get, rounds
from engine.instances.writing import EffectRefused, write
from engine.ports import Clock, Directory, Forms, OperationContext, OperationResult, Operations
from engine.spiff import run
from engine.spiff.case import fault
from engine.spiff.compile import Compiled
from engine.types import Actor, Authority, Instance, InstanceState

T = TypeVar("T")
log = logging.getLogger("parley.engine")

LOAD_COLUMNS: tuple[ColumnElement[Any], ...] = (
    instances.c.id.label("instance"),
    instances.c.key,
    instances.c.version_hash,
    instances.c.subject,
    instances.c.state.label("instance_state"),
    instances.c.started_by,
    instances.c.revision.label("instance_revision"),
    instances.c.incidents,
    instances.c.engine_state,
    audit_chains.c.seq.label("audit_seq"),
    audit_chains.c.hash.label("audit_hash"),
)
"""What `loaded_from` needs of `instances` joined with the head of its audit chain."""

LOAD = (
    select(*LOAD_COLUMNS)
    .select_from(instances.join(audit_chains, audit_chains.c.chain == instances.c.id))
    .where(instances.c.id == bindparam("instance"))
)

_LOCK = select(instances.c.id).where(instances.c.id == bindparam("instance")).with_for_update()

REFUSED_EFFECTS = 20
"""How many effects one command may have refused before it is given up."""


class InstanceCommands:
    """What can be done to instances. Used by the commands on tasks, timers and incidents."""

    def __init__(
        self,
        definitions: DefinitionStore,
        clock: Clock,
        directory: Directory,
        forms: Forms,
        operations: Operations,
        alongside: Mapping[str, ScalarSelect[Any]] | None = None,
    ) -> None:
        self.alongside = dict(alongside or {})
        self.definitions = definitions
        self.clock = clock
        self.directory = directory
        self.forms = forms
        self.operations = operations

    def start(
        self,
        uow: UnitOfWork,
        *,
        key: str,
        actor: Actor,
        subject: str | None,
        answers: Mapping[str, Any] | None = None,
        authority: str,
        on_behalf_of: str | None = None,
        linked_from: str | None = None,
        checked: bool = False,
        token: str | None = None,
    ) -> Instance:
        """Start an instance of the released version and run it to its first wait, in the caller's
        transaction.

        Args:
            answers: those of the start event's form.
            authority: why the actor may start it, for the record.
            checked: the answers come from an operation, already checked and coerced.

        Raises:
            NotFound: no released version. AnswersRefused: the form's errors.
        """
        connection = uow.connection
        now = self.clock.now(connection)
        version = self.definitions.latest(connection, key)
        compiled = self.definitions.compiled(connection, version.hash, key)
        values = plain(dict(answers or {})) if checked else self._check_start(compiled, answers or {}, now)
        loaded = Loaded(uuid4().hex, key, version.hash, subject, actor.person_id, 0, 0, b"", (0, GENESIS))
        submitted = Submitted(
            element_id=compiled.start.id,
            task_id=None,
            round=1,
            seat=None,
            authority=Authority(actor.person_id, authority, on_behalf_of),
            form=compiled.start.form,
            blind=None,
            answers=values,
            token=token,
        )
        change = Change(
            kind="start",
            event=Event.INSTANCE_STARTED,
            actor=actor.person_id,
            now=now,
            element_id=compiled.start.id,
            submitted=submitted,
            payload={"policy": key, "version": version.hash, "subject": subject, "linked_from": linked_from},
        )

        def attempt(forced: Mapping[str, str]) -> Instance:
            with uow.savepoint():
                around = self.around(connection, loaded, actor, now, forced)
                outcome = run.start(compiled, around, values)
                write(uow, loaded, outcome, change, self.directory, self.operations)
            return get(connection, loaded.id)

        return insist(attempt)

    def load(self, connection: Connection, instance_id: str) -> Loaded:
        """What a command needs of a running instance.

        Raises:
            NotFound; Conflict: where it has ended.
        """
        row = connection.execute(LOAD, {"instance": instance_id}).one_or_none()
        if row is None:
            raise NotFound("case", instance_id)
        if row.instance_state != InstanceState.RUNNING:
            raise Conflict("This case has ended. Nothing of yours was stored.", instance_id=instance_id)
        return loaded_from(row)

    @staticmethod
    def view(connection: Connection, instance_id: str) -> Instance:
        """An instance as it is shown. Raises `NotFound`."""
        return get(connection, instance_id)

    def restore(
        self,
        connection: Connection,
        loaded: Loaded,
        actor: Actor,
        now: datetime,
        forced: Mapping[str, str] | None = None,
    ) -> run.Running:
        """A loaded instance ready for one step. Nothing is written."""
        compiled = self.definitions.compiled(connection, loaded.version_hash, loaded.key)
        return run.Running(compiled, loaded.state, self.around(connection, loaded, actor, now, forced or {}))

    def around(
        self, connection: Connection, loaded: Loaded, actor: Actor, now: datetime, forced: Mapping[str, str]
    ) -> run.Surroundings:
        """What a run needs besides the state, in this connection and at this time."""

        def call(
            name: str, parameters: Mapping[str, Any], element_id: str, data: Mapping[str, Any]
        ) -> OperationResult:
            context = OperationContext(
                instance_id=loaded.id,
                key=loaded.key,
                version_hash=loaded.version_hash,
                subject=loaded.subject,
                element_id=element_id,
                now=now,
                actor=actor.person_id,
                data=data,
            )
            return self._call(connection, name, parameters, context)

        return run.Surroundings(
            now, call, lambda element_id: rounds(connection, loaded.id, element_id), forced
        )

    def _call(
        self, connection: Connection, name: str, parameters: Mapping[str, Any], context: OperationContext
    ) -> OperationResult:
        """Call an operation, so that a statement of its that fails leaves the connection usable."""
        try:
            is_alone = connection.dialect.name == "sqlite" or memo_of(connection) is not None
            # A connection that only reads has no transaction that a statement could spoil.
            with nullcontext() if is_alone else connection.begin_nested():
                return self.operations.call(connection, name, parameters, context)
        except DBAPIError as error:
            if error.connection_invalidated or is_collision(error):
                raise
            log.exception("the operation %s failed unexpectedly", name)
            raise OperationFailed(fault(error)) from error

    def _check_start(
        self, compiled: Compiled, answers: Mapping[str, Any], now: datetime
    ) -> Mapping[str, Any]:
        form = compiled.start.form
        if form is None:
            if answers:
                raise AnswersRefused({"": ["This case starts without a form, so no answers are taken."]})
            return {}
        checked = self.forms.check(compiled.bundle, form, answers, {}, now)
        if checked.errors:
            raise AnswersRefused(checked.errors)
        return storable(checked.values)


def lock(uow: UnitOfWork, instance_id: str) -> None:
    """Let nobody else write this instance until the unit of work ends. Every command that locks, locks it
    first: so none waits for another in a circle. On SQLite a unit of work has the whole database to itself.
    """
    uow.connection.execute(_LOCK, {"instance": instance_id})


def loaded_from(row: Row[Any]) -> Loaded:
    """What was read of an instance, from a row of `LOAD_COLUMNS`."""
    return Loaded(
        id=row.instance,
        key=row.key,
        version_hash=row.version_hash,
        subject=row.subject,
        started_by=row.started_by,
        revision=row.instance_revision,
        incidents=row.incidents,
        state=bytes(row.engine_state),
        audit_head=(row.audit_seq, row.audit_hash),
    )


def storable(values: Mapping[str, Any], task_id: str | None = None) -> Mapping[str, Any]:
    """Checked answers as they will be stored. Raises `AnswersRefused` where they hold what cannot be."""
    try:
        kept: Mapping[str, Any] = plain(dict(values))
    except ValueError as error:
        raise AnswersRefused({"": [f"Some answers cannot be stored: {error}."]}, task_id=task_id) from error
    return kept


def insist(attempt: Callable[[Mapping[str, str]], T]) -> T:
    """Run an attempt; where an effect is refused, again with its element failing for that cause."""
    forced: dict[str, str] = {}
    while True:
        try:
            return attempt(forced)
        except EffectRefused as refused:
            if refused.element_id in forced or len(forced) >= REFUSED_EFFECTS:
                raise AssertionError("an element that was made to fail cannot have effects") from refused
            forced[refused.element_id] = refused.cause
