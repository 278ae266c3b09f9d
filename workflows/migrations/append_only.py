"""Triggers that keep rows as they were written: no update and no delete, whoever connects to the database."""

from __future__ import annotations

from alembic import op

TABLES = (
    "appointment_endings",
    "appointments",
    "assessments",
    "committee_members",
    "decisions",
    "exemptions",
    "installation",
    "kev_imports",
    "member_endings",
    "risk_statuses",
    "seats",
)
"""Tables of the domain that are only ever added to."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION workflows_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END $$
"""


def protect(tables: tuple[str, ...] = TABLES) -> None:
    """Put the triggers on the tables of the database that is being migrated."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(_FUNCTION)
        for table in tables:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION workflows_append_only()"
            )
        return
    for table in tables:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
            )
