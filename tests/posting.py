"""A real mail server for tests: it takes in what is sent, or refuses it as it was told to."""

import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from npt.core.smtp import Server, Transport

SENDER = "npt@force.example"
BASE_URL = "https://npt.force.example"
USER, PASSWORD = "npt", "p@ss/word"


@dataclass
class Mailbox:
    """Everything a mail server took in; ``refused``: what it answers to a recipient instead of taking the message."""

    server: Server
    arrived: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages to an address, in the order in which they came."""
        return [message for message in self.arrived if message["To"] == address]


def waited_for(box: Mailbox, address: str, *, more_than: int = 0, seconds: int = 60) -> EmailMessage:
    """The newest message to an address, once more than some have come."""
    for _ in range(seconds * 10):
        if len(found := box.to(address)) > more_than:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"nothing came to {address}")


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def page_of(message: EmailMessage) -> str:
    """The HTML part of a message."""
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def links_in(message: EmailMessage) -> list[str]:
    """Every address in the plain text that stands alone in its line."""
    return re.findall(r"^https?://\S+$", text_of(message), re.MULTILINE)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def lets_in(server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
    """Whether somebody gave the right user and password."""
    return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@contextmanager
def mail_server(
    transport: Transport = Transport.PLAIN, certificate: ssl.SSLContext | None = None, *, password: str | None = None
) -> Iterator[Mailbox]:
    """A mail server for as long as the block lasts. Under STARTTLS it lets in nobody without the password."""
    server = Server(transport, "localhost", free_port(), SENDER, USER if password else None, password)
    box = Mailbox(server)
    kept: dict[str, Any] = {}
    if transport is Transport.TLS:
        kept = {"ssl_context": certificate}
    elif transport is Transport.STARTTLS:
        kept = {"tls_context": certificate, "authenticator": lets_in, "auth_required": True}
    controller = Controller(box, hostname="localhost", port=server.port, **kept)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
