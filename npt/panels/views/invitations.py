"""The invitation to a meeting: its words, whom it goes to, who has it, and the button that sends it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, settings, transaction, zone
from npt.mail.views import post_to
from npt.panels import queries, services
from npt.panels.forms import InviteForm
from npt.panels.queries import MeetingPage
from npt.panels.rules.agenda import invitation as words_of_invitation
from npt.panels.services import Invitation
from npt.panels.views import bp
from npt.panels.views.calendars import entry_to_send
from npt.panels.views.meetings import seen_meeting
from npt.panels.views.within import invited_to, own_meeting
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import list_file
from npt.web.filters import clock, weekday

INVITED = ("To", "Email address", "Standing", "Written", "By", "Sent")


def _words(page: MeetingPage) -> str:
    sitting = page.row.sitting
    return words_of_invitation(
        page.panel.name,
        f"{weekday(sitting.starts_at)}, {clock(sitting.starts_at)}",
        page.row.venue,
        sitting.public,
        queries.agenda_of(sitting.id),
    )


@bp.get("/meetings/<int:meeting_id>/invitation")
@requires(Permission.VIEW_PANELS)
def invitation(meeting_id: int) -> ResponseReturnValue:
    """The words of the invitation to a meeting, whom it goes to and who has it."""
    page = seen_meeting(meeting_id)
    invited = invited_to(page)
    if (ending := request.args.get("format")) and invited:
        rows = [
            (
                line.addressee.whom,
                line.addressee.address,
                line.stands,
                line.invited.at if line.invited else None,
                line.invited.by if line.invited else None,
                line.letter.sent_at if line.letter else None,
            )
            for line in invited.lines
        ]
        return list_file(ending, f"invitation {page.row.sitting.ref}", INVITED, rows)
    return render_template(
        "panels/invitation.html",
        page=page,
        panel=page.panel,
        words=_words(page),
        invited=invited,
        emails=settings().smtp is not None,
        here=this_page,
        now=now(),
    )


@bp.post("/meetings/<int:meeting_id>/invitation/send")
@requires(Permission.CHANGE_PANELS)
def send_invitation(meeting_id: int) -> ResponseReturnValue:
    """Send the invitation by email to everybody who has an address and does not have it yet."""
    page = own_meeting(meeting_id)
    post = post_to("panels.pack", meeting_id=meeting_id)
    if InviteForm().validate_on_submit():
        try:
            if post is None:
                raise Refused(NO_SERVER)
            letter = Invitation(_words(page), entry_to_send(page.panel.name, page.row), post)
            with transaction():
                written = services.invite_to_meeting(meeting_id, letter, actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            say(str(refusal), important=True)
        else:
            say(f"The invitation is on its way to {written} {'address' if written == 1 else 'addresses'}.")
    return redirect(url_for("panels.invitation", meeting_id=meeting_id, _anchor="invited"))


NO_SERVER = "This installation sends no emails. Copy the words into a letter or an email of your own."
