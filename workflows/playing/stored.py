"""Scenarios as they are kept: with a draft, and for good with a version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from engine.definitions.types import Draft
from engine.types import VersionState
from workflows.context import Context, Writing
from workflows.errors import Conflict, RuleBroken
from workflows.events import DomainEvent, policy_chain
from workflows.playing.models import draft_scenarios, version_scenarios


def keep(context: Context, writing: Writing, draft_id: str, title: str, content: str) -> str:
    """Keep a scenario with a draft, in place of one of the same name; its name.

    Raises `Conflict` (not a draft any more), `RuleBroken` (no title).
    """
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80]
    if not name:
        raise RuleBroken("Give the scenario a title: what happens in it. Nothing was kept.")
    connection = writing.connection
    draft = context.engine.drafts.get(connection, draft_id)
    if draft.state != VersionState.DRAFT:
        raise Conflict(f"This draft is {draft.state} by now. Nothing was kept.")
    same = (draft_scenarios.c.draft_id == draft_id, draft_scenarios.c.name == name)
    connection.execute(delete(draft_scenarios).where(*same))
    row = {"draft_id": draft_id, "name": name, "content": content, "kept_by": writing.actor.id}
    connection.execute(insert(draft_scenarios).values(**row, kept_at=writing.now))
    told = {"draft": draft_id, "scenario": name, "sha256": hashlib.sha256(content.encode()).hexdigest()}
    writing.record(policy_chain(draft.key), DomainEvent.DRAFT_SCENARIO_KEPT, told)
    return name


def scenarios_of(connection: Connection, draft: Draft) -> dict[str, tuple[str, str]]:
    """Names of a draft's scenarios to where each comes from (`version` or `draft`) and its content."""
    found = {
        row.name: ("version", row.content)
        for row in connection.execute(
            select(version_scenarios).where(version_scenarios.c.version_hash == (draft.based_on or ""))
        )
    }
    own = connection.execute(select(draft_scenarios).where(draft_scenarios.c.draft_id == draft.id))
    found.update({row.name: ("draft", row.content) for row in own})
    return dict(sorted(found.items()))


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
