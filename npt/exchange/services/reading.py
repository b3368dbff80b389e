"""What a run of an import reads and judges before anything is written."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from npt.abstractions import queries as abstractions
from npt.core.errors import BadInput, Problem
from npt.core.sheets import Sheet
from npt.exchange import queries
from npt.exchange.queries import Recorded
from npt.exchange.rules.cells import Clock
from npt.exchange.rules.columns import Key, Kind
from npt.exchange.rules.judgements import READ_ALONG, UNITS, judge
from npt.exchange.rules.kinds import BY_NAME, NOUNS, kind_of, place_of
from npt.exchange.rules.mapping import ColumnMapping, Translation
from npt.exchange.rules.panels import NOTHING_DECIDED, Decided
from npt.exchange.rules.rows import Ledger, Line, header_problems, lay_over, read_rows, shown
from npt.exchange.services.results import Progress
from npt.panels import queries as panels
from npt.people import queries as people

_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet whose headers are in order: its kind, our columns, and a way to go through its rows as ours."""

    kind: Kind
    sheet: Sheet
    columns: tuple[str, ...]
    lines: Callable[[], Iterable[Line]]
    translation: Translation | None = None


class Run:
    """Everything read so far in one run, what is recorded of the kinds it touches, and all that is wrong."""

    def __init__(self, clock: Clock, progress: Progress, mapping: ColumnMapping | None) -> None:
        self.mapping = mapping
        self.clock = clock
        self.progress = progress
        self.ledgers: dict[str, Ledger] = {}
        self.recorded: dict[str, Recorded] = {}
        self.problems: list[Problem | str] = []
        self._opened: dict[str, Opened] = {}
        self._known: dict[str, Collection[str]] = {}
        self._unread = False

    def open(self, sheet: Sheet) -> Opened | None:
        """Look at a sheet's headers. Nothing comes back of one that cannot be read; why not is among the problems."""
        self.problems += sheet.problems
        if self.mapping is not None:
            kind = BY_NAME[self.mapping.kind]
        elif place_of(sheet.name) >= len(BY_NAME):
            return None
        else:
            kind = kind_of(sheet.name)
        if not sheet.columns:
            self._pass_over(kind)
            return None
        try:
            opened = self._with_headers(kind, sheet)
            if problems := header_problems(kind, sheet.name, opened.columns):
                raise BadInput(*problems)
        except BadInput as error:
            self.problems += error.problems
            self._pass_over(kind)
            return None
        self._opened[sheet.name] = opened
        return opened

    def _with_headers(self, kind: Kind, sheet: Sheet) -> Opened:
        if self.mapping is None:
            return Opened(kind, sheet, sheet.columns, lambda: sheet.rows)
        translation = Translation(self.mapping, sheet.name, sheet.columns)
        return Opened(kind, sheet, translation.columns, lambda: translation.rows(sheet.rows), translation)

    def _pass_over(self, kind: Kind) -> None:
        # Whatever names a row of a file that could not be read must not be blamed for it.
        self._unread = True
        self._known[kind.name] = _Anything()

    def read(self, opened: Opened) -> None:
        """Read a sheet whole and lay its rows over what is recorded. What is wrong is kept for the end."""
        kind, sheet = opened.kind, opened.sheet
        found = read_rows(
            kind,
            sheet.name,
            opened.columns,
            opened.lines(),
            clock=self.clock,
            known=self.known(kind),
            advance=_Steps(sheet, self.progress),
        )
        self.problems += found.problems
        ledger, problems = lay_over(found, self._recorded(kind, found.rows).rows)
        self.problems += problems
        self.ledgers[kind.name] = ledger
        if kind.name in NOUNS:
            self._known[kind.name] = {*self._codes(kind.name), *(key[0] for key in found.keys)}

    def known(self, kind: Kind) -> Mapping[str, Collection[str]]:
        """For each kind of file that this one's columns name, the codes there are."""
        return {column.names: self._codes(column.names) for column in kind.columns if column.names}

    def judge(self, on: dt.date) -> None:
        """Judge what was read whole as it would stand after the run."""
        if self._unread:
            return
        books = dict(self.ledgers)
        for name in {other for mine in self.ledgers for other in READ_ALONG.get(mine, ())}:
            if name not in books:
                rows = self._recorded(BY_NAME[name]).rows
                books[name] = Ledger(BY_NAME[name], before=rows, after=rows)
        confirmed = abstractions.confirmed_months() if "reasons" in self.ledgers else ()
        panels_too = {"meetings", "priorities"} & set(self.ledgers)
        decided = Decided(*panels.decided_refs(), panels.written_refs()) if panels_too else NOTHING_DECIDED
        organisations = people.organisation_codes() if set(UNITS) & set(self.ledgers) else ()
        self.problems += judge(books, on, confirmed, decided, organisations)

    def refuse_if_wrong(self) -> None:
        """Refuse with every problem found, in order of file and line.

        :raises BadInput: when there is any
        """
        if self.problems:
            raise BadInput(*sorted(self._as_written(), key=_where))

    def _as_written(self) -> Iterator[Problem | str]:
        """The problems in the words of the file they are about: the header and the value that stand there."""
        wanted = {(each.file, each.line) for each in self.problems if isinstance(each, Problem) and each.line}
        cells = {
            (name, line): raw
            for name, opened in self._opened.items()
            if opened.translation is not None or opened.kind.name in queries.MANY
            for line, raw in opened.sheet.rows
            if (name, line) in wanted
        }
        for problem in self.problems:
            opened = self._opened.get(problem.file) if isinstance(problem, Problem) else None
            if isinstance(problem, str) or opened is None:
                yield problem
                continue
            raw = cells.get((problem.file, problem.line or 0))
            if opened.translation is not None:
                yield opened.translation.in_their_words(problem, raw)
            elif raw is not None and problem.value is None and problem.column in opened.columns:
                yield replace(problem, value=shown(raw[opened.columns.index(problem.column)]))
            else:
                yield problem

    def _recorded(self, kind: Kind, keys: Collection[Key] = ()) -> Recorded:
        if kind.name not in self.recorded:
            self.recorded[kind.name] = queries.recorded(kind, keys)
        return self.recorded[kind.name]

    def _codes(self, name: str) -> Collection[str]:
        if name not in self._known:
            self._known[name] = {key[0] for key in self._recorded(BY_NAME[name]).rows}
        return self._known[name]


class _Anything(frozenset[str]):
    """The codes of a file that could not be read: any may be in it."""

    def __contains__(self, code: object) -> bool:
        return True


class _Steps:
    """Count the rows of a file being read, and tell whoever watches now and then."""

    def __init__(self, sheet: Sheet, progress: Progress) -> None:
        self.file = sheet.name
        self.total = 2 * len(sheet.rows)
        self.done = 0
        self.progress = progress

    def __call__(self) -> None:
        self.done += 1
        if self.done % _TELL_EVERY == 0:
            self.progress(self.file, self.done, self.total)


def _where(problem: Problem | str) -> tuple[int, str, int]:
    if isinstance(problem, str):
        return -1, "", 0
    return place_of(problem.file), problem.file, problem.line or 0
