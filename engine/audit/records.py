"""What audit chains vouch for: submissions, journal rows, released versions; and whether they still hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, Text, bindparam, select, type_coerce

from engine.audit.chain import Link
from engine.audit.models import audit_chains
from engine.audit.types import AuditFault
from engine.db.types import TaggedJson, dump_tagged, load_tagged
from engine.definitions.models import version_files, versions
from engine.definitions.store import content_hash
from engine.events import Event
from engine.instances.models import journal, submissions


def submission_digest(fields: Mapping[str, Any]) -> str:
    """What an audit entry says of a submission's row; its salt keeps the answers from being guessed."""
    return _row_digest(submissions, fields)


def journal_digest(fields: Mapping[str, Any]) -> str:
    """What an audit entry says of a journal row."""
    return _row_digest(journal, fields)


def _row_digest(table: Table, fields: Mapping[str, Any]) -> str:
    """SHA-256 over all columns; JSON ones as the very text that is stored."""
    texts = {}
    for column in table.c:
        value = fields[column.name]
        is_json = isinstance(column.type, TaggedJson) and not isinstance(value, str)
        texts[str(column.name)] = dump_tagged(value).decode() if is_json else value
    return hashlib.sha256(dump_tagged(texts)).hexdigest()


def _as_stored(table: Table) -> Select[Any]:
    """All columns of a table, JSON ones as the text that is stored."""
    return select(
        *(
            type_coerce(column, Text).label(column.name) if isinstance(column.type, TaggedJson) else column
            for column in table.c
        )
    )


_SUBMISSIONS = _as_stored(submissions).where(submissions.c.instance_id == bindparam("of"))
_JOURNAL = _as_stored(journal).where(journal.c.instance_id == bindparam("of"))


def record_faults(connection: Connection, chain: str, links: Sequence[Link]) -> list[AuditFault]:
    """Where the rows that a chain vouches for are not what they were, are gone, or were slipped in."""
    payloads = [_payload(entry) for entry in links]
    found: list[AuditFault] = []
    for statement, key, digest, what in (
        (_SUBMISSIONS, "id", submission_digest, "submission"),
        (_JOURNAL, "seq", journal_digest, "journal"),
    ):
        digests = _digests(connection, statement, chain, key, digest)
        named = "journal row" if what == "journal" else what
        for entry, payload in zip(links, payloads, strict=True):
            recorded = (payload or {}).get(f"{what}_digest")
            if payload and recorded is not None and digests.get(payload.get(what)) != recorded:
                sentence = f"Entry {entry.seq}: its {named} is not the one that was recorded."
                found.append(AuditFault(chain, entry.seq, sentence))
        found.extend(_unvouched(chain, links, payloads, digests, what, named))
    for entry, payload in zip(links, payloads, strict=True):
        if payload and entry.event == Event.VERSION_RELEASED and not _is_version_kept(connection, payload):
            sentence = f"Entry {entry.seq}: the released version is not the one that was recorded."
            found.append(AuditFault(chain, entry.seq, sentence))
    return sorted(found, key=lambda fault: fault.seq)


def _digests(
    connection: Connection, statement: Any, chain: str, key: str, digest: Callable[[Mapping[str, Any]], str]
) -> dict[Any, str]:
    """Digest of every row of a case, by its key; "" where a row cannot even be read."""

    def of(row: Any) -> str:
        return digest({str(name): value for name, value in row.items()})

    try:
        return {row[key]: of(row) for row in connection.execute(statement, {"of": chain}).mappings()}
    except ValueError:
        pass  # a time that is no time any more: one by one, to tell which
    column = statement.selected_columns[key]
    digests = {}
    for value in connection.execute(statement.with_only_columns(column), {"of": chain}).scalars().all():
        try:
            row = connection.execute(statement.where(column == value), {"of": chain}).mappings().one()
            digests[value] = of(row)
        except ValueError:
            digests[value] = ""
    return digests


def _unvouched(
    chain: str,
    links: Sequence[Link],
    payloads: Sequence[dict[str, Any] | None],
    digests: Mapping[Any, str],
    what: str,
    named: str,
) -> list[AuditFault]:
    """Rows of a case that no entry speaks of. An entry whose payload was erased may have spoken of one."""
    vouched = {payload.get(what) for payload in payloads if payload}
    alone = [key for key in digests if key not in vouched]
    if len(alone) <= sum(payload is None for payload in payloads):
        return []
    last = links[-1].seq if links else 0
    return [AuditFault(chain, last, f"The chain says nothing of the {named} {key!r}.") for key in alone]


def without_chain(connection: Connection) -> list[AuditFault]:
    """Cases of which the whole chain is gone."""
    lost = connection.execute(
        select(journal.c.instance_id)
        .distinct()
        .where(journal.c.instance_id.not_in(select(audit_chains.c.chain)))
        .order_by(journal.c.instance_id)
    ).scalars()
    return [AuditFault(chain, 0, "The case has no audit chain.") for chain in lost]


def _payload(entry: Link) -> dict[str, Any] | None:
    """An entry's payload; None where it was erased, empty where it cannot be read."""
    if entry.payload is None:
        return None
    try:
        payload = load_tagged(entry.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


_FILES = select(version_files.c.path, version_files.c.content).where(
    version_files.c.hash == bindparam("hash")
)
_VERSION = select(versions.c.number, versions.c.note).where(
    versions.c.key == bindparam("key"), versions.c.hash == bindparam("hash")
)


def _is_version_kept(connection: Connection, payload: dict[str, Any]) -> bool:
    """Whether a released version's files still give its hash, and its row says what was recorded."""
    said = {"key": payload.get("policy"), "hash": payload.get("version")}
    files = connection.execute(_FILES, {"hash": said["hash"]}).all()
    row = connection.execute(_VERSION, said).one_or_none()
    if row is None or (row.number, row.note) != (payload.get("number"), payload.get("note")):
        return False
    if any(isinstance(file.content, str) for file in files):
        return False  # SQLite keeps whatever was put there
    return content_hash({file.path: bytes(file.content) for file in files}) == payload.get("version")
