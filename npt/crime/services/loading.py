"""Take in published crime and ward boundaries, and keep every crime in the ward whose boundary it lies in."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import delete, update

from npt.audit import services as audit
from npt.audit.rules import LONGEST_SUBJECT
from npt.core import db
from npt.core.authority import Actor
from npt.core.periods import add_months, month_from
from npt.crime import queries, rules
from npt.crime.models import CrimeMonth, StreetCrime, WardBoundary
from npt.crime.rules import Boundary, BoundaryFile, Located, Month, StreetFile, StreetRow

_AT_A_TIME = 5_000
_Item = TypeVar("_Item")


@dataclass
class Taken:
    """What became of one file's rows, and what the record says of them besides."""

    read: int
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    details: dict[str, object] = field(default_factory=dict)


def take_in(
    street: Sequence[StreetFile],
    shapes: Sequence[BoundaryFile],
    *,
    actor: Actor,
    at: dt.datetime,
    advance: Callable[[str, int], None],
) -> dict[str, Taken]:
    """Take in the sound files of a run, inside the ``transaction()`` its edge has opened.

    A month and force replaces itself; nothing is written where every row is the same. Where a boundary is new or
    changed, every crime recorded before is located anew.

    :param advance: told, as rows are dealt with, of which file and how many of them so far
    :return: what became of each file's rows, by its name
    """
    taken: dict[str, Taken] = {}
    boundaries = {each.code: each for each in queries.boundaries()} if street or shapes else {}
    before = dict(boundaries)
    for shape in shapes:
        taken[shape.name] = _keep_boundaries(shape, boundaries, actor=actor, at=at)
        advance(shape.name, shape.read)
    outlines = {code: each.geometry for code, each in boundaries.items()}
    redrawn = outlines != {code: each.geometry for code, each in before.items()}
    if redrawn:
        _locate_anew(outlines, actor=actor, at=at)
    known = queries.month_ids(of for file in street for of in file.months)
    for file in street:
        taken[file.name] = _replace_months(file, known, outlines, at, advance)
        advance(file.name, file.read)
    return taken


def _keep_boundaries(file: BoundaryFile, boundaries: dict[str, Boundary], *, actor: Actor, at: dt.datetime) -> Taken:
    """Keep what a file says of wards, and say it in ``boundaries`` too. A ward it does not name stays as it is."""
    taken = Taken(file.read)
    provenance = {"file": file.name, "sha256": file.sha256, "loaded_at": at}
    new: list[Boundary] = []
    for code, each in file.boundaries.items():
        recorded = boundaries.get(code)
        boundaries[code] = each
        if recorded is None:
            new.append(each)
        elif recorded == each:
            taken.unchanged += 1
        else:
            taken.changed += 1
            _change(recorded, each, provenance, actor=actor, at=at)
    db.bulk_insert(
        WardBoundary,
        [{"code": each.code, "name": each.name, "geometry": each.geometry, **provenance} for each in new],
    )
    taken.new = len(new)
    taken.details["new_rows"] = [each.code for each in new]
    return taken


def _change(before: Boundary, after: Boundary, provenance: dict[str, object], *, actor: Actor, at: dt.datetime) -> None:
    db.session.execute(
        update(WardBoundary)
        .where(WardBoundary.code == after.code)
        .values(name=after.name, geometry=after.geometry, **provenance)
    )
    audit.record(
        "ward_boundary.changed",
        f"ward_boundary:{after.code}"[:LONGEST_SUBJECT],
        actor=actor,
        at=at,
        file=provenance["file"],
        before={"name": before.name, "geometry_sha256": before.sha256},
        after={"name": after.name, "geometry_sha256": after.sha256},
    )


def _replace_months(
    file: StreetFile,
    known: dict[Month, int],
    outlines: dict[str, str],
    at: dt.datetime,
    advance: Callable[[str, int], None],
) -> Taken:
    by_month: defaultdict[Month, list[StreetRow]] = defaultdict(list)
    for row in file.rows:
        by_month[row.of].append(row)
    taken = Taken(file.read)
    gone = done = 0
    located = None
    for of, rows in by_month.items():
        month_id = known.get(of)
        found = rules.compare(queries.street_rows(month_id, of) if month_id else (), rows)
        taken.new += found.new
        taken.changed += found.changed
        taken.unchanged += found.unchanged
        gone += found.gone
        if found.same:
            continue
        located = located or rules.locate(((row.longitude, row.latitude) for row in file.rows), outlines)
        month_id = _month(file, of, month_id, at)
        for some in _portions(rows):
            db.bulk_insert(StreetCrime, [_stored(row, month_id, located[row.longitude, row.latitude]) for row in some])
            advance(file.name, done := done + len(some))
    taken.details.update(months=[" ".join(of) for of in by_month], gone=gone)
    return taken


def _month(file: StreetFile, of: Month, month_id: int | None, at: dt.datetime) -> int:
    """The number of a month that is about to be filled, emptied if it was loaded before."""
    provenance = {"file": file.name, "sha256": file.sha256, "loaded_at": at}
    if month_id is not None:
        db.session.execute(delete(StreetCrime).where(StreetCrime.crime_month_id == month_id))
        db.session.execute(update(CrimeMonth).where(CrimeMonth.id == month_id).values(**provenance))
        return month_id
    first_day = month_from(of.month)
    if first_day is None:
        raise ValueError(f"{of.month} was read as a month")
    last_day = add_months(first_day, 1) - dt.timedelta(days=1)
    made = CrimeMonth(month=first_day, last_day=last_day, force=of.force, **provenance)
    db.session.add(made)
    db.session.flush()
    return made.id


def _stored(row: StreetRow, month_id: int, located: Located) -> dict[str, object]:
    return {
        "crime_month_id": month_id,
        "crime_id": row.crime_id,
        "falls_within": row.falls_within,
        "longitude": row.longitude,
        "latitude": row.latitude,
        "location": row.location,
        "lsoa_code": row.lsoa_code,
        "lsoa_name": row.lsoa_name,
        "crime_type": row.crime_type,
        "outcome": row.outcome,
        "context": row.context,
        "place": located.place,
        "ward_code": located.ward,
    }


def _locate_anew(outlines: dict[str, str], *, actor: Actor, at: dt.datetime) -> None:
    """Locate every recorded crime by the boundaries there are now; the record says how many lie elsewhere."""
    recorded = queries.located_rows()
    located = rules.locate(((longitude, latitude) for _, longitude, latitude, _, _ in recorded), outlines)
    moving: defaultdict[Located, list[int]] = defaultdict(list)
    for number, longitude, latitude, place, ward in recorded:
        now = located[longitude, latitude]
        if now != Located(place, ward):
            moving[now].append(number)
    for where, numbers in moving.items():
        for some in _portions(numbers):
            db.session.execute(
                update(StreetCrime)
                .where(StreetCrime.id.in_(some))
                .values(place=where.place, ward_code=where.ward)
                .execution_options(synchronize_session=False)
            )
    moved = sum(map(len, moving.values()))
    if recorded:
        audit.record("crimes.located", "crimes", actor=actor, at=at, crimes=len(recorded), moved=moved)


def _portions(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), _AT_A_TIME):
        yield items[start : start + _AT_A_TIME]
