"""Emails of panels: to whoever may sign, and to everybody who is invited to a meeting."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import Role
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.mail import queries as mail
from npt.mail.jobs import deliver
from npt.mail.rules import LetterState, Post
from npt.panels import queries, services
from npt.panels.models import Meeting
from npt.panels.rules.letters import (
    Addressee,
    Gathering,
    Invited,
    obstacles_to_inviting,
    signature_waits,
    still_to_invite,
    subject_of_signature,
)
from npt.panels.rules.membership import MemberSector
from npt.panels.rules.vocabulary import MeetingStatus
from npt.panels.services import Invitation, NewSeat, NewTime, Telling
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post, token_of
from tests.panels.asked import LONDON, Asked
from tests.posting import BASE_URL, Mailbox, links_in, text_of
from tests.staffing.test_views_units import words

pytestmark = pytest.mark.usefixtures("session")

CHAIR, VICE = "m.holt@demo.example", "r.dunn@demo.example"
CLERK = "clerk@soham.example"
POST = Post("Fenland Police", BASE_URL, "/panels/meetings/1/pack")
LETTER = Invitation("Soham panel\n\nYou are invited.", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", POST)


@pytest.fixture
def asked(session: object) -> Asked:
    return Asked()


def seat(asked: Asked, organisation: str = "Soham Town Council", email: str | None = CLERK, role: str = "Clerk") -> int:
    new = NewSeat(organisation, role, MemberSector.PARISH, False, True, dt.date(2026, 1, 1), email)
    with transaction():
        return services.add_seat(asked.code, new, actor=asked.actor("sergeant"), at=NOW).id


def invite(asked: Asked, meeting: Meeting | None = None, who: str = "sergeant") -> int:
    with transaction():
        return services.invite_to_meeting(
            (meeting or asked.next).id, LETTER, actor=asked.actor(who), at=NOW, zone=LONDON
        )


def waiting() -> list[str]:
    return sorted(row.address for row in mail.letters(LetterState.WAITING))


def sent_to(box: Mailbox) -> list[str]:
    return sorted(str(message["To"]) for message in box.arrived)


class TestWhoMaySign:
    def test_is_written_to_when_a_priority_is_put_forward_and_not_before(
        self, asked: Asked, sign_in: SignIn, mailbox: Mailbox
    ) -> None:
        priority = asked.started()
        sergeant = sign_in(asked.user("sergeant"))
        path = f"/panels/priorities/{priority.id}/put-forward"

        sergeant.get(path)
        assert waiting() == []
        page = post(sergeant, path)
        with sergeant.application.app_context():
            deliver()

        assert page.status_code == 302
        assert "2 emails are on the way to whoever may sign it" in sergeant.get(page.location).text
        assert sent_to(mailbox) == [CHAIR, VICE]
        message = mailbox.to(CHAIR)[0]
        assert links_in(message) == [f"{BASE_URL}/panels/priorities/{priority.id}"]
        assert "waits for the panel's chair" in text_of(message)

    def test_is_told_nothing_of_the_priority_or_of_anybody_by_email(self, asked: Asked) -> None:
        priority = asked.started(title="Mrs Ann Hart's fence")
        with transaction():
            services.put_forward(priority.id, actor=asked.actor("sergeant"), at=NOW, telling=Telling(POST, TODAY))

        whole = " ".join([subject_of_signature("Soham"), *signature_waits("Soham")])
        assert not any(name in whole for name in ("Hart", "Holt", "Dunn", "@"))
        assert len(waiting()) == 2
        assert all("Hart" not in row.subject for row in mail.letters(LetterState.WAITING))

    def test_is_not_who_wrote_the_plan_commands_its_team_left_office_or_cannot_sign_in(self, asked: Asked) -> None:
        priority = asked.started()
        with transaction():
            asked.users["vice"].active = False
        assert [user.email for user in queries.signatories(priority, TODAY)] == [CHAIR]

        make.chair(make.panel(asked.soham, code="OTHER"), asked.users["inspector"].email)
        with transaction():
            services.end_term(asked.terms_held[0].id, TODAY, actor=asked.actor("sergeant"), at=NOW)
        assert queries.signatories(priority, TODAY + dt.timedelta(days=1)) == []
        make.chair(asked.panel, asked.users["inspector"].email, TODAY + dt.timedelta(days=1))
        assert queries.signatories(priority, TODAY + dt.timedelta(days=1)) == []

    def test_is_missed_in_words_when_nobody_can_sign_in(self, asked: Asked, sign_in: SignIn, mailbox: Mailbox) -> None:
        priority = asked.started()
        with transaction():
            for who in ("chair", "vice"):
                asked.users[who].active = False
        sergeant = sign_in(asked.user("sergeant"))

        page = post(sergeant, f"/panels/priorities/{priority.id}/put-forward")

        assert "No email was sent: nobody who may sign it can sign in yet" in sergeant.get(page.location).text

    def test_is_not_written_to_where_no_emails_are_sent(self, asked: Asked, sign_in: SignIn) -> None:
        priority = asked.started()
        sergeant = sign_in(asked.user("sergeant"))

        page = post(sergeant, f"/panels/priorities/{priority.id}/put-forward")

        assert "email" not in words(sergeant.get(page.location).text).partition("History")[0]
        assert waiting() == []

    def test_finds_the_priority_under_the_link_when_it_is_decided_already(self, asked: Asked, sign_in: SignIn) -> None:
        priority = asked.signed()
        chair = sign_in(asked.user("chair"))

        answer = chair.get(f"/panels/priorities/{priority.id}/decide")

        assert answer.status_code == 302
        assert answer.location.endswith(f"/panels/priorities/{priority.id}")


class TestTheInvitation:
    def test_goes_to_chair_vice_chair_and_every_seat_with_an_address_once(self, asked: Asked) -> None:
        seat(asked)
        seat(asked, "Fenland Housing", "desk@housing.example", "Officer")
        seat(asked, "Fenland Housing", "DESK@housing.example", "Warden")
        seat(asked, "Residents of Fordham Road", None, "Resident")

        assert invite(asked) == 4
        assert waiting() == [CLERK, "desk@housing.example", CHAIR, VICE]
        with pytest.raises(Refused, match="has this invitation already"):
            invite(asked)
        seat(asked, "Village College", "office@college.example", "Head teacher")
        assert invite(asked) == 1

    def test_is_sent_again_when_the_meeting_is_moved(self, asked: Asked) -> None:
        invite(asked)
        new = NewTime(asked.next.starts_at + dt.timedelta(days=7), "Library", "The hall is let")
        with transaction():
            services.move_meeting(asked.next.id, new, actor=asked.actor("sergeant"), at=NOW, terms=asked.terms())

        assert invite(asked) == 2
        newest = history(f"meeting:{asked.next.ref}")[0]
        assert newest.event == "meeting.invited"
        assert (newest.details["invited"], newest.details["again"]) == (2, 2)
        assert "@" not in str(newest.details)

    @pytest.mark.parametrize("status", [MeetingStatus.CANCELLED, MeetingStatus.HELD])
    def test_is_refused_for_a_meeting_cancelled_or_held(self, asked: Asked, status: MeetingStatus) -> None:
        with transaction():
            session.merge(asked.next).status = status

        with pytest.raises(Refused, match="Nobody is invited to it"):
            invite(asked)
        assert waiting() == []

    def test_of_a_meeting_that_is_cancelled_then_leaves_those_who_have_it_to_be_told(
        self, asked: Asked, sign_in: SignIn, mailbox: Mailbox
    ) -> None:
        invite(asked)
        sergeant = sign_in(asked.user("sergeant"))

        answer = post(sergeant, f"/panels/meetings/{asked.next.id}/cancel", why="The hall is let")

        assert "2 have the invitation by email. Tell them" in sergeant.get(answer.location).text

    def test_is_refused_for_one_that_has_begun_and_nobody_has_recorded(self, asked: Asked) -> None:
        past = make.meeting(asked.panel, "2026-11-05 18:00", MeetingStatus.PLANNED)

        with pytest.raises(Refused, match="is past"):
            invite(asked, past)

    def test_is_refused_when_nobody_has_an_address(self, asked: Asked) -> None:
        with transaction():
            for term in asked.terms_held:
                services.end_term(term.id, TODAY, actor=asked.actor("sergeant"), at=NOW)

        with pytest.raises(Refused, match="nobody to send it to"):
            invite(asked)

    def test_is_not_sent_by_the_chair_or_another_teams_sergeant(self, asked: Asked, sign_in: SignIn) -> None:
        other = sign_in(make.user(Role.SERGEANT, make.team(asked.sector, "ELY", "Ely").code))
        path = f"/panels/meetings/{asked.next.id}/invitation/send"

        for browser in (sign_in(asked.user("chair")), other):
            assert browser.post(path, data={"csrf_token": token_of(browser)}).status_code == 404
        with pytest.raises(NoResultFound):
            invite(asked, who="chair")

    def test_arrives_with_the_calendar_entry_and_leads_only_those_in_office_to_the_pack(
        self, asked: Asked, sign_in: SignIn, mailbox: Mailbox
    ) -> None:
        seat(asked)
        sergeant = sign_in(asked.user("sergeant"))
        address = f"/panels/meetings/{asked.next.id}"
        assert "Send the invitation" in sergeant.get(address).text

        answer = sergeant.post(f"{address}/invitation/send", data={"csrf_token": token_of(sergeant)})
        with sergeant.application.app_context():
            deliver()

        assert sent_to(mailbox) == [CLERK, CHAIR, VICE]
        clerk, chair = mailbox.to(CLERK)[0], mailbox.to(CHAIR)[0]
        assert links_in(clerk) == []
        assert links_in(chair) == [f"{BASE_URL}{address}/pack"]
        assert "You are invited to the next meeting" in text_of(clerk)
        [attached] = clerk.iter_attachments()
        entry = Calendar.from_ical(attached.get_content())
        assert entry["METHOD"] == "PUBLISH"
        [event] = entry.walk("VEVENT")
        assert str(event["UID"]).startswith(asked.next.ref)
        assert event.decoded("DTSTART") == asked.next.starts_at
        assert "URL" not in event

        page = words(sergeant.get(answer.location.partition("#")[0]).text)
        assert "3 of 3 have the invitation" in page
        assert f"{CLERK} Sent" in page
        assert "Everybody with an address has it" in page
        assert CLERK in sergeant.get(f"{address}/invitation?format=csv").text
        assert "3 of 3 have it" in sergeant.get(address).text

    def test_that_the_server_did_not_take_says_so(self, asked: Asked, sign_in: SignIn, mailbox: Mailbox) -> None:
        seat(asked)
        mailbox.refused = {CLERK: "550 No such mailbox"}
        sergeant = sign_in(asked.user("sergeant"))
        invite(asked)
        page = f"/panels/meetings/{asked.next.id}/invitation"
        assert "Waits to be sent" in sergeant.get(page).text
        with sergeant.application.app_context():
            deliver()

        assert "Not sent: The mail server does not take this address" in sergeant.get(page).text

    def test_shows_no_address_to_a_chair_or_a_constable(self, asked: Asked, sign_in: SignIn) -> None:
        seat(asked)
        invite(asked)

        for who in ("chair", "pc"):
            browser = sign_in(asked.user(who))
            for path in (f"meetings/{asked.next.id}/invitation", f"meetings/{asked.next.id}", asked.code):
                assert "@soham.example" not in browser.get(f"/panels/{path}").text

    def test_cannot_be_sent_where_no_emails_are_sent_and_the_page_says_so(self, asked: Asked, sign_in: SignIn) -> None:
        sergeant = sign_in(asked.user("sergeant"))
        address = f"/panels/meetings/{asked.next.id}"

        assert "This installation sends no emails" in sergeant.get(f"{address}/invitation").text
        assert "Send the invitation" not in sergeant.get(address).text
        path = f"{address}/invitation/send"
        answer = sergeant.post(path, data={"csrf_token": token_of(sergeant)}, follow_redirects=True)
        assert "Copy the words into a letter or an email of your own" in answer.text
        assert waiting() == []

    def test_says_in_words_that_nobody_has_an_address(self, asked: Asked, sign_in: SignIn, mailbox: Mailbox) -> None:
        with transaction():
            for term in asked.terms_held:
                services.end_term(term.id, TODAY, actor=asked.actor("sergeant"), at=NOW)
        seat(asked, email=None)
        sergeant = sign_in(asked.user("sergeant"))

        for path in ("", "/invitation"):
            page = sergeant.get(f"/panels/meetings/{asked.next.id}{path}").text
            assert "Nobody has an address" in page
            assert "Send the invitation" not in page


class TestAnAddressOfASeat:
    def test_is_typed_changed_and_kept_out_of_the_record(self, asked: Asked, sign_in: SignIn) -> None:
        made = seat(asked)
        sergeant = sign_in(asked.user("sergeant"))
        path = f"/panels/seats/{made}/edit"
        assert CLERK in sergeant.get(path).text

        typed = {"role": "Clerk", "sector": "parish", "expected": "y"}
        wrong = post(sergeant, path, email="clerk", **typed)
        post(sergeant, path, email="Office@soham.example", **typed)

        assert "Enter an email address" in wrong.text
        [row] = queries.seats_of(asked.panel.id)
        assert row.email == "office@soham.example"
        lines = history(f"panel:{asked.code}")
        assert lines[0].event == "seat.changed"
        assert "to another address" in str(lines[0].details)
        assert not any("soham.example" in str(line.details) for line in lines)


PLACE, OTHER_PLACE = "Library", "Hall"
addresses = st.sampled_from(["a@x.example", "b@x.example", "c@x.example"])
everybody = st.lists(st.builds(Addressee, st.just("Somebody"), st.none() | addresses), max_size=8)


@given(everybody, st.sets(addresses), st.sampled_from([PLACE, OTHER_PLACE]))
def test_after_sending_nobody_is_owed_an_invitation_and_nobody_got_two(
    whom: list[Addressee], had: set[str], told_where: str
) -> None:
    meeting = Gathering(MeetingStatus.PLANNED, NOW + dt.timedelta(days=7), PLACE)
    invited = {each: Invited(each, meeting.starts_at, told_where, NOW, "Sgt") for each in had}

    owed = still_to_invite(whom, invited.values(), meeting)

    reached = [each.address for each in owed]
    assert len(reached) == len(set(reached))
    assert None not in reached
    if told_where == PLACE:
        assert not had & set(reached)
    after = invited | {str(each): Invited(str(each), meeting.starts_at, PLACE, NOW, "Sgt") for each in reached}
    assert still_to_invite(whom, after.values(), meeting) == []
    assert list(obstacles_to_inviting(meeting, NOW, whom, list(after.values())))
