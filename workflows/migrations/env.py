"""Run by Alembic. The connection is handed in: the unit of work that opened it commits."""

from __future__ import annotations

from alembic import context

from workflows.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # One transaction around all of it, the caller's.
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
