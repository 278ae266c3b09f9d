"""Reading and verifying audit chains."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, Text, bindparam, select, type_coerce

from engine.audit.chain import Link, faults
from engine.audit.models import audit_chains, audit_entries
from engine.audit.types import AuditEntry, AuditFault, AuditReport
from engine.db.types import TaggedJson, dump_tagged, load_tagged
from engine.definitions.models import version_files, versions
from engine.definitions.store import content_hash
from engine.events import Event
from engine.instances.models import journal, submissions


def entries(connection: Connection, chain: str) -> list[AuditEntry]:
    """All entries of a chain, oldest first."""
    return [
        AuditEntry(
            chain=row.chain,
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            event=row.event,
            payload=None if row.payload is None else load_tagged(row.payload),
            commitment=row.commitment,
            hash=row.hash,
        )
        for row in _rows(connection, chain)
    ]


def verify(connection: Connection) -> AuditReport:
    """Check every chain, and that submissions and journal rows are those the chains speak of."""
    found: list[AuditFault] = []
    count = chains = 0
    heads = connection.execute(select(audit_chains).order_by(audit_chains.c.chain)).all()
    for head in heads:
        chains += 1
        try:
            links = [Link(*row) for row in _rows(connection, head.chain)]
        except ValueError:
            found.append(_unreadable(connection, head.chain, head.seq))
            continue
        count += len(links)
        found.extend(
            AuditFault(head.chain, seq, sentence) for seq, sentence in faults(links, head.seq, head.hash)
        )
        for entry in links:
            found.extend(AuditFault(head.chain, entry.seq, s) for s in _record_faults(connection, entry))
        found.extend(_unvouched(connection, head.chain, links))
    found.extend(_without_chain(connection))
    return AuditReport(chains=chains, entries=count, faults=tuple(found))


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


_SUBMISSION = _as_stored(submissions).where(submissions.c.id == bindparam("of"))
_JOURNAL = _as_stored(journal).where(
    journal.c.instance_id == bindparam("of"), journal.c.seq == bindparam("row")
)


def _rows(connection: Connection, chain: str) -> Any:
    return connection.execute(
        select(audit_entries).where(audit_entries.c.chain == chain).order_by(audit_entries.c.seq)
    ).all()


def _unreadable(connection: Connection, chain: str, last: int) -> AuditFault:
    """Which entry of a chain cannot even be read any more, such as one whose time is no time."""
    for seq in range(1, last + 1):
        try:
            connection.execute(
                select(audit_entries).where(audit_entries.c.chain == chain, audit_entries.c.seq == seq)
            ).all()
        except ValueError:
            return AuditFault(chain, seq, f"Entry {seq}: its fields are not those that were recorded.")
    return AuditFault(chain, last, "The chain cannot be read.")


def _record_faults(connection: Connection, entry: Link) -> list[str]:
    """Whether the rows an entry vouches for still are what they were."""
    payload = _payload(entry)
    if not payload:
        return []  # erased; or no longer readable, and then the commitment has told
    sentences = []
    if "submission_digest" in payload and not _holds(
        connection,
        _SUBMISSION,
        {"of": payload.get("submission")},
        submission_digest,
        payload["submission_digest"],
    ):
        sentences.append(f"Entry {entry.seq}: its submission is not the one that was recorded.")
    if "journal_digest" in payload and not _holds(
        connection,
        _JOURNAL,
        {"of": entry.chain, "row": payload.get("journal")},
        journal_digest,
        payload["journal_digest"],
    ):
        sentences.append(f"Entry {entry.seq}: its journal row is not the one that was recorded.")
    if entry.event == Event.VERSION_RELEASED and not _is_version_kept(connection, payload):
        sentences.append(f"Entry {entry.seq}: the released version is not the one that was recorded.")
    return sentences


def _holds(
    connection: Connection,
    statement: Any,
    key: dict[str, Any],
    digest: Callable[[Mapping[str, Any]], str],
    recorded: str,
) -> bool:
    """Whether the row an entry vouches for is there, and still is what it was."""
    try:
        row = connection.execute(statement, key).mappings().one_or_none()
    except ValueError:
        return False  # a time that is no time any more
    return row is not None and digest({str(name): value for name, value in row.items()}) == recorded


def _is_version_kept(connection: Connection, payload: dict[str, Any]) -> bool:
    """Whether a released version's files still give its hash, and its row says what was recorded."""
    files = connection.execute(
        select(version_files.c.path, version_files.c.content).where(
            version_files.c.hash == payload.get("version")
        )
    ).all()
    row = connection.execute(
        select(versions.c.number, versions.c.note).where(
            versions.c.key == payload.get("policy"), versions.c.hash == payload.get("version")
        )
    ).one_or_none()
    if row is None or (row.number, row.note) != (payload.get("number"), payload.get("note")):
        return False
    if any(isinstance(file.content, str) for file in files):
        return False  # SQLite keeps whatever was put there
    return content_hash({file.path: bytes(file.content) for file in files}) == payload.get("version")


def _unvouched(connection: Connection, chain: str, links: Sequence[Link]) -> list[AuditFault]:
    """Journal rows and submissions of a case that no entry of its chain speaks of.

    An entry whose payload was erased may have spoken of one of each.
    """
    payloads = [_payload(entry) for entry in links]
    erased = sum(payload is None for payload in payloads)
    known = [payload for payload in payloads if payload]
    found: list[AuditFault] = []
    for statement, key, what in (
        (select(journal.c.seq).where(journal.c.instance_id == chain), "journal", "journal row"),
        (select(submissions.c.id).where(submissions.c.instance_id == chain), "submission", "submission"),
    ):
        vouched = {payload.get(key) for payload in known}
        alone = [value for value in connection.execute(statement).scalars() if value not in vouched]
        if len(alone) > erased:
            last = links[-1].seq if links else 0
            found.extend(
                AuditFault(chain, last, f"The chain says nothing of the {what} {value!r}.") for value in alone
            )
    return found


def _payload(entry: Link) -> dict[str, Any] | None:
    """An entry's payload; None where it was erased, empty where it cannot be read."""
    if entry.payload is None:
        return None
    try:
        payload = load_tagged(entry.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def _without_chain(connection: Connection) -> list[AuditFault]:
    """Cases of which the whole chain is gone."""
    lost = connection.execute(
        select(journal.c.instance_id)
        .distinct()
        .where(journal.c.instance_id.not_in(select(audit_chains.c.chain)))
        .order_by(journal.c.instance_id)
    ).scalars()
    return [AuditFault(chain, 0, "The case has no audit chain.") for chain in lost]
