"""The administrator's pages of users."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import hash_password

from npt.accounts import queries, services
from npt.accounts.forms import ChangeUserForm, ConfirmForm, NewUserForm
from npt.accounts.services import ChangeOfUser, NewUser
from npt.accounts.views.links import invitation
from npt.accounts.views.security import bp
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, transaction
from npt.web import downloads, paging
from npt.web.access import requires
from npt.web.banners import say

HEADER = ("email", "name", "role", "scope", "standing", "added_at", "last_signed_in_at")


def _search() -> str:
    return request.args.get("q", "").strip()


@bp.get("/users")
@requires(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """Everybody who signs in, or those a search finds."""
    search = _search()
    page = paging.fetched(
        queries.count_users(search), paging.asked_page(), lambda offset, limit: queries.users(search, offset, limit)
    )
    return render_template("accounts/index.html", page=page, search=search, address=paging.address_of)


@bp.get("/users.<any(csv, xlsx):ending>")
@requires(Permission.MANAGE_USERS)
def download(ending: str) -> Response:
    """The same list as a file."""
    rows = [
        (row.email, row.name, row.role.value, " ".join(row.scopes), row.standing, row.created_at, row.last_signed_in_at)
        for row in queries.users(_search())
    ]
    return downloads.list_file(ending, "users", HEADER, rows)


@bp.get("/users/<int:user_id>")
@requires(Permission.MANAGE_USERS)
def show(user_id: int) -> ResponseReturnValue:
    """One user, and everything done to them."""
    return render_template("accounts/show.html", page=queries.user_page(user_id))


@bp.route("/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    """Add a user, and send them an email with a link; where no emails are sent, show the one-time password once."""
    form, asked = NewUserForm(), invitation()
    if form.validate_on_submit():
        password = services.one_time_password()
        hashed = hash_password(password)
        try:
            with transaction():
                added = services.add_user(
                    form.into(NewUser, scopes=form.codes),
                    password_hash=hashed,
                    actor=actor(),
                    at=now(),
                    invitation=asked,
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if asked:
                return _email_goes_to(added.id, "is added.")
            row = queries.user_row(added.id)
            return render_template("accounts/_password_given.html", user=row, password=password, added=True)
    return render_template("accounts/new.html", form=form, units=queries.units(), emails=asked is not None)


def _email_goes_to(user_id: int, done: str) -> ResponseReturnValue:
    row = queries.user_row(user_id)
    told = f"{row.name} {done} An email with a link to choose a password is on its way to {row.email}."
    say(told, url_for("mail.index"), "See whether it was sent")
    return redirect(url_for("accounts.show", user_id=user_id))


@bp.route("/users/<int:user_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def edit(user_id: int) -> ResponseReturnValue:
    """Change a user's name, role or units."""
    row = queries.user_row(user_id)
    form = ChangeUserForm(data={"name": row.name, "role": row.role, "scopes": ", ".join(row.scopes)})
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_user(user_id, form.into(ChangeOfUser, scopes=form.codes), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{form.name.data} changed")
            return redirect(url_for("accounts.show", user_id=user_id))
    return render_template("accounts/edit.html", form=form, user=row, units=queries.units())


@bp.route("/users/<int:user_id>/disable", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def disable(user_id: int) -> ResponseReturnValue:
    """Shut a user out, after asking."""
    row, form = queries.user_row(user_id), ConfirmForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.disable_user(user_id, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{row.name} is disabled")
            return redirect(url_for("accounts.show", user_id=user_id))
    return render_template("accounts/disable.html", form=form, user=row)


@bp.route("/users/<int:user_id>/enable", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def enable(user_id: int) -> ResponseReturnValue:
    """Let a user in again, after asking."""
    row, form = queries.user_row(user_id), ConfirmForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.enable_user(user_id, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{row.name} can sign in again")
            return redirect(url_for("accounts.show", user_id=user_id))
    return render_template("accounts/enable.html", form=form, user=row)


@bp.route("/users/<int:user_id>/reset-password", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def reset_password(user_id: int) -> ResponseReturnValue:
    """End a user's password, after asking: send them a link to choose another, or show a one-time password once."""
    row, form, asked = queries.user_row(user_id), ConfirmForm(), invitation()
    if form.validate_on_submit():
        by_email = asked if request.form.get("do") == "email" else None
        password = services.one_time_password()
        hashed = hash_password(password)
        with transaction():
            services.reset_password(
                user_id, password_hash=hashed, actor=actor(), at=now(), invitation=by_email if row.active else None
            )
        if by_email and row.active:
            return _email_goes_to(user_id, "has no password now.")
        return render_template("accounts/_password_given.html", user=row, password=password, added=False)
    emails = asked is not None and row.active
    return render_template("accounts/reset_password.html", form=form, user=row, emails=emails)
