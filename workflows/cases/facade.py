"""Cases and tasks as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.db import UnitOfWork
from engine.types import Actor, Instance, Receipt
from workflows.cases import changing, lists, pages
from workflows.cases.cancelling import cancelled, check_cancel
from workflows.cases.stopped import Stopped, stopped
from workflows.cases.types import CaseRow, CaseView, InboxRow, TaskPage
from workflows.context import Context, Reading, Writing, check, writing
from workflows.errors import NotEntitled
from workflows.guards import submission_guard
from workflows.identity.queries import organisation_at
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission


class Cases:
    """The inbox, a task, a case, in the domain's words. What is sealed never leaves here."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def inbox(self, reader: Person, *, limit: int = 100) -> list[InboxRow]:
        """What waits for the reader, the soonest due first."""
        return self._context.read(lambda reading: lists.inbox(self._context, reading, reader, limit))

    def task_page(
        self,
        reader: Person,
        task_id: str,
        *,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        token: str | None = None,
    ) -> TaskPage:
        """Everything the page of a task shows. After a refusal: with what was sent, its errors, the same
        token.

        Who may read the case but not act gets the page without a form, and a sentence why. Raises `NotFound`,
        `NotEntitled`.
        """
        return self._context.read(
            lambda reading: pages.task_page(self._context, reading, reader, task_id, values, errors, token)
        )

    def submit(
        self, actor: Person, task_id: str, *, revision: int, token: str, answers: Mapping[str, Any]
    ) -> Receipt:
        """Complete a task. The same token again gets the first receipt.

        Raises `NotFound`, `NotEntitled`, `Conflict` (somebody else was faster), `AnswersRefused` (errors by
        field).
        """
        if actor is SYSTEM_PERSON:
            raise NotEntitled("A task is completed by a person. Nothing was stored.")
        return self._context.engine.tasks.complete(
            Actor(actor.id),
            task_id,
            revision=revision,
            token=token,
            answers=answers,
            guard=submission_guard(self._context, actor),
        )

    def case(self, reader: Person, instance_id: str, *, diagram: str | None = None) -> CaseView:
        """Everything the page of a case shows, with one of its diagrams (where it waits, by default).

        Raises `NotFound`, `NotEntitled`.
        """
        return self._context.read(
            lambda reading: pages.case_view(self._context, reading, reader, instance_id, diagram)
        )

    def cancel(self, actor: Person, instance_id: str, reason: str) -> None:
        """Cancel a case: its risk is undecided again. Never by a party to it.

        Raises `NotFound`, `NotEntitled`, `RuleBroken`, `Conflict`, `AnswersRefused` (no reason).
        """
        if actor is SYSTEM_PERSON:
            raise NotEntitled("A case is cancelled by a person, in the own name. Nothing was changed.")
        engine = self._context.engine

        def query(reading: Reading) -> Instance:
            check(reading.organisation, actor, Permission.CANCEL_CASE)
            return engine.instances.get(reading.connection, instance_id)

        instance = self._context.read(query)

        def within(uow: UnitOfWork, now: datetime) -> None:
            organisation = organisation_at(uow.connection, now)
            check(organisation, actor, Permission.CANCEL_CASE)
            check_cancel(self._context, uow.connection, organisation, instance, actor.id)
            cancelled(writing(uow, now, actor), instance, reason.strip())

        engine.instances.cancel(Actor(actor.id), instance_id, reason, within)

    def change_position(self, actor: Person, instance_id: str, given: Mapping[str, str]) -> None:
        """Append a change to the own position, as `changing.change` takes it: the first one stays.

        Raises `NotFound`, `NotEntitled`, `Conflict`, `AnswersRefused`.
        """

        def command(w: Writing) -> None:
            instance = self._context.engine.instances.get(w.connection, instance_id)
            changing.change(self._context, w, instance, given)

        self._context.write(actor, None, command)

    def cases(
        self, reader: Person, *, open_only: bool = False, limit: int = 100, after: str | None = None
    ) -> list[CaseRow]:
        """Cases the reader may see, newest first; `after` is the id of the last one seen."""
        return self._context.read(
            lambda reading: lists.cases(
                self._context, reading, reader, open_only=open_only, limit=limit, after=after
            )
        )

    def diagram(self, reader: Person, version_hash: str) -> bytes:
        """The BPMN file of a version, for the viewer. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> bytes:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            return self._context.engine.definitions.diagram(reading.connection, version_hash)

        return self._context.read(query)

    def stopped(self, actor: Person) -> list[Stopped]:
        """Steps that could not be carried out, for those who may try them again. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Stopped]:
            check(reading.organisation, actor, Permission.RETRY_INCIDENT)
            return stopped(self._context, reading)

        return self._context.read(query)

    def retry(self, actor: Person, incident_id: str, reason: str) -> bool:
        """Try a failed step again; whether the case now goes on. Raises `NotEntitled`, `NotFound`,
        `Conflict`."""

        def query(reading: Reading) -> None:
            check(reading.organisation, actor, Permission.RETRY_INCIDENT)

        self._context.read(query)
        return self._context.engine.incidents.retry(Actor(actor.id), incident_id, reason)
