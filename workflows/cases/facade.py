"""Cases and tasks as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.types import Receipt
from workflows.cases.types import CaseRow, CaseView, InboxRow, TaskPage
from workflows.context import Context
from workflows.identity.types import Person


class Cases:
    """The inbox, a task, a case, in the domain's words. What is sealed never leaves here."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def inbox(self, reader: Person, *, limit: int = 100) -> list[InboxRow]:
        """What waits for the reader, the soonest due first."""
        raise NotImplementedError

    def task_page(
        self,
        reader: Person,
        task_id: str,
        *,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        token: str | None = None,
    ) -> TaskPage:
        """Everything the page of a task shows. After a refusal: with what was sent, its errors and the same token.

        Who may read the case but not act gets the page without a form, and a sentence why.
        Raises `NotFound`, `NotEntitled`.
        """
        raise NotImplementedError

    def submit(
        self, actor: Person, task_id: str, *, revision: int, token: str, answers: Mapping[str, Any]
    ) -> Receipt:
        """Complete a task. The same token again gets the first receipt.

        Raises `NotFound`, `NotEntitled`, `Conflict` (somebody else was faster), `AnswersRefused` (errors by field).
        """
        raise NotImplementedError

    def case(self, reader: Person, instance_id: str) -> CaseView:
        """Everything the page of a case shows. Raises `NotFound`, `NotEntitled`."""
        raise NotImplementedError

    def cases(
        self, reader: Person, *, open_only: bool = False, limit: int = 100, after: str | None = None
    ) -> list[CaseRow]:
        """Cases the reader may see, newest first."""
        raise NotImplementedError

    def diagram(self, reader: Person, version_hash: str) -> bytes:
        """The BPMN file of a version, for the viewer. Raises `NotFound`."""
        raise NotImplementedError

    def retry(self, actor: Person, incident_id: str, reason: str) -> None:
        """Try a failed step again. Raises `NotEntitled`, `NotFound`."""
        raise NotImplementedError
