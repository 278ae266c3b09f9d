"""The policy studio: what pages call. `Studio` for drafts, `History` for versions and moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.definitions.types import Comment, Draft
from engine.errors import DefinitionRefused, NotFound
from engine.moving.types import MoveItem
from engine.types import Actor, Version
from workflows.context import Context, Reading, check, may
from workflows.errors import Conflict
from workflows.identity.types import Person, Role
from workflows.permissions import Permission
from workflows.studio import acting, commands
from workflows.studio import reading as read
from workflows.studio.difference import Difference, compare
from workflows.studio.documents import Documents
from workflows.studio.live import Live
from workflows.studio.staying import in_dispute
from workflows.studio.takeover.facade import Takeovers
from workflows.studio.types import DraftFinding, DraftPage, DraftRow, EffectRow, MoveReport, VersionRow
from workflows.studio.words import said


class Studio:
    """Drafts: made, changed, commented, agreed to, released."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.history = History(context)
        self.live = Live(context)
        self.takeover = Takeovers(context)
        self.documents = Documents(context)

    def drafts(self, reader: Person, key: str | None = None) -> list[DraftRow]:
        """Drafts of a policy, or of all, the last changed first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[DraftRow]:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            return read.rows(reading, self._context, key)

        return self._context.read(query)

    def draft(self, reader: Person, draft_id: str) -> DraftPage:
        """A draft with all its page shows. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> DraftPage:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            return read.page(reading, self._context, reader.id, draft_id)

        return self._context.read(query)

    def files(self, reader: Person, draft_id: str) -> dict[str, bytes]:
        """A draft's files by path. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> dict[str, bytes]:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            self._context.engine.drafts.get(reading.connection, draft_id)
            return self._context.engine.drafts.files(reading.connection, draft_id)

        return self._context.read(query)

    def findings(self, reader: Person, draft_id: str) -> tuple[DraftFinding, ...]:
        """What linting says of a draft as it is stored. Raises `NotFound`, `NotEntitled`."""
        files = self.files(reader, draft_id)
        with self._context.database.reading() as connection:
            key = self._context.engine.drafts.get(connection, draft_id).key
            return read.findings(self._context, connection, key, files)

    def operations(self) -> frozenset[str]:
        """Names of what a step done by the software may call."""
        return self._context.engine.definitions.operations()

    def make(
        self,
        actor: Person,
        key: str,
        *,
        title: str = "",
        files: Mapping[str, bytes] | None = None,
        based_on: str | None = None,
    ) -> Draft:
        """Make a draft from files, or from a version. Raises `NotEntitled`, `RuleBroken`, `NotFound`."""
        return self._context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda w: commands.make(self._context, w, key=key, title=title, files=files, based_on=based_on),
        )

    def save(
        self,
        actor: Person,
        draft_id: str,
        *,
        revision: int,
        changes: Mapping[str, bytes | None],
        before: Mapping[str, bytes] | None = None,
    ) -> Draft:
        """Change files of a draft; None takes one out. What two change at once is never overwritten.

        Args:
            before: what the editor wrote of a diagram before the change: then nothing else of it is changed.

        Raises `NotEntitled`, `NotFound`, `Conflict`, `RuleBroken`.
        """
        return self._context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda w: commands.save(self._context, w, draft_id, revision, changes, before or {}),
        )

    def comment(self, actor: Person, draft_id: str, *, words: str, element_id: str = "") -> Comment:
        """Say something of a draft, or of a step of it.

        Raises `NotEntitled`, `NotFound`, `Conflict`, `RuleBroken`.
        """
        return self._context.write(
            actor,
            self._either(actor),
            lambda w: commands.comment(self._context, w, draft_id, words, element_id),
        )

    def submit(self, actor: Person, draft_id: str, *, revision: int, note: str) -> Draft:
        """Send a draft to review. Raises `NotEntitled`, `NotFound`, `Conflict`, `DefinitionRefused`,
        `RuleBroken` (no reason; nothing differs).
        """
        return self._context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda w: commands.submit(self._context, w, draft_id, revision, note),
        )

    def agree(self, actor: Person, draft_id: str, role: Role, *, revision: int, words: str = "") -> None:
        """Agree as CIO or CISO, or endorse as an executive. Raises `NotEntitled`, `NotFound`, `Conflict`."""
        acting.agree(self._context, actor, draft_id, role, revision, words)

    def send_back(self, actor: Person, draft_id: str, *, reason: str) -> Draft:
        """Back to its authors; agreements given so far do not count any more.

        Raises `NotEntitled`, `NotFound`, `Conflict`, `RuleBroken`.
        """
        return acting.send_back(self._context, actor, draft_id, reason)

    def withdraw(self, actor: Person, draft_id: str, *, reason: str) -> Draft:
        """Give a draft up; it stays on record. Raises as `send_back`."""
        return acting.withdraw(self._context, actor, draft_id, reason)

    def release(self, actor: Person, draft_id: str) -> Version:
        """Release a draft that CIO, CISO and an executive agreed to. Raises `NotEntitled`, `NotFound`,
        `Conflict`.
        """
        return acting.release(self._context, actor, draft_id)

    def effect(self, reader: Person, draft_id: str) -> list[EffectRow]:
        """What a release, and a move of all open cases to it, would mean for each of them.

        Raises `NotFound`, `NotEntitled`; `Conflict` where the draft could not run as drawn.
        """

        def query(reading: Reading) -> list[EffectRow]:
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            check(reading.organisation, reader, Permission.READ_ANY_CASE)
            engine, connection = self._context.engine, reading.connection
            draft = engine.drafts.get(connection, draft_id)
            files = engine.drafts.files(connection, draft_id)
            if engine.definitions.findings(connection, draft.key, files):
                raise Conflict("Mend what the findings name; then the effect on open cases can be shown.")
            items = engine.moving.preview_of(connection, draft.key, files, veto=in_dispute(engine))
            return _effect(self._context, reading, items)

        return self._context.read(query)

    def _either(self, actor: Person) -> Permission:
        """The one of the two permissions that the person has; `write` refuses where it is neither."""

        def query(reading: Reading) -> Permission:
            drafts = may(reading.organisation, actor, Permission.DRAFT_POLICY)
            return Permission.DRAFT_POLICY if drafts else Permission.REVIEW_POLICY

        return self._context.read(query)


class History:
    """A policy's versions: who, when, why, what differs, and moving open cases from one to the newest."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def versions(self, reader: Person, key: str) -> list[VersionRow]:
        """All versions, newest first. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> list[VersionRow]:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            return read.history(reading, self._context, key)

        return self._context.read(query)

    def files(
        self, reader: Person, key: str, number: int | None = None
    ) -> tuple[Version, Mapping[str, bytes]]:
        """A version by its number, else the newest, with all its files. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> tuple[Version, Mapping[str, bytes]]:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            definitions, connection = self._context.engine.definitions, reading.connection
            known = definitions.versions(connection, key)
            found = next((each for each in known if number in (None, each.number)), None)
            if found is None:
                raise NotFound("version of this policy", str(number) if known else key)
            return found, definitions.bundle(connection, found.hash).files

        return self._context.read(query)

    def difference(self, reader: Person, key: str, old: str, new: str) -> Difference:
        """What differs between two versions, each by hash; `draft:<id>` names a draft.

        Raises `NotFound`, `NotEntitled`.
        """

        def query(reading: Reading) -> Difference:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            before, after = (self._files(reading, reader, key, each) for each in (old, new))
            return compare(key, before, after)

        return self._context.read(query)

    def move_preview(self, reader: Person, key: str) -> list[EffectRow]:
        """What moving all open cases to the newest version would mean. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> list[EffectRow]:
            check(reading.organisation, reader, Permission.READ_ANY_CASE)
            engine, connection = self._context.engine, reading.connection
            latest, stays = engine.definitions.latest(connection, key), in_dispute(engine)
            return _effect(
                self._context, reading, engine.moving.preview(connection, key, latest.hash, veto=stays)
            )

        return self._context.read(query)

    def move(self, actor: Person, key: str, *, reason: str, restart_timers: bool = False) -> MoveReport:
        """Move all open cases that can to the newest version, each in a transaction of its own.

        Raises `NotFound`, `NotEntitled`, `RuleBroken` (no reason).
        """

        def query(reading: Reading) -> Version:
            check(reading.organisation, actor, Permission.RELEASE_POLICY)
            return self._context.engine.definitions.latest(reading.connection, key)

        latest, moving = self._context.read(query), self._context.engine.moving
        why = said(reason, "Say why the cases are moved. Nothing was moved.")
        by = Actor(actor.id)
        stays = in_dispute(self._context.engine)
        plan = moving.plan(by, key, latest.hash, reason=why, restart_timers=restart_timers, veto=stays)
        done = moving.carry_out(by, plan.id, veto=stays)
        stayed = [item for item in done.items if item.state != "moved"]

        def rows(reading: Reading) -> tuple[EffectRow, ...]:
            return tuple(_effect(self._context, reading, stayed))

        return MoveReport(sum(item.state == "moved" for item in done.items), self._context.read(rows))

    def _files(self, reading: Reading, reader: Person, key: str, name: str) -> Mapping[str, bytes]:
        engine, connection = self._context.engine, reading.connection
        if name.startswith("draft:"):
            check(reading.organisation, reader, Permission.READ_DRAFTS)
            draft = engine.drafts.get(connection, name.removeprefix("draft:"))
            if draft.key != key:
                raise NotFound("draft of this policy", draft.id)
            files = engine.drafts.files(connection, draft.id)
            try:
                return engine.definitions.callees.completed(connection, key, files)
            except DefinitionRefused:
                return files  # the findings say why what it calls cannot be included
        engine.definitions.version(connection, name, key=key)
        return engine.definitions.bundle(connection, name).files


def _effect(context: Context, reading: Reading, items: Sequence[MoveItem]) -> list[EffectRow]:
    get = context.engine.instances.get
    return [
        EffectRow(
            item.instance_id,
            get(reading.connection, item.instance_id).title,
            item.kind,
            (item.sentence,) if item.sentence and not item.changes else item.changes,
        )
        for item in items
    ]
