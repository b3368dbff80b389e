"""What goes wrong, said in plain words on a page of ours. Never a traceback."""

import structlog
from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from npt.core.db import session

log = structlog.get_logger(__name__)

NOT_FOUND = (
    "Page not found",
    "If you typed the address, check that it is right. If you followed a link, what it led to may have moved to "
    "another team, or it may not be yours to see.",
)
WORDS = {
    400: (
        "Send the form again",
        "The page was open too long, or you signed in or out in another window. Nothing was saved. Copy what you "
        "typed, sign in again if you are asked to, and send it again.",
    ),
    403: NOT_FOUND,
    404: NOT_FOUND,
    405: NOT_FOUND,
    413: ("The file is too large", "Nothing was saved. Go back and send a smaller file, or split it into several."),
    429: ("Too many tries", "Wait a few minutes, then try again."),
    500: (
        "Something went wrong",
        "Nothing was saved. The fault has been recorded. Try again in a few minutes; if it happens again, tell "
        "whoever runs this system, with the time it happened.",
    ),
    503: ("Not available just now", "The system is being looked after. Try again in a few minutes."),
}
SHOWN_AS_NOT_FOUND = frozenset({403, 405})


def install(app: Flask) -> None:
    """Answer every error of ``app`` with a page: no permission, no row and no such page look alike."""
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(NoResultFound, lambda error: _page(NotFound.code))
    app.register_error_handler(CSRFError, lambda error: _page(CSRFError.code))
    app.register_error_handler(Exception, _unknown)


def _known(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error  # a redirect is an HTTPException too
    return _page(error.code)


def _unknown(error: Exception) -> tuple[str, int]:
    log.error("request.failed", path=request.path, method=request.method, exc_info=error)
    session.rollback()  # or PostgreSQL would answer nothing more, and the page asks it whose it is
    try:
        return _page(InternalServerError.code)
    except Exception as second:  # the page itself may need what has just failed
        log.error("request.error_page_failed", path=request.path, exc_info=second)
        return "\n".join(WORDS[InternalServerError.code]), InternalServerError.code


def _page(code: int) -> tuple[str, int]:
    status = NotFound.code if code in SHOWN_AS_NOT_FOUND else code
    heading, advice = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    return render_template("errors/error.html", heading=heading, advice=advice), status
