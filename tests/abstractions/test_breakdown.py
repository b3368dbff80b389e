"""Every figure of every unit, taken apart, against a count minute by minute; and the lists behind each of them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries
from npt.abstractions.queries import Both, Narrowing, UnitFigures
from npt.abstractions.rules import Hours, Line, Status, Unit, UnitKind, destination_key
from npt.core.authority import EVERYTHING, Scope
from npt.core.periods import Window, month_of
from npt.people import queries as people
from npt.people.rules import OFFICERS, PCSOS, Grade
from npt.policy.queries import policies_on, policy_on, reason_book
from npt.policy.rules import Group, TargetScope
from tests import make
from tests.abstractions.force import ASKED, LONDON, REASONS, WINDOW, Force
from tests.abstractions.slow_count import RATED, SlowFigures, number, slow_parts
from tests.abstractions.test_rules_parts import hours_of

TODAY = dt.date(2026, 12, 2)


def units_of(force: Force) -> list[Unit]:
    """The force, its BCUs, sectors and teams, and two of its people."""
    teams = people.teams(EVERYTHING)
    some = [who.collar_number for who in people.people(list(force.places)[:2]).values()]
    return [
        *queries.units(teams, EVERYTHING),
        *(queries.person_unit(collar, EVERYTHING, TODAY, teams) for collar in some),
    ]


def figures_of(force: Force, unit: Unit, by: UnitKind | None = None) -> UnitFigures:
    among = queries.units(people.teams(EVERYTHING), EVERYTHING)
    return queries.unit_figures(force.question, unit, EVERYTHING, compare_by=by, among=among, today=TODAY)


def pairs(lines: Iterable[Line]) -> dict[str, tuple[int, int, int]]:
    return {line.code: (line.duty_minutes, line.counted, line.nationally) for line in lines}


def test_every_line_of_every_unit_is_what_a_count_minute_by_minute_gives(force: Force) -> None:
    within = WINDOW.so_far(ASKED)
    assert within is not None
    minutes = range(number(within.starts_at), number(within.ends_at))
    parted = [slow_parts(world, minutes, number(ASKED), hours_of) for world in (force, force.nationally())]
    whole = [sum(parts.values(), Counter()) for parts in parted]
    went = {row.id: destination_key(row.destination) for row in force.rows}

    for unit in units_of(force):
        local, national = (SlowFigures(count, unit.team_ids, unit.person_id) for count in whole)
        found = figures_of(force, unit)

        duty, counted, nationally = local.minutes("duty"), local.minutes(), national.minutes()
        assert (found.whole.duty_minutes, found.whole.counted, found.whole.nationally) == (duty, counted, nationally)
        assert (found.figures.off_duty_minutes, found.national.off_duty_minutes) == (
            local.minutes("off duty"),
            national.minutes("off duty"),
        )
        by_reason = {reason: (duty, local.minutes(reason), national.minutes(reason)) for reason in REASONS}
        assert {code: line for code, line in by_reason.items() if line[2] or code in ("custody", "response")} == pairs(
            found.by_reason
        )
        assert pairs(found.by_grade) == {
            grade.value: tuple(
                slow.minutes(*what, grades=[grade]) for slow, what in ((local, ["duty"]), (local, ()), (national, ()))
            )
            for grade in RATED
        }
        assert pairs(found.by_group) == {
            group.value: tuple(
                slow.minutes(*what, grades=grades) for slow, what in ((local, ["duty"]), (local, ()), (national, ()))
            )
            for group, grades in ((Group.OFFICERS, OFFICERS), (Group.PCSOS, PCSOS))
        }
        theirs = {row.id for row in force.rows if unit.person_id in (None, row.person_id)}
        by_destination = {
            key: (duty, *(slow.of_entries(id for id in theirs if went[id] == key) for slow in (local, national)))
            for key in set(went.values())
        }
        assert {key: line for key, line in by_destination.items() if line[2]} == pairs(found.by_destination)
        assert pairs(found.by_hours) == {
            hours.value: tuple(
                SlowFigures(parts[hours], unit.team_ids, unit.person_id).minutes(*what)
                for parts, what in ((parted[0], ["duty"]), (parted[0], ()), (parted[1], ()))
            )
            for hours in Hours
        }


def test_every_figure_leads_to_entries_and_duties_that_add_up_to_it(force: Force) -> None:
    for unit in {unit.kind: unit for unit in units_of(force)}.values():
        found = figures_of(force, unit)
        both = Both.of(force.question, unit, EVERYTHING)
        asked = Narrowing(person_id=unit.person_id)

        def counted(narrowing: Narrowing, both: Both = both) -> tuple[int, int, int]:
            duties = queries.duties_behind(both.local, narrowing)
            duty = sum(row.available for row in duties)
            assert duty == queries.duty_minutes(both.local, narrowing)
            local, national = (
                sum(row.counted for row in queries.entries_behind(count, narrowing))
                for count in (both.local, both.national)
            )
            return duty, local, national

        whole = (found.whole.duty_minutes, found.whole.counted, found.whole.nationally)
        assert counted(asked) == whole
        for line in found.by_reason:
            assert counted(replace(asked, reason=line.code)) == pairs([line])[line.code]
        for line in found.by_grade:
            assert counted(replace(asked, grade=Grade(line.code))) == pairs([line])[line.code]
        for line in found.by_hours:
            assert counted(replace(asked, hours=Hours(line.code))) == pairs([line])[line.code]
        for line in found.by_destination:
            assert counted(replace(asked, destination=line.code)) == pairs([line])[line.code]
        listed = queries.entries_behind(both.local, asked)
        late = [row for row in listed if row.logged_at and row.logged_at - row.starts_at > dt.timedelta(hours=48)]
        assert (found.entries, found.late) == (len(listed), len(late))


def test_the_parts_of_a_unit_add_up_to_it(force: Force) -> None:
    for unit in units_of(force):
        for by in unit.kind.parts:
            found = figures_of(force, unit, by)

            assert found.compared
            sums = [sum(values) for values in zip(*pairs(found.compared).values(), strict=True)]
            assert tuple(sums) == (found.whole.duty_minutes, found.whole.counted, found.whole.nationally)
            assert sum(line.off_duty_minutes for line in found.compared) == found.figures.off_duty_minutes


def test_the_months_of_a_trend_are_the_months_counted_alone(force: Force) -> None:
    months = [month_of(dt.date(2026, month, 1), LONDON) for month in (10, 11, 12)]
    whole = Window(months[0].first_day, months[-1].last_day, LONDON)
    question = replace(force.question, window=whole)
    policies = policies_on(month.last_day for month in months)

    for unit in units_of(force):
        shown = queries.trend(question, months, unit, EVERYTHING, policies)

        for month in shown:
            alone = queries.unit_figures(replace(force.question, window=month.window), unit, EVERYTHING, today=TODAY)
            assert pairs([month.line]) == {month.line.code: pairs([alone.whole])[unit.code]}
            assert month.line.off_duty_minutes == alone.whole.off_duty_minutes
            assert month.fixed == {code: alone.figures.by_reason[code] for code in ("custody", "response")}
        assert [month.running for month in shown] == [False, False, True]
        assert shown[0].line.status is (None if unit.kind is UnitKind.PERSON else Status.NO_DATA)


def test_each_month_is_judged_by_the_target_of_its_own_last_day(force: Force) -> None:
    unit = queries.units(people.teams(EVERYTHING), EVERYTHING)[0]
    make.target("8", TargetScope.FORCE, first_day=dt.date(2026, 1, 1), last_day=dt.date(2026, 11, 15))
    make.target("90", TargetScope.FORCE, first_day=dt.date(2026, 11, 16))
    months = [month_of(dt.date(2026, month, 1), LONDON) for month in (10, 11, 12)]
    question = replace(force.question, window=Window(months[0].first_day, months[-1].last_day, LONDON))

    shown = queries.trend(question, months, unit, EVERYTHING, policies_on(month.last_day for month in months))

    assert [month.line.target_percent for month in shown] == [8, 90, 90]
    assert shown[1].line.status is Status.WITHIN


def test_the_policy_of_many_days_is_the_policy_of_each(force: Force) -> None:
    days = [dt.date(1999, 1, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 30)]

    found = policies_on(days)

    assert found.keys() == {days[1], days[2]}
    assert all(vars_of(found[day]) == vars_of(policy_on(day)) for day in found)


def vars_of(policy: object) -> dict[str, object]:
    return {name: getattr(policy, name) for name in policy.__slots__ if name != "targets"}  # type: ignore[attr-defined]


def test_a_month_that_is_not_over_says_where_it_is_heading_and_no_other_window_does(force: Force) -> None:
    unit = queries.units(people.teams(EVERYTHING), EVERYTHING)[0]
    december = month_of(dt.date(2026, 12, 1), LONDON)
    question = replace(force.question, window=december)

    heading = queries.unit_figures(question, unit, EVERYTHING, today=TODAY).heading_for

    assert heading == queries.project(question, EVERYTHING).total().rate
    assert heading is not None
    assert figures_of(force, unit).heading_for is None
    assert (
        queries.unit_figures(
            replace(question, window=month_of(dt.date(2026, 11, 1), LONDON)), unit, EVERYTHING, today=TODAY
        ).heading_for
        is None
    )


def test_a_unit_is_within_a_scope_only_whole_and_a_person_only_with_their_record(force: Force) -> None:
    teams = people.teams(EVERYTHING)
    one = Scope(team_ids=frozenset({teams[0].id}))
    seen = queries.units(people.teams(one), one)

    assert [(unit.kind, unit.code) for unit in seen] == [(UnitKind.TEAM, teams[0].code)]
    with pytest.raises(NoResultFound):
        queries.unit_of(seen, teams[0].bcu_code)
    roll = people.roll()
    for id, who in people.people(list(force.places)).items():
        present = roll.present(id, TODAY)
        if present and present.post.team_id == teams[0].id:
            assert queries.person_unit(who.collar_number, one, TODAY, people.teams(one)).person_id == id
        else:
            with pytest.raises(NoResultFound):
                queries.person_unit(who.collar_number, one, TODAY, people.teams(one))


def test_a_window_wholly_to_come_has_no_data_anywhere(force: Force) -> None:
    unit = queries.units(people.teams(EVERYTHING), EVERYTHING)[0]
    question = replace(force.question, window=month_of(dt.date(2027, 3, 1), LONDON))

    found = queries.unit_figures(question, unit, EVERYTHING, today=TODAY)

    assert found.judged.status is Status.NO_DATA
    assert {line.rate for line in (*found.by_reason, *found.by_grade, *found.by_hours)} == {None}
    assert reason_book().fixed_codes(question.window.first_day, question.window.last_day) == [
        line.code for line in found.by_reason
    ]
