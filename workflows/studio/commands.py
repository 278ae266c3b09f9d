"""Writing: every act on a draft within one unit of work, each an entry of the chain `policy:<key>`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from engine.definitions.store import content_hash
from engine.definitions.types import Comment, Draft
from engine.types import Actor, VersionState
from workflows.context import Context, Writing
from workflows.errors import Conflict, RuleBroken
from workflows.events import DomainEvent, policy_chain
from workflows.studio.diagram_files import elements_of, form_as_stored, kept_or_changed
from workflows.studio.releasing import begin
from workflows.studio.words import said

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(bpmn|dmn|form)")


def make(
    context: Context,
    writing: Writing,
    *,
    key: str,
    title: str,
    files: Mapping[str, bytes] | None,
    based_on: str | None,
) -> Draft:
    """A new draft. Raises `RuleBroken`, `NotFound`, `DefinitionRefused`."""
    if not _KEY.fullmatch(key):
        raise RuleBroken(
            "A policy's key is written with small letters, digits and hyphens. No draft was made."
        )
    known = context.engine.definitions.versions(writing.connection, key)
    if based_on is not None:
        context.engine.definitions.version(writing.connection, based_on, key=key)
    words = " ".join(title.split())[:200] or (known[0].title if known else key.replace("-", " ").capitalize())
    return context.engine.drafts.make(
        writing.uow, key=key, title=words, by=Actor(writing.actor.id), files=files, based_on=based_on
    )


def save(
    context: Context,
    writing: Writing,
    draft_id: str,
    revision: int,
    changes: Mapping[str, bytes | None],
    before: Mapping[str, bytes],
) -> Draft:
    """Put changed files in; a diagram in which nothing differs keeps its bytes, and then nothing is saved.

    Args:
        before: what the editor wrote of a diagram before the change, so that nothing else of it is changed.

    Raises `NotFound`, `Conflict`, `RuleBroken` (a file's name).
    """
    store, connection = context.engine.drafts, writing.connection
    draft = store.get(connection, draft_id)
    files = store.files(connection, draft_id)
    base: Mapping[str, bytes] = {}
    if before and draft.based_on:
        base = context.engine.definitions.bundle(connection, draft.based_on).files
    wanted: dict[str, bytes | None] = {}
    for path, data in changes.items():
        if not _PATH.fullmatch(path):
            raise RuleBroken(
                f"A file is named with letters, digits, dots and hyphens, and ends in .bpmn, .dmn or .form; "
                f"“{path[:80]}” is not. Nothing was stored."
            )
        kept = data
        if path.endswith((".bpmn", ".dmn")) and data:
            kept = kept_or_changed(files.get(path), data, before.get(path), base.get(path))
        elif path.endswith(".form") and data:
            kept = form_as_stored(files.get(path), data)
        if kept != files.get(path):
            wanted[path] = kept
    if not wanted and draft.revision == revision and draft.state == VersionState.DRAFT:
        return draft
    saved = store.save(writing.uow, draft_id, revision=revision, changes=wanted, by=Actor(writing.actor.id))
    digests = {p: None if d is None else hashlib.sha256(d).hexdigest() for p, d in sorted(wanted.items())}
    payload = {"draft": draft_id, "revision": saved.revision, "files": digests}
    writing.record(policy_chain(draft.key), DomainEvent.DRAFT_SAVED, payload)
    return saved


def comment(context: Context, writing: Writing, draft_id: str, words: str, element_id: str) -> Comment:
    """Say something of a draft or of an element. Raises `NotFound`, `Conflict`, `RuleBroken`."""
    spoken = said(words, "A comment needs some words. Nothing was stored.")
    store, connection = context.engine.drafts, writing.connection
    draft = store.get(connection, draft_id)
    if draft.state not in (VersionState.DRAFT, VersionState.IN_REVIEW):
        raise Conflict(f"This draft is {draft.state} by now. Your comment was not stored.")
    path = None
    if element_id:
        files = store.files(connection, draft_id)
        path = next(
            (p for p, d in files.items() if p.endswith(".bpmn") and element_id in elements_of(d)), None
        )
        if path is None:
            raise Conflict(
                "This step is not in the draft any more. Your comment was not stored; choose another step."
            )
    made = store.comment(
        writing.uow,
        draft_id,
        by=Actor(writing.actor.id),
        words=spoken,
        path=path,
        element_id=element_id or None,
    )
    payload = {"draft": draft_id, "comment": made.id, "element": element_id or None, "words": spoken}
    writing.record(policy_chain(draft.key), DomainEvent.DRAFT_COMMENTED, payload)
    return made


def submit(context: Context, writing: Writing, draft_id: str, revision: int, note: str) -> Draft:
    """Send to review. Raises `NotFound`, `Conflict`, `DefinitionRefused`, `RuleBroken`."""
    why = said(note, "Say why this draft is proposed: it stands beside the version for good.")
    store, connection = context.engine.drafts, writing.connection
    draft = store.get(connection, draft_id)
    files = store.files(connection, draft_id)
    digest = content_hash(context.engine.definitions.callees.completed(connection, draft.key, files))
    for version in context.engine.definitions.versions(connection, draft.key):
        if version.hash == digest:
            raise RuleBroken(
                f"Nothing in this draft differs from version {version.number}. It was not sent to review."
            )
    sent = store.submit(writing.uow, draft_id, revision=revision, by=Actor(writing.actor.id), note=why)
    begin(context.engine, writing, sent, why)
    return sent
