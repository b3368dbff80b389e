"""The demonstration's files as rows, and the little arithmetic that checks them without the product's own code."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

Row = dict[str, str]

FOLDER = Path(__file__).parents[2] / "npt" / "demo" / "files"
STILL = "9999-12-31"
STAFF = {"pc", "pcso"}


def read(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


POSTS = {row["ref"]: row for row in read("posts")}
PEOPLE = {row["collar_number"]: row for row in read("people")}
POSTINGS = read("postings")
SECTORS = {row["code"]: row for row in read("sectors")}
TEAMS = {row["code"]: row for row in read("teams")}
BCU_OF = {code: SECTORS[team["sector"]]["bcu"] for code, team in TEAMS.items()}


def last_day(posting: Row) -> str:
    """Days of ISO text compare as days do."""
    ends = (posting["last_day"], POSTS[posting["post"]]["last_day"], PEOPLE[posting["collar_number"]]["leaving_on"])
    return min(end or STILL for end in ends)


def grade(posting: Row) -> str:
    return POSTS[posting["post"]]["grade"]


def in_force(day: str) -> list[Row]:
    """Unsuspended postings of a day."""
    live = [row for row in POSTINGS if row["first_day"] <= day <= last_day(row)]
    acting = {row["collar_number"] for row in live if row["kind"] in {"acting", "temporary"}}
    return [row for row in live if row["kind"] != "substantive" or row["collar_number"] not in acting]


def present(day: str) -> dict[str, Row]:
    """Collar number: the posting with the latest first day."""
    return {row["collar_number"]: row for row in sorted(in_force(day), key=lambda row: row["first_day"])}


def live_posts(day: str) -> Counter[str]:
    return Counter(p["grade"] for p in POSTS.values() if p["first_day"] <= day <= (p["last_day"] or STILL))


def filled_posts(day: str) -> Counter[str]:
    refs = {row["post"] for row in in_force(day) if row["kind"] != "attachment"}
    return Counter(POSTS[ref]["grade"] for ref in refs)


def staff_by_team(day: str) -> Counter[str]:
    return Counter(POSTS[p["post"]]["team"] for p in present(day).values() if grade(p) in STAFF)


def supervisors(day: str) -> dict[str, set[str]]:
    """Team: collar numbers of those who hold its sergeant's post or cover it."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in in_force(day):
        if grade(row) == "sergeant" and row["kind"] != "attachment":
            found[POSTS[row["post"]]["team"]].add(row["collar_number"])
    for row in read("cover"):
        if row["first_day"] <= day <= (row["last_day"] or STILL):
            found[row["team"]].add(row["collar_number"])
    return found
