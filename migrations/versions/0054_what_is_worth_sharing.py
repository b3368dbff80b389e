"""What makes a plan worth finding again: its CHEERS test, the outer triangle, good practice, reuse, scores."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0051"

TEXTS = (
    "cheers_community",
    "cheers_harm",
    "cheers_expectation",
    "cheers_events",
    "cheers_recurring",
    "cheers_similarity",
    "guardian",
    "manager",
    "handler",
    "hypotheses",
    "tried",
)
SCORED = ("scanning", "analysis", "response", "assessment")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("plans", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "good_practices",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "approved", "declined", "withdrawn", name="practicestate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=254), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=254), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_good_practices_decided")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_good_practices_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_good_practices")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_good_practices_plan_id")),
    )
    op.create_table(
        "plan_reuses",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("from_plan_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("plan_id <> from_plan_id", name=op.f("ck_plan_reuses_of_another")),
        sa.ForeignKeyConstraint(["from_plan_id"], ["plans.id"], name=op.f("fk_plan_reuses_from_plan_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_reuses_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reuses")),
        sa.UniqueConstraint("plan_id", "from_plan_id", name=op.f("uq_plan_reuses_plan_id_from_plan_id")),
    )
    op.create_index(op.f("ix_plan_reuses_from_plan_id"), "plan_reuses", ["from_plan_id"], unique=False)
    op.create_table(
        "plan_scores",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SCORED),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(f"{name} BETWEEN 0 AND 5", name=op.f(f"ck_plan_scores_{name}")) for name in SCORED),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_scores_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_scores")),
    )
    op.create_index(op.f("ix_plan_scores_plan_id"), "plan_scores", ["plan_id"], unique=False)


def downgrade() -> None:
    for table in ("plan_scores", "plan_reuses", "good_practices"):
        op.drop_table(table)
    with op.batch_alter_table("plans") as batch:
        for name in TEXTS:
            batch.drop_column(name)
