"""How grave it is when authority members, or forums of chairs, fall short."""

from alembic import op

revision = "0071"
down_revision = "0066"

POLICY = {
    "severity_authority_member_load": "low",
    "severity_panel_without_authority_member": "low",
    "severity_chairs_forum_missed": "low",
}


def upgrade() -> None:
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, value in POLICY.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{value}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def downgrade() -> None:
    names = ", ".join(f"'{name}'" for name in POLICY)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
