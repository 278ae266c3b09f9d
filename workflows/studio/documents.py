"""The document of a policy: everything of a version, or of a draft, to be printed and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from engine.definitions.models import drafts
from engine.definitions.store import content_hash
from engine.errors import DefinitionRefused, NotFound
from engine.types import Version, VersionState
from workflows.context import Context, Reading, check
from workflows.identity.queries import people_by_id
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.policies.describing import description_of
from workflows.policies.endorsements import NOT_ENDORSED, endorsed
from workflows.studio import reading as read
from workflows.studio.document_content import read_content
from workflows.studio.document_types import Document
from workflows.studio.types import Agreement


class Documents:
    """Documents of versions and drafts."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of_version(self, reader: Person, key: str, version_hash: str | None = None) -> Document:
        """A version, the latest where none is named. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> Document:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            definitions, connection = self._context.engine.definitions, reading.connection
            if version_hash is None:
                version = definitions.latest(connection, key)
            else:
                version = definitions.version(connection, version_hash, key=key)
            files = definitions.bundle(connection, version.hash).files
            included = tuple(definitions.callees.included(connection, key, files))
            content = read_content(key, version.title, files, self._owners(reading, included), reading.now)
            known = endorsed(connection, [version.hash], reading.now).get(version.hash)
            draft_id = connection.execute(
                select(drafts.c.id).where(
                    drafts.c.key == key,
                    drafts.c.hash == version.hash,
                    drafts.c.state == VersionState.RELEASED,
                )
            ).scalar()
            page = read.page(reading, self._context, reader.id, draft_id) if draft_id else None
            people = people_by_id(connection, {version.recorded_by})
            return Document(
                key=key,
                title=version.title,
                description=description_of(connection, version.hash),
                number=version.number,
                state=version.state,
                content_hash=version.hash,
                revision=None,
                based_on=page.base.number if page and page.base else None,
                at=version.recorded_at,
                by=people[version.recorded_by].name if version.recorded_by in people else "Parley",
                authors=page.authors if page else (),
                why=version.note,
                endorsement=known.sentence if known else NOT_ENDORSED,
                agreements=_given(page.agreements) if page else (),
                comments=(),
                included=included,
                diagrams=content.diagrams,
                tables=content.tables,
                forms=content.forms,
                files=content.files,
                read_at=reading.now,
            )

        return self._context.read(query)

    def of_draft(self, reader: Person, draft_id: str) -> Document:
        """A draft as it is stored, with what it calls. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> Document:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            connection = reading.connection
            page = read.page(reading, self._context, reader.id, draft_id)
            files, included = self._completed(reading, page.key, draft_id)
            content = read_content(page.key, page.title, files, self._owners(reading, included), reading.now)
            return Document(
                key=page.key,
                title=page.title,
                description=description_of(connection, page.base.hash) if page.base else "",
                number=None,
                state=page.state,
                content_hash=page.content_hash or content_hash(files),
                revision=page.revision,
                based_on=page.base.number if page.base else None,
                at=page.changed_at,
                by=page.changed_by,
                authors=page.authors,
                why=page.note,
                endorsement="Not in force: no draft is, before it is released",
                agreements=page.agreements,
                comments=page.comments,
                included=included,
                diagrams=content.diagrams,
                tables=content.tables,
                forms=content.forms,
                files=content.files,
                read_at=reading.now,
            )

        return self._context.read(query)

    def diagram_of_draft(self, reader: Person, draft_id: str, path: str) -> bytes:
        """A diagram of a draft, or of what it calls. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> bytes:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            draft = self._context.engine.drafts.get(reading.connection, draft_id)
            files, _ = self._completed(reading, draft.key, draft_id)
            if path not in files or not path.endswith(".bpmn"):
                raise NotFound("diagram", path)
            return files[path]

        return self._context.read(query)

    def _completed(
        self, reading: Reading, key: str, draft_id: str
    ) -> tuple[Mapping[str, bytes], tuple[Version, ...]]:
        """A draft's files with those of what it calls, and the versions these are of."""
        engine, connection = self._context.engine, reading.connection
        own = engine.drafts.files(connection, draft_id)
        try:
            files = engine.definitions.callees.completed(connection, key, own)
            return files, tuple(engine.definitions.callees.included(connection, key, files))
        except DefinitionRefused:
            return own, ()  # the findings on the draft's page say why what it calls cannot be included

    def _owners(self, reading: Reading, included: Sequence[Version]) -> dict[str, str]:
        """File to the title of the called policy that it belongs to."""
        definitions = self._context.engine.definitions
        return {
            path: version.title
            for version in included
            for path in definitions.callees.own(
                reading.connection,
                version.key,
                definitions.bundle(reading.connection, version.hash).files,
            )
        }


def _given(agreements: Sequence[Agreement]) -> tuple[Agreement, ...]:
    return tuple(each for each in agreements if each.person_name)
