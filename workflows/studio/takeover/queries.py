"""What stands beside a draft of other tools' files, and the page that shows it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from engine.definitions.types import Draft
from engine.errors import NotFound
from engine.types import VersionState
from workflows.context import Context
from workflows.studio.takeover.models import draft_earlier, draft_material
from workflows.studio.takeover.reading import read_takeover
from workflows.studio.takeover.types import Earlier, Takeover, TakeoverPage


def material_of(connection: Connection, draft_id: str) -> dict[str, bytes]:
    """Files that came with a draft and are no part of a policy, by name."""
    found = select(draft_material).where(draft_material.c.draft_id == draft_id)
    return {row.path: bytes(row.content) for row in connection.execute(found)}


def earlier_of(connection: Connection, draft_id: str) -> dict[int, dict[str, bytes | None]]:
    """Contents from before each taking, by the revision that it made, the oldest first."""
    found = (
        select(draft_earlier).where(draft_earlier.c.draft_id == draft_id).order_by(draft_earlier.c.revision)
    )
    gathered: dict[int, dict[str, bytes | None]] = {}
    for row in connection.execute(found):
        content = None if row.content is None else bytes(row.content)
        gathered.setdefault(row.revision, {})[row.path] = content
    return gathered


def content_before(connection: Connection, draft_id: str, revision: int, path: str) -> bytes:
    """A file as it was before a taking. Raises `NotFound`."""
    found = earlier_of(connection, draft_id).get(revision, {}).get(path)
    if found is None:
        raise NotFound("earlier file", path)
    return found


def found_now(context: Context, connection: Connection, draft_id: str) -> Takeover:
    """What a draft's files offer as they are."""
    return read_takeover(
        {**material_of(connection, draft_id), **context.engine.drafts.files(connection, draft_id)}
    )


def page(context: Context, connection: Connection, draft: Draft, *, may_change: bool) -> TakeoverPage:
    """All that the page of a draft's takeover shows."""
    material = material_of(connection, draft.id)
    files = {**material, **context.engine.drafts.files(connection, draft.id)}
    earlier = earlier_of(connection, draft.id)
    now = read_takeover(files)
    came = now
    if earlier:
        first: dict[str, bytes | None] = {}
        for each in earlier.values():
            first = {**each, **first}
        whole = {**files, **first}
        came = read_takeover({path: data for path, data in whole.items() if data is not None})
    open_now = {each.id for each in now.offers}
    drawing = draft.state == VersionState.DRAFT
    return TakeoverPage(
        draft_id=draft.id,
        key=draft.key,
        title=draft.title,
        revision=draft.revision,
        may_take=may_change and drawing,
        tools=came.tools,
        offers=now.offers,
        taken=tuple(each for each in came.offers if each.id not in open_now),
        left=came.left,
        kept=came.kept,
        material=tuple(sorted(material)),
        earlier=tuple(
            Earlier(path, revision)
            for revision in sorted(earlier, reverse=True)
            for path, content in sorted(earlier[revision].items())
            if content is not None
        ),
        may_undo=drawing and draft.revision in earlier,
    )
