"""What the rows of a run must hold together, judged on everything as it would stand after it (RULES 1, 2 and 4)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from npt.core.errors import Problem
from npt.core.periods import DAY
from npt.exchange.rules.columns import Key, Values
from npt.exchange.rules.confirmed import rewriting_reasons
from npt.exchange.rules.panels import (
    NOTHING_DECIDED,
    Decided,
    meetings_that_contradict,
    priorities_decided,
    teams_served,
)
from npt.exchange.rules.rows import Ledger
from npt.exchange.rules.staffing import staffing_problems
from npt.policy.rules import TargetScope
from npt.staffing.rules.moves import is_fixed

Books = Mapping[str, Ledger]
"""The ledgers of a run, by kind of file."""

UNITS = ("bcus", "sectors", "teams", "panels")
"""What has a code that nothing else has."""
_STAFFING = ("teams", "posts", "people", "postings")
READ_ALONG = {
    "bcus": UNITS,
    "sectors": UNITS,
    "teams": (*UNITS, *_STAFFING),
    "posts": _STAFFING,
    "people": _STAFFING,
    "postings": _STAFFING,
    "targets": ("bcus", "teams"),
    "panels": UNITS,
    "meetings": ("priorities",),
    "priorities": ("meetings",),
}
"""The kinds whose rows must be at hand to judge a kind."""


def judge(
    books: Books,
    on: dt.date,
    confirmed_months: Collection[dt.date] = (),
    decided: Decided = NOTHING_DECIDED,
    organisations: Collection[str] = (),
) -> list[Problem]:
    """Everything in the way of a run, apart from what is wrong with single rows.

    :param books: every kind of file in the run, and those that ``READ_ALONG`` asks for
    :param on: the day of the import
    :param confirmed_months: the first days of the months that some team has confirmed
    :param decided: what was decided about priorities in the application
    :param organisations: the codes of partner organisations, which come in no file
    """
    judges: dict[str, Callable[[], Iterable[Problem]]] = {
        "teams": lambda: _teams_that_move(books["teams"]),
        "wards": lambda: _ward_problems(books["wards"]),
        "posts": lambda: _posts_that_change(books["posts"], on),
        "people": lambda: _shared_emails(books["people"]),
        "reasons": lambda: rewriting_reasons(books["reasons"], confirmed_months),
        "targets": lambda: _target_problems(books),
        "contacts": lambda: _dated_clashes(
            books["contacts"], ("ward", "collar_number"), "this person is a contact of the ward on those days already"
        ),
        "panels": lambda: teams_served(books),
        "chairs": lambda: _dated_clashes(
            books["chairs"], ("panel", "office"), "somebody holds this office of the panel on those days already"
        ),
        "meetings": lambda: meetings_that_contradict(books, on, decided),
        "priorities": lambda: priorities_decided(books, decided),
        "patterns": lambda: _gaps_in_cycles(books["patterns"]),
        "needed_languages": lambda: _dated_clashes(
            books["needed_languages"], ("team", "language"), "the team needs this language on those days already"
        ),
        "policy": lambda: _dated_clashes(books["policy"], ("name",), "a value of this name is in force on those days"),
    }
    problems = [problem for name, found in judges.items() if _in_run(books, name) for problem in found()]
    if any(_in_run(books, name) for name in UNITS):
        problems += [*_shared_codes(books), *_codes_of_organisations(books, organisations)]
    if any(_in_run(books, name) for name in _STAFFING):
        problems += staffing_problems(books)
    return problems


def _in_run(books: Books, name: str) -> bool:
    return name in books and bool(books[name].file)


def _shared_codes(books: Books) -> Iterator[Problem]:
    owners: dict[Key, str] = {}
    for name in UNITS:
        ledger = books[name]
        # What is recorded already comes first: the newcomer is the one to change.
        for key in sorted(ledger.after, key=lambda key: key in ledger.sources):
            owner = owners.setdefault(key, ledger.kind.singular)
            if owner != ledger.kind.singular and key in ledger.sources:
                yield ledger.problem(key, "code", f"a {_said(owner)} has this code: codes are unique across all units")
            elif owner != ledger.kind.singular:
                yield from _late_newcomer(books, owner, key, ledger.kind.singular)


def _codes_of_organisations(books: Books, organisations: Collection[str]) -> Iterator[Problem]:
    taken = {code.lower() for code in organisations}
    for ledger in (books[name] for name in UNITS):
        for key in ledger.sources:
            if key not in ledger.before and key[0].lower() in taken:
                yield ledger.problem(key, "code", "a partner organisation has this code: choose another")


def _late_newcomer(books: Books, owner: str, key: Key, recorded: str) -> Iterator[Problem]:
    newcomer = next(books[name] for name in UNITS if books[name].kind.singular == owner)
    if key in newcomer.sources:
        yield newcomer.problem(key, "code", f"a {_said(recorded)} has this code: codes are unique across all units")


def _said(singular: str) -> str:
    return "BCU" if singular == "bcu" else singular


def _teams_that_move(teams: Ledger) -> Iterator[Problem]:
    for key in teams.changed:
        if teams.after[key]["sector"] != teams.before[key]["sector"]:
            yield teams.problem(
                key, "sector", "a team does not change sector: end it and open it again under another code"
            )


def _ward_problems(wards: Ledger) -> Iterator[Problem]:
    names: dict[str, tuple[str, int]] = {}
    for key, (line, _) in wards.sources.items():
        name, first_line = names.setdefault(key[0], (wards.after[key]["name"], line))
        if wards.after[key]["name"] != name:
            yield wards.problem(key, "name", f"line {first_line} gives this ward another name")
    yield from _dated_clashes(wards, ("code",), "the ward already belongs to a team on those days")


def _posts_that_change(posts: Ledger, on: dt.date) -> Iterator[Problem]:
    for key in posts.changed:
        before, after = posts.before[key], posts.after[key]
        if not is_fixed(before["first_day"], on):
            continue
        for column in ("team", "grade", "fte", "sector"):
            if before[column] != after[column]:
                message = f"{column} never changes after the post's first day: end the post and open another"
                yield posts.problem(key, column, message)


def _shared_emails(people: Ledger) -> Iterator[Problem]:
    holders: dict[str, list[Key]] = defaultdict(list)
    for key, row in people.after.items():
        if row["email"] is not None:
            holders[row["email"]].append(key)
    for keys in holders.values():
        *others, last = sorted(keys, key=lambda key: people.line(key) if key in people.sources else 0)
        if others and last in people.sources:
            yield people.problem(last, "email", f"{others[0][0]} has this email address")


def _target_problems(books: Books) -> Iterator[Problem]:
    targets = books["targets"]
    for key in targets.sources:
        row = targets.after[key]
        place = {TargetScope.BCU: "bcus", TargetScope.TEAM: "teams"}.get(row["scope"])
        if place is None or not row["scope_code"]:
            continue
        unit = (row["scope_code"],)
        if unit not in books[place].after and unit not in books[place].faulty:
            yield targets.problem(key, "scope_code", f"there is no {_said(row['scope'].value)} with this code")
    message = "a target for this scope and these grades is in force on those days"
    yield from _dated_clashes(targets, ("scope", "scope_code", "grades"), message)


def _dated_clashes(ledger: Ledger, of: tuple[str, ...], message: str) -> Iterator[Problem]:
    """Never two rows of one key in force on the same day. Both days are in a range, so it ends the day after."""

    def stretch(row: Values) -> tuple[Any, Any]:
        return row["first_day"], row["last_day"] and row["last_day"] + DAY

    yield from _clashes(ledger, ledger.after, of, stretch, "first_day", message)


def _gaps_in_cycles(patterns: Ledger) -> Iterator[Problem]:
    """A cycle counts its days 0, 1, … for each grade: a day left out is a slip of the pen and not a rest day."""
    cycles: dict[tuple[Any, Any], set[int]] = defaultdict(set)
    for code, day, grade in patterns.after:
        cycles[code, grade].add(day)
    for key in patterns.touched:
        code, day, grade = key
        missing = next((before for before in range(day) if before not in cycles[code, grade]), None)
        if missing is not None:
            message = f"day {missing} of this pattern is missing for this grade: on a rest day leave both times empty"
            yield patterns.problem(key, "day", message)


def _clashes(
    ledger: Ledger,
    rows: Mapping[Key, Values],
    of: tuple[str, ...],
    stretch: Callable[[Values], tuple[Any, Any]],
    column: str,
    message: str,
) -> Iterator[Problem]:
    groups: dict[tuple[Any, ...], list[tuple[Any, Any, Key]]] = defaultdict(list)
    for key, row in rows.items():
        groups[tuple(row[name] for name in of)].append((*stretch(row), key))
    touched = ledger.touched
    for group in groups.values():
        group.sort(key=lambda item: item[0])
        reach, holder = group[0][1], group[0][2]
        for start, end, key in group[1:]:
            if reach is None or start < reach:
                yield from _clash(ledger, key, holder, touched, column, message)
            if reach is not None and (end is None or end > reach):
                reach, holder = end, key


def _clash(ledger: Ledger, one: Key, other: Key, touched: set[Key], column: str, message: str) -> Iterator[Problem]:
    brought = sorted((key for key in (one, other) if key in touched), key=lambda key: ledger.line(key))
    if not brought:
        return
    at_fault = brought[-1]
    against = other if at_fault == one else one
    where = f"line {ledger.line(against)}" if against in ledger.sources else "on record"
    yield ledger.problem(at_fault, column, f"{message} ({ledger.kind.reference(against)}, {where})")
