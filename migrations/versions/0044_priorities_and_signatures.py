"""The steps of a priority, what the community says of it, its signatures, and the plan that answers it.

Steps and signatures are final: the database itself refuses to change or delete one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0031"

FINAL = ("priority_events", "signatures")
REFUSAL = "what was decided is never changed"
FUNCTION = "refuse_change_of_decision"


def upgrade() -> None:
    with op.batch_alter_table("priorities") as batch:
        batch.add_column(sa.Column("plan_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_priorities_plan_id"), "plans", ["plan_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_priorities_plan_id"), ["plan_id"])
    _events()
    _feedback()
    _signatures()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        for table in FINAL:
            op.execute(
                f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
            )
        return
    for table in FINAL:
        for when in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_are_final_{when.lower()} BEFORE {when} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        # REPLACE deletes without asking the trigger above.
        op.execute(
            f"CREATE TRIGGER {table}_are_final_insert BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def _events() -> None:
    op.create_table(
        "priority_events",
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("minute_ref", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_priority_events_meeting_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_priority_events_plan_id")),
        sa.ForeignKeyConstraint(["priority_id"], ["priorities.id"], name=op.f("fk_priority_events_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_events")),
    )
    for column in ("priority_id", "meeting_id", "plan_id"):
        op.create_index(op.f(f"ix_priority_events_{column}"), "priority_events", [column], unique=False)


def _feedback() -> None:
    op.create_table(
        "community_feedback",
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["priority_id"], ["priorities.id"], name=op.f("fk_community_feedback_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_feedback")),
    )
    op.create_index(op.f("ix_community_feedback_priority_id"), "community_feedback", ["priority_id"], unique=False)


def _signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=254), nullable=False),
        sa.Column("signed_by_user_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("chair_type", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("minute_ref", sa.String(length=200), nullable=False),
        sa.Column("unanimous", sa.Boolean(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("votes_abstained", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(unanimous AND votes_for IS NULL AND votes_against IS NULL AND votes_abstained IS NULL) OR (NOT unanimous "
            "AND votes_for IS NOT NULL AND votes_against IS NOT NULL AND votes_abstained IS NOT NULL)",
            name=op.f("ck_signatures_consent_unanimous_or_counted"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_signatures_meeting_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_signatures_plan_id")),
        sa.ForeignKeyConstraint(["priority_id"], ["priorities.id"], name=op.f("fk_signatures_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("priority_id", "round", name=op.f("uq_signatures_priority_id_round")),
    )
    for column in ("plan_id", "meeting_id"):
        op.create_index(op.f(f"ix_signatures_{column}"), "signatures", [column], unique=False)


def downgrade() -> None:
    # Their triggers go with them.
    for table in ("signatures", "community_feedback", "priority_events"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {FUNCTION}()")
    with op.batch_alter_table("priorities") as batch:
        batch.drop_constraint(op.f("uq_priorities_plan_id"), type_="unique")
        batch.drop_constraint(op.f("fk_priorities_plan_id"), type_="foreignkey")
        batch.drop_column("plan_id")
