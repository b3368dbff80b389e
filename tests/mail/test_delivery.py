"""An email is written with what it tells of, sent once that is kept, tried again, given up, and not kept for ever."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from npt.audit.queries import history
from npt.core import db
from npt.core.authority import system
from npt.core.errors import Refused
from npt.mail import jobs, queries, services
from npt.mail.jobs import deliver
from npt.mail.rules import LINK, LONGEST_PAUSE, MOST_TRIES, LetterKind, LetterState, NewLetter, one_line, pause_after
from npt.policy.cli import start_policy
from tests.conftest import NOW, TODAY
from tests.posting import BASE_URL, Mailbox, links_in, page_of, text_of

ROGER = "roger@parish.example"
WRITER = system("test")


@pytest.fixture
def at_work(app: Flask, session: object) -> Iterator[Flask]:
    """The application at work."""
    with app.app_context():
        yield app


def write(address: str = ROGER, subject: str = "A meeting", calendar: str | None = None) -> int:
    new = NewLetter(
        LetterKind.INVITATION, "meeting:M1", address, subject, ["Dear <Roger>", LINK], "/panels", calendar=calendar
    )
    with db.transaction():
        return services.write(new, actor=WRITER, at=NOW).id


def count(state: LetterState) -> int:
    return queries.counts()[state]


def test_an_email_arrives_marked_in_plain_words_and_as_a_page_and_leads_to_where_people_open_npt(
    at_work: Flask, mailbox: Mailbox
) -> None:
    write(subject="Two\r\nBcc: everybody@force.example")

    outcome = deliver()

    assert (outcome.sent, outcome.not_sent) == (1, 0)
    [message] = mailbox.arrived
    assert message["From"] == mailbox.server.sender
    assert message["Subject"] == "Two Bcc: everybody@force.example"
    assert message["Bcc"] is None
    assert links_in(message) == [f"{BASE_URL}/panels"]
    text = text_of(message).splitlines()
    assert (text[0], text[-1]) == ("OFFICIAL", "OFFICIAL")
    assert "for Fenland Police" in text_of(message)
    assert f'<a href="{BASE_URL}/panels">' in page_of(message)
    assert "Dear &lt;Roger&gt;" in page_of(message)


def test_a_calendar_entry_travels_with_it(at_work: Flask, mailbox: Mailbox) -> None:
    write(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")

    deliver()

    [attached] = mailbox.arrived[0].iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_content().startswith("BEGIN:VCALENDAR")


def test_what_is_sent_is_sent_once_and_its_words_are_no_longer_kept(at_work: Flask, mailbox: Mailbox) -> None:
    letter_id = write()

    deliver()
    deliver()

    assert len(mailbox.arrived) == 1
    with db.transaction():
        letter = queries.letter_row(letter_id)
        assert (letter.words, letter.path, letter.calendar) == (None, None, None)
    assert [line.event for line in history(f"email:{letter_id}")] == ["email.sent", "email.written"]
    assert all(ROGER not in str(line.details) for line in history(f"email:{letter_id}"))


def test_nothing_is_sent_of_what_was_not_kept(at_work: Flask, mailbox: Mailbox) -> None:
    services.BELL.clear()
    with pytest.raises(Refused), db.transaction():
        services.write(NewLetter(LetterKind.INVITATION, "x", ROGER, "x", ["x"], "/"), actor=WRITER, at=NOW)
        raise Refused("Something else stands in the way")

    deliver()

    assert mailbox.arrived == []
    assert not services.BELL.is_set()


def test_whoever_sends_is_told_as_soon_as_a_letter_is_kept(at_work: Flask, mailbox: Mailbox) -> None:
    services.BELL.clear()

    write()

    assert services.BELL.is_set()


def test_an_address_the_server_refuses_is_given_up_and_the_others_go_on(at_work: Flask, mailbox: Mailbox) -> None:
    mailbox.refused = {"gone@parish.example": "550 No such mailbox", "full@parish.example": "452 Mailbox full"}
    for address in ("gone@parish.example", "full@parish.example", ROGER):
        write(address)

    outcome = deliver()

    assert (outcome.sent, outcome.not_sent) == (1, 2)
    [given_up] = queries.letters(LetterState.FAILED)
    assert (given_up.address, given_up.why) == (
        "gone@parish.example",
        "The mail server does not take this address (code 550)",
    )
    [waits] = queries.letters(LetterState.WAITING)
    assert (waits.address, waits.tries) == ("full@parish.example", 1)


def test_a_mail_server_that_is_away_is_waited_for_and_in_the_end_not_for_ever(
    at_work: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.refused = {ROGER: "451 Later"}
    letter_id = write()
    at = NOW
    monkeypatch.setattr(jobs, "now", lambda: at)

    tries = 0
    while count(LetterState.WAITING):
        deliver()
        tries += 1
        [row] = [*queries.letters(LetterState.WAITING), *queries.letters(LetterState.FAILED)]
        at = row.due_at or at

    assert tries == MOST_TRIES
    assert dt.timedelta(days=1) < at - NOW < dt.timedelta(days=3)
    assert count(LetterState.FAILED) == 1

    mailbox.refused = {}
    with db.transaction():
        services.try_again(letter_id, actor=WRITER, at=at)
    deliver()
    assert count(LetterState.SENT) == 1


def test_a_letter_whose_sender_died_half_way_is_taken_again_later_and_not_before(at_work: Flask) -> None:
    write()
    with db.transaction():
        [taken] = services.take_due(20, actor=WRITER, at=NOW)

    with db.transaction():
        assert services.take_due(20, actor=WRITER, at=NOW + dt.timedelta(minutes=4)) == []
    with db.transaction():
        [again] = services.take_due(20, actor=WRITER, at=NOW + dt.timedelta(minutes=5))

    assert again.id == taken.id


def test_what_was_sent_is_listed_for_as_long_as_policy_says(at_work: Flask, mailbox: Mailbox) -> None:
    with db.transaction():
        start_policy()
    write()
    deliver()
    later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=32)

    with db.transaction():
        before = jobs.emails(TODAY, WRITER)
    with db.transaction():
        after = jobs.emails(later, WRITER)

    assert before.endswith("0 deleted")
    assert after.endswith("1 deleted")
    assert count(LetterState.SENT) == 0
    assert [line.event for line in history("emails")] == ["emails.disposed"]


@given(st.integers(1, 500))
def test_each_pause_is_longer_than_the_one_before_up_to_a_bound(tries: int) -> None:
    assert pause_after(tries) <= pause_after(tries + 1) <= LONGEST_PAUSE


@given(st.text())
def test_a_subject_is_one_line_whatever_was_typed(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
