import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core.authority import Role
from npt.flags.rules import (
    JOBS,
    Changes,
    Finding,
    FlagKind,
    OpenFlag,
    OpenSpell,
    Revision,
    is_repeat,
    kinds_of,
    owner_after,
    reconcile,
)
from npt.policy.rules import Severity

VACANCIES = kinds_of("vacancies")
OPENED = dt.date(2026, 5, 1)
MAY, JULY = dt.date(2026, 5, 1), dt.date(2026, 7, 31)


def a_finding(
    subject: str = "SOH-PC-3",
    *,
    kind: FlagKind = FlagKind.VACANCY,
    severity: Severity = Severity.MEDIUM,
    figure: str = "30",
) -> Finding:
    return Finding(kind, subject, severity, figure, "28", Role.SERGEANT, "PC post vacant since 1 May 2026")


def a_flag(finding: Finding, number: int = 1) -> OpenFlag:
    return OpenFlag(
        number,
        finding.kind,
        finding.subject,
        finding.severity,
        finding.figure,
        finding.threshold,
        finding.detail,
    )


def after(flags: list[OpenFlag], changes: Changes) -> list[OpenFlag]:
    """The flags that are open once the changes are made."""
    revised = {r.flag.key: replace(a_flag(r.finding), id=r.flag.id) for r in changes.to_escalate + changes.to_update}
    closed = {flag.key for flag in changes.to_close}
    opened = [a_flag(finding, 1000 + n) for n, finding in enumerate(changes.to_open)]
    return [revised.get(flag.key, flag) for flag in flags if flag.key not in closed] + opened


def test_every_kind_belongs_to_one_job() -> None:
    judged = [kind for job in JOBS for kind in kinds_of(job)]

    assert sorted(judged) == sorted(FlagKind)
    assert all(kind in kinds_of(kind.job) for kind in FlagKind)
    assert len(FlagKind) == 22 + 3, "those of RULES section 7, and three of docs/decisions/0053"


def test_jobs_are_named_as_the_command_line_names_them() -> None:
    said = "vacancies supervision abstractions returns contacts panels priorities plans resources"

    assert " ".join(JOBS) == said


def test_what_is_new_is_opened() -> None:
    finding = a_finding()

    assert reconcile([], [finding], VACANCIES) == Changes(to_open=(finding,))


def test_what_got_worse_is_escalated() -> None:
    flag, worse = a_flag(a_finding(figure="89")), a_finding(figure="90", severity=Severity.HIGH)

    assert reconcile([flag], [worse], VACANCIES) == Changes(to_escalate=(Revision(flag, worse),))


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW])
def test_a_new_figure_that_is_no_worse_is_an_update_and_no_escalation(severity: Severity) -> None:
    flag, newer = a_flag(a_finding(figure="30")), a_finding(figure="31", severity=severity)

    assert reconcile([flag], [newer], VACANCIES) == Changes(to_update=(Revision(flag, newer),))


def test_what_ended_is_closed() -> None:
    flag = a_flag(a_finding())

    assert reconcile([flag], [], VACANCIES) == Changes(to_close=(flag,))


def test_what_is_as_it_was_is_left_alone() -> None:
    changes = reconcile([a_flag(a_finding())], [a_finding()], VACANCIES)

    assert not changes


def test_a_check_leaves_flags_of_other_checks_alone() -> None:
    missing = a_flag(a_finding("NPB01", kind=FlagKind.RETURN_MISSING))

    assert not reconcile([missing], [], VACANCIES)


def test_a_check_may_not_find_what_it_does_not_judge() -> None:
    with pytest.raises(ValueError, match="return_missing"):
        reconcile([], [a_finding(kind=FlagKind.RETURN_MISSING)], VACANCIES)


def test_of_two_findings_about_one_thing_the_more_severe_stands() -> None:
    mild, grave = a_finding(), a_finding(severity=Severity.CRITICAL)

    assert reconcile([], [mild, grave], VACANCIES) == Changes(to_open=(grave,))
    assert reconcile([], [grave, mild], VACANCIES) == Changes(to_open=(grave,))


def test_one_subject_may_be_flagged_in_two_kinds() -> None:
    now, soon = a_finding(), a_finding(kind=FlagKind.FORECAST_VACANCY, severity=Severity.LOW)

    changes = reconcile([a_flag(soon)], [now], VACANCIES)

    assert changes == Changes(to_open=(now,), to_close=(a_flag(soon),))


findings = st.lists(
    st.builds(
        a_finding,
        st.sampled_from(["P-1", "P-2", "P-3", "P-4"]),
        kind=st.sampled_from(sorted(VACANCIES)),
        severity=st.sampled_from(Severity),
        figure=st.sampled_from(["0", "28", "90"]),
    ),
    max_size=8,
)


@given(findings, findings)
def test_running_a_check_twice_changes_nothing(before: list[Finding], now: list[Finding]) -> None:
    flags = after([], reconcile([], before, VACANCIES))

    once = after(flags, reconcile(flags, now, VACANCIES))

    assert not reconcile(once, now, VACANCIES)
    assert {flag.key for flag in once} == {finding.key for finding in now}
    assert len(once) == len({flag.key for flag in once})


@given(findings, findings)
def test_a_check_opens_closes_or_revises_each_thing_once(before: list[Finding], now: list[Finding]) -> None:
    flags = after([], reconcile([], before, VACANCIES))

    changes = reconcile(flags, now, VACANCIES)

    touched = [
        *(finding.key for finding in changes.to_open),
        *(revision.flag.key for revision in changes.to_escalate + changes.to_update),
        *(flag.key for flag in changes.to_close),
    ]
    assert len(touched) == len(set(touched))


@pytest.mark.parametrize(
    ("days", "owner"),
    [
        (0, Role.SERGEANT),
        (6, Role.SERGEANT),
        (7, Role.INSPECTOR),
        (13, Role.INSPECTOR),
        (14, Role.BCU_MANAGER),
        (400, Role.BCU_MANAGER),
    ],
)
def test_an_unacknowledged_flag_goes_from_sergeant_to_inspector_to_bcu_manager(days: int, owner: Role) -> None:
    assert owner_after(OPENED, OPENED + dt.timedelta(days), None, Role.SERGEANT, 7) is owner


def test_a_flag_that_began_with_the_inspector_goes_to_the_bcu_manager_next() -> None:
    owners = [owner_after(OPENED, OPENED + dt.timedelta(n), None, Role.INSPECTOR, 7) for n in (6, 7, 14)]

    assert owners == [Role.INSPECTOR, Role.BCU_MANAGER, Role.BCU_MANAGER]


def test_an_acknowledged_flag_stays_with_whoever_acknowledged_it() -> None:
    much_later = OPENED + dt.timedelta(60)

    assert owner_after(OPENED, much_later, OPENED + dt.timedelta(6), Role.SERGEANT, 7) is Role.SERGEANT
    assert owner_after(OPENED, much_later, OPENED + dt.timedelta(8), Role.SERGEANT, 7) is Role.INSPECTOR


def test_a_force_that_waits_no_days_goes_to_the_bcu_manager_at_once() -> None:
    assert owner_after(OPENED, OPENED, None, Role.SERGEANT, 0) is Role.BCU_MANAGER


def test_a_flag_of_somebody_outside_the_line_stays_with_them() -> None:
    assert owner_after(OPENED, OPENED + dt.timedelta(30), None, Role.RESOURCES_LEAD, 7) is Role.RESOURCES_LEAD


def test_a_flag_open_in_three_months_running_is_a_repeat() -> None:
    assert is_repeat([OpenSpell(dt.date(2026, 5, 31))], JULY, 3)
    assert not is_repeat([OpenSpell(dt.date(2026, 6, 1))], JULY, 3)


def test_three_short_spells_in_three_months_are_a_repeat_and_a_month_without_breaks_the_run() -> None:
    may = OpenSpell(dt.date(2026, 5, 3), dt.date(2026, 5, 4))
    june = OpenSpell(dt.date(2026, 6, 30), dt.date(2026, 7, 1))
    july = OpenSpell(dt.date(2026, 7, 1), dt.date(2026, 7, 2))

    assert is_repeat([may, june, july], JULY, 3)
    assert not is_repeat([may, july], JULY, 3)
    assert not is_repeat([], JULY, 3)


def test_a_flag_closed_on_the_first_of_a_month_was_not_open_in_it() -> None:
    until_june = OpenSpell(dt.date(2026, 4, 10), dt.date(2026, 7, 1))

    assert not is_repeat([until_june], JULY, 3)
    assert is_repeat([until_june], dt.date(2026, 6, 1), 3)


def test_a_flag_opened_and_closed_on_one_day_was_open_on_none() -> None:
    assert not OpenSpell(MAY, MAY).touches(MAY, MAY)


@given(
    st.lists(st.tuples(st.integers(0, 150), st.none() | st.integers(0, 90)), max_size=4),
    st.integers(1, 4),
)
def test_a_month_counts_when_any_day_of_it_was_open(raw: list[tuple[int, int | None]], months: int) -> None:
    start = dt.date(2026, 1, 15)
    spells = [
        OpenSpell(first := start + dt.timedelta(n), None if length is None else first + dt.timedelta(length))
        for n, length in raw
    ]
    every_day = [dt.date(2025, 10, 1) + dt.timedelta(n) for n in range(270)]
    open_months = {
        (day.year, day.month)
        for day in every_day
        if any(s.opened_on <= day and (s.closed_on is None or day < s.closed_on) for s in spells)
    }

    told = is_repeat(spells, dt.date(2026, 5, 20), months)

    assert told == all((2026, 5 - back) in open_months for back in range(months))
