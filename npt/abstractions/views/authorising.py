"""What waits for an inspector: the queue, authorise, decline."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import AuthoriseForm, DeclineForm
from npt.abstractions.queries import Entry, Narrowing, Question, Waiting
from npt.abstractions.rules import Authorisation
from npt.abstractions.services import Overtaken
from npt.abstractions.views.effects import Effect, effect_of
from npt.abstractions.views.wording import mark_in, seen_now, tell_overtaken, terms
from npt.core.authority import Permission
from npt.core.errors import Reason, Refused
from npt.core.periods import month_of
from npt.edge import actor, now, policy, today, transaction, zone
from npt.people import queries as people
from npt.policy import queries as policies
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file

bp = Blueprint("authorisations", __name__, url_prefix="/to-authorise")

HEADER = (
    "Ref",
    "Team",
    "Collar number",
    "Name",
    "Reason",
    "From",
    "To",
    "Where to",
    "Why it needs authorisation",
    "Logged by",
    "Waiting since",
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the queue, who logged it, and why the actor may not decide it, if so."""

    entry: Waiting
    team: str
    logged_by: str | None
    obstacles: Sequence[Reason]


@bp.get("/")
@requires(Permission.AUTHORISE_ABSTRACTION)
def index() -> ResponseReturnValue:
    """The entries that wait for authorisation in the actor's area, those that start first at the top."""
    named = {team.id: team for team in people.teams(actor().scope)}
    reasons = policies.reason_book()
    rows = queries.awaiting(actor().scope, zone())
    if ending := request.args.get("format"):
        cells: list[Sequence[Cell]] = [
            [
                row.ref,
                named[row.team_id].code,
                row.person.collar_number,
                f"{row.person.forename} {row.person.surname}",
                reasons.label(row.reason),
                row.starts_at,
                row.ends_at,
                row.destination,
                "; ".join(row.why),
                row.logged_by,
                row.since,
            ]
            for row in rows
        ]
        return list_file(ending, "to authorise", HEADER, cells)
    month = month_of(today(), zone())
    count = queries.count(Question(month, now(), policy(month.last_day), reasons), actor().scope)
    decided = {
        each: len(queries.entries_behind(count, Narrowing(authorisation=each)))
        for each in (Authorisation.AUTHORISED, Authorisation.AFTERWARDS, Authorisation.DECLINED)
    }
    lines = [
        Line(
            row,
            named[row.team_id].name,
            queries.logged_by_name(row),
            services.obstacles_for(row, row.person.id, actor()),
        )
        for row in rows
    ]
    return render_template(
        "authorisations/index.html",
        lines=[line for line in lines if not line.obstacles],
        others=[line for line in lines if line.obstacles],
        reasons=reasons,
        month=month,
        decided=decided,
        now=now(),
    )


@bp.route("/<ref>/authorise", methods=["GET", "POST"])
@requires(Permission.AUTHORISE_ABSTRACTION)
def authorise(ref: str) -> ResponseReturnValue:
    """Authorise one entry: with a note, or afterwards with why it could not wait."""
    entry = queries.entry(ref, actor().scope, zone())
    form = AuthoriseForm(data={"seen": seen_now(entry)})
    if form.validate_on_submit():
        try:
            with transaction():
                done = services.authorise(
                    ref,
                    note=form.note.data or "",
                    afterwards_why=form.afterwards_why.data or "",
                    seen=mark_in(form.seen.data),
                    actor=actor(),
                    at=now(),
                    zone=zone(),
                )
        except Overtaken as overtaken:
            entry = queries.entry(ref, actor().scope, zone())
            tell_overtaken(form, overtaken, entry)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{done.authorisation.label}: the entry of {done.who.name}.", url_for("abstractions.show", ref=ref))
            return redirect(url_for("authorisations.index"))
    return _page("authorisations/authorise.html", entry, form, declining=DeclineForm(formdata=None))


@bp.route("/<ref>/decline", methods=["GET", "POST"])
@requires(Permission.AUTHORISE_ABSTRACTION)
def decline(ref: str) -> ResponseReturnValue:
    """Decline one entry with a reason."""
    entry = queries.entry(ref, actor().scope, zone())
    form = DeclineForm(data={"seen": seen_now(entry)})
    if form.validate_on_submit():
        try:
            with transaction():
                done = services.decline(
                    ref,
                    reason=form.reason.data or "",
                    seen=mark_in(form.seen.data),
                    actor=actor(),
                    at=now(),
                    zone=zone(),
                )
        except Overtaken as overtaken:
            entry = queries.entry(ref, actor().scope, zone())
            tell_overtaken(form, overtaken, entry)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            became = "It stays as time worked." if done.begun else "It is cancelled."
            say(f"Declined: the entry of {done.who.name}. {became}", url_for("abstractions.show", ref=ref))
            return redirect(url_for("authorisations.index"))
    return _page("authorisations/decline.html", entry, form)


def _page(
    template: str, entry: Entry, form: AuthoriseForm | DeclineForm, declining: DeclineForm | None = None
) -> ResponseReturnValue:
    """The page that decides one entry.

    :param declining: what stands beside a form that authorises, for whoever would decline it
    """
    waits = entry.authorisation is Authorisation.AWAITING
    teams = {team.id: team for team in people.teams(actor().scope)}
    return render_template(
        template,
        entry=entry,
        logged_by=queries.logged_by_name(entry),
        form=form,
        declining=declining,
        team=teams.get(entry.team_id or 0),
        reasons=policies.reason_book(),
        waits=waits,
        obstacles=_obstacles(entry) if waits else [],
        effect=_effect(entry) if waits else None,
        begun=entry.starts_at <= now(),
    )


def _obstacles(entry: Entry) -> list[Reason]:
    """Why the actor may not decide an entry: for who they are, or because its month is confirmed."""
    closed = services.closed_by_returns(entry, actor=actor(), at=now(), zone=zone())
    return services.obstacles_for(entry, entry.person.id, actor()) + closed


def _effect(entry: Entry) -> Effect:
    """What the entry does to the months it touches: without it, and with it."""
    return effect_of(lambda: services.foresee_entry(entry, at=now(), terms=terms()))
