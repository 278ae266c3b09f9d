"""The record on both databases: nobody changes it unnoticed, whoever connects to the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError

from engine.audit.models import audit_chains, audit_entries
from engine.definitions.models import version_files, versions
from engine.instances.models import journal, reveals, submissions
from tests.engine.drawing import Drawing
from tests.engine.playing import Stage

APPEND_ONLY = [audit_entries, journal, submissions, reveals, version_files, versions]


@pytest.fixture
def told(alone: Stage) -> Stage:
    """A stage with a finished case: two blind positions, an operation, a decision."""
    drawing = (
        Drawing()
        .start()
        .parallel("ask", "both_in")
        .user("one", parley_blind="positions")
        .user("two", role="ciso", parley_blind="positions")
        .service("record", what="one.say")
        .end()
        .path("start ask one both_in record end", "ask two both_in")
    )
    alone.release(drawing, "p")
    alone.start(title="A risk")
    alone.do("one", "carla", say="yes")
    alone.do("two", "igor", say="no", because="not defensible")
    assert alone.faults() == []
    return alone


@pytest.fixture
def bare(told: Stage) -> Stage:
    """The same with the triggers gone, as somebody with all rights on the database would have it."""
    execute(told, *removed_triggers(told))
    return told


def removed_triggers(stage: Stage) -> Iterator[str]:
    if stage.database.is_sqlite:
        with stage.database.reading() as connection:
            names = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).scalars()
            yield from [f"DROP TRIGGER {name}" for name in names]
            return
    yield from [f"ALTER TABLE {table.name} DISABLE TRIGGER USER" for table in APPEND_ONLY]


def execute(stage: Stage, *statements: str) -> None:
    with stage.database.unit_of_work() as uow:
        if stage.database.is_sqlite:
            uow.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for statement in statements:
            uow.connection.execute(text(statement))


def stored(stage: Stage, table: Table, column: str, where: str) -> Any:
    with stage.database.reading() as connection:
        return connection.execute(text(f"SELECT {column} FROM {table.name} WHERE {where}")).scalar_one()


def entry_of(stage: Stage, key: str, value: Any) -> int:
    """Number of the entry of the case's chain that speaks of something."""
    entries = stage.read(lambda c: stage.engine.audit.entries(c, stage.instance_id))
    return next(e.seq for e in entries if e.payload is not None and e.payload.get(key) == value)


def one_byte_changed(stage: Stage, table: Table, column: str, where: str) -> str:
    """SQL that changes one byte of a value; where there is none, it puts one there."""
    value = stored(stage, table, column, where)
    if value is None:
        return f"UPDATE {table.name} SET {column} = 'x' WHERE {where}"
    if table is audit_entries and column == "seq":
        return f"UPDATE {table.name} SET seq = 1000 WHERE {where}"
    if isinstance(value, int):
        return f"UPDATE {table.name} SET {column} = {column} + 1 WHERE {where}"
    if not isinstance(value, str):  # a time, on PostgreSQL
        return f"UPDATE {table.name} SET {column} = {column} + interval '1 microsecond' WHERE {where}"
    last = value[-1]
    other = {"}": " ", "]": " "}.get(last, "1" if last != "1" else "2")
    return (
        f"UPDATE {table.name} SET {column} = substr({column}, 1, {len(value) - 1}) || '{other}' WHERE {where}"
    )


def changing(stage: Stage, table: Table, where: str, moved: str | None = None) -> Iterator[str]:
    """Each column of a row in turn, with one byte of it changed; put back as it was afterwards."""
    keys = {column.name for column in table.primary_key} - {"seq"}
    for column in [str(column.name) for column in table.c]:
        if column in keys or (table is journal and column == "seq") or column == "instance_id":
            continue
        change = one_byte_changed(stage, table, column, where)
        execute(stage, f"CREATE TABLE kept AS SELECT * FROM {table.name} WHERE {where}", change)
        yield column
        execute(
            stage,
            f"DELETE FROM {table.name} WHERE {moved or where}",
            f"INSERT INTO {table.name} SELECT * FROM kept",
            "DROP TABLE kept",
        )
    assert stage.faults() == []


def test_one_byte_of_any_entry_is_found_and_the_entry_named(bare: Stage) -> None:
    entries = bare.read(lambda c: bare.engine.audit.entries(c, bare.instance_id))
    assert len(entries) >= 5
    for entry in entries:
        chain = f"chain = '{entry.chain}' AND seq"
        changed = set()
        # A number is changed to one that is free, so that it is the number that is wrong and nothing else.
        for column in changing(
            bare, audit_entries, f"{chain} = {entry.seq}", f"{chain} IN ({entry.seq}, 1000)"
        ):
            named, seq, sentence = bare.faults()[0]
            assert (named, seq) == (bare.instance_id, entry.seq), column
            assert str(entry.seq) in sentence
            changed.add(column)
        assert changed == {"seq", "at", "actor", "event", "payload", "salt", "commitment", "hash"}


def test_one_byte_of_any_submission_is_found(bare: Stage) -> None:
    for submission in bare.read(
        lambda c: bare.engine.instances.submissions(c, bare.instance_id, reader=None)
    ):
        expected = (bare.instance_id, entry_of(bare, "submission", submission.id))
        changed = 0
        for column in changing(bare, submissions, f"id = '{submission.id}'"):
            assert expected in [fault[:2] for fault in bare.faults()], column
            changed += 1
        assert changed == len(submissions.c) - 2


def test_one_byte_of_any_journal_row_is_found(bare: Stage) -> None:
    for row in bare.read(lambda c: bare.engine.instances.journal(c, bare.instance_id)):
        expected = (bare.instance_id, entry_of(bare, "journal", row.seq))
        changed = 0
        for column in changing(bare, journal, f"seq = {row.seq}"):
            assert expected in [fault[:2] for fault in bare.faults()], column
            changed += 1
        assert changed == len(journal.c) - 2


def test_an_entry_deleted_in_the_middle_is_named(bare: Stage) -> None:
    execute(bare, f"DELETE FROM audit_entries WHERE chain = '{bare.instance_id}' AND seq = 3")
    assert bare.faults()[0][:2] == (bare.instance_id, 3)


def test_an_entry_deleted_at_the_end_is_named(bare: Stage) -> None:
    last = len(bare.read(lambda c: bare.engine.audit.entries(c, bare.instance_id)))
    execute(bare, f"DELETE FROM audit_entries WHERE chain = '{bare.instance_id}' AND seq = {last}")
    assert bare.faults() == [
        (bare.instance_id, last, f"The chain should end with entry {last}, and does not.")
    ]


def test_entries_cut_off_together_with_the_head_leave_rows_that_nobody_vouches_for(bare: Stage) -> None:
    kept = bare.read(lambda c: bare.engine.audit.entries(c, bare.instance_id))[0]
    execute(
        bare,
        f"DELETE FROM audit_entries WHERE chain = '{bare.instance_id}' AND seq > 1",
        f"UPDATE audit_chains SET seq = 1, hash = '{kept.hash}' WHERE chain = '{bare.instance_id}'",
    )
    assert {(chain, seq) for chain, seq, _ in bare.faults()} == {(bare.instance_id, 1)}


def test_a_case_whose_chain_is_gone_is_named(bare: Stage) -> None:
    execute(
        bare,
        f"DELETE FROM audit_entries WHERE chain = '{bare.instance_id}'",
        f"DELETE FROM audit_chains WHERE chain = '{bare.instance_id}'",
    )
    assert bare.faults() == [(bare.instance_id, 0, "The case has no audit chain.")]


def test_a_submission_that_was_slipped_in_is_found(bare: Stage) -> None:
    columns = ", ".join(c.name for c in submissions.c if c.name not in ("id", "token"))
    execute(
        bare,
        f"INSERT INTO submissions (id, {columns}) SELECT 'forged', {columns} FROM submissions WHERE seq = 2",
    )
    assert [(chain, "forged" in sentence) for chain, _, sentence in bare.faults()] == [
        (bare.instance_id, True)
    ]


def test_a_deleted_submission_is_found(bare: Stage) -> None:
    number = entry_of(bare, "round", 1)
    execute(bare, "DELETE FROM submissions WHERE seq = 1")
    assert [fault[:2] for fault in bare.faults()] == [(bare.instance_id, number)]


def test_one_byte_of_a_released_diagram_is_found(bare: Stage) -> None:
    changed = "CAST(' ' || content AS BLOB)" if bare.database.is_sqlite else "' '::bytea || content"
    execute(bare, f"UPDATE version_files SET content = {changed} WHERE path = 'p.bpmn'")
    assert [fault[:2] for fault in bare.faults()] == [("policy:p", 1)]


def test_what_the_law_wants_erased_can_be_and_the_chain_holds(told: Stage) -> None:
    execute(told, f"UPDATE audit_entries SET payload = NULL, salt = NULL WHERE chain = '{told.instance_id}'")
    assert told.faults() == []
    entries = told.read(lambda c: told.engine.audit.entries(c, told.instance_id))
    assert {entry.payload for entry in entries} == {None}


def test_the_database_itself_refuses_to_touch_what_is_on_record(told: Stage) -> None:
    before = told.counts()
    for table in APPEND_ONLY:
        with pytest.raises(DBAPIError, match="never deleted"):
            execute(told, f"DELETE FROM {table.name}")
        if not told.database.is_sqlite:
            with pytest.raises(DBAPIError, match="never deleted"):
                execute(told, f"TRUNCATE {table.name} CASCADE")
        for column in table.c:
            with pytest.raises(DBAPIError, match="never changed"):
                execute(told, f"UPDATE {table.name} SET {column.name} = {column.name}")
    assert told.counts() == before
    assert told.faults() == []


def test_nothing_leaves_a_head_behind_its_chain(told: Stage) -> None:
    with told.database.reading() as connection:
        heads = {row.chain: row.seq for row in connection.execute(audit_chains.select())}
        assert set(heads) == {told.instance_id, "policy:p"}
        for chain, seq in heads.items():
            assert [e.seq for e in told.engine.audit.entries(connection, chain)] == list(range(1, seq + 1))
