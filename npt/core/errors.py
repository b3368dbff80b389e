"""What can be wrong, in words a person can act on."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands in the way: the sentence for the person and, when there is one, the field it is about."""

    message: str
    field: str | None = None


class Refused(Exception):
    """Policy, or the database, says no. Carries every reason, so that a person mends them all at once."""

    def __init__(self, *reasons: Reason | str) -> None:
        if not reasons:
            raise ValueError("a refusal must say why")
        self.reasons = tuple(r if isinstance(r, Reason) else Reason(r) for r in reasons)
        super().__init__("; ".join(r.message for r in self.reasons))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: where it stands, what is wrong, and the value as it was written."""

    file: str
    line: int | None
    column: str | None
    message: str
    value: str | None = None

    def __str__(self) -> str:
        """Say it as FORMATS.md has it: ``FILE:LINE: COLUMN: what is wrong ("VALUE")``."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        column = f"{self.column}: " if self.column else ""
        value = "" if self.value is None else f' ("{self.value}")'
        return f"{where}: {column}{self.message}{value}"


class BadInput(Exception):
    """What was handed in cannot be used; nothing was changed. Commands answer it with exit code 2."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(p) for p in problems))


def refuse_if_any(reasons: Iterable[Reason]) -> None:
    """Refuse with all the reasons, or do nothing when there are none.

    :raises Refused: when there is at least one reason
    """
    listed = list(reasons)
    if listed:
        raise Refused(*listed)
