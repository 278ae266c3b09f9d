"""The weekly dialogue: what was agreed stays for good, notes do not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0002_dialogue"
down_revision = "workflows_0001"
branch_labels = None
depends_on = None

PERMANENT = (
    "dialogue_action_ends",
    "dialogue_actions",
    "dialogue_outcomes",
    "dialogue_results",
    "dialogues",
)


def upgrade() -> None:
    op.create_table(
        "dialogues",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_dialogues_unit_units")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_dialogues")),
    )
    op.create_index("ix_dialogues_unit", "dialogues", ["unit", "opened_at"], unique=False)
    op.create_table(
        "dialogue_actions",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dialogues.case_id"], name=op.f("fk_dialogue_actions_case_id_dialogues")
        ),
        sa.ForeignKeyConstraint(["owner"], ["persons.id"], name=op.f("fk_dialogue_actions_owner_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_actions")),
    )
    op.create_index(op.f("ix_dialogue_actions_case_id"), "dialogue_actions", ["case_id"], unique=False)
    op.create_table(
        "dialogue_notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("put_by", sa.String(length=60), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'action' OR (owner IS NOT NULL AND due_on IS NOT NULL)",
            name=op.f("ck_dialogue_notes_action"),
        ),
        sa.CheckConstraint(
            "kind IN ('initiative', 'challenge', 'outcome', 'action')", name=op.f("ck_dialogue_notes_kind")
        ),
        sa.ForeignKeyConstraint(["owner"], ["persons.id"], name=op.f("fk_dialogue_notes_owner_persons")),
        sa.ForeignKeyConstraint(["put_by"], ["persons.id"], name=op.f("fk_dialogue_notes_put_by_persons")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_dialogue_notes_unit_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_notes")),
    )
    op.create_table(
        "dialogue_outcomes",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dialogues.case_id"], name=op.f("fk_dialogue_outcomes_case_id_dialogues")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue_outcomes")),
    )
    op.create_index(op.f("ix_dialogue_outcomes_case_id"), "dialogue_outcomes", ["case_id"], unique=False)
    op.create_table(
        "dialogue_results",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.String(length=20), nullable=False),
        sa.Column("silent", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "confirmation IN ('agreed', 'refused', 'missing', 'none')",
            name=op.f("ck_dialogue_results_confirmation"),
        ),
        sa.CheckConstraint(
            "result IN ('held', 'skipped', 'lapsed')", name=op.f("ck_dialogue_results_result")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dialogues.case_id"], name=op.f("fk_dialogue_results_case_id_dialogues")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_dialogue_results")),
    )
    op.create_table(
        "dialogue_action_ends",
        sa.Column("action_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.CheckConstraint("how IN ('done', 'dropped')", name=op.f("ck_dialogue_action_ends_how")),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["dialogue_actions.id"],
            name=op.f("fk_dialogue_action_ends_action_id_dialogue_actions"),
        ),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_dialogue_action_ends_by_persons")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_dialogue_action_ends")),
    )

    protect(PERMANENT)
