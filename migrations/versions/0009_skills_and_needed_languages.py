"""Languages that teams need; a skill that has ended stays on record; from when a verified skill is out of date."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

LIVE = sa.text("ended_on IS NULL")
FIGURE = "skill_verified_months"


def upgrade() -> None:
    op.create_table(
        "needed_languages",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("set_by", sa.String(length=254), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_needed_languages_days_in_order")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_needed_languages_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needed_languages")),
        sa.UniqueConstraint(
            "team_id", "language", "first_day", name=op.f("uq_needed_languages_team_id_language_first_day")
        ),
    )
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.drop_constraint("uq_skills_person_id_kind_name", type_="unique")
    # Once for each person as long as it lasts; one that has ended leaves room for another.
    op.create_index(
        op.f("uq_skills_person_id_kind_name"),
        "skills",
        ["person_id", "kind", "name"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    # A force that has its policy already is given the new figure; a new one gets it from config/policy.toml.
    op.execute(
        "INSERT INTO policy_values (name, first_day, value, reason) "
        f"SELECT '{FIGURE}', MIN(first_day), '36', 'product: three years' FROM policy_values "
        f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{FIGURE}') HAVING COUNT(*) > 0"
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM policy_values WHERE name = '{FIGURE}'")
    op.execute("DELETE FROM skills WHERE ended_on IS NOT NULL")
    op.drop_index(op.f("uq_skills_person_id_kind_name"), table_name="skills")
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_skills_person_id_kind_name", ["person_id", "kind", "name"])
        batch_op.drop_column("ended_on")
    op.drop_table("needed_languages")
