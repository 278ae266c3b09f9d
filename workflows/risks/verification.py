"""Whether the register says what was recorded: ratings, statuses, decisions, versions, appetite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from engine.audit.types import AuditFault
from workflows.comparing import Comparison, Entry, Written, as_recorded, column_values, faults
from workflows.events import DomainEvent, risk_chain
from workflows.risks.details import details_by_id
from workflows.risks.models import (
    appetites,
    assessments,
    challenges,
    decision_snapshots,
    decisions,
    envelope_signatures,
    kev_imports,
    matrices,
    outdated_decisions,
    risk_link_endings,
    risk_links,
    risk_statuses,
    risk_versions,
    risks,
)
from workflows.risks.scales import Level
from workflows.risks.snapshots import digest
from workflows.risks.types import AssessmentKind

_PROJECTED = ("title", "description", "category", "due_date", "priority", "is_confidential")


def risk_of(entry: Entry) -> str:
    """The risk whose chain an entry is in."""
    return entry.chain.removeprefix(risk_chain(""))


def _assessment(entry: Entry) -> Iterator[Written]:
    values = column_values(assessments, entry.payload) | {"at": entry.at}
    if "seq" in values:
        yield Written((risk_of(entry), values["seq"]), values)


def _status(entry: Entry) -> Iterator[Written]:
    values = column_values(risk_statuses, entry.payload) | {"at": entry.at, "by": entry.actor}
    yield Written((risk_of(entry), values["seq"]), values)


def _decision(entry: Entry) -> Iterator[Written]:
    if "decision" in entry.payload:
        values = column_values(decisions, entry.payload) | {"risk_id": risk_of(entry)}
        yield Written((entry.payload["decision"],), values)


def _snapshot(entry: Entry) -> Iterator[Written]:
    if "snapshot" in entry.payload:
        yield Written((entry.payload["decision"],), {"sha256": entry.payload["snapshot"]})


def _version(entry: Entry) -> Iterator[Written]:
    if "details" in entry.payload:
        key = (risk_of(entry), entry.payload.get("seq", 1))
        values: dict[str, Any] = {"details": entry.payload["details"], "at": entry.at, "by": entry.actor}
        yield Written(key, values | column_values(risk_versions, entry.payload, "seq", "details"))


def _raised(entry: Entry) -> Iterator[Written]:
    values = {key: entry.payload[key] for key in ("raised_by", "cve_id") if key in entry.payload}
    yield Written((risk_of(entry),), values | {"raised_at": entry.at})


def _of_risk(table: Table, key: str, **named: str) -> Callable[[Entry], Iterator[Written]]:
    """Reads an entry in a risk's chain that holds a row about that risk."""
    read = as_recorded(table, (key,), **named)

    def with_risk(entry: Entry) -> Iterator[Written]:
        for one in read(entry):
            yield Written(one.key, {**one.values, "risk_id": risk_of(entry)})

    return with_risk


def _catalogue(entry: Entry) -> Iterator[Written]:
    # The entry counts the faults; the rows say them.
    values = column_values(kev_imports, entry.payload, "faults") | {"at": entry.at, "by": entry.actor}
    yield Written((entry.at, values["sha256"]), values)


def _outdated(entry: Entry) -> Iterator[Written]:
    values = column_values(outdated_decisions, entry.payload) | {"at": entry.at, "by": entry.actor}
    yield Written((values["decision_id"], values["seq"]), values)


def _appetite(entry: Entry) -> Iterator[Written]:
    values = column_values(appetites, entry.payload) | {"at": entry.at, "by": entry.actor}
    yield Written((values["seq"],), values)


def _matrix(entry: Entry) -> Iterator[Written]:
    values = column_values(matrices, entry.payload) | {"at": entry.at, "by": entry.actor}
    yield Written((values["seq"],), values)


_E = DomainEvent
COMPARISONS = (
    Comparison(assessments, ("risk_id", "seq"), (_E.RISK_ASSESSED,), _assessment, "Assessment"),
    Comparison(risk_statuses, ("risk_id", "seq"), (_E.RISK_STATUS,), _status, "Status"),
    Comparison(decisions, ("id",), (_E.RISK_DECIDED,), _decision, "Decision"),
    Comparison(decision_snapshots, ("decision_id",), (_E.RISK_DECIDED,), _snapshot, "Snapshot of decision"),
    Comparison(
        risk_versions, ("risk_id", "seq"), (_E.RISK_RAISED, _E.RISK_CHANGED), _version, "Version of risk"
    ),
    Comparison(risks, ("id",), (_E.RISK_RAISED,), _raised, "Risk"),
    Comparison(
        outdated_decisions, ("decision_id", "seq"), (_E.DECISION_OUTDATED,), _outdated, "Note on decision"
    ),
    Comparison(appetites, ("seq",), (_E.APPETITE_SET,), _appetite, "Appetite"),
    Comparison(matrices, ("seq",), (_E.MATRIX_SET,), _matrix, "Table of levels"),
    Comparison(
        challenges, ("case_id",), (_E.RISK_CHALLENGED,), _of_risk(challenges, "case_id"), "Challenge in case"
    ),
    Comparison(
        envelope_signatures,
        ("id",),
        (_E.ENVELOPE_SIGNED,),
        _of_risk(envelope_signatures, "id"),
        "Signature of an envelope",
    ),
    Comparison(risk_links, ("id",), (_E.RISK_LINKED,), _of_risk(risk_links, "id", id="link"), "Link"),
    Comparison(
        risk_link_endings,
        ("link_id",),
        (_E.RISK_UNLINKED,),
        as_recorded(risk_link_endings, ("link_id",), link_id="link"),
        "End of link",
    ),
    Comparison(
        kev_imports, ("at", "sha256"), (_E.CATALOGUE_IMPORTED,), _catalogue, "Import of the catalogue"
    ),
)


def register_faults(connection: Connection) -> list[AuditFault]:
    """Where the register and the chains differ, or the register's lists and what they are made from."""
    found = [fault for comparison in COMPARISONS for fault in faults(connection, comparison)]
    return [*found, *_snapshots(connection), *_projections(connection)]


def _snapshots(connection: Connection) -> Iterator[AuditFault]:
    for row in connection.execute(select(decision_snapshots).order_by(decision_snapshots.c.decision_id)):
        if digest(row.content) != row.sha256:
            yield AuditFault(
                decision_snapshots.name, 0, f"The snapshot of decision {row.decision_id} was altered."
            )


def _projections(connection: Connection) -> Iterator[AuditFault]:
    """A risk's status, level and fields in lists are those of the newest rows they are made from."""
    statuses: dict[str, Mapping[str, Any]] = {}
    for status in connection.execute(select(risk_statuses).order_by(risk_statuses.c.seq)).mappings():
        statuses[status["risk_id"]] = dict(status)
    levels: dict[str, str] = {}
    for rating in connection.execute(
        select(assessments)
        .where(assessments.c.kind != AssessmentKind.RESIDUAL.value)
        .order_by(assessments.c.seq)
    ):
        levels[rating.risk_id] = rating.level
    rows = connection.execute(select(risks).order_by(risks.c.id)).all()
    details = details_by_id(connection, [row.id for row in rows])
    for row in rows:
        newest, wrong = statuses.get(row.id), []
        if newest is None or row.status != newest["target"]:
            wrong.append("status")
        if newest is None or row.status_since != newest["at"]:
            wrong.append("status_since")
        if row.id not in levels or row.level_rank != Level(levels[row.id]).rank:
            wrong.append("level_rank")
        wrong += [name for name in _PROJECTED if getattr(row, name) != getattr(details[row.id], name)]
        if wrong:
            sentence = f"Risk {row.id} is not listed as it was recorded: {', '.join(wrong)}."
            yield AuditFault(risk_chain(row.id), 0, sentence)
