"""Priorities and meetings in the public shape of data.police.uk (issue 5, line 9; docs/decisions/0036).

Texts are HTML of paragraphs alone, with what they hold escaped; days and times are local and without a zone.
"""

import datetime as dt
import html
import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo

from npt.panels.rules.answers import HOUSE, POSTCODE, Answer, SaidAndDone, personal_in
from npt.panels.rules.meetings import Sitting
from npt.panels.rules.vocabulary import MeetingStatus

Row = dict[str, object]

PRIORITY_KEYS = ("action", "issue-date", "action-date", "issue")
EVENT_KEYS = ("contact_details", "description", "title", "address", "type", "start_date", "end_date")
MEETING = "meeting"
"""The type of an event that is a panel's."""


class PublicFile(StrEnum):
    """The two files of a neighbourhood."""

    PRIORITIES = "priorities"
    EVENTS = "events"


def priority_rows(rows: Iterable[SaidAndDone]) -> list[Row]:
    """What a panel adopted, in the public shape, but for what nobody outside may read (``SaidAndDone.left_out``).

    ``issue-date`` is the day of the meeting that adopted it; what was done and on which day that was said last are
    null until something is.
    """
    return [
        {
            "action": _action(row.answer),
            "issue-date": _midnight(row.adopted_on),
            "action-date": _midnight(row.answer.on) if row.answer else None,
            "issue": issue_html(row.title, row.detail),
        }
        for row in rows
        if not row.left_out and row.adopted_on is not None
    ]


def issue_html(title: str, detail: str | None) -> str:
    """A priority as the public shape has it: its title, then its detail, each a paragraph."""
    return paragraphs(title, detail)


def _action(answer: Answer | None) -> str | None:
    return paragraphs(answer.done, answer.result) if answer else None


def paragraphs(*texts: str | None) -> str:
    """Texts as HTML paragraphs, one for each line that is not blank, with everything in them escaped."""
    lines = [line.strip() for text in texts if text for line in text.splitlines()]
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


_OF_A_PLACE = {POSTCODE, HOUSE}
"""What may be said of where the public is asked to come, and of nothing else."""


def event_rows(
    panel: str, meetings: Iterable[tuple[Sitting, str | None]], length: dt.timedelta, zone: ZoneInfo
) -> list[Row]:
    """The public meetings of a panel that are not cancelled, in the public shape and in order.

    A venue that holds something of a person (a telephone, somebody's name) is left out.

    :param meetings: each with where it is
    """
    return [
        {
            "contact_details": {},
            "description": None,
            "title": f"{panel} panel",
            "address": None if set(personal_in(venue)) - _OF_A_PLACE else venue,
            "type": MEETING,
            "start_date": _local(sitting.starts_at, zone),
            "end_date": _local(sitting.starts_at + length, zone),
        }
        for sitting, venue in meetings
        if sitting.public and sitting.status is not MeetingStatus.CANCELLED
    ]


def written(rows: Sequence[Row]) -> str:
    """Rows as a file: JSON, with one newline at its end."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _midnight(day: dt.date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00" if day else None


def _local(at: dt.datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"</p\s*>|<br\s*/?>|</div\s*>|</li\s*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def plain_lines(markup: str) -> list[str]:
    """What a reader sees of a text of HTML, line by line: no tag, no script, no character that cannot be seen."""
    seen = _TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", markup)))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in html.unescape(seen).splitlines())
    return ["".join(char for char in line if char.isprintable()) for line in lines if line]
