"""A file of a kind of many rows: read, judged and written a portion at a time, so that memory does not grow with it.

What must stay of each row until the end is its key (the same one twice in a file is refused, and the record names every
new row) and, of an abstraction, its person, start, end and line (nobody is in two places).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from zoneinfo import ZoneInfo

from npt.abstractions import services as abstractions
from npt.abstractions.services import Written
from npt.audit.rules import LONGEST_SUBJECT
from npt.core.authority import Actor
from npt.core.errors import Problem
from npt.core.periods import local_day
from npt.exchange import queries
from npt.exchange.rules.cells import Clock
from npt.exchange.rules.columns import Key, Kind, Values
from npt.exchange.rules.rows import Ledger, Line, lay_over, read_rows
from npt.exchange.rules.stays import Stays

PORTION = 5_000


@dataclass
class Portions:
    """What became of a file so far: counts, the line of each key, and all that is wrong."""

    kind: Kind
    file: str
    zone: ZoneInfo
    read: int = 0
    changed: int = 0
    unchanged: int = 0
    new_rows: list[str] = field(default_factory=list)
    keys: dict[Key, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _stays: Stays = field(init=False)
    _people: set[str] = field(default_factory=set)
    _days: list[dt.date] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stays = Stays(self.file)

    def portions(
        self, columns: tuple[str, ...], lines: Iterable[Line], known: Mapping[str, Collection[str]], clock: Clock
    ) -> Iterator[tuple[Ledger, Mapping[Key, int]]]:
        """Each portion of the file laid over what is recorded, with the numbers of the rows it changes.

        The portion before must be dealt with when the next is asked for. What is wrong is in ``problems``.
        """
        rest = iter(lines)
        while some := list(islice(rest, PORTION)):
            found = read_rows(self.kind, self.file, columns, some, clock=clock, known=known, earlier=self.keys)
            recorded = queries.recorded(self.kind, found.rows)
            ledger, problems = lay_over(found, recorded.rows)
            self.problems += [*found.problems, *problems]
            self.keys.update(found.keys)
            self._count(ledger)
            yield ledger, recorded.ids

    def _count(self, ledger: Ledger) -> None:
        self.read += ledger.read
        self.changed += len(ledger.changed)
        self.unchanged += ledger.unchanged
        self.new_rows += [self.kind.reference(key) for key in ledger.new]
        touched = ledger.touched
        if self.kind.name == "abstractions":
            for key in ledger.sources:
                row = ledger.after[key]
                if row["cancelled_at"] is None:
                    self._stays.add(
                        row["collar_number"],
                        row["starts_at"],
                        row["ends_at"],
                        ledger.line(key),
                        changes=key in touched,
                    )
        if self.kind.name == "duties" and touched:
            rows = [ledger.after[key] for key in touched]
            days = [local_day(row["starts_at"], self.zone) for row in rows]
            self._people.update(row["collar_number"] for row in rows)
            self._days = [min([*self._days, *days]), max([*self._days, *days])]

    def judge(self) -> None:
        """Judge what only the whole file shows: that nobody is away twice, nor beside what is on record."""
        if self._stays.first_start is None:
            return
        for person, ref, start, end in queries.live_stays(self._stays.people, self._stays.first_start):
            if (ref,) not in self.keys:
                self._stays.on_record(person, ref, start, end)
        self.problems += self._stays.clashes({line: key[0] for key, line in self.keys.items()})

    def let_generated_give_way(self, *, actor: Actor, at: dt.datetime) -> None:
        """Imported duties win over those a shift pattern made (issue 3, "Duties")."""
        if self._days:
            ids = queries.ids("people")
            people = [ids[collar_number] for collar_number in self._people]
            abstractions.let_generated_give_way(people, *self._days, actor=actor, at=at)


def count_after_returns(ledger: Ledger, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> None:
    """Keep which rows changed a month that its team has confirmed. An import is not stopped by that."""
    ids = queries.ids("people") if ledger.touched else {}
    make = abstractions.touch_of_duty if ledger.kind.name == "duties" else abstractions.touch_of

    def written(key: Key, event: str, *rows: Values) -> Written:
        times = [make(ids[row["collar_number"]], row["starts_at"], row["ends_at"], zone) for row in rows]
        subject = f"{ledger.kind.singular}:{ledger.kind.reference(key)}"[:LONGEST_SUBJECT]
        return Written(f"{ledger.kind.singular}.{event}", subject, times)

    new = [written(key, "imported", ledger.after[key]) for key in ledger.new]
    changed = [written(key, "changed", ledger.before[key], ledger.after[key]) for key in ledger.changed]
    abstractions.count_imported([*new, *changed], actor=actor, at=at, zone=zone)
