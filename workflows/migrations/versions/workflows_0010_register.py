"""Versions, links and readers of risks; what decisions rest on; imports of a register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0010_register"
down_revision = "workflows_0009_appetite"
branch_labels = None
depends_on = None

PERMANENT = (
    "decision_snapshots",
    "import_starts",
    "import_undos",
    "imported_risks",
    "outdated_decisions",
    "register_imports",
    "risk_link_endings",
    "risk_links",
    "risk_versions",
)


def upgrade() -> None:
    _imports()
    _risks()
    _decisions()
    protect(PERMANENT)


def _imports() -> None:
    op.create_table(
        "register_imports",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_imports")),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.String(length=20), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_imports.id"], name=op.f("fk_import_rows_import_id_register_imports")
        ),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_import_rows")),
    )
    op.create_table(
        "import_starts",
        sa.Column("import_id", sa.String(length=20), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_imports.id"], name=op.f("fk_import_starts_import_id_register_imports")
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_starts")),
    )
    op.create_table(
        "import_undos",
        sa.Column("import_id", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_imports.id"], name=op.f("fk_import_undos_import_id_register_imports")
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_undos")),
    )
    op.create_table(
        "imported_risks",
        sa.Column("import_id", sa.String(length=20), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_imports.id"], name=op.f("fk_imported_risks_import_id_register_imports")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_imported_risks_risk_id_risks")),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_imported_risks")),
        sa.UniqueConstraint("risk_id", name=op.f("uq_imported_risks_risk_id")),
    )


def _risks() -> None:
    op.create_table(
        "risk_links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("other_id", sa.String(length=20), nullable=True),
        sa.Column("case_id", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(other_id IS NULL) <> (case_id IS NULL)", name=op.f("ck_risk_links_one_end")),
        sa.CheckConstraint("other_id IS NULL OR other_id <> risk_id", name=op.f("ck_risk_links_to_itself")),
        sa.ForeignKeyConstraint(["other_id"], ["risks.id"], name=op.f("fk_risk_links_other_id_risks")),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_risk_links_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_links")),
    )
    op.create_index(op.f("ix_risk_links_other_id"), "risk_links", ["other_id"], unique=False)
    op.create_index(op.f("ix_risk_links_risk_id"), "risk_links", ["risk_id"], unique=False)
    op.create_table(
        "risk_readers",
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_risk_readers_person_id_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_risk_readers_risk_id_risks")),
        sa.PrimaryKeyConstraint("risk_id", "person_id", name=op.f("pk_risk_readers")),
    )
    op.create_index(op.f("ix_risk_readers_person_id"), "risk_readers", ["person_id"], unique=False)
    op.create_table(
        "risk_versions",
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_risk_versions_risk_id_risks")),
        sa.PrimaryKeyConstraint("risk_id", "seq", name=op.f("pk_risk_versions")),
    )
    op.create_table(
        "risk_link_endings",
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["risk_links.id"], name=op.f("fk_risk_link_endings_link_id_risk_links")
        ),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_risk_link_endings")),
    )
    op.add_column("risks", sa.Column("priority", sa.Integer(), nullable=True))
    op.add_column(
        "risks", sa.Column("is_confidential", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def _decisions() -> None:
    op.create_table(
        "decision_snapshots",
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_snapshots_decision_id_decisions")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision_snapshots")),
    )
    op.create_table(
        "outdated_decisions",
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_outdated_decisions_decision_id_decisions")
        ),
        sa.PrimaryKeyConstraint("decision_id", "seq", name=op.f("pk_outdated_decisions")),
    )
