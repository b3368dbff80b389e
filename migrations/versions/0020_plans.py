"""Plans: problems a team works on by SARA, and the limits below which nothing is said of their impact."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018b"

STAGES = ("objective", "scanning", "analysis", "response", "assessment")
FIGURES = {"impact_least_counted": "10", "impact_least_asked": "30"}


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column(
            "problem_type",
            sa.Enum(
                "anti_social_behaviour",
                "road_safety",
                "burglary",
                "vehicle_crime",
                "damage",
                "theft",
                "drugs",
                "violence",
                "rural",
                "environment",
                "other",
                name="problemtype",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "first_stage",
            sa.Enum(*STAGES, name="stage", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(*STAGES, name="stage", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=254), nullable=False),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_update_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("victim", sa.Text(), nullable=False),
        sa.Column("victim_not", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("location_not", sa.Text(), nullable=False),
        sa.Column("offender", sa.Text(), nullable=False),
        sa.Column("offender_not", sa.Text(), nullable=False),
        sa.Column("community_view", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("needs_sign_off", sa.Boolean(), nullable=False),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_off_by_user_id", sa.Integer(), nullable=True),
        sa.Column("marking_reason", sa.String(length=500), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=254), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "resolved",
                "reduced",
                "no_change",
                "worse",
                "no_longer_a_priority",
                name="outcome",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_plans_closed_with_an_outcome")),
        sa.CheckConstraint(
            "closed_at IS NULL OR needs_sign_off = false OR signed_off_at IS NOT NULL", name=op.f("ck_plans_signed_off")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_plans_author_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_plans_owner_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_plans_supervisor_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_plans_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("ref", name=op.f("uq_plans_ref")),
    )
    op.create_index(op.f("ix_plans_team_id"), "plans", ["team_id"], unique=False)
    op.create_table(
        "plan_actions",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column(
            "side", sa.Enum("victim", "location", "offender", name="side", native_enum=False, length=40), nullable=True
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("partner", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=254), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(done_on IS NULL) = (done_by IS NULL)", name=op.f("ck_plan_actions_done_by_somebody")),
        sa.CheckConstraint("(owner_id IS NULL) <> (partner IS NULL)", name=op.f("ck_plan_actions_one_owner")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_plan_actions_owner_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_actions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_actions")),
    )
    op.create_index(op.f("ix_plan_actions_owner_id"), "plan_actions", ["owner_id"], unique=False)
    op.create_index(op.f("ix_plan_actions_plan_id"), "plan_actions", ["plan_id"], unique=False)
    op.create_table(
        "plan_measures",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("better", sa.Enum("lower", "higher", name="better", native_enum=False, length=40), nullable=False),
        sa.Column("baseline_value", sa.Integer(), nullable=False),
        sa.Column("baseline_first", sa.Date(), nullable=False),
        sa.Column("baseline_last", sa.Date(), nullable=False),
        sa.Column("target_value", sa.Integer(), nullable=True),
        sa.Column("after_value", sa.Integer(), nullable=True),
        sa.Column("after_first", sa.Date(), nullable=True),
        sa.Column("after_last", sa.Date(), nullable=True),
        sa.Column(
            "method", sa.Enum("area", "survey", "none", name="method", native_enum=False, length=40), nullable=False
        ),
        sa.Column("compared_with", sa.String(length=200), nullable=True),
        sa.Column("treated_before", sa.Integer(), nullable=True),
        sa.Column("treated_after", sa.Integer(), nullable=True),
        sa.Column("comparison_before", sa.Integer(), nullable=True),
        sa.Column("comparison_after", sa.Integer(), nullable=True),
        sa.Column("displacement_before", sa.Integer(), nullable=True),
        sa.Column("displacement_after", sa.Integer(), nullable=True),
        sa.Column("control_before", sa.Integer(), nullable=True),
        sa.Column("control_after", sa.Integer(), nullable=True),
        sa.Column("asked_before", sa.Integer(), nullable=True),
        sa.Column("asked_after", sa.Integer(), nullable=True),
        sa.Column("said_before", sa.Integer(), nullable=True),
        sa.Column("said_after", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(after_value IS NULL) = (after_first IS NULL) AND (after_first IS NULL) = (after_last IS NULL)",
            name=op.f("ck_plan_measures_after_with_its_period"),
        ),
        sa.CheckConstraint("baseline_last >= baseline_first", name=op.f("ck_plan_measures_baseline_in_order")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_measures_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_measures")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_measures_plan_id")),
    )
    op.create_table(
        "plan_moves",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column(
            "from_stage",
            sa.Enum(*STAGES, name="stage", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "to_stage",
            sa.Enum(*STAGES, name="stage", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_moves_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_moves")),
    )
    op.create_index(op.f("ix_plan_moves_plan_id"), "plan_moves", ["plan_id"], unique=False)
    op.create_table(
        "plan_readers",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_plan_readers_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_readers_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_readers")),
        sa.UniqueConstraint("plan_id", "person_id", name=op.f("uq_plan_readers_plan_id_person_id")),
    )
    op.create_index(op.f("ix_plan_readers_person_id"), "plan_readers", ["person_id"], unique=False)
    op.create_table(
        "plan_sources",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "crime",
                "asb",
                "intelligence",
                "survey",
                "residents",
                "councillor",
                "partner",
                "panel",
                "officers",
                name="sourcekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_sources_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sources")),
    )
    op.create_index(op.f("ix_plan_sources_plan_id"), "plan_sources", ["plan_id"], unique=False)
    op.create_table(
        "plan_updates",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_updates_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_updates")),
    )
    op.create_index(op.f("ix_plan_updates_plan_id"), "plan_updates", ["plan_id"], unique=False)
    op.create_table(
        "plan_wards",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_wards_plan_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"], name=op.f("fk_plan_wards_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_wards")),
        sa.UniqueConstraint("plan_id", "ward_id", name=op.f("uq_plan_wards_plan_id_ward_id")),
    )
    op.create_index(op.f("ix_plan_wards_ward_id"), "plan_wards", ["ward_id"], unique=False)
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, value in FIGURES.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{value}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def downgrade() -> None:
    names = ", ".join(f"'{name}'" for name in FIGURES)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
    op.drop_index(op.f("ix_plan_wards_ward_id"), table_name="plan_wards")
    op.drop_table("plan_wards")
    op.drop_index(op.f("ix_plan_updates_plan_id"), table_name="plan_updates")
    op.drop_table("plan_updates")
    op.drop_index(op.f("ix_plan_sources_plan_id"), table_name="plan_sources")
    op.drop_table("plan_sources")
    op.drop_index(op.f("ix_plan_readers_person_id"), table_name="plan_readers")
    op.drop_table("plan_readers")
    op.drop_index(op.f("ix_plan_moves_plan_id"), table_name="plan_moves")
    op.drop_table("plan_moves")
    op.drop_table("plan_measures")
    op.drop_index(op.f("ix_plan_actions_plan_id"), table_name="plan_actions")
    op.drop_index(op.f("ix_plan_actions_owner_id"), table_name="plan_actions")
    op.drop_table("plan_actions")
    op.drop_index(op.f("ix_plans_team_id"), table_name="plans")
    op.drop_table("plans")
