"""Read and decide: what a chair reads before signing, the three choices, and what is shown afterwards (SCREENS)."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused, refuse_if_any
from npt.edge import actor, now, policy, today, transaction, zone
from npt.panels import queries, services
from npt.panels.forms import ConsentForm, DeferForm, RefuseForm, SignForm
from npt.panels.queries import Minuted, PriorityPage
from npt.panels.rules.minutes import DecisionKind
from npt.panels.rules.priorities import WAITING
from npt.panels.rules.seals import sha256_of
from npt.panels.services import NewSignature, Terms
from npt.panels.views import bp
from npt.panels.views.mending import OF_THE_CHAIR, ways
from npt.panels.views.priorities import found_of, meeting_choices, seen
from npt.web.access import requires
from npt.web.freshness import is_fresh, to_verify


def _waiting(priority_id: int) -> PriorityPage:
    """A priority that waits for a chair, read by one in office or by the team that prepares it."""
    page = seen(priority_id)
    if not page.records or page.priority.state not in WAITING:
        abort(404)
    return page


def _in_office(priority_id: int) -> PriorityPage:
    page = _waiting(priority_id)
    if page.term is None:
        abort(404)
    return page


def _terms() -> Terms:
    return Terms(policy(today()), zone())


def _read(page: PriorityPage, form: ConsentForm, said: list[Minuted] | None = None) -> ResponseReturnValue:
    found, picture = found_of(page.plan)
    text = None if page.obstacles else services.words_to_sign(page, None, _terms(), today())
    return render_template(
        "panels/decide.html",
        page=page,
        panel=page.panel,
        row=page.priority,
        form=form,
        found=found,
        picture=picture,
        # Whoever prepares a sign-off for the chair is not told that they are not the chair.
        ways=ways(page, without=frozenset() if page.term else OF_THE_CHAIR),
        text=text,
        said=said if said is not None else _said(page),
    )


def _said(page: PriorityPage) -> list[Minuted]:
    """What issued minutes say of it."""
    return queries.minuted([page.priority.id], zone(), drafts=False)


@bp.get("/priorities/<int:priority_id>/decide")
@requires(Permission.DECIDE_PRIORITIES)
def decide(priority_id: int) -> ResponseReturnValue:
    """Everything a chair reads before they decide, and everything that is still missing."""
    page = seen(priority_id)
    if page.records and page.priority.state not in WAITING:
        # Whoever comes back to it finds what became of it.
        return redirect(url_for("panels.priority", priority_id=priority_id))
    page = _waiting(priority_id)
    said = _said(page)
    agreed = next((each for each in said if each.item.decision is DecisionKind.CONSENT and each.open), None)
    known = {"meeting_id": agreed.sitting.id, "minute_ref": agreed.item.number} if agreed else {}
    form = ConsentForm(formdata=None, data=known)
    form.offer(meeting_choices(page.held_since))
    return _read(page, form, said)


@bp.route("/priorities/<int:priority_id>/sign-off", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRIORITIES)
def sign_off(priority_id: int) -> ResponseReturnValue:
    """Show the whole text with the panel's consent in it, and sign it. The consent stands in the address."""
    page = _in_office(priority_id)
    form, confirm = ConsentForm(formdata=request.args), SignForm()
    form.offer(meeting_choices(page.held_since))
    if not form.validate():
        return _read(page, form)
    new = NewSignature(form.meeting_id.data, form.minute_ref.data, form.consent, request.form.get("seen", ""))
    try:
        refuse_if_any(services.reasons_against(page, new))
        if not is_fresh():
            return to_verify(request.full_path)
        if confirm.validate_on_submit():
            with transaction():
                services.sign_off(priority_id, new, actor=actor(), at=now(), on=today(), terms=_terms())
            return redirect(url_for("panels.decided", priority_id=priority_id))
    except Refused as refusal:
        form.refuse(refusal)
        return _read(seen(priority_id), form)
    text = services.words_to_sign(page, new, _terms(), today())
    return render_template(
        "panels/sign_off.html",
        page=page,
        panel=page.panel,
        row=page.priority,
        form=confirm,
        text=text,
        seen=sha256_of(text),
    )


@bp.route("/priorities/<int:priority_id>/refuse", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRIORITIES)
def refuse(priority_id: int) -> ResponseReturnValue:
    """Refuse to sign off, with the reason, after saying what that does."""
    page, form = _in_office(priority_id), RefuseForm()
    if form.validate_on_submit() and _confirmed():
        try:
            with transaction():
                services.refuse_sign_off(priority_id, form.reason.data, actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("panels.decided", priority_id=priority_id))
    return _choice(page, form, "refuse", "")


@bp.route("/priorities/<int:priority_id>/defer", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRIORITIES)
def defer(priority_id: int) -> ResponseReturnValue:
    """Put the decision off to a meeting, after saying what that does."""
    page, form = _in_office(priority_id), DeferForm()
    choices = meeting_choices(page.planned)
    form.offer(choices)
    if form.validate_on_submit() and _confirmed():
        where = form.meeting_id.data
        try:
            with transaction():
                services.defer_sign_off(
                    priority_id, where, form.reason.data, actor=actor(), at=now(), on=today(), zone=zone()
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("panels.decided", priority_id=priority_id))
    return _choice(page, form, "defer", choices.get(form.meeting_id.data or 0, ""))


def _confirmed() -> bool:
    return request.form.get("step") == "confirm"


def _choice(page: PriorityPage, form: RefuseForm | DeferForm, choice: str, to: str) -> ResponseReturnValue:
    """The form of a choice; once it is filled in, what it does and the button that does it."""
    asking = request.method == "GET" or bool(form.error_list) or request.form.get("step") == "edit"
    return render_template(
        "panels/choice.html" if asking else "panels/choice_check.html",
        page=page,
        panel=page.panel,
        row=page.priority,
        form=form,
        choice=choice,
        to=to,
    )


@bp.get("/priorities/<int:priority_id>/decided")
@requires(Permission.DECIDE_PRIORITIES)
def decided(priority_id: int) -> ResponseReturnValue:
    """What was decided last, what happens next, and the way to print what was signed."""
    page = seen(priority_id)
    decision = next((step for step in page.events if step.kind.value in ("signed_off", "refused", "deferred")), None)
    if decision is None:
        abort(404)
    return render_template("panels/decided.html", page=page, panel=page.panel, row=page.priority, decision=decision)


@bp.get("/priorities/<int:priority_id>/signatures/<int:signature_id>")
@requires(Permission.VIEW_PANELS)
def signature(priority_id: int, signature_id: int) -> ResponseReturnValue:
    """What was signed, word for word, on one sheet."""
    page = seen(priority_id)
    signed = next((each for each in page.signatures if each.id == signature_id), None)
    if signed is None:
        abort(404)
    return render_template(
        "panels/signature.html",
        page=page,
        panel=page.panel,
        row=page.priority,
        signature=signed,
        whole=sha256_of(signed.text) == signed.sha256,
    )
