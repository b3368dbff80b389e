"""Keep who came to a meeting of those expected. The meeting's own service records it."""

from collections.abc import Mapping

from npt.core.db import session
from npt.core.errors import Refused
from npt.panels import queries
from npt.panels.models import Attendance, Meeting
from npt.panels.queries.attendance import key_of
from npt.panels.rules.attendance import Presence

Told = dict[str, object]


def keep_presences(meeting: Meeting, presences: Mapping[str, Presence | None]) -> tuple[Told, Told]:
    """Keep who came, and give back what was recorded before and is now, for the audit entry of the meeting.

    :raises Refused: when somebody was never expected at this panel
    """
    known = queries.may_attend(meeting.panel_id)
    rows = {key_of(row): row for row in queries.presence_rows(meeting.id)}
    before: Told = {}
    after: Told = {}
    for key, presence in presences.items():
        if key not in known:
            raise Refused("Somebody of these is not expected at this panel. Open the page again")
        row, who = rows.get(key), known[key]
        before[who.label] = row.presence.label if row else None
        after[who.label] = presence.label if presence else None
        if row is None and presence is not None:
            session.add(
                Attendance(meeting_id=meeting.id, seat_id=who.seat_id, member_id=who.member_id, presence=presence)
            )
        elif row is not None and presence is None:
            session.delete(row)
        elif row is not None and presence is not None:
            row.presence = presence
    return before, after
