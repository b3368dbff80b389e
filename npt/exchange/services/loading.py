"""One run of an import: read everything, judge everything, write everything and leave the record of it, or nothing."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from npt.audit import services as audit
from npt.audit.rules import LONGEST_SUBJECT
from npt.core import db
from npt.core.authority import Actor
from npt.core.errors import BadInput, Problem, Refused
from npt.core.sheets import Sheet
from npt.exchange import queries
from npt.exchange.rules.cells import Clock
from npt.exchange.rules.kinds import place_of
from npt.exchange.rules.mapping import ColumnMapping
from npt.exchange.rules.rows import Ledger
from npt.exchange.services.files import Handed
from npt.exchange.services.published import PublishedFiles
from npt.exchange.services.reading import Opened, Run
from npt.exchange.services.results import FileResult, ImportResult, Progress, leave_entry, silent
from npt.exchange.services.streaming import Portions, count_after_returns
from npt.exchange.services.writing import Writer


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
    run = Run(Clock(zone), progress, mapping)
    run.problems += published.problems()
    opened = [found for sheet in handed if isinstance(sheet, Sheet) and (found := run.open(sheet))]
    for each in opened:
        if each.kind.name not in queries.MANY:
            run.read(each)
    run.judge(on)
    names = [each.sheet.name for each in opened]
    writing = _Writing(run, zone, actor, at)
    try:
        db.defer_overlaps()
        writing.everything(opened)
        run.refuse_if_wrong()
        writing.results += published.write(actor=actor, at=at)
        db.check_overlaps()
    except IntegrityError as error:
        raise _whole_run([*names, *published.names], db.refusal(error)) from error
    except Refused as refused:
        raise _whole_run([*names, *published.names], refused) from refused
    # Rows were written past the session, which must not go on showing them as they were.
    db.session.expire_all()
    result = ImportResult(tuple(writing.results))
    if dry_run:
        raise Rehearsed(result)
    return result


class _Writing:
    """What a run has written so far. Nothing is, from the first problem on: what follows is only judged."""

    def __init__(self, run: Run, zone: ZoneInfo, actor: Actor, at: dt.datetime) -> None:
        self.run = run
        self.zone = zone
        self.actor = actor
        self.at = at
        self.writer = Writer(zone)
        self.results: list[FileResult] = []

    def everything(self, opened: Iterable[Opened]) -> None:
        """Write each file, in the order in which they load."""
        for each in opened:
            if each.kind.name in queries.MANY:
                self.portions(each)
            elif not self.run.problems:
                self.whole(each)

    def whole(self, opened: Opened) -> None:
        """Write a file that was read and judged whole."""
        ledger = self.run.ledgers[opened.kind.name]
        for done in self.writer.write(ledger, self.run.recorded[ledger.kind.name].ids):
            self.run.progress(ledger.file, ledger.read + done, 2 * ledger.read)
        new_rows = [ledger.kind.reference(key) for key in ledger.new]
        self._leave_record(
            opened, FileResult(ledger.file, ledger.read, len(new_rows), len(ledger.changed), ledger.unchanged), new_rows
        )
        self._record_changes(ledger)

    def portions(self, opened: Opened) -> None:
        """Read, judge and write a file of many rows, a portion at a time."""
        stream = Portions(opened.kind, opened.sheet.name, self.zone)
        total = 2 * len(opened.sheet.rows)
        clean = not self.run.problems
        for ledger, ids in stream.portions(opened.columns, opened.lines(), self.run.known(opened.kind), self.run.clock):
            done = 2 * stream.read - ledger.read
            clean = clean and not stream.problems
            if not clean:
                self.run.progress(ledger.file, done, total)
                continue
            for written in self.writer.write(ledger, ids):
                self.run.progress(ledger.file, done + written, total)
            self._record_changes(ledger)
            count_after_returns(ledger, self.zone, actor=self.actor, at=self.at)
        stream.judge()
        self.run.problems += stream.problems
        if self.run.problems:
            return
        result = FileResult(stream.file, stream.read, len(stream.new_rows), stream.changed, stream.unchanged)
        self._leave_record(opened, result, stream.new_rows)
        stream.let_generated_give_way(actor=self.actor, at=self.at)

    def _leave_record(self, opened: Opened, result: FileResult, new_rows: list[str]) -> None:
        self.results.append(result)
        leave_entry(result, opened.sheet.sha256, actor=self.actor, at=self.at, new_rows=new_rows)

    def _record_changes(self, ledger: Ledger) -> None:
        kind = ledger.kind
        for key in ledger.changed:
            before, after = ledger.before[key], ledger.after[key]
            differing = [name for name in after if before[name] != after[name]]
            audit.record(
                f"{kind.singular}.changed",
                f"{kind.singular}:{kind.reference(key)}"[:LONGEST_SUBJECT],
                actor=self.actor,
                at=self.at,
                file=ledger.file,
                before={name: before[name] for name in differing},
                after={name: after[name] for name in differing},
            )


def _whole_run(files: Iterable[str], refused: Refused) -> BadInput:
    """What only the database noticed. It names no line, so every file of the run stands for it."""
    return BadInput(*(Problem(", ".join(files), None, reason.field, reason.message) for reason in refused.reasons))
