"""Partner organisations as records, the groups they meet in, and whose an update of an action is."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0055"

KINDS = (
    "council",
    "parish",
    "housing",
    "fire",
    "health",
    "education",
    "probation",
    "voluntary",
    "business",
    "other",
)


@contextmanager
def _made_anew(table: str) -> Iterator[None]:
    """Keep the triggers of a table that SQLite makes anew, which drops them with the old one."""
    kept: list[str] = []
    if op.get_bind().dialect.name == "sqlite":
        triggers = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        kept = list(op.get_bind().scalars(triggers, {"table": table}))
    yield
    for trigger in kept:
        op.get_bind().exec_driver_sql(trigger)


def upgrade() -> None:
    organisations = op.create_table(
        "organisations",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="organisationkind", native_enum=False, length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("code", name=op.f("uq_organisations_code")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    named = op.get_bind().scalars(
        sa.text("SELECT DISTINCT partner FROM plan_actions WHERE partner IS NOT NULL ORDER BY partner")
    )
    rows = [
        {"code": f"O-{number}", "name": name, "kind": "other", "active": True}
        for number, name in enumerate(named.all(), start=1)
    ]
    if rows:
        op.bulk_insert(organisations, rows)
    _groups()
    with _made_anew("plan_actions"), op.batch_alter_table("plan_actions") as batch:
        batch.add_column(sa.Column("group_meeting_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_plan_actions_partner"), "organisations", ["partner"], ["name"], onupdate="CASCADE"
        )
        batch.create_foreign_key(
            op.f("fk_plan_actions_group_meeting_id"), "group_meetings", ["group_meeting_id"], ["id"]
        )
        batch.create_index(op.f("ix_plan_actions_partner"), ["partner"])
        batch.create_index(op.f("ix_plan_actions_group_meeting_id"), ["group_meeting_id"])
    with op.batch_alter_table("plan_updates") as batch:
        batch.add_column(sa.Column("action_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_plan_updates_action_id"), "plan_actions", ["action_id"], ["id"])
        batch.create_index(op.f("ix_plan_updates_action_id"), ["action_id"])


def _groups() -> None:
    op.create_table(
        "partner_groups",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind", sa.Enum("jag", "nag", "other", name="groupkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_partner_groups_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_groups_name")),
    )
    op.create_index(op.f("ix_partner_groups_team_id"), "partner_groups", ["team_id"], unique=False)
    op.create_table(
        "group_members",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_group_members_days_in_order")),
        sa.ForeignKeyConstraint(["group_id"], ["partner_groups.id"], name=op.f("fk_group_members_group_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_group_members_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint(
            "group_id", "organisation_id", "role", name=op.f("uq_group_members_group_id_organisation_id_role")
        ),
    )
    op.create_index(op.f("ix_group_members_organisation_id"), "group_members", ["organisation_id"], unique=False)
    op.create_table(
        "group_meetings",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum("planned", "held", "cancelled", name="groupmeetingstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("minutes_ref", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["partner_groups.id"], name=op.f("fk_group_meetings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meetings")),
        sa.UniqueConstraint("group_id", "starts_at", name=op.f("uq_group_meetings_group_id_starts_at")),
    )


def downgrade() -> None:
    with op.batch_alter_table("plan_updates") as batch:
        batch.drop_index(op.f("ix_plan_updates_action_id"))
        batch.drop_constraint(op.f("fk_plan_updates_action_id"), type_="foreignkey")
        batch.drop_column("action_id")
    with _made_anew("plan_actions"), op.batch_alter_table("plan_actions") as batch:
        batch.drop_index(op.f("ix_plan_actions_group_meeting_id"))
        batch.drop_index(op.f("ix_plan_actions_partner"))
        batch.drop_constraint(op.f("fk_plan_actions_group_meeting_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_plan_actions_partner"), type_="foreignkey")
        batch.drop_column("group_meeting_id")
    for table in ("group_meetings", "group_members", "partner_groups", "organisations"):
        op.drop_table(table)
