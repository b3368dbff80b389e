"""The administrator's home: who may sign in, what was taken in last, whether every check has run."""

from flask import render_template
from flask.typing import ResponseReturnValue

from npt.accounts import queries as accounts
from npt.edge import today
from npt.exchange import queries as exchange
from npt.home.views.jobs import job_rows
from npt.mail import queries as mail

NEWEST_IMPORTS = 5


def administration() -> ResponseReturnValue:
    """Users, imports and jobs at a glance, each leading to its own pages."""
    return render_template(
        "home/administration.html",
        standings=accounts.standings(),
        imports=exchange.past_imports(NEWEST_IMPORTS),
        rows=job_rows(),
        emails=mail.counts(),
        today=today(),
    )
