"""The force's mail server: how its address is read, and that nothing is told to a server nobody knows."""

import datetime as dt
import ssl
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from npt.core.errors import BadInput
from npt.core.smtp import NotTaken, Server, Transport, connected, hand_over, server_of
from npt.settings import from_environment
from tests.posting import PASSWORD, SENDER, Mailbox, free_port, mail_server

BASE = {"NPT_BASE_URL": "https://npt.example", "NPT_MAIL_FROM": SENDER}


def message(to: str = "roger@parish.example") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = SENDER, to, "Trial"
    made.set_content("A word")
    return made


def send(box: Mailbox) -> None:
    with connected(box.server) as connection:
        hand_over(connection, message())


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://relay", Server(Transport.PLAIN, "relay", 25, SENDER)),
        ("smtps://npt:p%40ss%2Fword@relay", Server(Transport.TLS, "relay", 465, SENDER, "npt", "p@ss/word")),
        ("starttls://npt:secret@relay:2525", Server(Transport.STARTTLS, "relay", 2525, SENDER, "npt", "secret")),
        ("smtp://npt:secret@localhost:1025", Server(Transport.PLAIN, "localhost", 1025, SENDER, "npt", "secret")),
    ],
)
def test_the_address_of_a_mail_server_says_how_it_is_spoken_to(url: str, server: Server) -> None:
    settings = from_environment({"NPT_SMTP_URL": url, **BASE})

    assert settings.smtp == server
    assert "secret" not in repr(settings)


def test_without_a_mail_server_no_email_is_thought_of() -> None:
    assert from_environment({}).smtp is None
    assert from_environment({"NPT_SMTP_URL": ""}).smtp is None


@pytest.mark.parametrize(
    "url",
    [
        "relay",
        "http://relay",
        "smtp://",
        "smtp://relay:port",
        "smtp://relay/inbox",
        "smtps://npt@relay",
        "smtp://h?a=b",
    ],
)
def test_an_address_that_names_no_mail_server_stops_the_start_with_one_line(url: str) -> None:
    with pytest.raises(BadInput) as refused:
        from_environment({"NPT_SMTP_URL": url, **BASE})

    [line] = refused.value.problems
    assert str(line).startswith("NPT_SMTP_URL: enter smtp://")


@pytest.mark.parametrize(
    ("missing", "named"), [("NPT_MAIL_FROM", "NPT_MAIL_FROM: enter"), ("NPT_BASE_URL", "NPT_BASE_URL: not set")]
)
def test_what_an_email_needs_besides_is_named_when_it_is_missing(missing: str, named: str) -> None:
    given = {"NPT_SMTP_URL": "smtp://relay", **BASE}
    del given[missing]

    with pytest.raises(BadInput) as refused:
        from_environment(given)

    assert str(refused.value).startswith(named)


def test_a_password_does_not_go_over_an_open_line_and_is_not_shown() -> None:
    with pytest.raises(BadInput) as refused:
        server_of("smtp://npt:heronlantern@relay:25", SENDER)

    assert "smtps:// or starttls://" in str(refused.value)
    assert "heronlantern" not in str(refused.value)


def test_a_message_is_handed_over_and_a_refusal_says_whether_to_try_again() -> None:
    with mail_server() as box:
        send(box)
        assert [each["To"] for each in box.arrived] == ["roger@parish.example"]

        for answer, final in (("451 Later", False), ("550 No such mailbox", True)):
            box.refused = {"roger@parish.example": answer}
            with pytest.raises(NotTaken) as refused:
                send(box)
            assert refused.value.final is final


def test_a_server_that_does_not_answer_is_no_refusal_for_good() -> None:
    nobody = Server(Transport.PLAIN, "localhost", free_port(), SENDER)

    with pytest.raises(NotTaken) as refused, connected(nobody):
        pass

    assert not refused.value.final
    assert "does not answer" in refused.value.why


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost with its key, as one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    day = dt.timedelta(days=1)
    at = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - day)
        .not_valid_after(at + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "localhost.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


@pytest.mark.parametrize("transport", [Transport.TLS, Transport.STARTTLS])
def test_under_tls_a_message_goes_only_to_the_server_whose_certificate_is_trusted(
    transport: Transport, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = PASSWORD if transport is Transport.STARTTLS else None
    with mail_server(transport, context(certificate), password=password) as box:
        with pytest.raises(NotTaken, match="certificate"):
            send(box)
        assert box.arrived == []

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(box)
        assert len(box.arrived) == 1


def test_a_wrong_password_is_told_as_such_and_tried_again(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(Transport.STARTTLS, context(certificate), password="wrong") as box:
        with pytest.raises(NotTaken) as refused:
            send(box)
        assert box.arrived == []

    assert "user or password" in refused.value.why
    assert not refused.value.final


def test_a_server_that_offers_no_tls_is_given_nothing() -> None:
    with mail_server() as box:
        with (
            pytest.raises(NotTaken, match="does not offer"),
            connected(replace(box.server, transport=Transport.STARTTLS)),
        ):
            pass
        assert box.arrived == []
