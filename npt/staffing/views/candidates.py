"""Put people forward, change and close candidacies, and say how an attachment went."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.people import queries as people
from npt.people.queries import PersonRow
from npt.staffing import queries, services
from npt.staffing.forms.succession import CandidateForm, ChangeCandidateForm, CloseForm, FindForm, VerdictForm
from npt.staffing.queries import CandidatePage, changing
from npt.staffing.rules.people import Field, fields_seen
from npt.staffing.services import ChangeOfCandidacy, Closing, NewCandidacy, NewVerdict
from npt.staffing.views import bp
from npt.web.access import requires
from npt.web.banners import say


def _bcus(also: CandidatePage | None = None) -> dict[str, str]:
    """The BCUs a candidate may be put forward for, and the one they are a candidate for already."""
    found = {bcu.code: bcu.name for bcu in queries.bcus_within(actor().scope).values()}
    if also is not None and also.bcu_code:
        found.setdefault(also.bcu_code, also.wants)
    return found


def _teams(also: CandidatePage | None = None) -> dict[str, str]:
    found = queries.team_choices(actor().scope, today())
    if also is not None and also.team_code:
        found.setdefault(also.team_code, also.wants)
    return found


@bp.route("/succession/candidates/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def new_candidate() -> ResponseReturnValue:
    """Put somebody forward for a grade: first who, by the whole collar number, then for what."""
    number = request.args.get("collar_number", "").strip()
    who = queries.person_to_put_forward(number) if number else None
    if who is None:
        find = FindForm(formdata=request.args)
        if "collar_number" in request.args and find.validate():
            find.collar_number.errors = [f"Nobody has collar number {number}. Check it, or ask for an import of people"]
        return render_template("staffing/find_candidate.html", form=find)
    form = CandidateForm(_bcus(), _teams(), data={"grade": None})
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.put_forward(number, form.into(NewCandidacy), actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{who.name} is put forward for {form.grade.data.label}.")
            return redirect(url_for("staffing.candidate", candidate_id=made))
    return render_template("staffing/new_candidate.html", form=form, who=who)


def _page(candidate_id: int) -> CandidatePage:
    return queries.candidate_page(candidate_id, actor().scope, today())


@bp.get("/succession/candidates/<int:candidate_id>")
@requires(Permission.VIEW_SUCCESSION)
def candidate(candidate_id: int) -> ResponseReturnValue:
    """One candidate: what they are put forward for, their attachments, and what came of it."""
    page = _page(candidate_id)
    notes = Field.CANDIDACY_NOTE in fields_seen(actor().role, own=page.person.id == actor().person_id)
    change = actor().may(Permission.CHANGE_STAFFING) and page.outcome is None
    subjects = [f"candidate:{candidate_id}", *(f"attachment:{posting.id}" for posting, _, _ in page.attachments)]
    return render_template(
        "staffing/candidate.html",
        page=page,
        notes=notes,
        change=change,
        may_post=change and _may_post(page.person),
        offered=queries.post_to_offer(page.candidacy, actor().scope, today()) if change else None,
        history=audit.history(*subjects) if notes else [],
        today=today(),
    )


def _may_post(who: PersonRow) -> bool:
    """Whether the actor may attach or post this person, who may be in somebody else's team."""
    return changing.may_be_posted(people.roll(person_ids=[who.id]).postings, actor().scope, today())


@bp.route("/succession/candidates/<int:candidate_id>/edit", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def edit_candidate(candidate_id: int) -> ResponseReturnValue:
    """Change where a candidate would go, from when, and what is said of it."""
    page = _page(candidate_id)
    known = {
        "bcu_code": page.bcu_code,
        "team_code": page.team_code,
        "ready_from": page.candidacy.ready_from,
        "note": page.note,
    }
    form = ChangeCandidateForm(_bcus(page), _teams(page), data=known)
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.change_candidacy(
                    candidate_id, form.into(ChangeOfCandidacy), actor=actor(), at=now(), on=today()
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The candidacy of {who.name} is changed.")
            return redirect(url_for("staffing.candidate", candidate_id=candidate_id))
    return render_template("staffing/edit_candidate.html", form=form, page=page)


@bp.route("/succession/candidates/<int:candidate_id>/close", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def close_candidate(candidate_id: int) -> ResponseReturnValue:
    """Close a candidacy with what came of it."""
    page, form = _page(candidate_id), CloseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.close_candidacy(candidate_id, form.into(Closing), actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{who.name} is no longer a candidate: {form.outcome.data.label.lower()}.")
            return redirect(url_for("staffing.candidate", candidate_id=candidate_id))
    return render_template("staffing/close_candidate.html", form=form, page=page)


@bp.route("/succession/attachments/<int:posting_id>", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def judge_attachment(posting_id: int) -> ResponseReturnValue:
    """Say how an attachment went."""
    found = queries.attachment(posting_id, actor().scope)
    known = {"verdict": found.word.verdict, "note": found.word.note} if found.word else {}
    form = VerdictForm(data=known)
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.judge_attachment(posting_id, form.into(NewVerdict), actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"How the attachment of {who.name} to {found.team_name} went is recorded.")
            return redirect(url_for("staffing.succession", _anchor="attachments"))
    return render_template(
        "staffing/judge_attachment.html",
        form=form,
        found=found,
        history=audit.history(f"attachment:{posting_id}"),
    )
