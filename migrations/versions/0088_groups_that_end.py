"""Groups that end, and organisations that are members of one again."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0080"

COLUMNS = ["group_id", "organisation_id", "role"]
OLD, NEW = "uq_group_members_group_id_organisation_id_role", "uq_group_members_group_id_organisation_id_role_first_day"


def upgrade() -> None:
    op.add_column("partner_groups", sa.Column("ended_on", sa.Date(), nullable=True))
    with op.batch_alter_table("group_members") as batch:
        batch.drop_constraint(op.f(OLD), type_="unique")
        batch.create_unique_constraint(op.f(NEW), [*COLUMNS, "first_day"])


def downgrade() -> None:
    with op.batch_alter_table("group_members") as batch:
        batch.drop_constraint(op.f(NEW), type_="unique")
        batch.create_unique_constraint(op.f(OLD), COLUMNS)
    op.drop_column("partner_groups", "ended_on")
