"""The files of a run that are published in a shape of their own, judged together and taken in after the rows."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from npt.core.authority import Actor
from npt.core.errors import Problem
from npt.crime import services as crime
from npt.crime.rules import BoundaryFile, StreetFile
from npt.exchange.services.results import FileResult, Progress, leave_entry

PublishedFile = StreetFile | BoundaryFile


class PublishedFiles:
    """The street-level crime and the ward boundaries of one run."""

    def __init__(self, files: Iterable[PublishedFile], progress: Progress) -> None:
        self.files: Sequence[PublishedFile] = list(files)
        self._progress = progress
        self._street = [file for file in self.files if isinstance(file, StreetFile)]
        self._boundaries = [file for file in self.files if isinstance(file, BoundaryFile)]

    @property
    def names(self) -> list[str]:
        return [file.name for file in self.files]

    def problems(self) -> Iterator[Problem]:
        """What is wrong with each, and what two of them say of the same month or ward."""
        names: set[str] = set()
        for file in self.files:
            yield from file.problems
            if file.name in names:
                yield Problem(file.name, None, None, "another file of this name is in the same run")
            names.add(file.name)
        months = [(street.name, street.months) for street in self._street]
        yield from _said_twice(months, "Month", "this month and force", " ".join)
        wards = [(shapes.name, shapes.lines) for shapes in self._boundaries]
        yield from _said_twice(wards, "code", "this ward", str)

    def write(self, *, actor: Actor, at: dt.datetime) -> list[FileResult]:
        """Take them in, leave one entry in the record for each, and say what became of their rows."""
        totals = {file.name: 2 * file.read for file in self.files}

        def advance(name: str, done: int) -> None:
            self._progress(name, totals[name] // 2 + done, totals[name])

        taken = crime.take_in(self._street, self._boundaries, actor=actor, at=at, advance=advance)
        results = []
        for file in self.files:
            found = taken[file.name]
            result = FileResult(file.name, found.read, found.new, found.changed, found.unchanged)
            leave_entry(result, file.sha256, actor=actor, at=at, **found.details)
            results.append(result)
        return results


def _said_twice(
    files: Iterable[tuple[str, Mapping[Any, int]]], column: str, what: str, written: Callable[[Any], str]
) -> Iterator[Problem]:
    """What two files of a run both hold, each with the line it begins on: nobody knows which is meant."""
    first: dict[Any, str] = {}
    for name, things in files:
        for thing, line in things.items():
            if thing in first:
                yield Problem(name, line, column, f"{first[thing]} has {what} too", written(thing))
            first.setdefault(thing, name)
