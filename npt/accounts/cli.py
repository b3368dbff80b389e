"""Add and list users from the command line."""

import sys

import click
from flask.cli import AppGroup
from flask_security.utils import hash_password

from npt.accounts import queries, rules, services
from npt.accounts.rules.letters import Invitation, first_link
from npt.accounts.services import NewUser
from npt.core.authority import PEOPLE_ROLES, Role, system
from npt.core.errors import BadInput, Reason, Refused
from npt.edge import now, policy, today, transaction
from npt.mail.jobs import deliver
from npt.mail.views import post_to

users = AppGroup("users", help="Users: who signs in, in which role.")

_TYPED = {"email": "EMAIL", "name": "--name", "role": "--role", "scopes": "--scope", "password": "--password-stdin"}


@users.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What the person is called.")
@click.option("--role", required=True, type=click.Choice([role.value for role in PEOPLE_ROLES]))
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="CODE",
    help="A team, sector, BCU, panel or organisation. May be given again.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, name: str, role: str, scopes: tuple[str, ...], password_stdin: bool) -> None:
    """Add a user. Without --password-stdin a one-time password is printed; and a link emailed where emails are sent."""
    new = NewUser(email, name, Role(role), scopes)
    asked = None if password_stdin else _invitation()
    try:
        password = _password_read(new) if password_stdin else services.one_time_password()
        hashed = hash_password(password)
        with transaction():
            services.add_user(
                new,
                password_hash=hashed,
                actor=system("npt users add"),
                at=now(),
                password_chosen=password_stdin,
                invitation=asked,
            )
    except Refused as refusal:
        raise BadInput(*(_in_words(reason) for reason in refusal.reasons)) from refusal
    click.echo(f"{name} is added and signs in as {rules.email_of(email)}.")
    if not password_stdin:
        click.echo(f"One-time password: {password}")
    if asked:
        went = deliver()
        told = "was sent" if went.sent and not went.not_sent else "waits to be sent: see Emails, as an administrator"
        click.echo(f"An email with a link to choose a password {told}.")


def _invitation() -> Invitation | None:
    post = post_to("accounts.open_link", token="")
    return first_link(post, policy(today())) if post else None


@users.command("list")
def listed() -> None:
    """Print every user: email, name, role, scope, standing."""
    for row in queries.users():
        click.echo("\t".join((row.email, row.name, row.role.value, " ".join(row.scopes), row.standing)))


def _password_read(new: NewUser) -> str:
    try:
        password = rules.normalised(sys.stdin.readline().rstrip("\r\n")) or ""
    except UnicodeDecodeError as error:
        raise BadInput("--password-stdin: this is not text: enter the password in UTF-8") from error
    faults = rules.obstacles_to_password(password, new.email, new.name)
    if faults:
        raise Refused(*faults)
    return password


def _in_words(reason: Reason) -> str:
    return f"{_TYPED[reason.field]}: {reason.message}" if reason.field in _TYPED else reason.message
