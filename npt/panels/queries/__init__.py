"""Read panels within scope, and what is to be changed of them."""

from npt.panels.queries.changing import (
    booked_around,
    code_is_taken,
    meeting_row,
    panel_row,
    served,
    term_row,
    terms_of,
)
from npt.panels.queries.panels import (
    MeetingPage,
    PanelLine,
    PanelPage,
    PriorityPage,
    PriorityRow,
    SittingRow,
    assessed,
    codes_of,
    meeting_page,
    panel_page,
    panels_on,
    priority_page,
)
from npt.panels.queries.seats import seat_of, seat_row, seats_of

__all__ = [
    "MeetingPage",
    "PanelLine",
    "PanelPage",
    "PriorityPage",
    "PriorityRow",
    "SittingRow",
    "assessed",
    "booked_around",
    "code_is_taken",
    "codes_of",
    "meeting_page",
    "meeting_row",
    "panel_page",
    "panel_row",
    "panels_on",
    "priority_page",
    "seat_of",
    "seat_row",
    "seats_of",
    "served",
    "term_row",
    "terms_of",
]
