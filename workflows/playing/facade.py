"""Dry runs and scenarios of drafts: what pages call. Nothing played is in the register."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from engine.definitions.types import Draft
from engine.errors import NotFound
from workflows.context import Context, Reading, Writing, check
from workflows.errors import Conflict
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.playing import outcomes, rehearsing, stored
from workflows.playing.models import plays
from workflows.playing.theatre import PEOPLE, Stage, cast, opened, set_up
from workflows.playing.types import Act, Asked, PlayPage, ScenarioPage

Answers = Mapping[str, Any]
_ELSEWHERE = "This dry run went on in another window. Nothing was done; look at it again."


@dataclass(frozen=True, slots=True)
class _Play:
    draft_id: str
    person_id: str
    revision: int
    draft_revision: int
    began_at: datetime
    clock_at: datetime
    case_id: str | None
    acts: str
    stage: bytes


class Playing:
    """A person's dry run of a draft: one at a time. Whoever may read drafts may play them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def begin(self, player: Person, draft_id: str) -> None:
        """Set a new stage with the draft as it is now; an earlier dry run of the same person goes.

        Raises `NotFound`, `NotEntitled`, `RuleBroken` (it cannot run as drawn).
        """

        def query(reading: Reading) -> tuple[Draft, datetime, Any]:
            draft = self._draft(reading, player, draft_id)
            engine, connection = self._context.engine, reading.connection
            files = engine.drafts.files(connection, draft_id)
            return draft, reading.now, cast(engine, connection, draft.key, files, draft.title)

        draft, now, played = self._context.read(query)
        now = now.replace(microsecond=0)
        stage = set_up(played, now)
        row = {
            "draft_id": draft_id, "person_id": player.id, "draft_revision": draft.revision, "began_at": now,
            "clock_at": now, "case_id": None, "acts": "[]", "stage": stage,
        }  # fmt: skip

        def command(writing: Writing) -> None:
            mine = (plays.c.draft_id == draft_id, plays.c.person_id == player.id)
            last = writing.connection.execute(select(plays.c.revision).where(*mine)).scalar_one_or_none()
            writing.connection.execute(delete(plays).where(*mine))
            writing.connection.execute(insert(plays).values(**row, revision=(last or 0) + 1))

        self._context.write(player, Permission.READ_DRAFTS, command)

    def page(
        self,
        player: Person,
        draft_id: str,
        *,
        task_id: str = "",
        person_id: str = "",
        diagram: str | None = None,
        values: Answers | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> PlayPage | None:
        """The dry run, with the form of a task before somebody; None where none was begun.

        Raises `NotFound`, `NotEntitled`.
        """
        draft, play = self._context.read(lambda reading: self._found(reading, player, draft_id))
        if play is None:
            return None
        with opened(play.stage, play.clock_at) as stage:
            asked: Asked | None = None
            if play.case_id is None:
                asked = rehearsing.start_asked(stage, draft.key, values, errors, person_id)
            elif task_id:
                asked = rehearsing.asked(stage, task_id, person_id, values, errors)
            people = tuple((each, stage.parley.identity.person(each).name) for each in PEOPLE)
            case = rehearsing.view(stage, play.case_id, diagram) if play.case_id else None
            return PlayPage(
                draft_id=draft_id,
                revision=play.revision,
                is_behind=draft.revision != play.draft_revision,
                began_at=play.began_at,
                now=play.clock_at,
                next_due=rehearsing.due(stage),
                acts=_acts(play, dict(people)),
                case=case,
                tasks=rehearsing.actable(stage, play.case_id) if play.case_id else (),
                asked=asked,
                people=people,
            )

    def act(
        self, player: Person, draft_id: str, *, revision: int, task_id: str, person_id: str, answers: Answers
    ) -> None:
        """Do a task, or begin the case, as somebody of the stage.

        Raises `AnswersRefused`, `Conflict`, `NotFound`, `NotEntitled`, `RuleBroken`.
        """

        def command(stage: Stage, draft: Draft, play: _Play) -> tuple[str, dict[str, Any]]:
            if play.case_id is None:
                return rehearsing.start(stage, draft.key, person_id, answers)
            return play.case_id, rehearsing.act(stage, play.case_id, task_id, person_id, answers)

        self._go_on(player, draft_id, revision, command)

    def advance(self, player: Person, draft_id: str, *, revision: int, duration: str) -> None:
        """Let time pass (ISO 8601), or with an empty duration until the next timer goes off.

        Raises `Conflict`, `NotFound`, `NotEntitled`, `RuleBroken`.
        """

        def command(stage: Stage, draft: Draft, play: _Play) -> tuple[str, dict[str, Any]]:
            if play.case_id is None:
                raise Conflict("Begin the case first; then time can pass.")
            return play.case_id, rehearsing.advance(stage, play.began_at, duration)

        self._go_on(player, draft_id, revision, command)

    def take_back(self, player: Person, draft_id: str, *, revision: int) -> None:
        """Take the last act back: the acts before it are done anew on a new stage.

        Raises `Conflict` (nothing was done; the draft was changed since), `NotFound`, `NotEntitled`.
        """
        draft, play = self._context.read(lambda reading: self._found(reading, player, draft_id))
        if play is None or play.revision != revision:
            raise Conflict(_ELSEWHERE)
        acts = json.loads(play.acts)[:-1]
        if play.case_id is None or draft.revision != play.draft_revision:
            raise Conflict("Nothing can be taken back here. Begin again to play the draft as it is now.")
        with self._context.database.reading() as connection:
            files = self._context.engine.drafts.files(connection, draft_id)
            played = cast(self._context.engine, connection, draft.key, files, draft.title)
        with opened(set_up(played, play.began_at), play.began_at) as stage:
            case_id = rehearsing.again(stage, draft.key, play.began_at, acts)
            now, kept = stage.clock.time, stage.struck()
        values = {"clock_at": now, "case_id": case_id, "acts": json.dumps(acts), "stage": kept}
        self._store(player, draft_id, revision, values)

    def keep(self, player: Person, draft_id: str, *, revision: int, title: str, story: str) -> str:
        """Keep the dry run as a scenario of the draft; its name.

        Raises `Conflict`, `NotFound`, `NotEntitled`, `RuleBroken`.
        """
        draft, play = self._context.read(lambda reading: self._found(reading, player, draft_id))
        if play is None or play.case_id is None or play.revision != revision:
            raise Conflict("This dry run went on in another window. Nothing was kept; look at it again.")
        with opened(play.stage, play.clock_at) as stage:
            content = rehearsing.as_scenario(
                stage,
                draft.key,
                play.case_id,
                json.loads(play.acts),
                play.began_at,
                title.strip(),
                story.strip(),
            )
        return self._context.write(
            player,
            Permission.DRAFT_POLICY,
            lambda writing: stored.keep(self._context, writing, draft_id, title, content),
        )

    def diagram(self, player: Person, draft_id: str, name: str) -> bytes:
        """A diagram of the stage: the draft's, or that of a policy it calls. Raises `NotFound`."""
        draft, play = self._context.read(lambda reading: self._found(reading, player, draft_id))
        if play is not None:
            with opened(play.stage, play.clock_at) as stage, stage.parley.database.reading() as connection:
                definitions = stage.parley.engine.definitions
                latest = definitions.latest(connection, draft.key)
                files = definitions.bundle(connection, latest.hash).files
                if name in files and name.endswith(".bpmn"):
                    return files[name]
        raise NotFound("diagram", name)

    def scenarios(self, reader: Person, draft_id: str) -> ScenarioPage:
        """All scenarios of a draft, with what is known of their outcome. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> ScenarioPage:
            draft = self._draft(reading, reader, draft_id)
            return outcomes.page(self._context, reading.connection, draft)

        return self._context.read(query)

    def tell(self, reader: Person, draft_id: str, name: str = "") -> int:
        """Tell a scenario, or all that were not told yet, for about 20 seconds; how many are left.

        Raises `NotFound`, `NotEntitled`, `RuleBroken` (it cannot run as drawn).
        """
        draft = self._context.read(lambda reading: self._draft(reading, reader, draft_id))
        return outcomes.tell_some(self._context, draft, name)

    def bring(self, actor: Person, draft_id: str, scenarios: Mapping[str, str]) -> int:
        """Keep scenarios that came with a draft's files, by name; how many it did not have as they are.

        Raises `Conflict`, `NotFound`, `NotEntitled`.
        """
        return self._context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda writing: stored.bring(self._context, writing, draft_id, scenarios),
        )

    def take_out(self, actor: Person, draft_id: str, name: str, *, reason: str) -> None:
        """Take out a scenario that the draft makes untrue on purpose. The version keeps it.

        Raises `Conflict`, `NotFound`, `NotEntitled`, `RuleBroken` (no reason).
        """
        self._context.write(
            actor,
            Permission.DRAFT_POLICY,
            lambda writing: stored.take_out(self._context, writing, draft_id, name, reason),
        )

    def of_version(self, reader: Person, version_hash: str) -> dict[str, str]:
        """A version's scenarios: name to content. Raises `NotEntitled`."""

        def query(reading: Reading) -> dict[str, str]:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            return stored.of_version(reading.connection, version_hash)

        return self._context.read(query)

    def _go_on(
        self,
        player: Person,
        draft_id: str,
        revision: int,
        command: Callable[[Stage, Draft, _Play], tuple[str, dict[str, Any]]],
    ) -> None:
        """Do something on the stage and store it, unless the dry run went on elsewhere meanwhile."""
        draft, play = self._context.read(lambda reading: self._found(reading, player, draft_id))
        if play is None or play.revision != revision:
            raise Conflict(_ELSEWHERE)
        with opened(play.stage, play.clock_at) as stage:
            case_id, step = command(stage, draft, play)
            step["waiting"] = rehearsing.waiting(stage, case_id)
            now, kept = stage.clock.time, stage.struck()
        acts = json.dumps([*json.loads(play.acts), step])
        values = {"clock_at": now, "case_id": case_id, "acts": acts, "stage": kept}
        self._store(player, draft_id, revision, values)

    def _store(self, player: Person, draft_id: str, revision: int, values: Mapping[str, Any]) -> None:
        mine = (plays.c.draft_id == draft_id, plays.c.person_id == player.id, plays.c.revision == revision)

        def store(writing: Writing) -> None:
            changed = writing.connection.execute(
                update(plays).where(*mine).values(revision=revision + 1, **values)
            )
            if changed.rowcount != 1:
                raise Conflict(_ELSEWHERE)

        self._context.write(player, Permission.READ_DRAFTS, store)

    def _draft(self, reading: Reading, reader: Person, draft_id: str) -> Draft:
        check(reading.organisation, reader, Permission.READ_DRAFTS)
        return self._context.engine.drafts.get(reading.connection, draft_id)

    def _found(self, reading: Reading, player: Person, draft_id: str) -> tuple[Draft, _Play | None]:
        draft = self._draft(reading, player, draft_id)
        row = reading.connection.execute(
            select(plays).where(plays.c.draft_id == draft_id, plays.c.person_id == player.id)
        ).one_or_none()
        return draft, _Play(**row._mapping) if row else None


def _acts(play: _Play, names: Mapping[str, str]) -> tuple[Act, ...]:
    found = []
    for each in json.loads(play.acts):
        if "advance" in each:
            found.append(Act("", "", str(each["advance"])))
            continue
        person = f"member-{each['seat']}" if "seat" in each else each["role"]
        found.append(Act(str(each["element"]), names.get(person, person), ""))
    return tuple(found)
