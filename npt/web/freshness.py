"""Whether somebody has shown lately that it is they: what is signed is not signed by whoever finds a screen open."""

from typing import cast

from flask import current_app, redirect, session, url_for
from werkzeug.wrappers import Response

from npt import edge

SHOWN_AT = "fs_paa"
"""Where Flask-Security keeps, in the signed cookie, when the password was last given."""

FRESH_SECONDS = "NPT_FRESH_SECONDS"


def is_fresh() -> bool:
    """Whether the password was given lately enough for what needs a recent sign-in."""
    shown = cast("float | None", session.get(SHOWN_AT))
    return shown is not None and 0 <= edge.now().timestamp() - shown <= float(current_app.config[FRESH_SECONDS])


def refresh() -> None:
    """Remember that the password was given just now."""
    session[SHOWN_AT] = edge.now().timestamp()


def to_verify(onward: str) -> Response:
    """Lead to the page that asks for the password, and from there to where somebody was going."""
    return redirect(url_for("accounts.verify", next=onward))
