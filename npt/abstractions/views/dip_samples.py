"""Dip-samples: an auditor draws, looks at each entry, and closes; the teams' supervisors read what was found."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import CloseSampleForm, FindingForm, NewSampleForm
from npt.abstractions.queries import Entry, Question, Sample, SampledRow, SampleRow
from npt.abstractions.rules import Finding, place_in_draw
from npt.abstractions.services import NewFinding, NewSample, Overtaken
from npt.abstractions.views import bp
from npt.abstractions.views.wording import history_of
from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import DAY, Interval, Window, local_day, midnight, month_of
from npt.edge import actor, now, policy, today, transaction, zone
from npt.people import queries as people
from npt.policy import queries as policies
from npt.policy.rules import ReasonBook
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file

SAMPLES = (
    "Number",
    "Drawn",
    "Drawn by",
    "Where",
    "First day",
    "Last day",
    "Drawn from",
    "Of how many",
    "Entries",
    "Looked at",
    "Wrong",
    "Of those that could be told",
    "Per cent wrong",
    "Closed",
    "Conclusion",
)
ENTRIES = (
    "Place",
    "Ref",
    "Team",
    "Collar number",
    "Name",
    "Reason",
    "From",
    "To",
    "Logged",
    "Changed since drawn",
    "Finding",
    "Note",
    "Evidence",
    "Found by",
    "Found",
)
POPULATION = ("Ref", "SHA-256 of seed and ref", "Drawn")


def _open_too() -> bool:
    return actor().may(Permission.DRAW_DIP_SAMPLES)


@bp.get("/dip-samples")
@requires(Permission.VIEW_DIP_SAMPLES)
def dip_samples() -> ResponseReturnValue:
    """The samples the actor may read, the newest first."""
    rows = queries.dip_samples(actor().scope, open_too=_open_too())
    if ending := request.args.get("format"):
        return list_file(ending, "dip-samples", SAMPLES, [_line(row) for row in rows])
    return render_template("abstractions/dip_samples.html", rows=rows, address=this_page)


def _line(row: SampleRow) -> Sequence[Cell]:
    share = row.result.share
    return [
        row.id,
        row.drawn_at,
        row.drawn_by,
        row.where,
        row.first_day,
        row.last_day,
        row.drawn_from.label,
        row.result.population,
        row.result.drawn,
        row.result.looked_at,
        row.result.wrong,
        row.result.told,
        None if share is None else share * 100,
        row.closed_at,
        row.conclusion,
    ]


@bp.route("/dip-samples/new", methods=["GET", "POST"])
@requires(Permission.DRAW_DIP_SAMPLES)
def new_dip_sample() -> ResponseReturnValue:
    """Draw a sample: of which entries, of which days, and how many."""
    teams = people.teams(actor().scope)
    month = month_of(today().replace(day=1) - DAY, zone())
    form = NewSampleForm(data={"first": month.first_day, "last": month.last_day, "drawn_from": "all"})
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.team.choices = {team.code: team.name for team in teams}
    if form.validate_on_submit():
        window = Window(cast(dt.date, form.first.data), cast(dt.date, form.last.data), zone())
        question = Question(window, now(), policy(window.last_day), policies.reason_book())
        try:
            with transaction():
                made = services.draw_sample(form.into(NewSample), question, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say("The sample is drawn. Look at each entry, and record what you find.")
            return redirect(url_for("abstractions.dip_sample", sample_id=made))
    return render_template("abstractions/new_dip_sample.html", form=form)


@bp.get("/dip-samples/<int:sample_id>")
@requires(Permission.VIEW_DIP_SAMPLES)
def dip_sample(sample_id: int) -> ResponseReturnValue:
    """One sample: how it was drawn, how far it is, what was found, and what that says of the rest."""
    found = queries.dip_sample(sample_id, actor().scope, open_too=_open_too())
    reasons = policies.reason_book()
    wanted = request.args.get("finding", "")
    entries = [row for row in found.entries if wanted in ("", row.finding or "left")]
    if ending := request.args.get("format"):
        return _file(ending, found, entries, reasons)
    subjects = [f"dip_sample:{sample_id}", *(f"dip_sample:{sample_id}:{row.place}" for row in found.entries)]
    return render_template(
        "abstractions/dip_sample.html",
        sample=found.row,
        entries=entries,
        every=found.entries,
        counts={each: found.row.result.findings[each] for each in Finding},
        wanted=wanted,
        next_place=next((row.place for row in found.entries if row.finding is None), None),
        may_find=_open_too() and found.row.closed_at is None,
        reasons=reasons,
        # What was found first stands in the table; the history tells what became of it.
        history=[line for line in audit.history(*subjects) if line.event != "finding.recorded"],
        address=this_page,
    )


def _file(ending: str, found: Sample, entries: Sequence[SampledRow], reasons: ReasonBook) -> ResponseReturnValue:
    sample = found.row
    if request.args.get("list") == "population" and not sample.in_part:
        drawn = {row.ref for row in found.entries}
        refs = sorted(queries.population_of(sample.id), key=lambda ref: (place_in_draw(ref, sample.seed), ref))
        lines: list[Sequence[Cell]] = [[ref, place_in_draw(ref, sample.seed), ref in drawn] for ref in refs]
        return list_file(ending, f"dip-sample {sample.id} drawn from", POPULATION, lines)
    cells: list[Sequence[Cell]] = [
        [
            row.place,
            row.ref,
            row.team.code,
            row.person.collar_number,
            f"{row.person.forename} {row.person.surname}",
            reasons.label(row.reason),
            row.starts_at,
            row.ends_at,
            row.logged_at,
            row.changed_since,
            row.finding.label if row.finding else None,
            row.note,
            row.evidence,
            row.found_by,
            row.found_at,
        ]
        for row in entries
    ]
    return list_file(ending, f"dip-sample {sample.id}", ENTRIES, cells)


@bp.route("/dip-samples/<int:sample_id>/<int:place>", methods=["GET", "POST"])
@requires(Permission.DRAW_DIP_SAMPLES)
def dip_finding(sample_id: int, place: int) -> ResponseReturnValue:
    """One entry of a sample beside the duty record, and the form for what is found of it."""
    found = queries.dip_sample(sample_id, actor().scope, open_too=True)
    row = next((each for each in found.entries if each.place == place), None)
    if row is None or found.row.closed_at is not None:
        return redirect(url_for("abstractions.dip_sample", sample_id=sample_id))
    form = FindingForm(data={"finding": row.finding, "evidence": row.evidence, "note": row.note, "seen": row.mark})
    if form.validate_on_submit():
        try:
            with transaction():
                following = services.record_finding(
                    sample_id, place, form.into(NewFinding), seen=form.seen.data or "", actor=actor(), at=now()
                )
        except Overtaken as overtaken:
            form.refuse(overtaken)
            row = _row(sample_id, place)
            form.seen.data = row.mark
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _after(sample_id, place, following, row, form.finding.data)
    entry, reasons = queries.entry(row.ref, actor().scope, zone()), policies.reason_book()
    return render_template(
        "abstractions/dip_finding.html",
        form=form,
        sample=found.row,
        row=row,
        entry=entry,
        around=queries.facts(_days_of(entry), [entry.person.id], zone()),
        logged_by=queries.logged_by_name(entry),
        reasons=reasons,
        story=history_of(row.ref, reasons),
        history=audit.history(f"dip_sample:{sample_id}:{place}"),
    )


def _row(sample_id: int, place: int) -> SampledRow:
    found = queries.dip_sample(sample_id, actor().scope, open_too=True)
    return next(each for each in found.entries if each.place == place)


def _after(sample_id: int, place: int, following: int | None, row: SampledRow, finding: Finding) -> ResponseReturnValue:
    """On to the next entry that nobody has looked at; to the sample when there is none, or after a correction."""
    say(f"Recorded for {row.person.name}: {finding.label.lower()}.")
    if following is None or row.finding is not None:
        return redirect(url_for("abstractions.dip_sample", sample_id=sample_id))
    return redirect(url_for("abstractions.dip_finding", sample_id=sample_id, place=following))


def _days_of(entry: Entry) -> Interval:
    """The whole days an entry lies on, by the station clock."""
    last = local_day(entry.ends_at or now(), zone())
    first = local_day(entry.starts_at, zone())
    return Interval(midnight(first, zone()), midnight(max(first, last) + DAY, zone()))


@bp.route("/dip-samples/<int:sample_id>/close", methods=["GET", "POST"])
@requires(Permission.DRAW_DIP_SAMPLES)
def close_dip_sample(sample_id: int) -> ResponseReturnValue:
    """Close a sample with a conclusion."""
    found = queries.dip_sample(sample_id, actor().scope, open_too=True)
    form = CloseSampleForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.close_sample(sample_id, cast(str, form.conclusion.data), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say("The sample is closed. The supervisors of its teams can now read what was found.")
            return redirect(url_for("abstractions.dip_sample", sample_id=sample_id))
    return render_template("abstractions/close_dip_sample.html", form=form, sample=found.row)
