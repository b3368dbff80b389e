"""The force's mail server: how its address is read, and how a message is handed to it. Knows nothing of letters."""

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from npt.core.errors import BadInput

PATIENCE_SECONDS = 20
"""How long the server may take over each word. A technical bound, no figure of policy."""


class Transport(StrEnum):
    """How a connection is kept from being read: not at all, from the server's second word on, or from its first."""

    PLAIN = "smtp"
    STARTTLS = "starttls"
    TLS = "smtps"


USUAL_PORT: Mapping[Transport, int] = MappingProxyType(
    {Transport.PLAIN: 25, Transport.STARTTLS: 587, Transport.TLS: 465}
)
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
SHAPE = "NPT_SMTP_URL: enter smtp://HOST:PORT, starttls://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT"
"""What is said of an address that names no mail server; never the address, which may hold a password."""


@dataclass(frozen=True, slots=True)
class Server:
    """The force's mail server, and the address its letters come from."""

    transport: Transport
    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def server_of(url: str, sender: str | None) -> Server:
    """The server that NPT_SMTP_URL names, sending from NPT_MAIL_FROM.

    :raises BadInput: with one line that names the setting that is missing or malformed, and never holds a password
    """
    try:
        parts = urlsplit(url)
        transport, port, host = Transport(parts.scheme), parts.port, parts.hostname
    except ValueError as error:
        raise BadInput(SHAPE) from error
    if not host or parts.path.strip("/") or parts.query or parts.fragment or (parts.username and not parts.password):
        raise BadInput(SHAPE)
    if parts.password and transport is Transport.PLAIN and host not in _HERE:
        raise BadInput("NPT_SMTP_URL: a password is sent only under smtps:// or starttls://")
    if not sender or not _ADDRESS.fullmatch(sender):
        raise BadInput("NPT_MAIL_FROM: enter the address that emails come from, like npt@force.police.example")
    return Server(
        transport,
        host,
        port or USUAL_PORT[transport],
        sender,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


class NotTaken(Exception):
    """The server did not take a message. ``final``: trying again would not help."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.why, self.final = why, final


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection to the server, signed in where it asks for that, and closed at the end.

    :raises NotTaken: when it does not answer, is not who it says it is, or lets nobody in
    """
    try:
        connection = _open(server)
    except smtplib.SMTPAuthenticationError as error:
        raise NotTaken("The mail server refused the user or password of NPT_SMTP_URL") from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotTaken("The mail server does not offer what NPT_SMTP_URL asks for: STARTTLS, or a password") from error
    except ssl.SSLError as error:
        raise NotTaken("The mail server's certificate is not one to be trusted") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(f"The mail server does not answer ({type(error).__name__})") from error
    try:
        yield connection
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()


def _open(server: Server) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.transport is Transport.TLS:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=trusted)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    try:
        if server.transport is Transport.STARTTLS:
            connection.starttls(context=trusted)
        if server.user and server.password:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


_FIRST_FINAL = 500
"""From this code on a mail server's refusal is for good (RFC 5321, 4.2.1)."""


def hand_over(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Hand a message to the server.

    :raises NotTaken: when it does not take it
    """
    try:
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        raise NotTaken(
            f"The mail server does not take this address (code {code})", final=code >= _FIRST_FINAL
        ) from error
    except smtplib.SMTPResponseException as error:
        final = error.smtp_code >= _FIRST_FINAL
        raise NotTaken(f"The mail server refused it (code {error.smtp_code})", final=final) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise NotTaken("The address has characters that the mail server does not take", final=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(f"The connection to the mail server broke ({type(error).__name__})") from error
