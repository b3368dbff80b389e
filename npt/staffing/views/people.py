"""One person's record, as far as the reader may see it, and the search for people."""

import datetime as dt
from collections.abc import Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions.queries import Question
from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.periods import Window
from npt.edge import actor, now, policy, today, zone
from npt.people import queries as units
from npt.policy import queries as policies
from npt.staffing import queries
from npt.staffing.forms.people import PeopleForm
from npt.staffing.queries import FoundPerson, PersonPage, changing
from npt.staffing.views import bp
from npt.staffing.views.asked import here
from npt.web.access import requires
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

PEOPLE = ("Collar number", "Forename", "Surname", "Grade", "Team", "Sector")
POSTINGS = ("Post", "Grade", "Team", "Sector", "Held as", "First day", "Last day", "End reason")


@bp.get("/people")
@requires(Permission.VIEW_PERSON)
def people() -> ResponseReturnValue:
    """Find somebody by name or collar number."""
    teams = [team for team in units.teams(actor().scope) if team.live(today(), today())]
    form = PeopleForm(formdata=request.args)
    form.team.choices = {team.code: team.name for team in teams}
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.validate()
    narrowed = [t.id for t in teams if form.team.data in (None, t.code) and form.bcu.data in (None, t.bcu_code)]
    only = narrowed if form.team.data or form.bcu.data else ()
    found = queries.people_found(actor().scope, today(), form.search.data or "", only)
    if ending := request.args.get("format"):
        return list_file(ending, "people", PEOPLE, [_cells(row) for row in found])
    return render_template(
        "staffing/people.html",
        form=form,
        page=page_of(found, asked_page()),
        address=address_of,
        scope=actor().scope,
        here=here,
    )


def _cells(row: FoundPerson) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        row.person.forename,
        row.person.surname,
        row.grade.label if row.grade else None,
        row.team.code if row.team else None,
        row.sector or (row.team.sector_name if row.team else None),
    ]


@bp.get("/people/<collar>")
@requires(Permission.VIEW_PERSON)
def person(collar: str) -> ResponseReturnValue:
    """One person: postings, tenure, skills, this year's abstractions and absences, as the role allows."""
    year = Window(dt.date(today().year, 1, 1), dt.date(today().year, 12, 31), zone())
    page = queries.person_page(collar, actor(), today(), year.whole, policy(today()))
    if ending := request.args.get("format"):
        return list_file(ending, f"postings {collar}", POSTINGS, [_posting(row) for row in page.postings])
    reasons = policies.reason_book()
    question = Question(year, now(), policy(year.last_day), reasons)
    return render_template(
        "staffing/person.html",
        page=page,
        year=year,
        figures=queries.person_year(question, page, actor().scope),
        reasons=reasons,
        behind=_behind(page, year),
        today=today(),
        scope=actor().scope,
        here=here,
        may_post=_may_post(page),
        may_end=_may_end,
        may_change_skills=actor().may(Permission.CHANGE_STAFFING) and not page.own,
        months=policy(today()).skill_verified_months,
        history=audit.history(
            f"person:{collar}",
            *(f"posting:{row.posting.id}" for row in page.postings),
            *(queries.skill_subjects(collar) if page.sees("skills") else ()),
        ),
    )


def _may_post(page: PersonPage) -> bool:
    """Whether the actor may post, move or attach this person: nobody who has left the service."""
    gone = any((last := row.posting.person_last_day) is not None and last < today() for row in page.postings)
    if gone or not actor().may(Permission.CHANGE_STAFFING):
        return False
    return changing.may_be_posted([row.posting for row in page.postings], actor().scope, today())


def _may_end(row: queries.PostingRow) -> bool:
    """Whether the actor may end a posting: it goes on, and its post is theirs."""
    goes_on = row.last_day is None or row.last_day > today()
    return goes_on and actor().may(Permission.CHANGE_STAFFING) and changing.in_scope(row.posting.post, actor().scope)


def _posting(row: queries.PostingRow) -> Sequence[Cell]:
    return [
        row.posting.post.ref,
        row.posting.post.grade.label,
        row.team.code if row.team else None,
        row.sector,
        row.posting.kind.value,
        row.posting.first_day,
        row.last_day,
        row.end_reason,
    ]


def _behind(page: PersonPage, year: Window) -> str | None:
    """Where the entries behind the year's hours stand, for whoever may open them."""
    asked = {"first": year.first_day.isoformat(), "last": year.last_day.isoformat()}
    if page.own and actor().may(Permission.VIEW_TEAM):
        return url_for("abstractions.mine", **asked)  # type: ignore[arg-type]
    if actor().may(Permission.VIEW_ABSTRACTIONS):
        return url_for("abstractions.index", person=page.person.collar_number, **asked)  # type: ignore[arg-type]
    return None
