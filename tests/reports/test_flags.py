"""Open flags on the BCU's month: the teams' lines and what is about no team of them add up to the BCU's."""

import datetime as dt
import re
from html import unescape

import html5lib
from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.flags.models import Flag
from npt.flags.rules import FlagKind
from npt.people.models import Team
from npt.policy.rules import Severity
from tests import make
from tests.reports.force import SmallForce
from tests.reports.pages import OCTOBER, cells


def flag(kind: FlagKind, subject: str, *, bcu_id: int, team_id: int | None = None) -> None:
    make.keep(
        Flag(
            kind=kind,
            subject=subject,
            severity=Severity.MEDIUM,
            figure="1",
            threshold=None,
            detail=f"About {subject}",
            opened_on=dt.date(2025, 10, 3),
            closed_on=None,
            owner_role=Role.BCU_MANAGER,
            first_owner_role=Role.BCU_MANAGER,
            owned_since=dt.date(2025, 10, 3),
            team_id=team_id,
            bcu_id=bcu_id,
        )
    )


def test_a_flag_about_the_bcu_itself_stands_beside_the_total_and_leads_to_it_alone(
    force: SmallForce, manager: FlaskClient
) -> None:
    flag(FlagKind.RESOURCES_MEETING_NOT_HELD, "N", bcu_id=force.bcu.id)

    page = manager.get(OCTOBER).text

    html5lib.HTMLParser(strict=True).parse(page)
    rows = [int(cells(page, name)[9]) for name in ("Ely", "Soham", "Chatteris")]
    assert rows == [0, 2, 0]
    assert cells(page, "Northern BCU")[9] == "3 1 about the BCU or a sector"
    found = re.search(r'href="([^"]+)">1 about the BCU or a sector<', page)
    assert found
    behind = manager.get(unescape(found[1])).text
    assert "1 flag open on 31 October 2025" in behind
    assert "About N<" in behind


def test_a_flag_of_a_team_that_has_closed_is_said_with_its_name(force: SmallForce, manager: FlaskClient) -> None:
    closed = make.team(make.sector(force.bcu, "N-T"), "N9", "March", last_day=dt.date(2025, 8, 31))
    assert isinstance(closed, Team)
    flag(FlagKind.VACANCY, "N9-PC-1", bcu_id=force.bcu.id, team_id=closed.id)

    page = manager.get(OCTOBER).text

    assert cells(page, "Northern BCU")[9] == "3 1 about March , which has closed"
    found = re.search(r'href="([^"]+)">1 about March<', page)
    assert found
    assert "About N9-PC-1" in manager.get(unescape(found[1])).text


def test_where_every_flag_is_a_teams_nothing_more_is_said(manager: FlaskClient) -> None:
    assert cells(manager.get(OCTOBER).text, "Northern BCU")[9] == "2"
