"""A small force by chance: what both databases give against a count minute by minute, and lists that add up to it."""

import datetime as dt
from dataclasses import replace

from npt.abstractions import queries
from npt.abstractions.queries import Count, Narrowing, Question
from npt.core.authority import EVERYTHING
from npt.core.periods import DAY, Window
from npt.people import queries as people
from npt.people.rules import OFFICERS, PCSOS, Grade
from npt.policy.rules import Definition
from tests.abstractions.force import ASKED, LONDON, REASONS, WINDOW, Force
from tests.abstractions.slow_count import as_count, number, slow_count


def test_a_force_counts_as_it_does_minute_by_minute(force: Force) -> None:
    within = WINDOW.so_far(ASKED)
    assert within is not None

    counted = as_count(queries.count(force.question, EVERYTHING).tallies)

    slowly = slow_count(force, range(number(within.starts_at), number(within.ends_at)), number(ASKED))
    assert len({key[0] for key in slowly if key[0] != "entry"}) > 10
    assert any(fact.ends_at is None and fact.starts_at < ASKED for fact in force.abstractions)
    assert counted == slowly


def test_two_windows_read_together_count_as_each_alone_also_of_whoever_left_the_team_before_them(force: Force) -> None:
    for first in range(1, 31, 3):
        windows = [
            Window(dt.date(2026, 11, first) + DAY * n, dt.date(2026, 11, first) + DAY * (n + 1), LONDON) for n in (0, 2)
        ]
        asked = [replace(force.question, window=window) for window in windows]
        for team in people.teams(EVERYTHING):
            together = queries.summaries([asked[1], asked[0]], {team.id: team}, people.roll(team_ids=[team.id]))
            heading = queries.count_and_project(asked[1], EVERYTHING, [team.id], windows[0])

            for both, question in zip(together, reversed(asked), strict=True):
                assert both.by_team() == queries.count(question, EVERYTHING, [team.id]).by_team()
            assert heading[0].by_team() == queries.count(asked[1], EVERYTHING, [team.id]).by_team()
            assert heading[1].by_team() == queries.project(asked[1], EVERYTHING, [team.id]).by_team()


def test_the_lists_behind_every_figure_add_up_to_it_to_the_minute(force: Force) -> None:
    whole = queries.count(force.question, EVERYTHING)

    for team_id, figures in whole.by_team().items():
        alone = queries.count(force.question, EVERYTHING, [team_id])
        assert figures == alone.by_team()[team_id]
        assert sums(alone) == (figures.duty_minutes, figures.abstracted_minutes, figures.off_duty_minutes)
        assert figures.abstracted_minutes > 0
    for person_id, figures in whole.by_person().items():
        narrowed = Narrowing(person_id=person_id)
        assert sums(whole, narrowed) == (figures.duty_minutes, figures.abstracted_minutes, figures.off_duty_minutes)
    total = whole.total()
    assert sums(whole) == (total.duty_minutes, total.abstracted_minutes, total.off_duty_minutes)


def sums(count: Count, narrowing: Narrowing | None = None) -> tuple[int, int, int]:
    """Available duty, counted and off-duty minutes, added up from the lists."""
    asked = narrowing or Narrowing()
    rows = queries.entries_behind(count, asked)
    duties = queries.duties_behind(count, asked)
    return sum(r.available for r in duties), sum(r.counted for r in rows), sum(r.off_duty for r in rows)


def test_every_way_of_narrowing_adds_up_to_the_whole(force: Force) -> None:
    count = queries.count(force.question, EVERYTHING)
    total = count.total()

    by_reason = {reason: sums(count, Narrowing(reason=reason))[1] for reason in REASONS}
    by_grade = [sums(count, Narrowing(grade=grade)) for grade in Grade]
    by_group = [sums(count, Narrowing(grades=grades)) for grades in (OFFICERS, PCSOS)]

    assert {reason: counted for reason, counted in by_reason.items() if counted or reason in total.by_reason} == dict(
        total.by_reason
    )
    whole = (total.duty_minutes, total.abstracted_minutes, total.off_duty_minutes)
    assert tuple(map(sum, zip(*by_grade, strict=True))) == whole
    assert tuple(map(sum, zip(*by_group, strict=True))) == whole


def test_bcus_add_up_to_the_force_and_teams_to_their_bcu(force: Force) -> None:
    count = queries.count(force.question, EVERYTHING)

    by_bcu = count.by_bcu()
    for bcu_id, figures in by_bcu.items():
        teams = [found for id, found in count.by_team().items() if count.teams[id].bcu_id == bcu_id]
        assert figures.duty_minutes == sum(found.duty_minutes for found in teams)
        assert figures.abstracted_minutes == sum(found.abstracted_minutes for found in teams)
    assert sum(found.abstracted_minutes for found in by_bcu.values()) == count.total().abstracted_minutes


def test_what_the_national_definition_counts_the_force_s_own_leaves_out_and_nothing_else_moves(force: Force) -> None:
    national = Question(WINDOW, ASKED, force.question.policy, force.question.reasons, Definition.NATIONAL)

    locally, nationally = queries.count(force.question, EVERYTHING), queries.count(national, EVERYTHING)

    assert nationally.total().duty_minutes == locally.total().duty_minutes
    assert nationally.total().abstracted_minutes == sum(
        row.counted + row.not_counting for row in queries.entries_behind(locally, Narrowing())
    )
