"""Scenarios of a draft: told, and compared with what they say of the version it was made from."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from engine.definitions.types import Draft
from engine.types import VersionState
from workflows.context import Context
from workflows.errors import FileRefused, RuleBroken
from workflows.identity.queries import people_by_id
from workflows.playing.models import scenario_outcomes
from workflows.playing.stored import scenarios_of, taken_out_of
from workflows.playing.theatre import Cast, cast, stages
from workflows.playing.types import Outcome, ScenarioPage, ScenarioRow, TakenOut
from workflows.scenarios.reading import read
from workflows.scenarios.telling import tell
from workflows.studio.diagram_files import elements_of
from workflows.studio.reading import spoken_name

BUDGET = 20.0
"""Seconds in which one request tells scenarios; the next goes on."""
MOST_SHOWN = 8
"""Sentences about the record that are shown of a scenario."""


def page(context: Context, connection: Connection, draft: Draft) -> ScenarioPage:
    """All scenarios of a draft with what is known of their outcome."""
    played, base = _casts(context, connection, draft)
    found = scenarios_of(connection, draft)
    known = _outcomes(
        connection, [_digest(each, c) for each in (played, base) if each for _, c in found.values()]
    )
    rows = []
    for name, (origin, content) in found.items():
        now = known.get(_digest(played, content))
        before = known.get(_digest(base, content)) if base else None
        changes = tuple(_changes(before, now)) if before and now else ()
        title = str(json.loads(content).get("title") or name)
        rows.append(ScenarioRow(name, title, origin, now, changes, before is not None))
    files = context.engine.drafts.files(connection, draft.id)
    may_run = not context.engine.definitions.findings(connection, draft.key, files)
    number = None
    if draft.based_on:
        number = context.engine.definitions.version(connection, draft.based_on, key=draft.key).number
    gone = taken_out_of(connection, draft)
    people = people_by_id(connection, {by for _, by, _ in gone.values()})
    taken_out = tuple(
        TakenOut(
            str(json.loads(content).get("title") or name) if content else name.replace("-", " ").capitalize(),
            people[by].name if by in people else by,
            at,
        )
        for name, (content, by, at) in gone.items()
    )
    return ScenarioPage(tuple(rows), taken_out, draft.state == VersionState.DRAFT, number, may_run)


def tell_some(context: Context, draft: Draft, only: str = "") -> int:
    """Tell what was not told yet, or of it only one, on the draft and on its version; how many are left.

    Raises `RuleBroken` where the draft cannot run as it is drawn.
    """
    until = time.monotonic() + BUDGET
    with context.database.reading() as connection:
        played, base = _casts(context, connection, draft)
        found = scenarios_of(connection, draft)
        wanted = [
            (each, name, content)
            for each in (played, base)
            if each
            for name, (_, content) in found.items()
            if only in ("", name)
            and _digest(each, content) not in _outcomes(connection, [_digest(each, content)])
        ]
    left = {(each.digest, name) for each, name, _ in wanted}
    for each in (played, base):
        mine = [(name, content) for one, name, content in wanted if one is each]
        if each is None or not mine or time.monotonic() > until:
            continue
        for name, digest, outcome in _told(each, mine, until):
            _store(context, digest, outcome)
            left.discard((each.digest, name))
    return len({name for _, name in left})


def _told(played: Cast, wanted: list[tuple[str, str]], until: float) -> Iterator[tuple[str, str, Outcome]]:
    """Tells scenarios on stages with these policies, as long as there is time."""
    names: dict[str, str] = {}
    for files in played.files.values():
        for path, data in files.items():
            if path.endswith(".bpmn"):
                elements = elements_of(data)
                names.update({each: spoken_name(one, elements) for each, one in elements.items()})
    with stages(played) as made:
        for name, content in wanted:
            if time.monotonic() > until:
                return
            try:
                told = tell(made, read(Path(f"{name}.json"), content), restored=True)
            except FileRefused as error:
                yield name, _digest(played, content), Outcome((str(error),), {}, ())
                continue
            if played.key in made.refused:
                raise RuleBroken(
                    "This draft cannot run as it is drawn. Mend what stands against a release; then its "
                    "scenarios can be told."
                )
            passed = {each: names[each] for each in sorted(told.elements) if each in names}
            yield name, _digest(played, content), Outcome(told.faults, passed, told.record)


def _store(context: Context, digest: str, outcome: Outcome) -> None:
    content = json.dumps({"faults": outcome.faults, "names": outcome.names, "record": outcome.record})

    def attempt() -> None:
        with context.database.unit_of_work() as uow:
            connection = uow.connection
            connection.execute(delete(scenario_outcomes).where(scenario_outcomes.c.digest == digest))
            row = {"digest": digest, "outcome": content, "told_at": context.clock.now(connection)}
            connection.execute(insert(scenario_outcomes).values(**row))

    context.database.retrying(attempt)


def _outcomes(connection: Connection, digests: list[str]) -> dict[str, Outcome]:
    rows = connection.execute(select(scenario_outcomes).where(scenario_outcomes.c.digest.in_(digests)))
    found = {}
    for row in rows:
        said = json.loads(row.outcome)
        found[row.digest] = Outcome(tuple(said["faults"]), said["names"], tuple(said["record"]))
    return found


def _casts(context: Context, connection: Connection, draft: Draft) -> tuple[Cast, Cast | None]:
    """What stands on the stage of the draft, and on that of the version it was made from."""
    engine = context.engine
    files = engine.drafts.files(connection, draft.id)
    played = cast(engine, connection, draft.key, files, draft.title)
    if draft.based_on is None:
        return played, None
    before = engine.definitions.bundle(connection, draft.based_on).files
    return played, cast(engine, connection, draft.key, before, draft.title)


def _digest(played: Cast, content: str) -> str:
    return hashlib.sha256(f"{played.digest}\n{content}".encode()).hexdigest()


def _changes(before: Outcome, now: Outcome) -> Iterator[str]:
    """What comes out otherwise, in sentences."""
    yield from _listed("It now also comes to", now.names, before.names)
    yield from _listed("It no longer comes to", before.names, now.names)
    gone = [line for line in before.record if line not in now.record]
    new = [line for line in now.record if line not in before.record]
    said = [
        *(f"The record no longer says: {line}" for line in gone),
        *(f"The record now says: {line}" for line in new),
    ]
    yield from said[:MOST_SHOWN]
    if len(said) > MOST_SHOWN:
        yield f"And {len(said) - MOST_SHOWN} more lines of the record."


def _listed(words: str, has: Mapping[str, str], had: Mapping[str, str]) -> Iterator[str]:
    names = sorted({name for element, name in has.items() if element not in had})
    if names:
        yield f"{words} {', '.join(f'“{name}”' for name in names)}."
