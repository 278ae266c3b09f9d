"""Writing: offers taken and given back, and what comes with a draft beside a policy's own files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert

from engine.definitions.types import Draft
from engine.types import Actor, VersionState
from workflows.context import Context, Writing
from workflows.errors import Conflict, RuleBroken
from workflows.events import DomainEvent, policy_chain
from workflows.studio.takeover.material import named_material
from workflows.studio.takeover.models import draft_earlier, draft_material
from workflows.studio.takeover.queries import earlier_of, found_now, material_of
from workflows.studio.takeover.taking import taken

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,150}\.json")
MOST_MATERIAL = 100
"""Files that may come with one draft."""


def brought(
    context: Context, writing: Writing, draft_id: str, paths: Collection[str], material: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Files were put in, and stand there as they came; of the schemas with them, those named are kept.

    Raises `NotFound`, `Conflict`, `RuleBroken`.
    """
    connection = writing.connection
    draft = context.engine.drafts.get(connection, draft_id)
    if draft.state != VersionState.DRAFT:
        raise Conflict(f"This draft is {draft.state} by now. Nothing was stored.")
    # What was put in anew came anew: what it was before is no earlier content of it.
    connection.execute(
        delete(draft_earlier).where(
            draft_earlier.c.draft_id == draft_id, draft_earlier.c.path.in_(list(paths))
        )
    )
    wanted = named_material(context.engine.drafts.files(connection, draft_id), material)
    for path in wanted:
        if not _NAME.fullmatch(path):
            raise RuleBroken(
                f"A schema of a form is named with letters, digits, dots and hyphens, and ends in .json; "
                f"“{path[:80]}” is not. It was not stored."
            )
    if len({*wanted, *material_of(connection, draft_id)}) > MOST_MATERIAL:
        raise RuleBroken(f"More than {MOST_MATERIAL} schemas would stand beside this draft. None was stored.")
    for path, content in wanted.items():
        same = (draft_material.c.draft_id == draft_id, draft_material.c.path == path)
        connection.execute(delete(draft_material).where(*same))
        row = {"draft_id": draft_id, "path": path, "content": content, "brought_by": writing.actor.id}
        connection.execute(insert(draft_material).values(**row, brought_at=writing.now))
    if wanted:
        _record(writing, draft, wanted)
    return tuple(sorted(wanted))


def take(
    context: Context,
    writing: Writing,
    draft_id: str,
    revision: int,
    wanted: Collection[str],
    choices: Mapping[str, str],
) -> Draft:
    """Take offers; what the files were is kept. Raises `NotFound`, `Conflict`, `RuleBroken`."""
    connection = writing.connection
    files = context.engine.drafts.files(connection, draft_id)
    found = found_now(context, connection, draft_id)
    changes = taken({**material_of(connection, draft_id), **files}, found, wanted, choices)
    if not changes:
        raise RuleBroken("Choose what to take over. Nothing was changed.")
    saved = _save(context, writing, draft_id, revision, changes)
    rows = [
        {
            "draft_id": draft_id,
            "revision": saved.revision,
            "path": path,
            "content": files.get(path),
            "taken_by": writing.actor.id,
            "taken_at": writing.now,
        }
        for path in sorted(changes)
    ]
    connection.execute(insert(draft_earlier), rows)
    return saved


def give_back(context: Context, writing: Writing, draft_id: str, revision: int) -> Draft:
    """Undo the last taking: the files are what they were, byte for byte.

    Raises:
        NotFound; Conflict: the draft was changed since. What it was stays there to be downloaded.
    """
    earlier = earlier_of(writing.connection, draft_id).get(revision)
    if earlier is None:
        raise Conflict(
            "The draft has changed since offers were taken, so they are not given back: that would undo the "
            "changes too. The files as they were can be downloaded and put in again."
        )
    return _save(context, writing, draft_id, revision, earlier)


def _save(
    context: Context, writing: Writing, draft_id: str, revision: int, changes: Mapping[str, bytes | None]
) -> Draft:
    store = context.engine.drafts
    saved = store.save(writing.uow, draft_id, revision=revision, changes=changes, by=Actor(writing.actor.id))
    _record(writing, saved, changes)
    return saved


def _record(writing: Writing, draft: Draft, files: Mapping[str, bytes | None]) -> None:
    digests = {p: None if d is None else hashlib.sha256(d).hexdigest() for p, d in sorted(files.items())}
    payload = {"draft": draft.id, "revision": draft.revision, "files": digests}
    writing.record(policy_chain(draft.key), DomainEvent.DRAFT_SAVED, payload)
