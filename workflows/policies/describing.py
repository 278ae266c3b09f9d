"""What a policy's README says stays beside each of its versions."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from engine.types import Version
from workflows.context import Writing
from workflows.policies.models import policy_texts


def describe(writing: Writing, version: Version, based_on: str | None) -> None:
    """Take the description over from the version that this one goes on from, where it has none of its own."""
    found = select(policy_texts.c.version_hash, policy_texts.c.description)
    rows = writing.connection.execute(
        found.where(policy_texts.c.version_hash.in_([version.hash, based_on or ""]))
    )
    texts: dict[str, str] = {row.version_hash: row.description for row in rows}
    if version.hash not in texts and based_on in texts:
        put(writing, version.key, version.hash, texts[based_on])


def put(writing: Writing, key: str, version_hash: str, description: str) -> bool:
    """Keep a description for content of this hash; what is kept already stays. Whether it is new."""
    known = select(policy_texts.c.version_hash).where(policy_texts.c.version_hash == version_hash)
    if writing.connection.execute(known).one_or_none() is not None:
        return False
    writing.connection.execute(
        insert(policy_texts).values(
            version_hash=version_hash,
            key=key,
            description=description,
            recorded_at=writing.now,
            recorded_by=writing.actor.id,
        )
    )
    return True


def description_of(connection: Connection, version_hash: str) -> str:
    """What is kept for a version; empty where nothing is."""
    found = select(policy_texts.c.description).where(policy_texts.c.version_hash == version_hash)
    return connection.execute(found).scalar_one_or_none() or ""
