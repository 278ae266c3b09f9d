"""Drafts: versions in the making. Changed by many, overwritten by nobody, released by no author alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.audit.commands import append
from engine.db.uow import UnitOfWork
from engine.definitions.models import draft_authors, draft_comments, draft_files, drafts
from engine.definitions.store import EXTENSIONS, DefinitionStore, content_hash
from engine.definitions.types import Comment, Draft
from engine.errors import Conflict, DefinitionRefused, NotEntitled, NotFound
from engine.events import Event
from engine.ports import Clock
from engine.types import Actor, Version, VersionState

WITHDRAWN = "withdrawn"


class Drafts:
    """The life of drafts: made, changed, reviewed, released or withdrawn.

    Who may do what is the caller's rule; that no author releases alone is kept here.
    """

    def __init__(self, clock: Clock, store: DefinitionStore) -> None:
        self._clock = clock
        self._store = store

    def make(
        self,
        uow: UnitOfWork,
        *,
        key: str,
        title: str,
        by: Actor,
        files: Mapping[str, bytes] | None = None,
        based_on: str | None = None,
    ) -> Draft:
        """Make a draft from files, or from a version's own: what it includes of others is theirs to change.

        Raises:
            NotFound: no version of that hash. DefinitionRefused: nothing that belongs to a policy.
        """
        connection = uow.connection
        content = dict(files or {})
        if based_on is not None:
            content = self._store.callees.own(connection, key, self._store.bundle(connection, based_on).files)
        kept = {path: data for path, data in content.items() if path.endswith(EXTENSIONS)}
        if not kept:
            raise DefinitionRefused((), "There is no diagram, table or form. No draft was made.")
        now, draft_id = self._clock.now(connection), uuid4().hex
        connection.execute(
            insert(drafts).values(
                id=draft_id, key=key, title=title, based_on=based_on, state=VersionState.DRAFT, revision=1,
                note="", made_at=now, made_by=by.person_id, changed_at=now, changed_by=by.person_id,
            )
        )  # fmt: skip
        rows = [{"draft_id": draft_id, "path": path, "content": data} for path, data in kept.items()]
        connection.execute(insert(draft_files), rows)
        self._author(connection, draft_id, by)
        self._record(uow, key, now, Event.DRAFT_MADE, by, {"draft": draft_id, "based_on": based_on})
        return self.get(connection, draft_id)

    def get(self, connection: Connection, draft_id: str) -> Draft:
        """A draft. Raises `NotFound`."""
        row = connection.execute(select(drafts).where(drafts.c.id == draft_id)).one_or_none()
        if row is None:
            raise NotFound("draft", draft_id)
        return _view(row)

    def of_key(self, connection: Connection, key: str) -> list[Draft]:
        """All drafts of a definition, the last changed first."""
        rows = connection.execute(
            select(drafts).where(drafts.c.key == key).order_by(drafts.c.changed_at.desc())
        )
        return [_view(row) for row in rows]

    def files(self, connection: Connection, draft_id: str) -> dict[str, bytes]:
        """A draft's files by path."""
        rows = connection.execute(select(draft_files).where(draft_files.c.draft_id == draft_id))
        return {row.path: bytes(row.content) for row in rows}

    def authors(self, connection: Connection, draft_id: str) -> frozenset[str]:
        """Everybody who ever changed it."""
        found = connection.execute(
            select(draft_authors.c.person_id).where(draft_authors.c.draft_id == draft_id)
        ).scalars()
        return frozenset(found)

    def save(
        self, uow: UnitOfWork, draft_id: str, *, revision: int, changes: Mapping[str, bytes | None], by: Actor
    ) -> Draft:
        """Put changed files into a draft; None takes a file out.

        Raises:
            NotFound; Conflict: in review, or changed by somebody else since `revision` was read: nothing of
            theirs is overwritten.
        """
        connection = uow.connection
        draft = self._advance(connection, draft_id, revision, by, state=VersionState.DRAFT)
        self._put(connection, draft_id, changes)
        self._author(connection, draft_id, by)
        return draft

    def submit(self, uow: UnitOfWork, draft_id: str, *, revision: int, by: Actor, note: str) -> Draft:
        """Send a draft to review, with the files of the policies that it calls: from now on nothing of its
        content changes.

        Raises:
            NotFound; Conflict: as `save`. DefinitionRefused: with every reason why it could not be released.
        """
        connection = uow.connection
        draft = self.get(connection, draft_id)
        files, callees = self.files(connection, draft_id), self._store.callees
        own = callees.own(connection, draft.key, files)
        findings = self._store.findings(connection, draft.key, own)
        if findings:
            raise DefinitionRefused(findings)
        whole = callees.completed(connection, draft.key, own)
        changes: dict[str, bytes | None] = {path: whole.get(path) for path in {*files, *whole}}
        self._put(connection, draft_id, changes)
        digest = content_hash(whole)
        moved = self._advance(
            connection, draft_id, revision, by, state=VersionState.DRAFT, to=VersionState.IN_REVIEW,
            note=note, hash=digest,
        )  # fmt: skip
        payload = {"draft": draft_id, "version": digest, "note": note}
        self._record(uow, draft.key, moved.changed_at, Event.DRAFT_SUBMITTED, by, payload)
        return moved

    def send_back(self, uow: UnitOfWork, draft_id: str, *, by: Actor, reason: str) -> Draft:
        """Back from review to its authors. Raises `NotFound`, `Conflict`."""
        return self._leave_review(uow, draft_id, by, VersionState.DRAFT, Event.DRAFT_SENT_BACK, reason)

    def withdraw(self, uow: UnitOfWork, draft_id: str, *, by: Actor, reason: str) -> Draft:
        """Give a draft up; it stays on record. Raises `NotFound`, `Conflict` where it was released."""
        draft = self.get(uow.connection, draft_id)
        if draft.state not in (VersionState.DRAFT, VersionState.IN_REVIEW):
            raise Conflict(f"This draft is {draft.state}. Nothing was changed.")
        moved = self._advance(uow.connection, draft_id, draft.revision, by, state=draft.state, to=WITHDRAWN)
        payload = {"draft": draft_id, "reason": reason}
        self._record(uow, draft.key, moved.changed_at, Event.DRAFT_WITHDRAWN, by, payload)
        return moved

    def comment(
        self,
        uow: UnitOfWork,
        draft_id: str,
        *,
        by: Actor,
        words: str,
        path: str | None = None,
        element_id: str | None = None,
    ) -> Comment:
        """Say something of a draft, or of an element of it. Raises `NotFound`."""
        self.get(uow.connection, draft_id)
        now = self._clock.now(uow.connection)
        made = Comment(uuid4().hex, now, by.person_id, path, element_id, words.strip())
        uow.connection.execute(
            insert(draft_comments).values(
                id=made.id, draft_id=draft_id, at=now, person_id=by.person_id, path=path,
                element_id=element_id, words=made.words,
            )
        )  # fmt: skip
        return made

    def comments(self, connection: Connection, draft_id: str) -> list[Comment]:
        """Everything said of a draft, oldest first."""
        rows = connection.execute(
            select(draft_comments)
            .where(draft_comments.c.draft_id == draft_id)
            .order_by(draft_comments.c.at, draft_comments.c.id)
        )
        return [Comment(r.id, r.at, r.person_id, r.path, r.element_id, r.words) for r in rows]

    def release(
        self, uow: UnitOfWork, draft_id: str, *, by: Actor, note: str, agreed_by: Collection[str]
    ) -> Version:
        """Release a reviewed draft as the newest version.

        Args:
            agreed_by: who agreed to it, by the policy that governs releases.

        Raises:
            NotEntitled: where nobody but its authors agreed, administrators included.
            Conflict: where it is not in review. DefinitionRefused: where it cannot run as drawn.
        """
        connection = uow.connection
        draft = self.get(connection, draft_id)
        if draft.state != VersionState.IN_REVIEW:
            raise Conflict("Only a draft in review can be released. Nothing was released.")
        if not frozenset(agreed_by) - self.authors(connection, draft_id):
            raise NotEntitled(
                "Nobody releases what they alone changed: somebody who is not among its authors must agree. "
                "Nothing was released.",
                person_id=by.person_id,
            )
        files = self.files(connection, draft_id)
        version = self._store.release(uow, key=draft.key, title=draft.title, files=files, by=by, note=note)
        self._advance(
            connection, draft_id, draft.revision, by, state=VersionState.IN_REVIEW, to=VersionState.RELEASED
        )
        return version

    def _leave_review(
        self, uow: UnitOfWork, draft_id: str, by: Actor, to: str, event: Event, reason: str
    ) -> Draft:
        draft = self.get(uow.connection, draft_id)
        moved = self._advance(
            uow.connection, draft_id, draft.revision, by, state=VersionState.IN_REVIEW, to=to, hash=None
        )
        payload = {"draft": draft_id, "reason": reason}
        self._record(uow, draft.key, moved.changed_at, event, by, payload)
        return moved

    def _advance(
        self,
        connection: Connection,
        draft_id: str,
        revision: int,
        by: Actor,
        *,
        state: str,
        to: str | None = None,
        **values: Any,
    ) -> Draft:
        changed = connection.execute(
            update(drafts)
            .where(drafts.c.id == draft_id, drafts.c.revision == revision, drafts.c.state == state)
            .values(
                revision=revision + 1,
                state=to or state,
                changed_at=self._clock.now(connection),
                changed_by=by.person_id,
                **values,
            )
        )
        draft = self.get(connection, draft_id)
        if changed.rowcount == 1:
            return draft
        if draft.state != state:
            raise Conflict(f"This draft is {draft.state} by now. Nothing of yours was stored.")
        raise Conflict(
            "Somebody else has changed this draft since you opened it. Nothing was overwritten: "
            "open it again and bring your changes in."
        )

    def _record(
        self, uow: UnitOfWork, key: str, at: datetime, event: Event, by: Actor, payload: Mapping[str, Any]
    ) -> None:
        append(uow, f"policy:{key}", at, [(event, by.person_id, payload)])

    @staticmethod
    def _put(connection: Connection, draft_id: str, changes: Mapping[str, bytes | None]) -> None:
        for path, data in changes.items():
            connection.execute(
                delete(draft_files).where(draft_files.c.draft_id == draft_id, draft_files.c.path == path)
            )
            if data is not None and path.endswith(EXTENSIONS):
                connection.execute(insert(draft_files).values(draft_id=draft_id, path=path, content=data))

    @staticmethod
    def _author(connection: Connection, draft_id: str, by: Actor) -> None:
        known = connection.execute(
            select(draft_authors.c.person_id).where(
                draft_authors.c.draft_id == draft_id, draft_authors.c.person_id == by.person_id
            )
        ).one_or_none()
        if known is None:
            connection.execute(insert(draft_authors).values(draft_id=draft_id, person_id=by.person_id))


def _view(row: Row[Any]) -> Draft:
    return Draft(**row._mapping)
