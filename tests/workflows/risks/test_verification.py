"""A row that was changed past the software is found, in every table that says who decided what."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Table, text

from tests.workflows.keeping import Keeping
from workflows.committee.models import committee_members
from workflows.identity.models import appointments
from workflows.risks.models import (
    appetites,
    assessments,
    decision_snapshots,
    decisions,
    outdated_decisions,
    risk_statuses,
    risk_versions,
    risks,
)
from workflows.types import SYSTEM_PERSON, Level
from workflows.verification import domain_faults

ALTERED: list[tuple[Table, dict[str, Any], str]] = [
    (decisions, {"reason": "Nobody said so."}, "Decision"),
    (decisions, {"decided_by": "ciso"}, "Decision"),
    (assessments, {"level": "very low"}, "Assessment"),
    (risk_statuses, {"by": "ciso"}, "Status"),
    (risks, {"status": "closed"}, "status"),
    (risks, {"level_rank": 0}, "level_rank"),
    (risks, {"raised_by": "cio"}, "raised_by"),
    (risks, {"title": "Nothing"}, "title"),
    (risk_versions, {"reason": "Another reason"}, "Version"),
    (decision_snapshots, {"content": {"nothing": 1}}, "snapshot"),
    (outdated_decisions, {"reason": "Nothing much"}, "Note"),
    (appetites, {"appetite": "very high"}, "Appetite"),
    (appointments, {"basis": "A rumour"}, "Appointment"),
    (committee_members, {"is_chair": True}, "Member"),
]


def fill(keeping: Keeping) -> None:
    parley, people = keeping.parley, keeping.people
    risk_id = keeping.risk()
    keeping.decide(risk_id)
    parley.register.amend(people["cio"], risk_id, {"description": "Worse."}, "News")
    parley.register.set_appetite(people["sponsor"], "", Level.MODERATE, Level.HIGH, basis="Board")
    parley.committee.add_committee(SYSTEM_PERSON, id="steering", name="Steering committee")
    parley.committee.add_member(
        SYSTEM_PERSON,
        "steering",
        "raiser",
        function="finance",
        valid_from=keeping.clock.time,
        basis="Charter",
    )


def sentences(keeping: Keeping) -> list[str]:
    with keeping.parley.database.reading() as connection:
        assert not keeping.parley.engine.audit.verify(connection).faults
        return [fault.sentence for fault in domain_faults(connection)]


def past_the_software(keeping: Keeping, table: Table, statement: Any) -> None:
    """As somebody does who owns the database: the triggers are taken off first."""
    with keeping.parley.database.unit_of_work() as uow:
        connection = uow.connection
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for event in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table.name}_no_{event}"))
        connection.execute(statement)


def test_what_was_done_through_the_software_holds(keeping: Keeping) -> None:
    fill(keeping)
    assert sentences(keeping) == []


@pytest.mark.parametrize(
    ("table", "values", "named"), ALTERED, ids=[f"{t.name}-{next(iter(v))}" for t, v, _ in ALTERED]
)
def test_a_changed_row_is_found_and_named(
    keeping: Keeping, table: Table, values: dict[str, Any], named: str
) -> None:
    fill(keeping)
    past_the_software(keeping, table, table.update().values(**values))
    found = sentences(keeping)
    assert found
    assert any(named in sentence for sentence in found)


@pytest.mark.parametrize("table", [assessments, risk_statuses, committee_members], ids=lambda t: t.name)
def test_a_row_taken_away_is_found(keeping: Keeping, table: Table) -> None:
    fill(keeping)
    past_the_software(keeping, table, table.delete())
    assert any("is gone" in sentence for sentence in sentences(keeping))
