"""The policy of plans that stand still, and how long the text of a closed one is kept."""

from alembic import op

revision = "0057"
down_revision = "0044"

POLICY = {
    "plan_stale_days": "28",
    "plan_stalled_days": "84",
    "plan_retention_months": "72",
    "severity_plan_stale": "medium",
    "severity_action_overdue": "medium",
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
