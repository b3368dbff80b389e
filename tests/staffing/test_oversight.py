"""Supervision of some teams, read from their own people, is that of the whole force."""

import datetime as dt
from itertools import combinations

import pytest

from npt.core.periods import DAY
from npt.people.models import Team
from npt.people.rules import Grade, PostingKind
from npt.policy.queries import policy_on
from npt.staffing import queries
from tests import make
from tests.conftest import TODAY
from tests.staffing.force import Force, force

YESTERDAY, LONG_AGO = TODAY - DAY, TODAY - 700 * DAY


@pytest.fixture
def here(session: object) -> Force:
    """The small force, and in it everything that makes supervision hard: a sergeant shared with another BCU, two of
    one team, an acting one, an attached one, one who has left, and cover that is over.
    """
    made = force()
    both = make.person("31201", "Dean", Grade.SERGEANT)
    make.posting(both, make.post(made.linton, Grade.SERGEANT, fte="0.50"), fte="0.50")
    make.posting(both, make.post(made.ely, Grade.SERGEANT, fte="0.50"), fte="0.50")
    acting = make.posted(made.linton, collar_number="31300")
    make.posting(acting, make.post(made.soham, Grade.SERGEANT), TODAY - 9 * DAY, None, PostingKind.ACTING)
    attached = make.posted(made.soham, Grade.SERGEANT, collar_number="31400")
    make.posting(attached, make.post(made.linton, Grade.SERGEANT), TODAY - 5 * DAY, None, PostingKind.ATTACHMENT)
    left = make.person("31500", "Gone", Grade.SERGEANT, leaving_on=YESTERDAY)
    make.posting(left, make.post(made.ely, Grade.SERGEANT))
    make.cover(both, made.soham, LONG_AGO, YESTERDAY)
    make.cover(attached, made.ely, TODAY - 3 * DAY)
    shut = make.team(made.fens, "OLD", last_day=YESTERDAY)
    make.posted(shut, Grade.SERGEANT, collar_number="31600")
    return made


@pytest.mark.parametrize("on", [TODAY, YESTERDAY, TODAY - 7 * DAY, LONG_AGO])
def test_the_supervision_of_any_teams_is_that_of_the_whole_force(here: Force, on: dt.date) -> None:
    policy = policy_on(on)
    whole = queries.supervision_on(on, policy)
    teams: list[Team] = [here.ely, here.soham, here.linton]

    for some in [each for size in (1, 2, 3) for each in combinations(teams, size)]:
        ids = {team.id for team in some}
        found = queries.supervision_around(ids, on, policy).found

        assert [row for row in found.teams if row.team.id in ids] == [row for row in whole.teams if row.team.id in ids]
        assert queries.span_rows(found, ids) == queries.span_rows(whole, ids)
