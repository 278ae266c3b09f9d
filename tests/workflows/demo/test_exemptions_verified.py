"""The register of exemptions is checked against the record: whoever writes to the file is found out."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from engine.audit.types import AuditFault
from tests.support import databases
from tests.workflows.demo.playing import opened
from workflows.exemptions.verification import faults

COLUMNS = (
    "id, risk_id, case_id, element_id, granted_at, expires_at, days, conditions, compensating_controls, "
    "decided_by, decided_on_behalf_of, decided_tier, basis, record, policy_number, policy_hash"
)


@pytest.fixture
def copy(demonstration_folder: Path, tmp_path: Path) -> str:
    """The address of a demonstration of one's own, to be tampered with."""
    return databases.sqlite_copy(demonstration_folder, tmp_path)


def found(url: str) -> list[AuditFault]:
    parley = opened(url)
    try:
        with parley.database.reading() as connection:
            return faults(connection)
    finally:
        parley.close()


def altered(url: str, *statements: str) -> list[AuditFault]:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return found(url)


def test_the_register_says_what_was_recorded(copy: str) -> None:
    assert found(copy) == []


@pytest.mark.parametrize(
    ("column", "value"), [("expires_at", "'2099-01-01 00:00:00.000000'"), ("conditions", "'None.'")]
)
def test_a_row_put_in_the_place_of_another_is_named(copy: str, column: str, value: str) -> None:
    replaced = COLUMNS.replace(column, value)
    statement = f"INSERT OR REPLACE INTO exemptions SELECT {replaced} FROM exemptions WHERE id = 'E-0001'"
    (fault,) = altered(copy, statement)
    assert fault.chain == "exemption:E-0001"
    assert column in fault.sentence


def test_an_exemption_that_nobody_granted_is_named(copy: str) -> None:
    forged = COLUMNS.replace("id", "'E-9999'", 1)
    (fault,) = altered(copy, f"INSERT INTO exemptions SELECT {forged} FROM exemptions WHERE id = 'E-0001'")
    assert fault.sentence == "Exemption E-9999 has no record of having been granted."


def test_an_exemption_taken_away_is_named(copy: str) -> None:
    connection = sqlite3.connect(copy.removeprefix("sqlite:///"))
    triggers = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'exemptions'"
    ).fetchall()
    connection.close()
    dropped = [f'DROP TRIGGER "{name}"' for (name,) in triggers]
    assert dropped, "the database itself refuses it as long as its triggers stand"
    (fault,) = altered(copy, *dropped, "DELETE FROM exemptions WHERE id = 'E-0001'")
    assert (fault.chain, fault.sentence) == ("exemption:E-0001", "The exemption it records is gone.")
