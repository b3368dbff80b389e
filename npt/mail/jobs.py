"""Send what is due: straight after it was written, and while the scheduler runs. Delete what is listed too long."""

import datetime as dt
import smtplib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

import structlog
from flask import Flask, current_app

from npt.core.authority import Actor, system
from npt.core.periods import DAY, midnight
from npt.core.smtp import NotTaken, Server, connected, hand_over
from npt.edge import now, policy, settings, transaction, zone
from npt.mail import services
from npt.mail.rules import LINK, MARKING, Outgoing, closing, link_of, message_of

log = structlog.get_logger(__name__)

POSTMAN = system("email")
AT_ONCE = 20
"""Letters taken under one connection: a technical bound, well within the pause before a letter is due again."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many letters were handed over, and how many were not taken this time."""

    sent: int
    not_sent: int


def emails(on: dt.date, actor: Actor) -> str:
    """Delete the emails that are listed for longer than policy says."""
    before = midnight(on, zone()) - policy(on).email_kept_days * DAY
    gone = services.dispose(before, actor=actor, at=now())
    return f"{on}: {gone} deleted"


def deliver() -> Delivered:
    """Hand over every letter whose time has come. No transaction is open while the mail server is spoken to.

    A letter is marked as tried before it is handed over, and as sent after it. Should this process die in between, the
    letter is sent a second time under the same number: better twice than never.
    """
    server, outcomes = settings().smtp, list[bool]()
    while server is not None and (letters := _take()):
        try:
            with connected(server) as connection:
                outcomes += [_hand_over(connection, letter, server) for letter in letters]
        except NotTaken as error:
            # Nobody answers: these wait for their next time, and nothing more is taken now.
            outcomes += [_keep(letter, error) for letter in letters]
            break
    if outcomes:
        log.info("email.delivered", sent=outcomes.count(True), not_sent=outcomes.count(False))
    return Delivered(outcomes.count(True), outcomes.count(False))


def _take() -> Sequence[Outgoing]:
    with transaction():
        return services.take_due(AT_ONCE, actor=POSTMAN, at=now())


def _hand_over(connection: smtplib.SMTP, letter: Outgoing, server: Server) -> bool:
    try:
        hand_over(connection, _message(letter, server))
    except NotTaken as error:
        return _keep(letter, error)
    return _keep(letter, None)


def _keep(letter: Outgoing, refusal: NotTaken | None) -> bool:
    with transaction():
        if refusal is None:
            services.sent(letter.id, actor=POSTMAN, at=now())
        else:
            services.not_sent(letter.id, refusal.why, final=refusal.final, actor=POSTMAN, at=now())
    if refusal is not None:
        log.warning("email.not_sent", email=letter.id, why=refusal.why, final=refusal.final)
    return refusal is None


def _message(letter: Outgoing, server: Server) -> EmailMessage:
    base_url, force_name = settings().base_url, settings().force_name
    page = current_app.jinja_env.get_template("mail/letter.html")
    html = page.render(
        subject=letter.subject,
        paragraphs=letter.paragraphs,
        mark=LINK,
        link=link_of(letter, base_url),
        closing=closing(force_name),
        marking=MARKING,
    )
    try:
        return message_of(letter, sender=server.sender, base_url=base_url, force_name=force_name, html=html)
    except ValueError as error:
        raise NotTaken("The address cannot be written in an email", final=True) from error


def start_postman(app: Flask) -> None:
    """Send each letter straight after it was written, in a thread of its own, so that no request waits for it.

    What the mail server does not take is tried again by the scheduler.
    """
    threading.Thread(target=_wait_and_deliver, args=[app], name="postman", daemon=True).start()


def _wait_and_deliver(app: Flask) -> None:
    while services.BELL.wait():
        services.BELL.clear()
        deliver_in(app)


def deliver_in(app: Flask) -> None:
    """Hand over what is due, as the scheduler does every minute. A failure is logged, and tried again next time."""
    with app.app_context():
        try:
            deliver()
        except Exception:
            log.exception("email.delivery_failed")
