"""What was counted for plans in published files, the priorities they serve, and until when their text is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    op.create_table(
        "plan_counts",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=True),
        *(sa.Column(name, sa.Date(), nullable=False) for name in SPANS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in FIGURES),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "before_last >= before_first AND after_last >= after_first", name=op.f("ck_plan_counts_in_order")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_counts_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_counts")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_counts_plan_id")),
    )
    op.create_table(
        "plan_count_wards",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.Enum(*AREAS, name="area", native_enum=False, length=40), nullable=False),
        sa.Column("ward_code", sa.String(length=40), nullable=False),
        sa.Column("ward_name", sa.String(length=200), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_count_wards_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_count_wards")),
        sa.UniqueConstraint("plan_id", "ward_code", name=op.f("uq_plan_count_wards_plan_id_ward_code")),
    )
    op.create_table(
        "partnership_priorities",
        sa.Column("list", sa.Enum(*LISTS, name="prioritylist", native_enum=False, length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= first_day", name=op.f("ck_partnership_priorities_days_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_priorities")),
        sa.UniqueConstraint("list", "name", "first_day", name=op.f("uq_partnership_priorities_list_name_first_day")),
    )
    op.create_table(
        "plan_tags",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_tags_plan_id")),
        sa.ForeignKeyConstraint(["priority_id"], ["partnership_priorities.id"], name=op.f("fk_plan_tags_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_tags")),
        sa.UniqueConstraint("plan_id", "priority_id", name=op.f("uq_plan_tags_plan_id_priority_id")),
    )
    op.create_index(op.f("ix_plan_tags_priority_id"), "plan_tags", ["priority_id"], unique=False)
    # Added one by one and not by making the table anew, which on SQLite would lose its triggers.
    op.add_column("plans", sa.Column("retention_review_on", sa.Date(), nullable=True))
    op.add_column("plans", sa.Column("disposal_proposed_on", sa.Date(), nullable=True))
    op.add_column("plans", sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("disposed_by", sa.String(length=254), nullable=True))


AREAS = ("treated", "comparison", "displacement", "control")
LISTS = ("district", "jsa", "strategic")
SPANS = ("before_first", "before_last", "after_first", "after_last")
FIGURES = ("unlocated_before", "unlocated_after", "outside_before", "outside_after", "without_id")


def downgrade() -> None:
    for column in ("disposed_by", "disposed_at", "disposal_proposed_on", "retention_review_on"):
        op.drop_column("plans", column)
    for table in ("plan_tags", "partnership_priorities", "plan_count_wards", "plan_counts"):
        op.drop_table(table)
