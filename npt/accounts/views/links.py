"""A password chosen under a link from an email: the first one, or another when it is forgotten."""

from flask import Response, make_response, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_security.utils import hash_password, login_user, logout_user

from npt.accounts import queries, services
from npt.accounts.forms import ChoosePasswordForm, ForgottenForm
from npt.accounts.rules.letters import Invitation, first_link, how_long, link_of_the_forgetful
from npt.accounts.views.security import TRIES_BY_ADDRESS, bp, failed
from npt.core.errors import Refused
from npt.core.tokens import hashed
from npt.edge import now, policy, settings, signed_in, today, transaction
from npt.mail.views import post_to
from npt.web.access import Open, requires
from npt.web.banners import say
from npt.web.limits import limiter

IN_COOKIE = "password_link"
"""Where the secret of a link stands between two pages: in the signed cookie, and no longer in an address."""
LINKS_BY_ADDRESS = "20 per minute"
ASKED_BY_ADDRESS = "10 per minute"
"""Technical bounds, no figures of policy."""


def invitation() -> Invitation | None:
    """What a letter to a new user needs; nothing where no letters are sent."""
    post = post_to("accounts.open_link", token="")
    return first_link(post, policy(today())) if post else None


def _told_nobody(response: Response) -> Response:
    """An answer to somebody who came by a link: where they go next learns nothing of where they were."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/link/<token>")
@limiter.limit(LINKS_BY_ADDRESS)
@requires(Open.PUBLIC)
def open_link(token: str) -> ResponseReturnValue:
    """Take the secret out of the address and go on to the page that asks for a password.

    Opening a link uses up nothing: many mail programs open every link to look at it first.
    """
    cookie[IN_COOKIE] = token
    return _told_nobody(make_response(redirect(url_for("accounts.choose_password"))))


@bp.route("/choose-password", methods=["GET", "POST"])
@limiter.limit(TRIES_BY_ADDRESS, methods=["POST"], deduct_when=failed)
@requires(Open.PUBLIC)
def choose_password() -> ResponseReturnValue:
    """Choose a password under a link, and be signed in. The link is used up then, and not before."""
    token = cookie.get(IN_COOKIE)
    if not token:
        return redirect(url_for("accounts.sign_in"))
    user = queries.user_of_link(hashed(token), now())
    if user is None:
        return _over()
    form = ChoosePasswordForm(user.email, user.name)
    if form.validate_on_submit():
        chosen = hash_password(form.password.data)
        try:
            with transaction():
                user = services.choose_by_link(token, password_hash=chosen, at=now())
        except Refused:
            return _over()
        if signed_in():
            logout_user()
        cookie.clear()
        cookie.permanent = True
        login_user(user)
        say("Your password is kept, and you are signed in.")
        return _told_nobody(make_response(redirect("/")))
    first = user.password_chosen_at is None
    return _told_nobody(
        make_response(render_template("accounts/choose_password.html", form=form, user=user, first=first))
    )


def _over() -> Response:
    cookie.pop(IN_COOKIE, None)
    page = render_template("accounts/link_over.html", emails=settings().smtp is not None)
    return _told_nobody(make_response(page, 410))


@bp.route("/forgotten-password", methods=["GET", "POST"])
@limiter.limit(ASKED_BY_ADDRESS, methods=["POST"])
@requires(Open.PUBLIC)
def forgotten() -> ResponseReturnValue:
    """Ask for an email with a link to a new password. What is said does not tell whether there is such a user."""
    form, post = ForgottenForm(), post_to("accounts.open_link", token="")
    if post and form.validate_on_submit():
        asked = link_of_the_forgetful(post, policy(today()))
        with transaction():
            services.ask_for_new_password(form.email.data, asked, at=now())
        return render_template("accounts/link_asked.html", email=form.email.data, works=how_long(asked))
    return render_template("accounts/forgotten.html", form=form, emails=post is not None)
