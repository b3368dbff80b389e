"""The panel or meeting that somebody is about to change, theirs or it does not exist; and who is invited to it."""

from flask import abort

from npt.core.authority import Permission
from npt.edge import actor, policy, today, zone
from npt.panels import queries
from npt.panels.queries import InvitationPage, MeetingPage, PanelPage
from npt.panels.rules.letters import Gathering


def own_panel(code: str) -> PanelPage:
    """A panel that a team of the actor's leads.

    :raises NotFound: when another team leads it
    :raises NoResultFound: when there is none within scope
    """
    page = queries.panel_page(code, actor().scope, today(), policy(today()), zone())
    if not page.theirs:
        abort(404)
    return page


def own_meeting(meeting_id: int, code: str | None = None) -> MeetingPage:
    """A meeting of such a panel; with a code, of that one.

    :raises NotFound: when another team leads the panel
    :raises NoResultFound: when there is none within scope
    """
    page = queries.meeting_page(meeting_id, actor().scope, today(), policy(today()), zone())
    if not page.theirs or code not in (None, page.panel.code):
        abort(404)
    return page


def invited_to(page: MeetingPage) -> InvitationPage | None:
    """Who has the invitation to a meeting, for whoever runs its panel; nobody else is shown an address."""
    if not (page.theirs and actor().may(Permission.CHANGE_PANELS)):
        return None
    sitting = page.row.sitting
    meeting = Gathering(sitting.status, sitting.starts_at, page.row.venue)
    return queries.invitation_page(sitting.id, sitting.ref, page.panel.id, sitting.on, meeting)
