"""What a chair is told of since their panel last met, in plain words (SCREENS)."""

import datetime as dt
from collections.abc import Sequence

from flask import url_for

from npt.audit.queries import HistoryLine
from npt.core.periods import day_in_words
from npt.panels.queries import PanelLine, Told

_OF_A_MEETING = {
    "meeting.planned": "The meeting of {on} was planned",
    "meeting.held": "It was recorded how the meeting of {on} went",
    "meeting.corrected": "What was recorded of the meeting of {on} was put right",
    "meeting.cancelled": "The meeting of {on} was cancelled",
    "meeting.moved": "A meeting was moved to {on}",
    "agenda.prepared": "The agenda for {on} is there to read",
    "agenda.changed": "The agenda for {on} was changed",
    "minutes.issued": "The minutes of {on} are there to read",
}
_OF_THE_PANEL = {
    "chair.appointed": "Somebody was appointed chair or vice-chair",
    "chair.ended": "A term of office was ended",
    "panel.changed": "What is on record of the panel was changed",
}


def news_of(
    panel: PanelLine, told: Told, history: Sequence[HistoryLine], since: dt.datetime
) -> list[tuple[dt.datetime, str, str | None]]:
    """What happened since the last meeting began, newest first: when, what, and where it is read."""
    lines = [(each.at, each.text, url_for("panels.priority", priority_id=each.priority_id)) for each in told.news]
    of_panel = [found for line in history if line.at >= since and (found := _line(panel, line))]
    return sorted([*lines, *of_panel], key=lambda line: line[0], reverse=True)


def _line(panel: PanelLine, line: HistoryLine) -> tuple[dt.datetime, str, str | None] | None:
    if words := _OF_THE_PANEL.get(line.event):
        return line.at, words, None
    sitting = next((row.sitting for row in panel.meetings if f"meeting:{row.sitting.ref}" == line.subject), None)
    words = _OF_A_MEETING.get(line.event)
    if words is None or sitting is None:
        return None
    page = "panels.minutes" if line.event == "minutes.issued" else "panels.meeting"
    return line.at, words.format(on=day_in_words(sitting.on)), url_for(page, meeting_id=sitting.id)
