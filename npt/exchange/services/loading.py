"""One run of an import: read everything, judge everything, then write everything and leave the record of it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from npt.abstractions import queries as abstraction_queries
from npt.abstractions import services as abstractions
from npt.abstractions.services import Written
from npt.audit import services as audit
from npt.audit.rules import LONGEST_SUBJECT
from npt.core import db
from npt.core.authority import Actor
from npt.core.errors import BadInput, Problem, Refused
from npt.core.periods import local_day
from npt.core.sheets import Sheet
from npt.exchange import queries
from npt.exchange.queries import Recorded
from npt.exchange.rules.cells import Clock
from npt.exchange.rules.columns import Key, Kind, Values
from npt.exchange.rules.judgements import READ_ALONG, judge
from npt.exchange.rules.kinds import BY_NAME, NOUNS, kind_of, place_of
from npt.exchange.rules.mapping import ColumnMapping, Translation
from npt.exchange.rules.rows import Ledger, Line, ReadRows, lay_over, read_rows
from npt.exchange.services.files import Handed
from npt.exchange.services.published import PublishedFiles
from npt.exchange.services.results import FileResult, ImportResult, Progress, leave_entry, silent
from npt.exchange.services.writing import Writer

_TELL_EVERY = 500


class Rehearsed(Exception):
    """A dry run has come to its end. It leaves ``transaction()`` as an exception, so that nothing is kept."""

    def __init__(self, result: ImportResult) -> None:
        self.result = result
        super().__init__("dry run: nothing was changed")


def load(
    sheets: Iterable[Handed],
    *,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    zone: ZoneInfo,
    progress: Progress = silent,
    dry_run: bool = False,
    mapping: ColumnMapping | None = None,
) -> ImportResult:
    """Take in the sheets of a run, all or nothing, inside the ``transaction()`` its edge has opened.

    :param at: now, for the record
    :param on: today, for what never changes after a first day
    :param zone: the zone of times written without an offset
    :param mapping: what the columns of the sheet, which then is the only one, mean; without it they are ours
    :raises BadInput: with every problem there is; the transaction it leaves must not be kept
    :raises Rehearsed: at the end of a dry run, everything judged by the database too
    """
    # Two runs at once would each judge what is recorded without the other.
    db.lock_record("import")
    # Nor may anybody be posted by hand between what is judged here and what is written.
    db.lock_record("staffing")
    handed = sorted(sheets, key=lambda file: place_of(file.name))
    published = PublishedFiles((file for file in handed if not isinstance(file, Sheet)), progress)
    ordered = [file for file in handed if isinstance(file, Sheet)]
    run = _Run(Clock(zone), progress, mapping)
    run.problems += published.problems()
    for sheet in ordered:
        run.read(sheet)
    run.judge(on)
    digests = {sheet.name: sheet.sha256 for sheet in ordered}
    ledgers = list(run.ledgers.values())
    writer = Writer(zone)
    results: list[FileResult] = []
    try:
        db.defer_overlaps()
        for ledger in ledgers:
            for done in writer.write(ledger, run.recorded[ledger.kind.name].ids):
                progress(ledger.file, ledger.read + done, 2 * ledger.read)
            _leave_record(ledger, digests[ledger.file], actor=actor, at=at)
            results.append(_result(ledger))
            if ledger.kind.name == "duties":
                _displace(ledger, zone, actor=actor, at=at)
            _count_after_returns(ledger, zone, actor=actor, at=at)
        results += published.write(actor=actor, at=at)
        db.check_overlaps()
    except IntegrityError as error:
        raise _whole_run([*digests, *published.names], db.refusal(error)) from error
    except Refused as refused:
        raise _whole_run([*digests, *published.names], refused) from refused
    # Rows were written past the session, which must not go on showing them as they were.
    db.session.expire_all()
    result = ImportResult(tuple(results))
    if dry_run:
        raise Rehearsed(result)
    return result


class _Run:
    """Everything read so far in one run, and what is recorded of the kinds it touches."""

    def __init__(self, clock: Clock, progress: Progress, mapping: ColumnMapping | None) -> None:
        self.mapping = mapping
        self.clock = clock
        self.progress = progress
        self.ledgers: dict[str, Ledger] = {}
        self.recorded: dict[str, Recorded] = {}
        self.problems: list[Problem | str] = []
        self._translated: dict[str, tuple[Sheet, Translation]] = {}
        self._known: dict[str, Collection[str]] = {}
        self._unread = False

    def read(self, sheet: Sheet) -> None:
        """Read a sheet and lay its rows over what is recorded. What is wrong is kept for the end."""
        self.problems += sheet.problems
        if self.mapping is not None:
            kind = BY_NAME[self.mapping.kind]
        elif place_of(sheet.name) >= len(BY_NAME):
            return
        else:
            kind = kind_of(sheet.name)
        if not sheet.columns:
            self._pass_over(kind)
            return
        try:
            columns, lines = self._ours(sheet)
            found = read_rows(
                kind,
                sheet.name,
                columns,
                lines,
                clock=self.clock,
                known={column.names: self._codes(column.names) for column in kind.columns if column.names},
                advance=_Steps(sheet, self.progress),
            )
        except BadInput as error:
            self.problems += error.problems
            self._pass_over(kind)
            return
        self.problems += found.problems
        ledger, problems = lay_over(found, self._standing(kind, found))
        self.problems += problems
        self.ledgers[kind.name] = ledger
        if kind.name in NOUNS:
            self._known[kind.name] = {*self._codes(kind.name), *(key[0] for key in found.keys)}

    def _ours(self, sheet: Sheet) -> tuple[Sequence[str], Iterable[Line]]:
        """The columns and rows of a sheet, translated when a mapping says how."""
        if self.mapping is None:
            return sheet.columns, sheet.rows
        translation = Translation(self.mapping, sheet.name, sheet.columns)
        self._translated[sheet.name] = (sheet, translation)
        return translation.columns, translation.rows(sheet.rows)

    def _pass_over(self, kind: Kind) -> None:
        # Whatever names a row of a file that could not be read must not be blamed for it.
        self._unread = True
        self._known[kind.name] = _Anything()

    def judge(self, on: dt.date) -> None:
        """Judge the run as a whole.

        :raises BadInput: with every problem found, in order of file and line
        """
        if not self._unread:
            books = dict(self.ledgers)
            for name in {other for mine in self.ledgers for other in READ_ALONG.get(mine, ())}:
                if name not in books:
                    rows = self._recorded(BY_NAME[name]).rows
                    books[name] = Ledger(BY_NAME[name], before=rows, after=rows)
            confirmed = abstraction_queries.confirmed_months() if "reasons" in self.ledgers else ()
            self.problems += judge(books, on, confirmed)
        if self.problems:
            raise BadInput(*sorted(self._as_written(), key=_where))

    def _as_written(self) -> Iterator[Problem | str]:
        """The problems in the words of the file they are about: the header and the value that stand there."""
        wanted = {problem.line for problem in self.problems if isinstance(problem, Problem)}
        cells = {
            (name, line): raw
            for name, (sheet, _) in self._translated.items()
            for line, raw in sheet.rows
            if line in wanted
        }
        for problem in self.problems:
            if isinstance(problem, Problem) and problem.file in self._translated:
                translation = self._translated[problem.file][1]
                yield translation.in_their_words(problem, cells.get((problem.file, problem.line or 0)))
            else:
                yield problem

    def _standing(self, kind: Kind, found: ReadRows) -> Mapping[Key, Values]:
        recorded = self._recorded(kind, found.rows)
        if kind.name != "abstractions":
            return recorded.rows
        people = {values["collar_number"] for _, values in found.rows.values()}
        return {**queries.live_abstractions(kind, people), **recorded.rows}

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


def _whole_run(files: Iterable[str], refused: Refused) -> BadInput:
    """What only the database noticed. It names no line, so every file of the run stands for it."""
    return BadInput(*(Problem(", ".join(files), None, reason.field, reason.message) for reason in refused.reasons))


def _leave_record(ledger: Ledger, sha256: str, *, actor: Actor, at: dt.datetime) -> None:
    kind = ledger.kind
    leave_entry(_result(ledger), sha256, actor=actor, at=at, new_rows=[kind.reference(key) for key in ledger.new])
    for key in ledger.changed:
        before, after = ledger.before[key], ledger.after[key]
        differing = [name for name in after if before[name] != after[name]]
        audit.record(
            f"{kind.singular}.changed",
            f"{kind.singular}:{kind.reference(key)}"[:LONGEST_SUBJECT],
            actor=actor,
            at=at,
            file=ledger.file,
            before={name: before[name] for name in differing},
            after={name: after[name] for name in differing},
        )


def _displace(ledger: Ledger, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> None:
    """Imported duties win over those a shift pattern made (issue 3, "Duties")."""
    brought = [ledger.after[key] for key in ledger.touched]
    if brought:
        days = [local_day(row["starts_at"], zone) for row in brought]
        collar_numbers = {row["collar_number"] for row in brought}
        ids = queries.ids("people")
        people = [ids[collar_number] for collar_number in collar_numbers]
        abstractions.let_generated_give_way(people, min(days), max(days), actor=actor, at=at)


_TIMED = ("duties", "absences", "abstractions")
"""The kinds of time, which a team's return for a month is about."""


def _count_after_returns(ledger: Ledger, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> None:
    """Keep which rows changed a month that its team has confirmed. An import is not stopped by that."""
    if ledger.kind.name not in _TIMED:
        return
    ids = queries.ids("people") if ledger.touched else {}
    make = abstractions.touch_of_duty if ledger.kind.name == "duties" else abstractions.touch_of

    def written(key: Key, event: str, *rows: Values) -> Written:
        times = [make(ids[row["collar_number"]], row["starts_at"], row["ends_at"], zone) for row in rows]
        subject = f"{ledger.kind.singular}:{ledger.kind.reference(key)}"[:LONGEST_SUBJECT]
        return Written(f"{ledger.kind.singular}.{event}", subject, times)

    new = [written(key, "imported", ledger.after[key]) for key in ledger.new]
    changed = [written(key, "changed", ledger.before[key], ledger.after[key]) for key in ledger.changed]
    abstractions.count_imported([*new, *changed], actor=actor, at=at, zone=zone)


def _result(ledger: Ledger) -> FileResult:
    return FileResult(ledger.file, ledger.read, len(ledger.new), len(ledger.changed), ledger.unchanged)
