"""What pages and the command line call for drafts of other tools' files."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.definitions.types import Draft
from workflows.context import Context, Reading, Writing, check, may
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.studio.takeover import commands, queries
from workflows.studio.takeover.reading import tools_of
from workflows.studio.takeover.types import TakeoverPage


class Takeovers:
    """Offers of drafts, taken and given back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def page(self, reader: Person, draft_id: str) -> TakeoverPage:
        """Offers, what was taken, and what could not be taken over. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> TakeoverPage:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            draft = self._context.engine.drafts.get(reading.connection, draft_id)
            person = reading.organisation.people.get(reader.id)
            changes = person is not None and may(reading.organisation, person, Permission.DRAFT_POLICY)
            return queries.page(self._context, reading.connection, draft, may_change=changes)

        return self._context.read(query)

    def tools(self, reader: Person, draft_id: str) -> tuple[str, ...]:
        """Names of the tools that wrote some of a draft: then there may be something to take over.

        Raises `NotFound`, `NotEntitled`.
        """

        def query(reading: Reading) -> tuple[str, ...]:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            self._context.engine.drafts.get(reading.connection, draft_id)
            return tools_of(self._context.engine.drafts.files(reading.connection, draft_id))

        return self._context.read(query)

    def material(self, reader: Person, draft_id: str, path: str) -> bytes | None:
        """A file that came with a draft beside the policy's own. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> bytes | None:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            self._context.engine.drafts.get(reading.connection, draft_id)
            return queries.material_of(reading.connection, draft_id).get(path)

        return self._context.read(query)

    def earlier(self, reader: Person, draft_id: str, revision: int, path: str) -> bytes:
        """A file as it was before a taking. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> bytes:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            return queries.content_before(reading.connection, draft_id, revision, path)

        return self._context.read(query)

    def bring(
        self, actor: Person, draft_id: str, files: Collection[str], material: Mapping[str, bytes]
    ) -> tuple[str, ...]:
        """Say what was put into a draft: files, that stand there as they came, and schemas of forms.

        Returns:
            Names of the schemas that are kept beside the draft: those that one of its diagrams names.

        Raises `NotEntitled`, `NotFound`, `Conflict`, `RuleBroken`.
        """

        def write(writing: Writing) -> tuple[str, ...]:
            return commands.brought(self._context, writing, draft_id, files, material)

        return self._context.write(actor, Permission.DRAFT_POLICY, write)

    def take(
        self,
        actor: Person,
        draft_id: str,
        *,
        revision: int,
        offers: Collection[str],
        choices: Mapping[str, str],
    ) -> Draft:
        """Take offers by their ids, with what was chosen for each that leaves something open.

        Raises `NotEntitled`, `NotFound`, `Conflict`, `RuleBroken`.
        """
        return self._context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda w: commands.take(self._context, w, draft_id, revision, offers, choices),
        )

    def undo(self, actor: Person, draft_id: str, *, revision: int) -> Draft:
        """Give the last taking back. Raises `NotEntitled`, `NotFound`, `Conflict`."""
        return self._context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda w: commands.give_back(self._context, w, draft_id, revision),
        )
