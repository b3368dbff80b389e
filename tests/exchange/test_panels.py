"""``panels.csv chairs.csv meetings.csv priorities.csv``: taken in and given out, on both databases."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from npt.audit.queries import history
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.panels.models import ChairTerm, Meeting, Minutes, Priority
from npt.panels.rules.vocabulary import ChairType, Office, PriorityState
from npt.people.models import Organisation, Panel, PanelTeam, Team
from npt.people.rules.organisations import OrganisationKind
from tests import make
from tests.conftest import NOW
from tests.exchange.make import FORCE, changed, load, refused, rows
from tests.exchange.test_export import given_out, taken_back, text_of

pytestmark = pytest.mark.usefixtures("force")

KINDS = ("panels", "chairs", "meetings", "priorities")


@pytest.fixture
def force(session: Session) -> None:
    load(FORCE)


def served(code: str) -> list[str]:
    statement = select(Team.code).join(PanelTeam, PanelTeam.team_id == Team.id).join(PanelTeam.panel)
    return sorted(session.scalars(statement.where(Panel.code == code)))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_panels_chairs_meetings_and_priorities_come_back_and_change_nothing(ending: str) -> None:
    files = given_out(ending, *KINDS)

    assert [file.name for file in files] == [f"{kind}.{ending}" for kind in KINDS]
    assert [file.rows for file in files] == [2, 3, 3, 2]
    assert taken_back(files) == {}


def test_the_columns_are_the_published_ones() -> None:
    assert text_of("panels").splitlines() == [
        "code,name,district,lead_team,teams,cadence_weeks,first_day,last_day",
        "EL,Ely,,ELY,ELY,,2020-01-01,",
        "SV,Soham and Villages,East Cambridgeshire,SOH,ELY;SOH,8,2020-01-01,",
    ]
    assert (
        text_of("chairs").splitlines()[1]
        == "SV,m.holt@example.org,2024-05-01,2025-04-30,Margaret Holt,chair,independent"
    )
    assert text_of("meetings").splitlines()[1:3] == [
        "M1,SV,2026-09-17T19:00+01:00,Village College,yes,held,41,SV 2026/3",
        "M2,SV,2026-11-26T19:00+00:00,,no,planned,,",
    ]
    assert text_of("priorities").splitlines()[1:] == FORCE["priorities"].splitlines()[1:]


def test_a_panel_serves_the_teams_of_its_row_and_no_longer_those_it_loses() -> None:
    assert (served("SV"), served("EL")) == (["ELY", "SOH"], ["ELY"])

    result = load(changed("panels", "ELY; SOH", "SOH"))

    assert (result["panels"].changed, result["panels"].unchanged) == (1, 1)
    assert (served("SV"), served("EL")) == (["SOH"], ["ELY"])
    [line] = history("panel:SV")
    assert line.details["before"] == {"teams": "ELY;SOH"}
    assert line.details["after"] == {"teams": "SOH"}


def test_what_is_wrong_with_a_row_is_said_with_its_line_and_column() -> None:
    answer = refused(
        {
            **rows("panels", "P1,One,,SOH,ELY,8,2026-01-01,", "P2,Two,,SOH,SOH;XXX,0,2026-01-01,2025-12-31"),
            **rows("chairs", "NO,a@example.org,2026-01-01,,A,treasurer,parish"),
            **rows("meetings", "M8,SV,2026-10-25T01:30,,maybe,planned,,", "M9,SV,2026-12-01T19:00,,yes,planned,12,"),
            **rows("priorities", "P8,SV,One,,,adopted,,", "P9,SV,Two,,,raised,M1,6.3", "P7,SV,,,,closed,M7,"),
        }
    )

    assert [line.split(" (")[0] for line in answer] == [
        "panels.csv:2: teams: the lead team SOH is not among the teams: add it",
        "panels.csv:3: cadence_weeks: enter a whole number from 1 to 52",
        "chairs.csv:2: panel: there is no panel",
        "chairs.csv:2: office: enter one of: chair, vice_chair",
        "chairs.csv:2: chair_type: enter one of: independent, council, cdrp, police",
        "meetings.csv:2: starts_at: this time happens twice, the clocks go back: enter 2026-10-25T01:30+01:00 or "
        "2026-10-25T01:30+00:00",
        "meetings.csv:2: public: enter yes or no",
        "meetings.csv:3: public_attendance: only a meeting that was held has an attendance: leave this empty",
        "priorities.csv:2: adopted_at: enter the meeting that adopted it",
        "priorities.csv:2: minute_ref: enter the reference of the minute by which it was adopted",
        "priorities.csv:3: adopted_at: a priority that is raised has not been adopted: leave this empty",
        "priorities.csv:4: title: this is empty: enter a value",
        "priorities.csv:4: state: enter one of: recommended, raised, adopted, declined, in_progress, put_forward, "
        "signed_off, refused, deferred, withdrawn",
        "priorities.csv:4: adopted_at: there is no meeting",
    ]


def test_a_team_that_does_not_exist_is_named_and_last_days_come_after_first_days() -> None:
    answer = refused(rows("panels", "P2,Two,,SOH,SOH;XXX,8,2026-01-01,2025-12-31"))

    assert [line.split(" (")[0] for line in answer] == [
        "panels.csv:2: last_day: the last day is before the first day",
        "panels.csv:2: teams: there is no team XXX",
    ]


@pytest.mark.parametrize("code", ["S", "EC", "SOH"])
def test_the_code_of_a_bcu_sector_or_team_is_no_panels_code(code: str) -> None:
    [line] = refused(rows("panels", f"{code},One,,SOH,SOH,8,2026-01-01,"))

    assert "codes are unique across all units" in line


@pytest.mark.parametrize("code", ["O-1", "o-1"])
def test_the_code_of_a_partner_organisation_is_no_panels_and_no_teams_code(code: str) -> None:
    make.keep(Organisation(code="O-1", name="Housing association", kind=OrganisationKind.HOUSING, active=True))

    for file in (rows("panels", f"{code},One,,SOH,SOH,8,2026-01-01,"), rows("teams", f"{code},Two,EC,,,2026-01-01,")):
        [line] = refused(file)
        assert "a partner organisation has this code" in line


def test_a_new_team_cannot_take_a_panels_code() -> None:
    [line] = refused(rows("teams", "SV,Somewhere,EC,,,2026-01-01,"))

    assert line.startswith("teams.csv:2: code: a panel has this code")


def test_an_office_of_a_panel_has_one_holder_at_a_time() -> None:
    [line] = refused(rows("chairs", "SV,new@example.org,2026-01-01,,New Chair,chair,police"))

    assert "somebody holds this office of the panel on those days already (SV/r.dunn@example.org/2025-05-01" in line
    assert load(rows("chairs", "EL,new@example.org,2026-01-01,,New Chair,chair,police"))["chairs"].new == 1


def test_a_chair_who_hands_over_in_one_run_does_not_trip_over_the_next() -> None:
    result = load(
        rows(
            "chairs",
            "SV,new@example.org,2026-06-01,,New Chair,chair,cdrp",
            "SV,r.dunn@example.org,2025-05-01,2026-05-31,Ray Dunn,chair,council",
        )
    )

    assert (result["chairs"].new, result["chairs"].changed) == (1, 1)


def test_the_database_itself_refuses_two_chairs_on_one_day() -> None:
    panel = session.scalars(select(Panel).where(Panel.code == "SV")).one()

    with pytest.raises(Refused, match="Somebody holds this office of the panel on those days already"), transaction():
        session.add(
            ChairTerm(
                panel_id=panel.id,
                email="x@example.org",
                first_day=panel.first_day.replace(year=2026),
                name="X",
                office=Office.CHAIR,
                chair_type=ChairType.COUNCIL,
            )
        )


def test_the_database_itself_refuses_a_priority_adopted_at_no_meeting_or_by_another_panel() -> None:
    other = session.scalars(select(Meeting).where(Meeting.ref == "M3")).one()
    for values in ({"state": PriorityState.ADOPTED, "adopted_at_id": None}, {"adopted_at_id": other.id}):
        with pytest.raises(Refused), transaction():
            session.execute(update(Priority).where(Priority.ref == "P1").values(values))


def test_a_priority_is_adopted_at_a_meeting_its_own_panel_held() -> None:
    answer = refused(
        {
            **rows("meetings", "M4,EL,2026-10-08T19:00,,yes,held,,"),
            **rows("priorities", "P7,SV,One,,,adopted,M4,1", "P8,SV,Two,,,declined,M2,2", "P9,SV,Three,,,adopted,M1,3"),
        }
    )

    assert [line.split(" (")[0] for line in answer] == [
        "priorities.csv:2: adopted_at: this is a meeting of panel EL: name one of panel SV",
        "priorities.csv:3: adopted_at: this meeting is planned: name one that was held",
    ]


def test_a_meeting_at_which_a_priority_was_decided_stays_one_its_panel_held() -> None:
    assert refused(rows("meetings", "M1,SV,2026-09-17T19:00,,yes,cancelled,,")) == [
        'meetings.csv:2: status: priority P1 was decided at this meeting ("cancelled")'
    ]
    assert refused(rows("meetings", "M1,EL,2026-09-17T19:00,,yes,held,,")) == [
        'meetings.csv:2: panel: priority P1 of panel SV was decided here ("EL")'
    ]


@pytest.mark.parametrize("standing", ["SV,2026-10-01T19:00,,yes,planned", "SV,2026-10-01T19:00,,yes,cancelled"])
def test_a_meeting_of_which_minutes_are_kept_stays_held_whatever_an_old_sheet_says(standing: str) -> None:
    load(rows("meetings", "M5,SV,2026-10-01T19:00,,yes,held,30,"))
    assert load(rows("meetings", f"M5,{standing},,"))["meetings"].changed == 1
    load(rows("meetings", "M5,SV,2026-10-01T19:00,,yes,held,30,"))
    held = session.scalars(select(Meeting).where(Meeting.ref == "M5")).one()
    with transaction():
        session.add(Minutes(meeting_id=held.id, version=1, started_at=NOW))

    [line] = refused(rows("meetings", f"M5,{standing},,"))
    assert line.startswith(
        "meetings.csv:2: status: minutes of this meeting, or who came, are kept here: it stays as it is"
    )
    assert load(rows("meetings", "M5,SV,2026-10-01T19:00,Maltings,yes,held,31,"))["meetings"].changed == 1


def test_a_meeting_that_lies_ahead_has_not_been_held() -> None:
    assert refused(rows("meetings", "M2,SV,2026-11-26T19:00,,yes,held,,")) == [
        'meetings.csv:2: status: a meeting that lies ahead has not been held ("held")'
    ]


@pytest.mark.parametrize("state", ["signed_off", "refused", "deferred"])
def test_no_file_signs_off_refuses_or_defers_in_the_chairs_place(state: str) -> None:
    for ref in ("P1", "P9"):
        [line] = refused(rows("priorities", f"{ref},SV,Speeding on Fordham Road,,,{state},M1,6.2"))
        assert line.startswith("priorities.csv:2: state: only the panel's chair signs off, refuses or defers")


def test_what_is_signed_off_comes_back_unchanged_and_nothing_about_it_changes() -> None:
    with transaction():
        session.execute(update(Priority).where(Priority.ref == "P1").values(state=PriorityState.SIGNED_OFF))
    files = given_out("csv", "priorities")

    assert taken_back(files) == {}
    for line in ("P1,SV,Parking on Fordham Road,,,signed_off,M1,6.2", "P1,SV,Speeding,,,in_progress,M1,6.2"):
        [answer] = refused(rows("priorities", line))
        assert "this priority is signed off: nothing about it changes" in answer


def test_a_chairs_refusal_is_not_undone_by_a_file() -> None:
    with transaction():
        session.execute(update(Priority).where(Priority.ref == "P1").values(state=PriorityState.DEFERRED))

    [answer] = refused(changed("priorities", "6.2", "6.3"))
    assert "the chair's decision stands: it is deferred" in answer
