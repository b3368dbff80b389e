"""A policy to judge by: the figures of the source's first day, any of them changed."""

from dataclasses import replace
from decimal import Decimal

from npt.policy.rules import Policy, Severity

DEFAULT = Policy(
    span_line=Decimal(10),
    specials_in_span=False,
    vacancy_open_days=28,
    vacancy_prolonged_days=90,
    vacancy_serious_days=180,
    vacancy_critical_days=365,
    forecast_days=90,
    tenure_months=24,
    succession_months=12,
    approaching_percent=Decimal(80),
    authorise_over_target=True,
    authorise_over_hours=Decimal(12),
    return_day=5,
    late_hours=48,
    rolling_days=28,
    escalation_days=7,
    repeat_months=3,
    generate_duties_days=42,
    skill_verified_months=36,
    no_duty_days=14,
    reason_mix_limit=Decimal(3),
    reason_mix_expected=5,
    impact_least_counted=10,
    impact_least_asked=30,
    plan_stale_days=28,
    plan_retention_months=72,
    returns_chased_months=12,
    person_limit_percent=None,
    severity_vacancy_new=Severity.LOW,
    severity_vacancy_open=Severity.MEDIUM,
    severity_vacancy_prolonged=Severity.HIGH,
    severity_vacancy_serious=Severity.HIGH,
    severity_vacancy_critical=Severity.CRITICAL,
    severity_forecast_vacancy=Severity.LOW,
    severity_sergeant_over_two_teams=Severity.HIGH,
    severity_span_over_line=Severity.MEDIUM,
    severity_team_without_supervisor=Severity.CRITICAL,
    severity_over_abstraction=Severity.HIGH,
    severity_projected_over_abstraction=Severity.MEDIUM,
    severity_person_over_abstraction=Severity.MEDIUM,
    severity_no_target=Severity.LOW,
    severity_no_named_contact=Severity.MEDIUM,
    severity_named_contact_left=Severity.HIGH,
    panel_meetings=4,
    panel_meetings_months=12,
    panel_gap_weeks=10,
    panel_priorities=3,
    panel_meeting_hours=2,
    severity_panel_without_chair=Severity.MEDIUM,
    severity_panel_behind=Severity.MEDIUM,
    severity_next_meeting_not_fixed=Severity.MEDIUM,
    severity_plan_stale=Severity.MEDIUM,
    severity_action_overdue=Severity.MEDIUM,
    severity_return_missing=Severity.MEDIUM,
)


def a_policy(**changes: object) -> Policy:
    return replace(DEFAULT, **changes)  # type: ignore[arg-type]
