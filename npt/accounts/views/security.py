"""Signing in, signing out, choosing a password: Flask-Security's hashing and sessions behind our own pages."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_security import Security, SQLAlchemySessionUserDatastore
from flask_security.utils import hash_password, login_user, logout_user, verify_password

from npt.accounts import queries, rules, services
from npt.accounts.forms import PasswordForm, SignInForm, VerifyForm
from npt.accounts.models import User
from npt.core import db
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.edge import actor, now, settings, signed_in, today, transaction
from npt.web.access import Open, requires
from npt.web.freshness import FRESH_SECONDS, refresh
from npt.web.limits import limiter

SETTINGS: Mapping[str, object] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_CLI_USERS_NAME": "",
    "SECURITY_CLI_ROLES_NAME": "",
    "PERMANENT_SESSION_LIFETIME": dt.timedelta(hours=12),
    "RATELIMIT_STORAGE_URI": "memory://",
    FRESH_SECONDS: 15 * 60,
}
"""Everything the libraries are told. The lifetime counts from the last request, so it is one of idleness."""

TRIES_BY_ADDRESS = "10 per minute"
TRIES_BY_EMAIL = "5 per minute"
"""Failed tries only: a whole station may sign in from one address when a shift begins."""

LIBRARY_ENDPOINTS: Mapping[str, Open] = {}
"""Who may use the views the library brings. It brings none: its blueprint is not registered."""

BEFORE_CHOOSING = frozenset(
    {"accounts.password", "accounts.sign_out", "accounts.open_link", "accounts.choose_password"}
)
"""All that somebody with a one-time password may use."""

WRONG = "The email address or the password is wrong. Check both and try again."
_SAME_SITE = re.compile(r"/(?!/)[^\\\s]*")

bp = Blueprint("accounts", __name__)


class Users(SQLAlchemySessionUserDatastore):
    """Where the library finds users. It keeps nothing by itself: services do, inside ``transaction()``."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> User | None:
        """The user of a session, by which alone the library looks for anybody here."""
        return queries.signed_in(wanted["fs_uniquifier"])

    def commit(self) -> None:
        raise RuntimeError("only transaction() keeps anything")


def install(app: Flask) -> None:
    """Have people sign in to ``app``. Call it before the gate and the CSRF check are put before every request."""
    app.config.update(SETTINGS)
    security = Security(app, Users(db.session, User, None), register_blueprint=False)
    security.login_manager.unauthorized_handler(_to_sign_in)
    security.login_manager.request_loader(_no_tokens)
    app.before_request(_act)
    limiter.init_app(app)
    app.register_blueprint(bp)


def _no_tokens(_: object) -> None:
    """Nobody signs in by a token in an address or a header."""


def _act() -> ResponseReturnValue | None:
    """Work out once, before the gate asks, who is asking and what they may see today."""
    if request.endpoint == "static" or not signed_in():
        return None
    user = _user()
    user.act_as(queries.actor_of(user, today()))
    if user.password_chosen_at is None and request.endpoint not in BEFORE_CHOOSING:
        return redirect(url_for("accounts.password"))
    return None


def _user() -> User:
    return cast(User, current_user._get_current_object())


def _to_sign_in() -> ResponseReturnValue:
    # Where a form was sent to cannot be opened afterwards.
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.sign_in", next=wanted if wanted != "/" else None))


def _onward() -> str:
    wanted = request.args.get("next", "")
    return wanted if _SAME_SITE.fullmatch(wanted) else "/"


def _typed_email() -> str:
    # With the address beside it, or anybody could keep somebody else out by failing in their name.
    return f"{request.form.get('email', '').strip().lower()} {get_remote_address()}"


def failed(response: Response) -> bool:
    """Whether a try came to nothing: what went well leads on."""
    return response.status_code != 302


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(TRIES_BY_ADDRESS, methods=["POST"], deduct_when=failed)
@limiter.limit(TRIES_BY_EMAIL, key_func=_typed_email, methods=["POST"], deduct_when=failed)
@requires(Open.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Sign in by email address and password. What is said does not tell whether there is such a user."""
    if signed_in():
        return redirect(_onward())
    form = SignInForm()
    if form.validate_on_submit():
        user = queries.user_by_email(form.email.data)
        # Without a user or a password the library verifies against nothing, in the same time.
        # A password longer than any that is kept cannot be right, and the library would stumble over it.
        typed = form.password.data if len(form.password.data) <= rules.LONGEST_PASSWORD else ""
        right = verify_password(typed, user.password if user else None) and bool(typed)
        if user and right and user.active:
            return _let_in(user, form.password.data)
        with transaction():
            services.record_failed_sign_in(user.id if user else None, at=now())
        form.refuse(Refused(WRONG))
    return render_template("accounts/sign_in.html", form=form, emails=settings().smtp is not None)


def _let_in(user: User, password: str) -> ResponseReturnValue:
    weak = current_app.extensions["security"].pwd_context.needs_update(user.password)
    stronger = hash_password(password) if weak else None
    with transaction():
        services.record_sign_in(user.id, at=now(), password_hash=stronger)
    cookie.clear()
    cookie.permanent = True
    login_user(user)
    return redirect(_onward())


@bp.route("/verify", methods=["GET", "POST"])
@limiter.limit(TRIES_BY_ADDRESS, methods=["POST"], deduct_when=failed)
@requires(Open.SIGNED_IN)
def verify() -> ResponseReturnValue:
    """Ask for the password again before something that needs a recent sign-in, and go on to it."""
    user, form = _user(), VerifyForm()
    if form.validate_on_submit():
        typed = form.password.data if len(form.password.data) <= rules.LONGEST_PASSWORD else ""
        if verify_password(typed, user.password) and typed:
            refresh()
            return redirect(_onward())
        with transaction():
            services.record_failed_sign_in(user.id, at=now())
        form.refuse(Refused(Reason("This is not your password. Try again", "password")))
    return render_template("accounts/verify.html", form=form)


@bp.post("/sign-out")
@requires(Open.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """Sign out, of every browser."""
    with transaction():
        services.record_sign_out(_user().id, actor=actor(), at=now())
    logout_user()
    cookie.clear()
    flash("You are signed out")
    return redirect(url_for("accounts.sign_in"))


@bp.route("/password", methods=["GET", "POST"])
@limiter.limit(TRIES_BY_ADDRESS, methods=["POST"], deduct_when=failed)
@requires(Open.SIGNED_IN)
def password() -> ResponseReturnValue:
    """Choose a password of one's own: after a one-time password before anything else, later at will."""
    user = _user()
    one_time = user.password_chosen_at is None
    form = PasswordForm(user.email, user.name, one_time=one_time)
    if form.validate_on_submit():
        try:
            refuse_if_any(_mismatches(form, user))
            hashed = hash_password(form.password.data)
            with transaction():
                services.choose_password(user.id, password_hash=hashed, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            login_user(user)
            flash("Password changed. Anywhere else you were signed in, you are signed out.")
            return redirect("/")
    return render_template("accounts/password.html", form=form, one_time=one_time)


def _mismatches(form: PasswordForm, user: User) -> list[Reason]:
    reasons = []
    if "current" in form and not verify_password(form.current.data, user.password):
        reasons.append(Reason("This is not the password you have now", "current"))
    if verify_password(form.password.data, user.password):
        reasons.append(Reason("Choose a password other than the one you have now", "password"))
    return reasons
