"""Boundary reviews with the wards they moved, and when vacancies are to be filled."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "boundary_reviews",
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_reviews")),
    )
    op.create_table(
        "boundary_moves",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("from_team_id", sa.Integer(), nullable=False),
        sa.Column("to_team_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_team_id <> to_team_id", name=op.f("ck_boundary_moves_to_another_team")),
        sa.ForeignKeyConstraint(["from_team_id"], ["teams.id"], name=op.f("fk_boundary_moves_from_team_id")),
        sa.ForeignKeyConstraint(["review_id"], ["boundary_reviews.id"], name=op.f("fk_boundary_moves_review_id")),
        sa.ForeignKeyConstraint(["to_team_id"], ["teams.id"], name=op.f("fk_boundary_moves_to_team_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"], name=op.f("fk_boundary_moves_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_moves")),
        sa.UniqueConstraint("review_id", "ward_id", name=op.f("uq_boundary_moves_review_id_ward_id")),
    )
    with op.batch_alter_table("boundary_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_boundary_moves_ward_id"), ["ward_id"], unique=False)

    op.create_table(
        "vacancy_plans",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("planned_fill_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_vacancy_plans_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy_plans")),
    )
    with op.batch_alter_table("vacancy_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vacancy_plans_post_id_set_on"), ["post_id", "set_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("vacancy_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vacancy_plans_post_id_set_on"))

    op.drop_table("vacancy_plans")
    with op.batch_alter_table("boundary_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_boundary_moves_ward_id"))

    op.drop_table("boundary_moves")
    op.drop_table("boundary_reviews")
