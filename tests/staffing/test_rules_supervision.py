import datetime as dt
from fractions import Fraction

import pytest

from npt.core.figures import two_places
from npt.core.periods import DAY
from npt.people.rules import (
    CoverFact,
    Grade,
    PostingFact,
    PostingKind,
    TeamFact,
)
from npt.staffing.rules.supervision import AreaRatio, Covered, Supervision, TeamSupervision, summary, supervision
from tests.people.make import LONG_AGO, a_post, a_posting
from tests.staffing.make import DEFAULT, a_policy
from tests.staffing.supervising import (
    OTHER_SERGEANT,
    SERGEANT,
    TODAY,
    YESTERDAY,
    a_bcu,
    a_sergeant,
    a_team,
    judge,
    spans_of,
    staff_of,
)

CENTRAL, NORTHERN, SOUTHERN = 1, 2, 3
PUBLISHED = {CENTRAL: (11, 89), NORTHERN: (8, 95), SOUTHERN: (12, 116)}


def the_force_of_2007() -> Supervision:
    teams: list[TeamFact] = []
    postings: list[PostingFact] = []
    for bcu, (sergeants, staff) in PUBLISHED.items():
        more_teams, more_postings = a_bcu(bcu, sergeants, staff)
        teams += more_teams
        postings += more_postings
    return judge(postings, teams)


def test_the_ratios_published_for_december_2007_come_out() -> None:
    judged = the_force_of_2007()

    told = {area.bcu_id: (area.sergeants, area.staff, two_places(area.ratio or 0)) for area in judged.bcus}
    assert told == {CENTRAL: (11, 89, "8.09"), NORTHERN: (8, 95, "11.88"), SOUTHERN: (12, 116, "9.67")}
    assert (judged.force.bcu_id, judged.force.sergeants, judged.force.staff) == (None, 31, 300)
    assert judged.force.ratio is not None
    assert two_places(judged.force.ratio) == "9.68"


def test_an_average_within_the_line_hides_northern_and_the_summary_does_not() -> None:
    judged = the_force_of_2007()

    force = summary(judged.spans)
    northern = summary([span for span in judged.spans if span.teams[0].bcu_id == NORTHERN])

    assert force.mean == Fraction(300, 31)
    assert (northern.mean, northern.maximum, northern.over_line) == (Fraction(95, 8), Fraction(12), 8)


def test_specials_inspectors_and_sergeants_are_not_staff() -> None:
    inspector = a_posting(a_post("INS", Grade.INSPECTOR, team=None, sector=1), 900)
    postings = [
        a_sergeant(SERGEANT, 1),
        inspector,
        a_posting(a_post("PC-1"), 1),
        a_posting(a_post("PCSO-1", Grade.PCSO), 2),
        *[a_posting(a_post(f"SC-{n}", Grade.SPECIAL), 800 + n) for n in range(4)],
    ]

    assert judge(postings, [a_team(1)]).teams[0].staff == 2


def test_a_force_may_count_specials_in_the_span() -> None:
    postings = [a_sergeant(SERGEANT, 1), a_posting(a_post("SC-1", Grade.SPECIAL), 800), *staff_of(1, 2)]

    counted = supervision(postings, [a_team(1)], [], TODAY, a_policy(specials_in_span=True))

    assert (spans_of(judge(postings, [a_team(1)])), spans_of(counted)) == (
        {SERGEANT: Fraction(2)},
        {SERGEANT: Fraction(3)},
    )


def test_a_team_with_staff_and_nobody_to_supervise_it_has_no_supervisor_and_no_ratio() -> None:
    judged = judge(staff_of(1, 9), [a_team(1)])

    assert judged.teams == (TeamSupervision(a_team(1), 9, (), ()),)
    assert judged.teams[0].no_supervisor
    assert judged.spans == ()
    assert judged.bcus == (AreaRatio(1, 0, 9),)
    assert judged.force.ratio is None


def test_a_team_with_neither_staff_nor_supervisor_is_not_without_one() -> None:
    (team,) = judge([], [a_team(1)]).teams

    assert (team.staff, team.no_supervisor) == (0, False)


def test_a_supervisor_of_a_team_without_staff_has_a_span_of_nought() -> None:
    judged = judge([a_sergeant(SERGEANT, 1)], [a_team(1)])

    assert spans_of(judged) == {SERGEANT: 0}
    assert judged.force.ratio == 0


def test_two_supervisors_share_a_team() -> None:
    postings = [a_sergeant(SERGEANT, 1), a_sergeant(OTHER_SERGEANT, 1), *staff_of(1, 9)]

    judged = judge(postings, [a_team(1)])

    assert spans_of(judged) == {SERGEANT: Fraction(9, 2), OTHER_SERGEANT: Fraction(9, 2)}
    assert judged.force.ratio == Fraction(9, 2)


def test_a_sergeant_covering_a_second_team_has_both_in_the_span_and_adds_no_sergeant() -> None:
    postings = [a_sergeant(SERGEANT, 1), *staff_of(1, 8), *staff_of(2, 9)]
    cover = CoverFact(SERGEANT, 2, dt.date(2007, 12, 1))

    judged = judge(postings, [a_team(2), a_team(1)], [cover])

    (span,) = judged.spans
    assert (span.span, span.over_line, span.over_two_teams, span.covering) == (Fraction(17), True, True, True)
    assert [team.id for team in span.teams] == [1, 2]
    assert span.covered == (Covered(a_team(2), dt.date(2007, 12, 1)),)
    assert [team.no_supervisor for team in judged.teams] == [False, False]
    assert judged.force == AreaRatio(None, 1, 17)


def test_cover_in_another_bcu_gives_that_bcu_no_ratio() -> None:
    postings = [a_sergeant(SERGEANT, 1), *staff_of(1, 4), *staff_of(2, 6)]

    judged = judge(postings, [a_team(1, bcu=1), a_team(2, bcu=2)], [CoverFact(SERGEANT, 2, YESTERDAY)])

    assert [area.ratio for area in judged.bcus] == [4, None]
    assert judged.force.ratio == 10


def test_cover_of_ones_own_team_counts_once_and_is_not_cover_alone() -> None:
    postings = [a_sergeant(SERGEANT, 1), *staff_of(1, 9)]

    judged = judge(postings, [a_team(1)], [CoverFact(SERGEANT, 1, YESTERDAY), CoverFact(SERGEANT, 1, TODAY)])

    (span,) = judged.spans
    assert (span.span, span.covering) == (Fraction(9), False)


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        (YESTERDAY, YESTERDAY, False),
        (YESTERDAY, TODAY, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
    ],
)
def test_cover_counts_from_its_first_day_to_its_last(first: dt.date, last: dt.date | None, counts: bool) -> None:
    postings = [a_sergeant(SERGEANT, 1), *staff_of(2, 9)]

    judged = judge(postings, [a_team(1), a_team(2)], [CoverFact(SERGEANT, 2, first, last)])

    assert judged.spans[0].covering is counts


def test_days_of_cover_run_from_the_start_of_unbroken_cover() -> None:
    covers = [
        CoverFact(SERGEANT, 1, dt.date(2007, 12, 20)),
        CoverFact(SERGEANT, 1, dt.date(2007, 12, 10), dt.date(2007, 12, 19)),
        CoverFact(SERGEANT, 1, dt.date(2007, 11, 1), dt.date(2007, 12, 8)),
    ]

    judged = judge([a_sergeant(SERGEANT, 2)], [a_team(1), a_team(2)], covers)

    assert judged.spans[0].covered == (Covered(a_team(1), dt.date(2007, 12, 10)),)


@pytest.mark.parametrize(
    "team", [a_team(1, last=YESTERDAY), a_team(1, first=TODAY + DAY)], ids=["closed", "not yet open"]
)
def test_cover_of_a_team_that_is_not_live_counts_for_nothing(team: TeamFact) -> None:
    judged = judge([a_sergeant(SERGEANT, 2), *staff_of(2, 3)], [team, a_team(2)], [CoverFact(SERGEANT, 1, LONG_AGO)])

    assert [t.team.id for t in judged.teams] == [2]
    assert [(span.teams, span.covering) for span in judged.spans] == [((a_team(2),), False)]


def test_only_somebody_who_is_a_sergeant_that_day_supervises_by_cover() -> None:
    constable, *team = staff_of(1, 3)
    leaver = a_sergeant(SERGEANT, 2, last=YESTERDAY)
    covers = [
        CoverFact(constable.person_id, 1, LONG_AGO),
        CoverFact(SERGEANT, 1, LONG_AGO),
        CoverFact(999, 1, LONG_AGO),
    ]

    judged = judge([constable, *team, leaver], [a_team(1), a_team(2)], covers)

    assert judged.spans == ()
    assert judged.teams[0].no_supervisor


def test_an_acting_sergeant_supervises_and_is_no_longer_staff() -> None:
    team = staff_of(1, 5)
    acting = a_sergeant(team[0].person_id, 1, PostingKind.ACTING, first=TODAY)

    before = supervision([*team, acting], [a_team(1)], [], YESTERDAY, DEFAULT)
    after = judge([*team, acting], [a_team(1)])

    assert (before.teams[0].staff, before.teams[0].no_supervisor) == (5, True)
    assert (after.teams[0].staff, spans_of(after)) == (4, {acting.person_id: Fraction(4)})


def test_a_sergeant_acting_as_inspector_supervises_neither_by_posting_nor_by_cover() -> None:
    up = a_posting(a_post("INS", Grade.INSPECTOR, team=None, sector=1), SERGEANT, PostingKind.ACTING, first=TODAY)

    judged = judge(
        [a_sergeant(SERGEANT, 1), up, *staff_of(1, 9), *staff_of(2, 3)],
        [a_team(1), a_team(2)],
        [CoverFact(SERGEANT, 2, LONG_AGO)],
    )

    assert judged.spans == ()
    assert [team.no_supervisor for team in judged.teams] == [True, True]


def test_a_sergeant_attached_elsewhere_supervises_nobody_by_posting_and_the_host_team_only_by_cover() -> None:
    own, attached = a_sergeant(SERGEANT, 1), a_sergeant(SERGEANT, 2, PostingKind.ATTACHMENT, first=YESTERDAY)
    postings, teams = [own, attached, *staff_of(1, 9), *staff_of(2, 4)], [a_team(1), a_team(2)]

    alone = judge(postings, teams)
    with_cover = judge(postings, teams, [CoverFact(SERGEANT, 2, TODAY)])

    assert alone.spans == ()
    assert [team.no_supervisor for team in alone.teams] == [True, True]
    assert spans_of(with_cover) == {SERGEANT: 4}
    assert with_cover.spans[0].covering
    assert with_cover.force.ratio is None


def test_a_sergeant_attached_to_a_constables_post_is_staff_of_the_host_team_and_supervises_nobody() -> None:
    attached = a_posting(a_post("PC-9", team=2), SERGEANT, PostingKind.ATTACHMENT, first=YESTERDAY)

    judged = judge([a_sergeant(SERGEANT, 1), attached], [a_team(1), a_team(2)], [CoverFact(SERGEANT, 1, LONG_AGO)])

    assert [team.staff for team in judged.teams] == [0, 1]
    assert judged.spans == ()


def test_somebody_attached_in_the_middle_of_a_month_is_staff_of_the_host_team_for_those_days() -> None:
    lent, *others = staff_of(1, 3)
    away = a_posting(
        a_post("HOST", team=2),
        lent.person_id,
        PostingKind.ATTACHMENT,
        first=dt.date(2007, 12, 10),
        last=dt.date(2007, 12, 20),
    )
    teams = [a_team(1), a_team(2)]

    staff = {
        day: [team.staff for team in supervision([lent, *others, away], teams, [], day, DEFAULT).teams]
        for day in (dt.date(2007, 12, 9), dt.date(2007, 12, 10), dt.date(2007, 12, 20), dt.date(2007, 12, 21))
    }

    assert list(staff.values()) == [[3, 0], [2, 1], [2, 1], [3, 0]]


def test_a_sergeant_with_half_a_posting_in_each_of_two_teams_supervises_both_and_covers_neither() -> None:
    halves = [a_posting(a_post(f"SGT-{team}", Grade.SERGEANT, team=team, fte="0.50"), SERGEANT) for team in (1, 2)]

    judged = judge([*halves, *staff_of(1, 8), *staff_of(2, 9)], [a_team(1), a_team(2)])

    (span,) = judged.spans
    assert (span.span, span.over_two_teams, span.covering) == (Fraction(17), True, False)
    assert judged.force == AreaRatio(None, 1, 17)


def test_a_sergeant_who_moved_supervises_the_new_team_alone() -> None:
    moved = [a_sergeant(SERGEANT, 1, last=YESTERDAY), a_sergeant(SERGEANT, 2, first=TODAY)]

    judged = judge([*moved, *staff_of(1, 8), *staff_of(2, 9)], [a_team(1), a_team(2)])

    assert [team.posted for team in judged.teams] == [(), (SERGEANT,)]


def test_a_sergeant_temporarily_in_another_teams_post_does_not_supervise_their_own() -> None:
    postings = [a_sergeant(SERGEANT, 1), a_sergeant(SERGEANT, 2, PostingKind.TEMPORARY, first=TODAY)]

    judged = judge(postings, [a_team(1), a_team(2)])

    assert [team.posted for team in judged.teams] == [(), (SERGEANT,)]


def test_an_attachment_that_a_later_posting_overtook_gives_no_team_to_supervise() -> None:
    lent = a_sergeant(SERGEANT, 2, PostingKind.ATTACHMENT)
    own = a_sergeant(SERGEANT, 1, first=TODAY)

    judged = judge([lent, own], [a_team(1), a_team(2)])

    assert [team.posted for team in judged.teams] == [(SERGEANT,), ()]


def test_a_span_on_the_line_is_not_over_it() -> None:
    eleven = a_policy(span_line=DEFAULT.span_line + 1)
    postings = [a_sergeant(SERGEANT, 1), *staff_of(1, 11)]

    at_ten, at_eleven = (supervision(postings, [a_team(1)], [], TODAY, policy) for policy in (DEFAULT, eleven))

    assert [judged.spans[0].over_line for judged in (at_ten, at_eleven)] == [True, False]


def test_without_a_supervisor_there_is_no_mean_and_no_greatest_span() -> None:
    told = summary([])

    assert (told.mean, told.maximum, told.over_line) == (None, None, 0)
