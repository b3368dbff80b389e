"""How often a priority is reviewed, how soon a plan is closed once it is signed off, and how grave it is if not."""

from alembic import op

revision = "0045"
down_revision = "0050"

FIGURES = {
    "priority_review_months": "3",
    "signed_off_close_days": "14",
    "severity_priority_without_plan": "high",
    "severity_priority_not_reviewed": "medium",
    "severity_signed_off_not_closed": "low",
}


def upgrade() -> None:
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
