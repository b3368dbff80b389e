"""Panels, chairs' terms, meetings and priorities, and the policy of panels.

No office of a panel has two holders on one day, and a priority is adopted at a meeting of its own panel: the database
itself refuses anything else.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"

ONCE = "one_term_at_a_time"

POLICY = {
    "panel_meetings": "4",
    "panel_meetings_months": "12",
    "panel_gap_weeks": "10",
    "panel_priorities": "3",
    "panel_meeting_hours": "2",
    "severity_panel_without_chair": "medium",
    "severity_panel_behind": "medium",
    "severity_next_meeting_not_fixed": "medium",
}


def upgrade() -> None:
    _panels()
    _chair_terms()
    _meetings()
    _priorities()
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, value in POLICY.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{value}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def _panels() -> None:
    op.create_table(
        "panels",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("district", sa.String(length=200), nullable=True),
        sa.Column("lead_team_id", sa.Integer(), nullable=False),
        sa.Column("cadence_weeks", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_panels_days_in_order")),
        sa.CheckConstraint(
            "cadence_weeks IS NULL OR cadence_weeks >= 1", name=op.f("ck_panels_cadence_of_a_week_or_more")
        ),
        sa.ForeignKeyConstraint(["lead_team_id"], ["teams.id"], name=op.f("fk_panels_lead_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
        sa.UniqueConstraint("code", name=op.f("uq_panels_code")),
    )
    op.create_index(op.f("ix_panels_lead_team_id"), "panels", ["lead_team_id"], unique=False)
    op.create_table(
        "panel_teams",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_panel_teams_panel_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_panel_teams_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_teams")),
        sa.UniqueConstraint("panel_id", "team_id", name=op.f("uq_panel_teams_panel_id_team_id")),
    )
    op.create_index(op.f("ix_panel_teams_team_id"), "panel_teams", ["team_id"], unique=False)


def _chair_terms() -> None:
    op.create_table(
        "chair_terms",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("chair_type", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_chair_terms_days_in_order")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_chair_terms_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chair_terms")),
        sa.UniqueConstraint("panel_id", "email", "first_day", name=op.f("uq_chair_terms_panel_id_email_first_day")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE chair_terms ADD CONSTRAINT {ONCE} EXCLUDE USING gist (panel_id WITH =, office WITH =, "
            "daterange(first_day, last_day, '[]') WITH &&) DEFERRABLE INITIALLY IMMEDIATE"
        )
        return
    for when in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {ONCE}_{when.lower()} BEFORE {when} ON chair_terms "
            "WHEN NOT EXISTS (SELECT 1 FROM constraint_deferrals) "
            "AND EXISTS (SELECT 1 FROM chair_terms other WHERE other.panel_id = NEW.panel_id "
            "AND other.office = NEW.office AND other.id IS NOT NEW.id "
            "AND (other.last_day IS NULL OR NEW.first_day <= other.last_day) "
            "AND (NEW.last_day IS NULL OR other.first_day <= NEW.last_day)) "
            f"BEGIN SELECT RAISE(ABORT, '{ONCE}'); END"
        )


def _meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("public_attendance", sa.Integer(), nullable=True),
        sa.Column("minutes_ref", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "public_attendance IS NULL OR public_attendance >= 0", name=op.f("ck_meetings_attendance_is_a_number")
        ),
        sa.CheckConstraint(
            "status = 'held' OR public_attendance IS NULL", name=op.f("ck_meetings_attendance_of_a_meeting_held")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_meetings_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("panel_id", "id", name=op.f("uq_meetings_panel_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_meetings_ref")),
    )
    op.create_index(op.f("ix_meetings_panel_id_starts_at"), "meetings", ["panel_id", "starts_at"], unique=False)


def _priorities() -> None:
    op.create_table(
        "priorities",
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("adopted_at_id", sa.Integer(), nullable=True),
        sa.Column("minute_ref", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('recommended', 'raised', 'declined') OR (adopted_at_id IS NOT NULL AND minute_ref IS NOT NULL)",
            name=op.f("ck_priorities_adopted_at_a_meeting"),
        ),
        sa.ForeignKeyConstraint(
            ["panel_id", "adopted_at_id"],
            ["meetings.panel_id", "meetings.id"],
            name=op.f("fk_priorities_panel_id_adopted_at_id"),
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_priorities_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priorities")),
        sa.UniqueConstraint("ref", name=op.f("uq_priorities_ref")),
    )
    op.create_index(op.f("ix_priorities_panel_id_state"), "priorities", ["panel_id", "state"], unique=False)
    op.create_index(op.f("ix_priorities_adopted_at_id"), "priorities", ["adopted_at_id"], unique=False)


def downgrade() -> None:
    names = ", ".join(f"'{name}'" for name in POLICY)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
    # Their constraints or triggers go with them.
    for table in ("priorities", "meetings", "chair_terms", "panel_teams", "panels"):
        op.drop_table(table)
