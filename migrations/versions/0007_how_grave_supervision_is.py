"""How grave the findings of the checks of supervision and of named contacts are: figures of policy like the others."""

from alembic import op

revision = "0007"
down_revision = "0006"

SEVERITIES = {
    "severity_sergeant_over_two_teams": "high",
    "severity_span_over_line": "medium",
    "severity_team_without_supervisor": "critical",
    "severity_no_named_contact": "medium",
    "severity_named_contact_left": "high",
}


def upgrade() -> None:
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, severity in SEVERITIES.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{severity}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def downgrade() -> None:
    names = ", ".join(f"'{name}'" for name in SEVERITIES)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
