"""Scenarios as they are kept: with a draft, and for good with a version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from engine.definitions.types import Draft
from engine.errors import NotFound
from engine.types import VersionState
from workflows.context import Context, Writing
from workflows.errors import Conflict, RuleBroken
from workflows.events import DomainEvent, policy_chain
from workflows.playing.models import draft_scenarios, version_scenarios
from workflows.studio.words import said

TAKEN_OUT = ""
"""Stands for the content of a scenario that a draft has no more."""


def keep(context: Context, writing: Writing, draft_id: str, title: str, content: str) -> str:
    """Keep a scenario with a draft, in place of one of the same name; its name.

    Raises `Conflict` (not a draft any more), `RuleBroken` (no title).
    """
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80]
    if not name:
        raise RuleBroken("Give the scenario a title: what happens in it. Nothing was kept.")
    draft = _open(context, writing, draft_id, "Nothing was kept.")
    _put(writing, draft, name, content)
    return name


def bring(context: Context, writing: Writing, draft_id: str, scenarios: Mapping[str, str]) -> int:
    """Keep scenarios that were brought in with a draft's files; how many of them it did not have as they are.

    Raises `Conflict` (not a draft any more).
    """
    draft = _open(context, writing, draft_id, "No scenario was kept.")
    known = {name: content for name, (_, content) in scenarios_of(writing.connection, draft).items()}
    new = {name: content for name, content in sorted(scenarios.items()) if known.get(name) != content}
    for name, content in new.items():
        _put(writing, draft, name, content)
    return len(new)


def take_out(context: Context, writing: Writing, draft_id: str, name: str, reason: str) -> None:
    """Take a scenario out of a draft, which makes it untrue on purpose. Its version keeps it.

    Raises `Conflict` (not a draft any more), `NotFound`, `RuleBroken` (no reason).
    """
    why = said(reason, "Say why this scenario no longer holds. Nothing was taken out.")
    draft = _open(context, writing, draft_id, "Nothing was taken out.")
    found = scenarios_of(writing.connection, draft).get(name)
    if found is None:
        raise NotFound("scenario", name)
    _row(writing, draft_id, name, TAKEN_OUT)
    told = {"draft": draft_id, "scenario": name, "sha256": _digest(found[1]), "words": why}
    writing.record(policy_chain(draft.key), DomainEvent.DRAFT_SCENARIO_TAKEN_OUT, told)


def scenarios_of(connection: Connection, draft: Draft) -> dict[str, tuple[str, str]]:
    """Names of a draft's scenarios to where each comes from (`version` or `draft`) and its content."""
    found = {
        name: ("version", content) for name, content in of_version(connection, draft.based_on or "").items()
    }
    own = connection.execute(select(draft_scenarios).where(draft_scenarios.c.draft_id == draft.id))
    found.update({row.name: ("draft", row.content) for row in own})
    return {name: each for name, each in sorted(found.items()) if each[1] != TAKEN_OUT}


def of_version(connection: Connection, version_hash: str) -> dict[str, str]:
    """Names of a version's scenarios to their content, by name."""
    query = select(version_scenarios).where(version_scenarios.c.version_hash == version_hash)
    return {row.name: row.content for row in connection.execute(query.order_by(version_scenarios.c.name))}


def taken_out_of(connection: Connection, draft: Draft) -> dict[str, tuple[str, str, datetime]]:
    """Names of the scenarios taken out of a draft: content they had in its version, by whom, and when."""
    before = of_version(connection, draft.based_on or "")
    rows = connection.execute(
        select(draft_scenarios)
        .where(draft_scenarios.c.draft_id == draft.id, draft_scenarios.c.content == TAKEN_OUT)
        .order_by(draft_scenarios.c.name)
    )
    return {row.name: (before.get(row.name, ""), row.kept_by, row.kept_at) for row in rows}


def _open(context: Context, writing: Writing, draft_id: str, otherwise: str) -> Draft:
    draft = context.engine.drafts.get(writing.connection, draft_id)
    if draft.state != VersionState.DRAFT:
        raise Conflict(f"This draft is {draft.state} by now. {otherwise}")
    return draft


def _put(writing: Writing, draft: Draft, name: str, content: str) -> None:
    _row(writing, draft.id, name, content)
    told = {"draft": draft.id, "scenario": name, "sha256": _digest(content)}
    writing.record(policy_chain(draft.key), DomainEvent.DRAFT_SCENARIO_KEPT, told)


def _row(writing: Writing, draft_id: str, name: str, content: str) -> None:
    same = (draft_scenarios.c.draft_id == draft_id, draft_scenarios.c.name == name)
    writing.connection.execute(delete(draft_scenarios).where(*same))
    row = {"draft_id": draft_id, "name": name, "content": content, "kept_by": writing.actor.id}
    writing.connection.execute(insert(draft_scenarios).values(**row, kept_at=writing.now))


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def released(writing: Writing, draft: Draft, version_hash: str) -> None:
    """A released version keeps the scenarios of its draft."""
    found = scenarios_of(writing.connection, draft)
    install(writing, version_hash, {name: content for name, (_, content) in found.items()})


def install(writing: Writing, version_hash: str, scenarios: Mapping[str, str]) -> None:
    """Keep scenarios with a version; one that it has already stays as it is."""
    connection = writing.connection
    known = set(
        connection.execute(
            select(version_scenarios.c.name).where(version_scenarios.c.version_hash == version_hash)
        ).scalars()
    )
    rows = [
        {"version_hash": version_hash, "name": name, "content": content, "kept_by": writing.actor.id,
         "kept_at": writing.now}
        for name, content in sorted(scenarios.items())
        if name not in known
    ]  # fmt: skip
    if rows:
        connection.execute(insert(version_scenarios), rows)


def propose(writing: Writing, draft: Draft, scenarios: Mapping[str, str]) -> None:
    """Keep a folder's scenarios with the draft that was made of it, but for those its version has already."""
    known = {name: content for name, (_, content) in scenarios_of(writing.connection, draft).items()}
    rows = [
        {"draft_id": draft.id, "name": name, "content": content, "kept_by": writing.actor.id,
         "kept_at": writing.now}
        for name, content in sorted(scenarios.items())
        if known.get(name) != content
    ]  # fmt: skip
    if rows:
        writing.connection.execute(insert(draft_scenarios), rows)
