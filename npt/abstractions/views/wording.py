"""What entries are judged by, how a page puts one in words, and what somebody missed who opened it before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from npt.abstractions import services
from npt.abstractions.models import Abstraction
from npt.abstractions.queries import Entry, Words
from npt.abstractions.services import Terms
from npt.audit import queries as audit
from npt.audit.queries import HistoryLine
from npt.edge import policy, zone
from npt.policy import queries as policies
from npt.policy.rules import ReasonBook
from npt.web.filters import change_words, event_words, moment
from npt.web.forms import Form

SEPARATOR = "."


def terms(reasons: ReasonBook | None = None) -> Terms:
    """What entries are judged by, as policy has it."""
    book = reasons or policies.reason_book()
    return Terms(book, policy, zone(), _words(book))


def _words(reasons: ReasonBook) -> Words:
    def words(entry: Abstraction) -> str:
        until = f"to {moment(entry.ends_at)}" if entry.ends_at else "still away"
        return f"{reasons.label(entry.reason)} from {moment(entry.starts_at)}, {until}"

    return words


def seen_now(entry: Entry) -> str:
    """What a form carries, so that nobody writes over what they have not seen: the last line of the entry's history
    and the entry's mark.
    """
    lines = audit.history(f"abstraction:{entry.ref}")
    return f"{lines[0].number if lines else 0}{SEPARATOR}{entry.mark}"


def history_of(ref: str, reasons: ReasonBook) -> list[HistoryLine]:
    """What the record says of an entry, its reasons by name and not by code; newest first."""
    return [replace(line, details=_with_labels(line.details, reasons)) for line in audit.history(f"abstraction:{ref}")]


def _with_labels(details: Mapping[str, Any], reasons: ReasonBook) -> dict[str, Any]:
    """The particulars with the label of each code; why something was cancelled is a reason too, and in words."""
    codes = set(reasons.codes)
    return {
        name: _with_labels(value, reasons)
        if isinstance(value, Mapping)
        else reasons.label(value)
        if name == "reason" and value in codes
        else value
        for name, value in details.items()
    }


def mark_in(seen: str | None) -> str:
    """The mark of the entry that a form carries."""
    return (seen or "").partition(SEPARATOR)[2]


def tell_overtaken(form: Form, refusal: services.Overtaken, entry: Entry) -> None:
    """Say what changed since the form was opened, keep what was typed, and let it be sent again now that it is known.

    :param entry: the entry as it stands
    """
    form.refuse(refusal)
    number = (form["seen"].data or "").partition(SEPARATOR)[0]
    last = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    lines = [line for line in history_of(entry.ref, policies.reason_book()) if line.number > last]
    for line in lines:
        words = change_words(line.details)
        form.form_errors.append(
            f"{line.actor}, {moment(line.at)}: {event_words(line.event)}{'. ' + words if words else ''}"
        )
    if not lines:
        form.form_errors.append("It was changed by an import. Look at it as it stands now")
    form["seen"].data = seen_now(entry)
