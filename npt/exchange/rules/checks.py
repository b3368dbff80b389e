"""What is wrong with one row on its own, once its cells can be read (RULES sections 1, 2 and 4)."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from npt.people.rules import Grade, PostingKind
from npt.policy.rules import TargetScope, parse_value

Fault = tuple[str, str]
"""The column and the sentence."""

FULL_TIME = Decimal("1.00")


def days_in_order(row: Mapping[str, Any]) -> Iterator[Fault]:
    """A last day before the first is refused; both days are in the range."""
    if row["last_day"] is not None and row["last_day"] < row["first_day"]:
        yield "last_day", "the last day is before the first day"


def end_after_start(row: Mapping[str, Any]) -> Iterator[Fault]:
    """An end not after its start is refused, also when only seconds lay between them (RULES section 1)."""
    if row["ends_at"] is not None and row["ends_at"] <= row["starts_at"]:
        yield "ends_at", "the end must be after the start, by a minute or more"


def both_times_or_none(row: Mapping[str, Any]) -> Iterator[Fault]:
    """A day of a pattern has a start and an end, or neither when it is rest."""
    if (row["starts"] is None) != (row["ends"] is None):
        yield ("ends" if row["ends"] is None else "starts"), "enter both times, or neither for a rest day"


def ignored_of_post(row: Mapping[str, Any]) -> Collection[str]:
    """A special's FTE is ignored (FORMATS): other systems write 0 there, or a dash."""
    return {"fte"} if row["grade"] is Grade.SPECIAL else ()


def settle_post(row: dict[str, Any]) -> None:
    """A special's FTE is ignored; any other post without one is full time (FORMATS)."""
    if row["grade"] is Grade.SPECIAL:
        row["fte"] = None
    elif row["fte"] is None:
        row["fte"] = FULL_TIME


def post_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """An inspector's post is in a sector and no team; every other in a team and no sector."""
    yield from days_in_order(row)
    if row["grade"] is Grade.INSPECTOR:
        if row["team"] is not None:
            yield "team", "an inspector's post names a sector and no team"
        if row["sector"] is None:
            yield "sector", "enter the sector of an inspector's post"
        return
    if row["team"] is None:
        yield "team", "enter the team of the post"
    if row["sector"] is not None:
        yield "sector", "only an inspector's post names a sector"


def posting_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """An attachment carries no FTE."""
    yield from days_in_order(row)
    if row["kind"] is PostingKind.ATTACHMENT and row["fte"] is not None:
        yield "fte", "an attachment carries no FTE: leave this empty"


def target_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """A target of the force names no unit, any other must."""
    yield from days_in_order(row)
    if row["scope"] is TargetScope.FORCE:
        if row["scope_code"]:
            yield "scope_code", "a target of the force names no BCU or team: leave this empty"
    elif not row["scope_code"]:
        yield "scope_code", f"enter the code of the {_UNIT[row['scope']]}"


_UNIT = {TargetScope.BCU: "BCU", TargetScope.TEAM: "team"}


def policy_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """A figure of policy must be of its own type."""
    yield from days_in_order(row)
    try:
        parse_value(row["name"], row["value"])
    except ValueError as error:
        yield "value", str(error)
