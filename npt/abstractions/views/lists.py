"""The entries behind figures: abstractions and duties, which add up to the figure to the minute."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.abstractions import queries
from npt.abstractions.forms import NarrowForm, Show, Upto
from npt.abstractions.queries import Count, Narrowing, Question
from npt.abstractions.rules import destination_key, is_late, rate
from npt.abstractions.views import bp
from npt.abstractions.views.supposing import kept_of_supposition, supposed_reasons
from npt.core.authority import EVERYTHING, Permission, Scope
from npt.core.periods import Window, month_of
from npt.edge import actor, now, policy, today, zone
from npt.people import queries as people
from npt.people.rules import OFFICERS, PCSOS, Grade
from npt.policy import queries as policies
from npt.policy.rules import Definition, Group, ReasonBook
from npt.web.access import requires
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

GRADES = {None: frozenset(Grade), Group.ALL: frozenset(Grade), Group.OFFICERS: OFFICERS, Group.PCSOS: PCSOS}


@dataclass(frozen=True)
class Asked:
    """What a list was asked for, and what was counted for it."""

    form: NarrowForm
    count: Count | None
    narrowing: Narrowing
    reasons: ReasonBook
    supposed: str = ""
    """How a reason is supposed to count, in words, when it is not by policy."""

    @property
    def kept(self) -> Mapping[str, Any]:
        """What a link to one row carries, so that its page counts what the row does."""
        if self.count is None:
            return {}
        question, form = self.count.question, self.form
        chosen = {name: form[name].data for name in ("team", "sector", "bcu", "grade", "group", "hours")}
        if question.definition is not Definition.LOCAL:
            chosen["definition"] = question.definition
        return {
            "first": question.window.first_day.isoformat(),
            "last": question.window.last_day.isoformat(),
            "at": question.at.isoformat(),
            "upto": (Upto.PLANNED if self.count.ahead else Upto.NOW).value,
            **{name: str(value) for name, value in chosen.items() if value},
            **kept_of_supposition(),
        }


@bp.get("/")
@requires(Permission.VIEW_ABSTRACTIONS)
def index() -> ResponseReturnValue:
    """The abstractions of a window. The total counted is the figure that led here."""
    return _abstractions(asked_of(actor().scope, _person()))


@bp.get("/mine")
@requires(Permission.VIEW_TEAM)
def mine() -> ResponseReturnValue:
    """The actor's own abstractions."""
    return _abstractions(asked_of(EVERYTHING, actor().person_id or 0), own=True)


@bp.get("/duties")
@requires(Permission.VIEW_ABSTRACTIONS)
def duties() -> ResponseReturnValue:
    """The duties of a window. The total available is the figure that led here."""
    return _duties(asked_of(actor().scope, _person()))


@bp.get("/mine/duties")
@requires(Permission.VIEW_TEAM)
def my_duties() -> ResponseReturnValue:
    """The actor's own duties."""
    return _duties(asked_of(EVERYTHING, actor().person_id or 0), own=True)


def _person() -> int | None:
    """The person whose collar number the address gives. Only their minutes in teams within scope are counted."""
    given = request.args.get("person", "").strip()
    return people.person_id(given) if given else None


def asked_of(scope: Scope, person_id: int | None, usual: Window | None = None, upto: Upto = Upto.NOW) -> Asked:
    """What the address asks for, counted.

    :param usual: the days when it names none; this month otherwise. ``upto`` likewise
    """
    teams = people.teams(scope)
    reasons, supposed = supposed_reasons(policies.reason_book())
    days = usual or month_of(today(), zone())
    given = MultiDict(request.args)
    for name, value in (
        ("first", days.first_day.isoformat()),
        ("last", days.last_day.isoformat()),
        ("definition", Definition.LOCAL.value),
        ("show", Show.ALL.value),
        ("upto", upto.value),
    ):
        given.setdefault(name, value)
    form = NarrowForm(formdata=given)
    form.team.choices = {t.code: t.name for t in teams}
    form.sector.choices = {t.sector_code: t.sector_name for t in teams}
    form.bcu.choices = {t.bcu_code: t.bcu_name for t in teams}
    form.reason.choices = {code: reasons.label(code) for code in reasons.codes}
    narrowing = Narrowing(
        grade=form.grade.data,
        grades=GRADES[form.group.data],
        reason=form.reason.data,
        person_id=person_id,
        authorisation=form.authorisation.data,
        hours=form.hours.data,
        destination=_destination(form),
        but=form.but.data or None,
    )
    if not form.validate():
        return Asked(form, None, narrowing, reasons, supposed)
    window = Window(cast(dt.date, form.first.data), cast(dt.date, form.last.data), zone())
    question = Question(
        window, asked_moment(), policy(window.last_day), reasons, form.definition.data or Definition.LOCAL
    )
    only = [
        t.id
        for t in teams
        if form.team.data in (None, t.code)
        and form.sector.data in (None, t.sector_code)
        and form.bcu.data in (None, t.bcu_code)
    ]
    alone = None if person_id is None else [person_id]
    counted = queries.project if form.upto.data is Upto.PLANNED else queries.count
    return Asked(form, counted(question, scope, only, person_ids=alone), narrowing, reasons, supposed)


def _destination(form: NarrowForm) -> str | None:
    """The destination asked for; empty for none written down."""
    if form.show.data is Show.NOWHERE:
        return ""
    return destination_key(form.destination.data) or None


def asked_moment() -> dt.datetime:
    """The moment a figure was asked for, which its link carries, so that its list still adds up to it; else now."""
    with suppress(ValueError):
        given = dt.datetime.fromisoformat(request.args.get("at", ""))
        if given.tzinfo is not None:
            return min(given, now())
    return now()


def _abstractions(asked: Asked, own: bool = False) -> ResponseReturnValue:
    rows = queries.entries_behind(asked.count, asked.narrowing) if asked.count else []
    if asked.form.show.data is Show.OFF_DUTY:
        rows = [row for row in rows if row.off_duty]
    if asked.count and asked.form.show.data is Show.LATE:
        lines = asked.count.question.policy
        rows = [row for row in rows if is_late(row.starts_at, row.logged_at, lines)]
    if asked.count and (ending := request.args.get("format")):
        header = ["Ref", "Collar number", "Name", "Reason", "From", "To", "Where to", *DECISION, *MINUTES]
        cells: list[Sequence[Cell]] = [
            [
                row.ref,
                row.person.collar_number,
                f"{row.person.forename} {row.person.surname}",
                asked.reasons.label(row.reason),
                row.starts_at,
                row.ends_at,
                row.destination,
                row.authorisation.label,
                row.decided_by,
                row.decided_at,
                row.cancelled,
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
        duty=(duty := queries.duty_minutes(asked.count, asked.narrowing) if asked.count else 0),
        whole=asked.narrowing.every_entry and asked.form.show.data is Show.ALL,
        rate=rate(sum(row.counted for row in rows), duty),
        supposing=kept_of_supposition(),
        duties_address=_duties_address(own),
        own=own,
    )


def _duties_address(own: bool) -> str:
    """The duties of the same window and people."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in NarrowForm.KEPT}
    return url_for("abstractions.my_duties" if own else "abstractions.duties", **kept)


MINUTES = ("Minutes counted", "Minutes not counting", "Minutes off duty")
DECISION = ("Authorisation", "Decided by", "Decided", "Cancelled")


def _duties(asked: Asked, own: bool = False) -> ResponseReturnValue:
    rows = queries.duties_behind(asked.count, asked.narrowing) if asked.count else []
    if asked.count and (ending := request.args.get("format")):
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
