"""Find and read the files of a run."""

import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO

from npt.core import sheets
from npt.core.errors import BadInput, Problem
from npt.core.sheets import Sheet
from npt.crime.rules import BoundaryFile, StreetFile, read_boundaries, read_street
from npt.exchange.rules.kinds import kind_of
from npt.exchange.rules.published import Published, published_kind

Handed = Sheet | StreetFile | BoundaryFile
"""A file of a run: rows under keys, or one that is published in a shape of its own and was read as such."""

Opener = Callable[[], AbstractContextManager[IO[bytes]]]


def at_path(path: Path, *, mapped: bool = False) -> list[Handed]:
    """The sheets of a folder, or of one file whose name says its kind.

    :param mapped: it is one file, and a mapping says its kind whatever its name

    Hidden files, and those a spreadsheet program keeps beside an open workbook, are passed over. A file that is not
    known or cannot be read comes as a sheet without columns that says why, so that the others are judged too.

    :raises BadInput: when there is nothing at the path
    """
    try:
        if path.is_dir() and mapped:
            raise BadInput(Problem(path.name, None, None, "a mapping is for one file and this is a folder"))
        if path.is_dir():
            found = sorted(entry for entry in path.iterdir() if not entry.name.startswith((".", "~$")))
            if not found:
                raise BadInput(Problem(path.name, None, None, "there is no file in this folder"))
        elif path.exists():
            found = [path]
        else:
            raise BadInput(Problem(str(path), None, None, "there is no such file or folder"))
    except OSError as error:
        raise BadInput(Problem(str(path), None, None, "this cannot be read")) from error
    return _read_all([(entry.name, _reader(entry)) for entry in found], mapped)


def from_uploads(files: Sequence[tuple[str, bytes | IO[bytes]]], *, mapped: bool = False) -> list[Handed]:
    """The sheets of files sent through the browser, each with the name it had, as ``at_path`` has them.

    :raises BadInput: when there are several and a mapping is for one
    """
    if mapped and len(files) != 1:
        raise BadInput(Problem(files[1][0], None, None, "a mapping is for one file: choose one"))
    return _read_all([(name, partial(_sent, data)) for name, data in files], mapped)


def _sent(data: bytes | IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(io.BytesIO(data) if isinstance(data, bytes) else data)


def _reader(path: Path) -> Opener:
    def opened() -> IO[bytes]:
        try:
            return path.open("rb")
        except OSError as error:
            raise BadInput(Problem(path.name, None, None, "this cannot be read as a file")) from error

    return opened


def _read_all(files: Iterable[tuple[str, Opener]], mapped: bool) -> list[Handed]:
    names: dict[str, str] = {}
    return [_read(name, opened, names, mapped) for name, opened in files]


def _read(name: str, opened: Opener, names: dict[str, str], mapped: bool) -> Handed:
    """What is in a file, or, where there is nothing to be had, a sheet that holds nothing but the reason."""
    try:
        if not mapped and (published := published_kind(name)):
            with opened() as file:
                return _read_published(published, name, file)
        kind = _readable(name) if mapped else kind_of(name).name
        if kind in names:
            raise ValueError(f"{names[kind]} is of the same kind: hand in one of them")
        names[kind] = name
        with opened() as file:
            return sheets.read(name, file)
    except ValueError as error:
        return Sheet(name, "", (), (), (Problem(name, None, None, str(error)),))
    except BadInput as error:
        problems = tuple(problem for problem in error.problems if isinstance(problem, Problem))
        return Sheet(name, "", (), (), problems)


def _readable(name: str) -> str:
    """The name of a file in any shape of ours.

    :raises ValueError: when it is neither CSV nor XLSX
    """
    if not name.lower().endswith(sheets.SUFFIXES):
        raise ValueError("this is neither CSV nor Excel: its name must end in .csv or .xlsx")
    return name


def _read_published(kind: Published, name: str, file: IO[bytes]) -> Handed:
    if kind is Published.BOUNDARIES:
        data = file.read()
        return read_boundaries(name, sheets.sha256(data), data)
    sheet = sheets.read(name, file)
    found = read_street(name, sheet.sha256, sheet.columns, sheet.rows)
    found.problems += sheet.problems
    return found
