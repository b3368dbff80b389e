"""Make the demonstration force's files, always the same: ``python -m tools.make_demo_files WARDS_FOLDER``.

The folder holds ``<district code>-wards.geojson`` as published (npt/demo/SOURCES.md). Only names and codes are taken.
"""

import csv
import datetime as dt
import itertools
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from tools.demo_force import panels, places, words
from tools.demo_force.careers import DAY, Careers, Person, Seat, Stay
from tools.demo_force.seats import FUNDING, Plan

SEED = 31_300_968
FILES = Path(__file__).parent.parent / "npt" / "demo" / "files"
DOMAIN = "demo.example"
WEEKLY_HOURS = {"inspector": 40, "sergeant": 40, "pc": 40, "pcso": 37}
PART_TIME = (
    ("CCC", "pc", "0.80"),
    ("PBR", "pc", "0.60"),
    ("MAR", "pc", "0.80"),
    ("CNO", "pcso", "0.60"),
    ("CEA", "pcso", "0.80"),
    ("PWE", "pcso", "0.80"),
    ("PRU", "pcso", "0.60"),
    ("SNO", "pcso", "0.80"),
    ("WSS", "pcso", "0.60"),
    ("SAW", "pcso", "0.80"),
)
SHARED = ("ELY", dt.date(2025, 1, 6))
ATTACHED = (("PBR", "PCE", dt.date(2026, 6, 1)), ("CNO", "CCC", dt.date(2026, 3, 2)))
NO_POSTING = dt.date(2019, 9, 2)

Row = Mapping[str, object]


def _text(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def _write(name: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    with (FILES / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _text(value) for key, value in row.items()} for row in listed)


class Maker:
    """The played force, finished by hand where the demonstration wants something to show."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        plan = Plan(draw)
        self.force: Careers = plan.careers
        self.force.play()
        self._taken: set[Person] = set()
        self._act()
        self._attach()
        self._share()
        self._shorten()
        self.force.newcomer("pc", NO_POSTING).grade = "pc"

    def held(self, place: str, grade: str) -> list[Stay]:
        """Who holds the posts of a team and grade today, the longest-serving first."""
        stays = [s for s in self.force.holder.values() if s.seat.place == place and s.seat.grade == grade]
        return sorted(stays, key=lambda s: (s.first_day, s.seat.ref))

    def _free(self, place: str, grade: str, before: dt.date) -> Stay:
        stay = next(s for s in self.held(place, grade) if s.person not in self._taken and s.first_day < before)
        self._taken.add(stay.person)
        return stay

    def _act(self) -> None:
        """A PC acts as sergeant: the own post counts as vacant."""
        place, day = places.ACTING
        seat = next(s for s in self.force.seats if s.place == place and s.grade == "sergeant")
        self.force.stays.append(Stay(self._free(place, "pc", day).person, seat, day, kind="acting"))

    def _attach(self) -> None:
        for home, host, day in ATTACHED:
            seat = next(s for s in self.force.seats if s.ref == f"{host}-PCSO-1")
            self.force.stays.append(Stay(self._free(home, "pcso", day).person, seat, day, kind="attachment"))

    def _share(self) -> None:
        """One post, two people at half time."""
        place, day = SHARED
        stay = self._free(place, "pcso", day)
        stay.last_day, stay.end_reason = day - DAY, "reduced hours"
        other = self.force.newcomer("pcso", day)
        for person in (stay.person, other):
            self.force.stays.append(Stay(person, stay.seat, day, fte="0.50"))
            person.fte = "0.50"

    def _shorten(self) -> None:
        for place, grade, fte in PART_TIME:
            stay = self._free(place, grade, dt.date(2026, 8, 1))
            stay.fte = stay.person.fte = fte

    def cover(self) -> Iterable[Row]:
        """Cover of every sergeant's post that stood empty for three weeks, by a sergeant of the same sector."""
        own, other, since = places.COVERING
        yield self._cover_row(self.held(own, "sergeant")[0].person, other, since, None)
        for seat in self.force.seats:
            if seat.grade != "sergeant":
                continue
            stays = sorted((s for s in self.force.stays if s.seat is seat), key=lambda s: s.first_day)
            for gone, come in itertools.pairwise(stays):
                if gone.last_day and (come.first_day - gone.last_day).days > 21 and gone.last_day.year >= 2015:
                    first, last = gone.last_day + DAY, come.first_day - DAY
                    if person := self._neighbour(seat, first, last):
                        yield self._cover_row(person, seat.place, first, last)

    def _neighbour(self, seat: Seat, first: dt.date, last: dt.date) -> Person | None:
        sector = places.TEAMS[seat.place].sector
        return next(
            (
                s.person
                for s in self.force.stays
                if s.seat.grade == "sergeant"
                and s.seat.place != seat.place
                and places.TEAMS[s.seat.place].sector == sector
                and s.first_day <= first
                and (s.last_day is None or s.last_day >= last)
            ),
            None,
        )

    def _cover_row(self, person: Person, team: str, first: dt.date, last: dt.date | None) -> Row:
        return {
            "collar_number": person.collar,
            "team": team,
            "first_day": first,
            "last_day": last,
            "reason": f"Post {team}-SERGEANT-1 vacant",
        }

    def posts(self) -> Iterable[Row]:
        for seat in sorted(self.force.seats, key=lambda s: (s.grade == "inspector", s.place, s.grade, s.ref)):
            number = int(seat.ref.rsplit("-", 1)[1])
            inspector = seat.grade == "inspector"
            yield {
                "ref": seat.ref,
                "team": None if inspector else seat.place,
                "grade": seat.grade,
                "fte": None if seat.grade == "special" else "1.00",
                "first_day": seat.first_day,
                "last_day": seat.last_day,
                "funding": FUNDING.get((seat.place, seat.grade, number)),
                "funding_last_day": None,
                "required_skill": words.REQUIRED_SKILLS.get(seat.ref),
                "sector": seat.place if inspector else None,
            }

    def people(self) -> Iterable[Row]:
        for person in sorted(self.force.people, key=lambda p: int(p.collar)):
            hours = WEEKLY_HOURS.get(person.grade)
            yield {
                "collar_number": person.collar,
                "forename": person.forename,
                "surname": person.surname,
                "grade": person.grade,
                "weekly_hours": None if hours is None else f"{hours * float(person.fte or 1):g}",
                "joined_on": person.joined_on,
                "leaving_on": person.leaving_on,
                "leaving_reason": person.leaving_reason,
                "email": f"{person.forename}.{person.surname}.{person.collar}@{DOMAIN}".lower(),
            }

    def postings(self) -> Iterable[Row]:
        for stay in sorted(self.force.stays, key=lambda s: (s.first_day, s.seat.ref, s.person.collar)):
            yield {
                "collar_number": stay.person.collar,
                "post": stay.seat.ref,
                "first_day": stay.first_day,
                "last_day": stay.last_day,
                "kind": stay.kind,
                "fte": stay.fte,
                "end_reason": stay.end_reason,
            }

    def contacts(self, wards: Iterable[Row]) -> Iterable[Row]:
        """Whoever holds a PCSO's post of a ward's team, the posts in turn; in every third ward a PC as well."""
        numbers: Counter[object] = Counter()
        for ward in wards:
            place = ward["team"]
            if ward["last_day"] or (place, ward["name"]) in places.UNNAMED:
                continue
            if ref := places.STILL_NAMED.get((str(place), str(ward["name"]))):
                gone = max((s for s in self.force.stays if s.seat.ref == ref), key=lambda s: s.first_day)
                yield self._contact(ward, gone, None)
                continue
            number = numbers[place]
            numbers[place] += 1
            for grade in ("pcso", "pc") if number % 3 == 0 else ("pcso",):
                seats = [stay.seat for stay in self.held(str(place), grade) if stay.person not in self._taken]
                seat = seats[number % len(seats)]
                for stay in sorted((s for s in self.force.stays if s.seat is seat), key=lambda s: s.first_day):
                    if stay.kind == "substantive" and (not stay.last_day or stay.last_day >= places.NAMED_SINCE):
                        yield self._contact(ward, stay, stay.last_day)

    def _contact(self, ward: Row, stay: Stay, last_day: dt.date | None) -> Row:
        return {
            "ward": ward["code"],
            "collar_number": stay.person.collar,
            "first_day": max(stay.first_day, places.NAMED_SINCE),
            "last_day": last_day,
        }

    def skills(self) -> Iterable[Row]:
        """Languages as the report's unit had them, and what some constables, PCSOs and sergeants are trained for."""
        polish = next((s for s in self.held("PCE", "pcso") if s.seat.ref == "PCE-PCSO-4"), None)
        nine = polish or self.held("PCE", "pcso")[0]
        speakers = {nine.person}
        yield from (self._skill(nine.person, "language", name, "fluent") for name in words.NINE_LANGUAGES)
        for place, grade, languages in words.LANGUAGES:
            person = next(s.person for s in self.held(place, grade) if s.person not in speakers)
            speakers.add(person)
            yield from (self._skill(person, "language", name, "fluent") for name in languages)
        for place in places.TEAMS:
            for grade, names in words.SPECIALIST.items():
                for stay in self.held(place, grade)[:2]:
                    yield self._skill(stay.person, "specialist", self.draw.choice(names), "trained")
            for stay in self.held(place, "pcso")[-1:]:
                yield self._skill(stay.person, "community", self.draw.choice(words.COMMUNITY), "")

    def _skill(self, person: Person, kind: str, name: str, level: str) -> Row:
        verified = dt.date(2024, 1, 1) + dt.timedelta(days=self.draw.randint(0, 900))
        return {
            "collar_number": person.collar,
            "kind": kind,
            "name": name,
            "level": level,
            "verified_on": max(verified, person.joined_on),
        }


def _wards(folder: Path) -> Iterable[Row]:
    teams = {(place.sector, ward): code for code, place in places.TEAMS.items() for ward in place.wards}
    for district, district_code in places.DISTRICT_CODES.items():
        sectors = [code for code, (_, _, name) in places.SECTORS.items() if name == district]
        published = json.loads((folder / f"{district_code}-wards.geojson").read_text(encoding="utf-8"))
        for feature in published["features"]:
            code, name = feature["properties"]["WD13CD"], feature["properties"]["WD13NM"]
            team = next(teams.pop((sector, name)) for sector in sectors if (sector, name) in teams)
            row = {"code": code, "name": name, "team": team, "first_day": places.FORMED, "last_day": None}
            if moved := places.MOVED_WARDS.get(name):
                yield row | {"team": moved[0], "last_day": moved[1] - DAY}
                row["first_day"] = moved[1]
            yield row
    if teams:
        raise ValueError(f"no such ward: {sorted(teams)}")


def _teams() -> Iterable[Row]:
    for number, (code, place) in enumerate(places.TEAMS.items()):
        yield {
            "code": code,
            "name": place.name,
            "sector": place.sector,
            "email": f"{place.name.lower().replace(' ', '.')}.team@{DOMAIN}",
            # Ofcom keeps 01632 960000 to 960999 for drama; nobody answers there.
            "telephone": f"01632 960{100 + number}",
            "first_day": places.FORMED,
            "last_day": None,
        }


def _reasons() -> Iterable[Row]:
    for code, label, family, local, national, guidance in words.REASONS:
        yield {
            "code": code,
            "first_day": words.SINCE,
            "last_day": None,
            "label": label,
            "family": family,
            "counts_local": local,
            "counts_national": national,
            "guidance": guidance,
        }


def _targets() -> Iterable[Row]:
    for scope, code, grades, percent, reason in words.TARGETS:
        yield {
            "scope": scope,
            "scope_code": code,
            "grades": grades,
            "first_day": words.TARGETS_SINCE,
            "last_day": None,
            "percent": percent,
            "set_by": words.TARGETS_SET_BY,
            "reason": f"Demonstration, invented. {reason}",
        }


def _needed_languages() -> Iterable[Row]:
    for team, languages in words.NEEDED_LANGUAGES:
        for language in languages:
            yield {
                "team": team,
                "language": language,
                "first_day": words.NEEDED_SINCE,
                "last_day": None,
                "note": words.NEEDED_NOTE,
            }


def main(folder: Path) -> None:
    """Write every file of the demonstration force."""
    FILES.mkdir(exist_ok=True)
    maker = Maker(random.Random(SEED))  # noqa: S311 - invented people, not secrets
    _write("bcus", ({"code": code, "name": name} for code, name in places.BCUS.items()))
    _write(
        "sectors",
        (
            {"code": code, "name": name, "bcu": bcu, "district": district}
            for code, (name, bcu, district) in places.SECTORS.items()
        ),
    )
    _write("teams", _teams())
    wards = list(_wards(folder))
    _write("wards", wards)
    _write("posts", maker.posts())
    _write("people", maker.people())
    _write("postings", maker.postings())
    _write("cover", maker.cover())
    _write("skills", maker.skills())
    _write("reasons", _reasons())
    _write("targets", _targets())
    _write("contacts", maker.contacts(wards))
    _write("needed_languages", _needed_languages())
    _write("panels", panels.panels())
    # Drawn apart, so that the people of the force stay who they are.
    _write("chairs", panels.chairs(random.Random(SEED)))  # noqa: S311 - invented people, not secrets


if __name__ == "__main__":
    main(Path(sys.argv[1]))
