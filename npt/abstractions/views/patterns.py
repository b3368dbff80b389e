"""Shift patterns: what each looks like, who is on it, and putting people on one."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions.forms.patterns import AssignForm, EndPatternForm, FollowingPatternForm, PatternForm, TeamForm
from npt.abstractions.queries import patterns as queries
from npt.abstractions.queries.patterns import OnPattern, Pattern
from npt.abstractions.rules.cycles import told_on, turn, written
from npt.abstractions.services import patterns as services
from npt.abstractions.services.patterns import NewAssignment, NewPattern
from npt.abstractions.views.rostering import bp
from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.edge import actor, now, policy, today, transaction
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.people.rules import Grade
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import day, plural
from npt.web.forms.typed import EARLIEST, LATEST

PATTERNS = ("Pattern", "Day", "Grade", "Turn", "Starts", "Ends")
PEOPLE = ("Collar number", "Name", "Grade", "Team", "Pattern", "First day", "Last day", "Day of the cycle")


def _asked_day() -> dt.date:
    try:
        asked = dt.date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
    return asked if EARLIEST <= asked.year <= LATEST else today()


@bp.get("/patterns")
@requires(Permission.CHANGE_DUTIES)
def patterns() -> ResponseReturnValue:
    """Every pattern of the force, with how many of the reader's people are on it on a day."""
    on = _asked_day()
    found = queries.patterns(actor().scope, on)
    if ending := request.args.get("format"):
        return list_file(ending, "patterns", PATTERNS, [row for each in found for row in _days(each)])
    return render_template("duties/patterns.html", patterns=found, on=on, here=this_page)


def _days(pattern: Pattern) -> list[Sequence[Cell]]:
    return [
        [
            pattern.code,
            number,
            grade.label,
            turn(clocks),
            clocks[0] if clocks else None,
            clocks[1] if clocks else None,
        ]
        for grade, cycle in pattern.cycles.items()
        for number, clocks in enumerate(cycle, start=1)
    ]


@bp.get("/patterns/<code>")
@requires(Permission.CHANGE_DUTIES)
def pattern(code: str) -> ResponseReturnValue:
    """One pattern: its cycle, and who is on it on a day."""
    on = _asked_day()
    found = queries.pattern(code, actor().scope, on)
    if ending := request.args.get("format"):
        return list_file(
            ending, f"people on {code} {on}", PEOPLE, [_person(found, row) for row in (*found.people, *found.coming)]
        )
    return render_template(
        "duties/pattern.html",
        pattern=found,
        on=on,
        turn=turn,
        here=this_page,
        history=audit.history(f"pattern:{code}"),
    )


def _person(pattern: Pattern, row: OnPattern) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.grade.label,
        row.team.code,
        pattern.code,
        row.assignment.first_day,
        row.assignment.last_day,
        pattern.cycle_day(row),
    ]


@bp.route("/patterns/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def new_pattern() -> ResponseReturnValue:
    """Open a pattern, or one that follows another and takes its people over from a day."""
    follows = request.args.get("follows")
    form = _pattern_form(follows)
    if form.validate_on_submit():
        from_day = cast("dt.date | None", form.from_day.data) if isinstance(form, FollowingPatternForm) else None
        new = NewPattern(cast(str, form.code.data), form.cycles(), follows, from_day)
        try:
            with transaction():
                moved = services.open_pattern(new, actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            went = f" {plural(moved, 'person', 'people')} will go over to it. {_told(from_day)}" if from_day else ""
            say(f"Pattern {new.code} is open.{went}")
            return redirect(url_for("duties.pattern", code=new.code, on=from_day))
    return render_template("duties/new_pattern.html", form=form, follows=follows)


def _pattern_form(follows: str | None) -> PatternForm:
    if follows is None:
        return PatternForm()
    cycles = queries.cycles_of(follows)
    return FollowingPatternForm(data={grade.value: written(cycles.get(grade, ())) for grade in Grade})


def _told(first_day: dt.date) -> str:
    """When the duties of a day, and of those after it, come onto the roster."""
    made = told_on(first_day, policy(today()).generate_duties_days, today())
    when = "tonight" if made == today() + DAY else f"in the night before {day(made)}"
    return f"Duties from {day(first_day)} will be made {when}."


@bp.route("/patterns/<code>/assign", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def assign_pattern(code: str) -> ResponseReturnValue:
    """Put one or several people of a team on a pattern."""
    cycles = queries.cycles_of(code)
    choose, team = _team()
    if team is None:
        return render_template("duties/assign_pattern.html", code=code, choose=choose, form=None, team=None, length=0)
    length = max(len(cycle) for cycle in cycles.values())
    form = AssignForm(queries.people_of(team.id, today()), data={"cycle_day": 1, "first_day": today() + DAY})
    if form.validate_on_submit():
        chosen = [int(id) for id in form.people.data or ()]
        try:
            with transaction():
                found = services.assign(
                    code, form.into(NewAssignment, person_ids=chosen), actor=actor(), at=now(), on=today()
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            first_day = cast(dt.date, form.first_day.data)
            who = found[0].name if len(found) == 1 else plural(len(found), "person", "people")
            verb = "is" if len(found) == 1 else "are"
            say(f"{who} {verb} on pattern {code} from {day(first_day)}. {_told(first_day)}")
            return redirect(url_for("duties.pattern", code=code, on=first_day))
    return render_template("duties/assign_pattern.html", code=code, choose=choose, form=form, team=team, length=length)


def _team() -> tuple[TeamForm, TeamRow | None]:
    """The team asked for, or the only one there is."""
    teams = {team.code: team for team in people.teams(actor().scope) if team.live(today(), today())}
    choose = TeamForm(formdata=request.args)
    choose.team.choices = {code: team.name for code, team in teams.items()}
    if not choose.team.data and len(teams) == 1:
        return choose, next(iter(teams.values()))
    return choose, teams.get(choose.team.data or "")


@bp.route("/patterns/assignments/<int:assignment_id>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def end_pattern(assignment_id: int) -> ResponseReturnValue:
    """Take somebody off a pattern after a day."""
    found, form = queries.assignment(assignment_id, actor().scope, today()), EndPatternForm()
    if form.validate_on_submit():
        last_day = cast(dt.date, form.last_day.data)
        try:
            with transaction():
                who = services.end_assignment(assignment_id, last_day, actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            pattern = found.assignment.pattern
            say(f"{who.name} leaves pattern {pattern} after {day(last_day)}. Duties after that day go tonight.")
            return redirect(url_for("duties.pattern", code=pattern))
    return render_template("duties/end_pattern.html", form=form, found=found)
