"""Write the rows of a run: many at a time, with the numbers of what they name."""

from collections.abc import Iterator, Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, delete

from npt.abstractions.rules import DutySource
from npt.core import db
from npt.core.periods import local_day
from npt.exchange import queries
from npt.exchange.queries import MODELS
from npt.exchange.rules.columns import Column, Key, Values
from npt.exchange.rules.rows import Ledger
from npt.people.models import PanelTeam, Ward

_AT_A_TIME = 5_000


class Writer:
    """Writes one kind after the other, in their order, so that what a row names is there when it comes."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._numbers: dict[str, dict[str, int]] = {}

    def write(self, ledger: Ledger, ids: Mapping[Key, int]) -> Iterator[int]:
        """Insert the new rows and update the changed ones; say at first and after each portion how many are dealt with.

        :raises IntegrityError: when the database refuses a row
        """
        if ledger.kind.name == "wards":
            _name_wards(ledger)
        if ledger.kind.name == "people":
            _free_emails(ledger, ids)
        model = MODELS[ledger.kind.name]
        done = ledger.unchanged
        yield done
        for some in _portions(ledger.new):
            db.bulk_insert(model, [self._stored(ledger, key) for key in some])
            done += len(some)
            yield done
        for some in _portions(ledger.changed):
            _update(cast(Table, model.__table__), [{"row_id": ids[key], **self._stored(ledger, key)} for key in some])
            done += len(some)
            yield done
        if ledger.kind.name == "panels":
            self._serve(ledger)

    def _serve(self, panels: Ledger) -> None:
        """Keep which teams the panels of a file serve."""
        numbers, teams = self._number("panels"), self._number("teams")
        served = {numbers[key[0]]: panels.after[key]["teams"].split(";") for key in panels.touched}
        db.session.execute(delete(PanelTeam).where(PanelTeam.panel_id.in_(served)))
        rows = [{"panel_id": panel, "team_id": teams[code]} for panel, codes in served.items() for code in codes]
        db.bulk_insert(PanelTeam, rows)

    def _stored(self, ledger: Ledger, key: Key) -> Values:
        row = ledger.after[key]
        stored: Values = {
            column.stored_as: self._value(column, row[column.name])
            for column in ledger.kind.columns
            if column.stored_as is not None
        }
        if ledger.kind.name == "duties":
            # The duty date is the local day a duty starts on (RULES section 1); no file has it.
            stored["duty_date"] = local_day(row["starts_at"], self._zone)
            # Whatever made or changed it before, it is now what the other system says.
            stored["source"] = DutySource.IMPORTED
        return stored

    def _value(self, column: Column, value: Any) -> Any:
        if value is None or column.stored_as is None or not column.stored_as.endswith("_id"):
            return value
        return self._number(column.names or "wards")[value]

    def _number(self, name: str) -> dict[str, int]:
        if name not in self._numbers:
            self._numbers[name] = queries.ids(name)
        return self._numbers[name]


def _portions(keys: list[Key]) -> Iterator[list[Key]]:
    for start in range(0, len(keys), _AT_A_TIME):
        yield keys[start : start + _AT_A_TIME]


def _update(table: Table, rows: list[dict[str, Any]]) -> None:
    """Update rows by ``row_id``, each with the same columns."""
    if rows:
        db.session.execute(table.update().where(table.c.id == bindparam("row_id")), rows)


def _name_wards(ledger: Ledger) -> None:
    """Keep the wards themselves: the file has one line for each time a ward belonged to a team."""
    recorded = queries.ward_names()
    said = {key[0]: ledger.after[key]["name"] for key in ledger.sources}
    db.bulk_insert(Ward, [{"code": code, "name": name} for code, name in said.items() if code not in recorded])
    renamed = [(code, name) for code, name in said.items() if code in recorded and recorded[code][1] != name]
    _update(cast(Table, Ward.__table__), [{"row_id": recorded[code][0], "name": name} for code, name in renamed])


def _free_emails(ledger: Ledger, ids: Mapping[Key, int]) -> None:
    """Two people may swap addresses in one run: what changes is let go of before anybody takes it up."""
    changing = [key for key in ledger.changed if ledger.before[key]["email"] != ledger.after[key]["email"]]
    _update(cast(Table, MODELS["people"].__table__), [{"row_id": ids[key], "email": None} for key in changing])
