"""The entries behind figures: abstractions and duties, which add up to the figure to the minute."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.abstractions import queries
from npt.abstractions.forms import NarrowForm
from npt.abstractions.queries import Count, Narrowing, Question
from npt.abstractions.views import bp
from npt.core.authority import EVERYTHING, Permission, Scope
from npt.core.periods import Window, month_of
from npt.edge import actor, now, policy, today, zone
from npt.people import queries as people
from npt.people.rules import OFFICERS, PCSOS, RATED_GRADES
from npt.policy import queries as policies
from npt.policy.rules import Definition, Group, ReasonBook
from npt.web.access import requires
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

GRADES = {None: RATED_GRADES, Group.ALL: RATED_GRADES, Group.OFFICERS: OFFICERS, Group.PCSOS: PCSOS}


@dataclass(frozen=True)
class Asked:
    """What a list was asked for, and what was counted for it."""

    form: NarrowForm
    count: Count | None
    narrowing: Narrowing
    reasons: ReasonBook


@bp.get("/")
@requires(Permission.VIEW_ABSTRACTIONS)
def index() -> ResponseReturnValue:
    """The abstractions of a window. The total counted is the figure that led here."""
    return _abstractions(_asked(actor().scope, _person()))


@bp.get("/mine")
@requires(Permission.VIEW_TEAM)
def mine() -> ResponseReturnValue:
    """The actor's own abstractions."""
    return _abstractions(_asked(EVERYTHING, actor().person_id or 0), own=True)


@bp.get("/duties")
@requires(Permission.VIEW_ABSTRACTIONS)
def duties() -> ResponseReturnValue:
    """The duties of a window. The total available is the figure that led here."""
    return _duties(_asked(actor().scope, _person()))


@bp.get("/mine/duties")
@requires(Permission.VIEW_TEAM)
def my_duties() -> ResponseReturnValue:
    """The actor's own duties."""
    return _duties(_asked(EVERYTHING, actor().person_id or 0), own=True)


def _person() -> int | None:
    """The person whose collar number the address gives. Only their minutes in teams within scope are counted."""
    given = request.args.get("person", "").strip()
    return people.person_id(given) if given else None


def _asked(scope: Scope, person_id: int | None = None) -> Asked:
    teams = people.teams(scope)
    reasons = policies.reason_book()
    month = month_of(today(), zone())
    given = MultiDict(request.args)
    for name, value in (
        ("first", month.first_day.isoformat()),
        ("last", month.last_day.isoformat()),
        ("definition", Definition.LOCAL.value),
    ):
        given.setdefault(name, value)
    form = NarrowForm(formdata=given)
    form.team.choices = {t.code: t.name for t in teams}
    form.bcu.choices = {t.bcu_code: t.bcu_name for t in teams}
    form.reason.choices = {code: reasons.label(code) for code in reasons.codes}
    narrowing = Narrowing(
        grade=form.grade.data, grades=GRADES[form.group.data], reason=form.reason.data, person_id=person_id
    )
    if not form.validate():
        return Asked(form, None, narrowing, reasons)
    window = Window(cast(dt.date, form.first.data), cast(dt.date, form.last.data), zone())
    question = Question(window, now(), policy(window.last_day), reasons, form.definition.data)
    only = [t.id for t in teams if form.team.data in (None, t.code) and form.bcu.data in (None, t.bcu_code)]
    alone = None if person_id is None else [person_id]
    return Asked(form, queries.count(question, scope, only, person_ids=alone), narrowing, reasons)


def _abstractions(asked: Asked, own: bool = False) -> ResponseReturnValue:
    rows = queries.entries_behind(asked.count, asked.narrowing) if asked.count else []
    if ending := request.args.get("format"):
        header = ["Ref", "Collar number", "Name", "Reason", "From", "To", "Where to", *MINUTES]
        cells: list[Sequence[Cell]] = [
            [
                row.ref,
                row.person.collar_number,
                f"{row.person.forename} {row.person.surname}",
                asked.reasons.label(row.reason),
                row.starts_at,
                row.ends_at,
                row.destination,
                row.counted,
                row.not_counting,
                row.off_duty,
            ]
            for row in rows
        ]
        return list_file(ending, "abstractions", header, cells)
    return render_template(
        "abstractions/index.html",
        form=asked.form,
        asked=asked,
        page=page_of(rows, asked_page()),
        address=address_of,
        counted=sum(row.counted for row in rows),
        not_counting=sum(row.not_counting for row in rows),
        off_duty=sum(row.off_duty for row in rows),
        own=own,
    )


MINUTES = ("Minutes counted", "Minutes not counting", "Minutes off duty")


def _duties(asked: Asked, own: bool = False) -> ResponseReturnValue:
    rows = queries.duties_behind(asked.count, asked.narrowing) if asked.count else []
    if ending := request.args.get("format"):
        header = ["Ref", "Collar number", "Name", "From", "To", "Minutes available"]
        cells: list[Sequence[Cell]] = [
            [
                row.ref,
                row.person.collar_number,
                f"{row.person.forename} {row.person.surname}",
                row.starts_at,
                row.ends_at,
                row.available,
            ]
            for row in rows
        ]
        return list_file(ending, "duties", header, cells)
    return render_template(
        "abstractions/duties.html",
        form=asked.form,
        asked=asked,
        page=page_of(rows, asked_page()),
        address=address_of,
        available=sum(row.available for row in rows),
        own=own,
    )
