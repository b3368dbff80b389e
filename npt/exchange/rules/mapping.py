"""How another system's sheet becomes one of ours: whose column is which, and what their words mean (issue 4, item 9).

Pure, like every rule: a mapping is read from the database and given to a ``Translation``, which is asked row by row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from npt.core.errors import BadInput, Problem, Reason
from npt.exchange.rules import cells, shapes
from npt.exchange.rules.cells import Clock, Untold
from npt.exchange.rules.columns import Column, Kind
from npt.exchange.rules.kinds import BY_NAME
from npt.exchange.rules.rows import Line, shown
from npt.exchange.rules.shapes import Shape

Cell = str | None

LONGEST_NAME = 60

NEITHER, MAP_OR_LEAVE_OUT = "this is neither mapped nor left out", "map it or leave it out"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one of our columns comes from.

    ``header`` is their column, ``time_header`` the one that holds the time of day when theirs stands apart; ``fixed``
    is what is meant where they have no such column or leave the cell empty; ``words`` are their words, each with ours.
    """

    column: str
    header: str | None = None
    time_header: str | None = None
    shape: Shape = Shape.OURS
    fixed: str | None = None
    prefix: str = ""
    words: tuple[tuple[str, str], ...] = ()
    next_day: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(name for name in (self.header, self.time_header) if name is not None)


@dataclass(frozen=True)
class ColumnMapping:
    """A saved mapping: the kind of file it makes, our columns with their sources, and their columns left out."""

    name: str
    kind: str
    sources: tuple[Source, ...] = ()
    ignored: tuple[str, ...] = ()

    @cached_property
    def used(self) -> tuple[str, ...]:
        """Their headers that one of our columns comes from, each once."""
        return tuple(dict.fromkeys(name for source in self.sources for name in source.headers))

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header of theirs that the mapping knows."""
        return tuple(dict.fromkeys((*self.used, *self.ignored)))

    def source(self, column: str) -> Source:
        """Where a column comes from; a source of nothing when the mapping says nothing of it."""
        return next((source for source in self.sources if source.column == column), Source(column))


def identity(kind: Kind, columns: Sequence[str]) -> ColumnMapping:
    """The mapping that takes our own headers as they are and changes nothing."""
    return ColumnMapping("", kind.name, tuple(Source(name, header=name) for name in columns))


def suggested(kind: Kind, headers: Sequence[str]) -> ColumnMapping:
    """A mapping to begin with: each of our columns from the header that reads like it, where there is one."""
    alike = {_plain(header): header for header in reversed(headers)}
    found = [Source(column.name, alike[_plain(column.name)]) for column in kind.columns if _plain(column.name) in alike]
    return ColumnMapping("", kind.name, tuple(found))


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def as_words(mapping: ColumnMapping) -> dict[str, Any]:
    """What a mapping says, as it is kept and as the record shows it. What says nothing is left out."""
    sources = {}
    for source in mapping.sources:
        said = {name: value for name, value in asdict(source).items() if value and name != "column"}
        if source.words:
            said["words"] = dict(source.words)
        if source.shape is Shape.OURS:
            said.pop("shape", None)
        sources[source.column] = said
    return {"sources": sources, "ignored": list(mapping.ignored)}


def from_words(name: str, kind: str, said: Mapping[str, Any]) -> ColumnMapping:
    """The mapping that ``as_words`` wrote down."""
    sources = []
    for column, rules in said["sources"].items():
        more = {**rules, "words": tuple(rules.get("words", {}).items()), "shape": Shape(rules.get("shape", Shape.OURS))}
        sources.append(Source(column, **more))
    return ColumnMapping(name, kind, tuple(sources), tuple(said["ignored"]))


def is_moment(column: Column) -> bool:
    """Whether a column holds instants."""
    return column.parse is cells.moment


def is_day(column: Column) -> bool:
    """Whether a column holds days."""
    return column.parse is cells.day


def is_number(column: Column) -> bool:
    """Whether a column holds numbers that may have a fraction."""
    return _made_by(cells.number, column)


def is_word(column: Column) -> bool:
    """Whether a column holds one of a few words of ours."""
    return _made_by(cells.one_of, column)


def _made_by(maker: Callable[..., Any], column: Column) -> bool:
    return column.parse.__qualname__.startswith(f"{maker.__qualname__}.")


def faults(mapping: ColumnMapping, clock: Clock) -> list[Reason]:
    """Everything in the way of saving a mapping, each with the question it is about: our column and ``_header``."""
    kind = BY_NAME[mapping.kind]
    reasons: list[Reason] = []
    for column in kind.columns:
        reasons += [
            Reason(message, column.name) for message in _column_faults(column, mapping.source(column.name), clock)
        ]
    keys = [mapping.source(name) for name in kind.key_names]
    if all(source.header is None and source.fixed is not None for source in keys):
        names = " and ".join(kind.key_names)
        reasons.append(
            Reason(f"Every row would have the same {names}: choose a column of theirs", f"{kind.key_names[0]}_header")
        )
    if both := sorted(set(mapping.used) & set(mapping.ignored)):
        reasons.append(Reason(f"{_listed(both)} is mapped and left out: do one of the two", "ignored"))
    return reasons


def _column_faults(column: Column, source: Source, clock: Clock) -> Iterable[str]:
    name = column.name
    if (column.required or column.key) and source.header is None and source.fixed is None:
        yield f"Choose their column for {name}, or enter what it always is"
    if source.time_header is not None and source.header is None:
        yield f"Choose their column for the date of {name} too"
    for text in (source.fixed, *(ours for _, ours in source.words)):
        if text:
            try:
                column.parse(text, clock)
            except ValueError as error:
                yield f"{shown(text)} cannot be a {name}: {error}"


def unsaid(mapping: ColumnMapping, headers: Iterable[str]) -> list[str]:
    """Headers of theirs that are neither mapped nor left out. Nothing is dropped without anybody saying so."""
    return [header for header in headers if header not in mapping.headers]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(str(shown(name)) for name in names)


@dataclass
class Translation:
    """A mapping laid on one sheet's columns: rows of theirs in, rows of ours out."""

    mapping: ColumnMapping
    file: str
    theirs: Sequence[str]
    columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find every header.

        :raises BadInput: naming headers the mapping does not know, and those it misses
        """
        mapping, here = self.mapping, set(self.theirs)
        problems = [
            Problem(
                self.file,
                1,
                shown(name),
                f"the mapping {mapping.name} does not know this column: map it or leave it out",
            )
            for name in unsaid(mapping, self.theirs)
        ]
        problems += [
            Problem(self.file, 1, shown(name), f"the mapping {mapping.name} needs this column and it is missing")
            for name in mapping.used
            if name not in here
        ]
        if problems:
            raise BadInput(*problems)
        places = {name: place for place, name in enumerate(self.theirs)}
        kind = BY_NAME[mapping.kind]
        self.columns = tuple(source.column for source in mapping.sources)
        by_name = {column.name: column for column in kind.columns}
        shared = [source.header for source in mapping.sources]
        self._readers = [
            _reader(source, by_name[source.column], places, alone=shared.count(source.header) == 1)
            for source in mapping.sources
        ]
        self._turning = [
            (self.columns.index("starts_at"), place)
            for place, source in enumerate(mapping.sources)
            if source.next_day and "starts_at" in self.columns
        ]

    def row(self, raw: Sequence[Cell]) -> tuple[Cell, ...]:
        """A row of theirs as ours; a cell that cannot be translated is ``Untold``."""
        row = [read(raw) for read in self._readers]
        for start, end in self._turning:
            row[end] = shapes.next_day_if_not_after(row[start], row[end])
        return tuple(row)

    def rows(self, lines: Iterable[Line]) -> Iterable[Line]:
        """Rows of theirs, each with its line, as ours."""
        return ((line, self.row(raw)) for line, raw in lines)

    def in_their_words(self, problem: Problem, raw: Sequence[Cell] | None) -> Problem:
        """A problem of one of our columns as one of theirs: their header, and what stands in their cell."""
        headers = () if problem.column is None else self.mapping.source(problem.column).headers
        if not headers:
            return problem
        values = [] if raw is None else [shown(raw[self.theirs.index(name)]) for name in headers]
        value = " ".join(text for text in values if text is not None)
        header = " and ".join(str(shown(name)) for name in headers)
        return Problem(
            problem.file, problem.line, header, problem.message, (value or None) if values else problem.value
        )


def _reader(
    source: Source, column: Column, places: Mapping[str, int], *, alone: bool
) -> Callable[[Sequence[Cell]], Cell]:
    place = None if source.header is None else places[source.header]
    time_place = None if source.time_header is None else places[source.time_header]
    words = {_folded(theirs): ours for theirs, ours in source.words}

    def read(raw: Sequence[Cell]) -> Cell:
        text = None if place is None else raw[place]
        if time_place is not None and not (text is not None and shapes.has_offset(text)):
            clock = raw[time_place]
            if clock is None and text is not None and alone:
                return Untold.because(text, "there is a date and no time")
            text = None if clock is None else _joined(text, clock, source.shape)
        if text is None:
            return source.fixed
        if isinstance(text, Untold) or time_place is not None:
            return text
        if words and (ours := words.get(_folded(text))) is not None:
            return ours or None
        return _shaped(text, source, column)

    return read


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _joined(day: Cell, clock: str, shape: Shape) -> str:
    if day is None:
        return Untold.because(clock, "there is a time and no date")
    try:
        return shapes.joined(day, clock, shape)
    except ValueError as error:
        return Untold.because(f"{day} {clock}", str(error))


def _shaped(text: str, source: Source, column: Column) -> str:
    if source.shape is Shape.OURS:
        return f"{source.prefix}{text}" if source.prefix else text
    try:
        if source.shape is Shape.DECIMAL_COMMA:
            return shapes.number_as_ours(text)
        if is_day(column):
            return shapes.day_as_ours(text, source.shape)
        # A spreadsheet's own date and time, and what carries an offset, is the same in any shape.
        return text if shapes.is_ours(text) else shapes.moment_as_ours(text, source.shape)
    except ValueError as error:
        return Untold.because(text, str(error))
