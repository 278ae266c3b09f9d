"""Triggers that keep the record as it was written, whoever connects to the database."""

from __future__ import annotations

from alembic import op

APPEND_ONLY = ("journal", "reveals", "submissions", "version_files")
"""Rows of these are never changed, never deleted."""

_AUDIT_KEPT = ("chain", "seq", "at", "actor", "event", "commitment", "hash")
_VERSION_KEPT = ("hash", "key", "number", "title", "recorded_at", "recorded_by", "note")

_ERASED = "NEW.payload IS NULL AND NEW.salt IS NULL"
"""The one change an audit entry may see: its payload erased, where the law wants it."""


def protect() -> None:
    """Put the triggers on the tables of the database that is being migrated."""
    for table in APPEND_ONLY:
        _refuse(table, "UPDATE", "rows are never changed")
        _refuse(table, "DELETE", "rows are never deleted")
    _refuse("audit_entries", "DELETE", "entries are never deleted")
    _refuse(
        "audit_entries", "UPDATE", "entries are never changed", unless=f"{_same(_AUDIT_KEPT)} AND {_ERASED}"
    )
    _refuse("versions", "DELETE", "versions are never deleted")
    _refuse(
        "versions",
        "UPDATE",
        "released versions are never changed",
        unless=f"{_same(_VERSION_KEPT)} AND OLD.state = 'released' AND NEW.state = 'retired'",
    )

    for table in (*APPEND_ONLY, "audit_entries", "versions"):
        _refuse_truncation(table)


def protect_rows(table: str) -> None:
    """Keep rows of a later table as they were written."""
    _refuse(table, "UPDATE", "rows are never changed")
    _refuse(table, "DELETE", "rows are never deleted")
    _refuse_truncation(table)


def _refuse_truncation(table: str) -> None:
    """PostgreSQL can empty a table without a trigger for its rows; SQLite cannot."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_delete()"
        )


def _same(columns: tuple[str, ...]) -> str:
    return " AND ".join(f"NEW.{column} = OLD.{column}" for column in columns)


def _refuse(table: str, event: str, sentence: str, unless: str | None = None) -> None:
    name = f"{table}_no_{event.lower()}"
    when = "" if unless is None else f"WHEN (NOT coalesce({unless}, {_false()}))"
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table}: {sentence}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN "
        f"SELECT RAISE(ABORT, '{table}: {sentence}'); END"
    )


def _false() -> str:
    return "FALSE" if op.get_context().dialect.name == "postgresql" else "0"
