import datetime as dt
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest

from tests.demo import files

DECEMBER_2007 = "2007-12-31"
TODAYS = ("2026-11-23", "2027-06-30", "2028-11-23")
DISTRICTS = {
    "Cambridge": ("SOU", 14),
    "East Cambridgeshire": ("SOU", 19),
    "South Cambridgeshire": ("SOU", 34),
    "Fenland": ("CEN", 27),
    "Huntingdonshire": ("CEN", 29),
    "Peterborough": ("NOR", 24),
}


def by_bcu(teams: Counter[str]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for team, many in teams.items():
        totals[files.BCU_OF[team]] += many
    return dict(totals)


def sergeants_by_bcu(day: str) -> dict[str, int]:
    posts = [files.POSTS[row["post"]] for row in files.in_force(day) if row["kind"] != "attachment"]
    return by_bcu(Counter(post["team"] for post in posts if post["grade"] == "sergeant"))


def vacant_since(day: str) -> dict[str, dt.date]:
    """Post: its first vacant day, for the posts that stand empty on a day."""
    filled = {row["post"] for row in files.in_force(day) if row["kind"] != "attachment"}
    acting = {row["collar_number"]: row["first_day"] for row in files.POSTINGS if row["kind"] == "acting"}
    since = {}
    for ref, post in files.POSTS.items():
        if ref in filled or not post["first_day"] <= day <= (post["last_day"] or files.STILL):
            continue
        ends = []
        for row in files.POSTINGS:
            if row["post"] == ref and row["kind"] != "attachment":
                end = dt.date.fromisoformat(min(files.last_day(row), acting.get(row["collar_number"], files.STILL)))
                ends.append(end if row["collar_number"] in acting else end + dt.timedelta(days=1))
        since[ref] = max(ends)
    return since


def test_the_force_has_three_bcus_six_districts_and_31_teams() -> None:
    teams = Counter(files.BCU_OF.values())

    assert {row["name"] for row in files.read("bcus")} == {"Central", "Northern", "Southern"}
    assert {row["district"] for row in files.SECTORS.values()} == set(DISTRICTS)
    assert teams == {"CEN": 11, "NOR": 8, "SOU": 12}


def test_codes_are_unique_across_bcus_sectors_and_teams() -> None:
    codes = [row["code"] for name in ("bcus", "sectors", "teams") for row in files.read(name)]

    assert len(codes) == len(set(codes)) == 3 + 8 + 31


@pytest.mark.parametrize("day", TODAYS)
def test_every_one_of_the_147_wards_belongs_to_exactly_one_team(day: str) -> None:
    live = [w for w in files.read("wards") if w["first_day"] <= day <= (w["last_day"] or files.STILL)]
    districts = Counter(files.SECTORS[files.TEAMS[ward["team"]]["sector"]]["district"] for ward in live)

    assert len(live) == len({ward["code"] for ward in live}) == 147
    assert districts == {district: many for district, (_, many) in DISTRICTS.items()}
    assert {ward["team"] for ward in live} == set(files.TEAMS)


def test_districts_lie_in_the_bcus_that_the_sources_say_are_inferred() -> None:
    found = {row["district"]: row["bcu"] for row in files.SECTORS.values()}

    assert found == {district: bcu for district, (bcu, _) in DISTRICTS.items()}


def test_in_december_2007_sergeants_and_staff_are_as_the_report_has_them() -> None:
    staff = by_bcu(files.staff_by_team(DECEMBER_2007))
    sergeants = sergeants_by_bcu(DECEMBER_2007)
    ratios = {bcu: round(float(Fraction(staff[bcu], sergeants[bcu])), 3) for bcu in staff}

    assert sergeants == {"CEN": 11, "NOR": 8, "SOU": 12}
    assert staff == {"CEN": 89, "NOR": 95, "SOU": 116}
    assert ratios == {"CEN": 8.091, "NOR": 11.875, "SOU": 9.667}


def test_in_december_2007_there_are_112_pcs_and_188_pcsos() -> None:
    grades = Counter(files.grade(posting) for posting in files.present(DECEMBER_2007).values())

    assert (grades["pc"], grades["pcso"], grades["sergeant"]) == (112, 188, 31)


def test_southern_went_from_eight_sergeants_to_twelve_in_2007() -> None:
    assert sergeants_by_bcu("2007-01-01")["SOU"] == 8
    assert sergeants_by_bcu(DECEMBER_2007)["SOU"] == 12


@pytest.mark.parametrize("day", TODAYS)
def test_today_nine_pc_and_fifteen_pcso_posts_and_one_sergeants_post_are_empty(day: str) -> None:
    posts, filled = files.live_posts(day), files.filled_posts(day)

    assert {grade: (posts[grade], filled[grade]) for grade in posts} == {
        "sergeant": (31, 30),
        "pc": (118, 109),
        "pcso": (195, 180),
        "special": (107, 107),
        "inspector": (8, 8),
    }


@pytest.mark.parametrize("day", ["2008-01-31", *TODAYS])
def test_107_specials_serve_in_31_teams(day: str) -> None:
    specials = [p for p in files.present(day).values() if files.grade(p) == "special"]

    assert len(specials) == 107
    assert {files.POSTS[p["post"]]["team"] for p in specials} == set(files.TEAMS)


@pytest.mark.parametrize("day", TODAYS)
def test_every_sector_has_one_inspector(day: str) -> None:
    held = [files.POSTS[p["post"]] for p in files.present(day).values() if files.grade(p) == "inspector"]

    assert sorted(post["sector"] for post in held) == sorted(files.SECTORS)
    assert {post["team"] for post in held} == {""}


@pytest.mark.parametrize("day", TODAYS)
def test_the_soham_sergeant_supervises_seventeen_in_two_teams(day: str) -> None:
    supervisors, staff = files.supervisors(day), files.staff_by_team(day)
    (sergeant,) = supervisors["SOH"]
    teams = {team for team, collars in supervisors.items() if sergeant in collars}

    assert teams == {"SOH", "BUR"}
    assert sum(Fraction(staff[team], len(supervisors[team])) for team in teams) == 17


@pytest.mark.parametrize("day", TODAYS)
def test_every_team_has_a_supervisor_and_only_one_sergeant_has_two_teams(day: str) -> None:
    supervisors = files.supervisors(day)
    teams_of = Counter(collar for collars in supervisors.values() for collar in collars)

    assert set(supervisors) == set(files.TEAMS)
    assert [many for many in teams_of.values() if many > 1] == [2]


def test_the_sergeants_post_has_been_empty_for_more_than_twelve_months() -> None:
    since = vacant_since("2026-11-23")

    assert since["BUR-SERGEANT-1"] == dt.date(2025, 9, 1)


def test_vacancies_are_of_every_age() -> None:
    day = dt.date(2026, 11, 23)
    ages = [(day - since).days for since in vacant_since("2026-11-23").values()]
    lines = (0, 28, 90, 180, 365, 10_000)
    bands = [sum(low <= age < high for age in ages) for low, high in pairwise(lines)]

    assert len(ages) == 25
    assert min(ages) > 22
    assert all(many >= 2 for many in bands)


def test_no_posting_lies_before_its_post_or_ends_before_it_begins() -> None:
    wrong = [
        row
        for row in files.POSTINGS
        if row["first_day"] < files.POSTS[row["post"]]["first_day"]
        or files.last_day(row) < row["first_day"]
        or row["first_day"] < files.PEOPLE[row["collar_number"]]["joined_on"]
    ]

    assert wrong == []


def test_nobody_ever_holds_more_than_full_time_and_no_post_more_than_its_own() -> None:
    for day in sorted({row["first_day"] for row in files.POSTINGS}):
        people: Counter[str] = Counter()
        posts: Counter[str] = Counter()
        for row in files.in_force(day):
            if row["kind"] != "attachment":
                share = round(100 * float(row["fte"] or files.POSTS[row["post"]]["fte"] or 1))
                people[row["collar_number"]] += share
                posts[row["post"]] += share

        assert max(people.values()) <= 100, day
        assert max(posts.values()) <= 100, day


def test_one_post_is_shared_one_pc_acts_as_sergeant_and_two_people_are_attached() -> None:
    now = files.in_force(TODAYS[0])
    holders = Counter(row["post"] for row in now if row["kind"] != "attachment")
    kinds = Counter(row["kind"] for row in now)

    assert [files.POSTS[post]["team"] for post, many in holders.items() if many > 1] == ["ELY"]
    assert (kinds["acting"], kinds["attachment"]) == (1, 2)


def test_nothing_in_the_files_ends_in_the_near_future() -> None:
    ends = [
        row[column]
        for name in ("postings", "posts", "cover", "wards")
        for row in files.read(name)
        for column in ("last_day",)
    ]
    ends += [row["leaving_on"] for row in files.PEOPLE.values()]

    assert max(ends) < "2026-11-01"


def test_every_posting_that_ended_says_why() -> None:
    silent = [row for row in files.POSTINGS if row["last_day"] and not row["end_reason"]]

    assert silent == []


def test_keys_are_unique_and_addresses_are_reserved_for_examples() -> None:
    emails = [row["email"] for row in files.PEOPLE.values()]
    keys = [(row["collar_number"], row["post"], row["first_day"]) for row in files.POSTINGS]

    assert len(files.read("people")) == len(files.PEOPLE) == len(set(emails))
    assert len(keys) == len(set(keys))
    assert len(files.read("posts")) == len(files.POSTS)
    assert all(email.endswith("@demo.example") for email in emails)


def test_seventeen_languages_are_spoken_and_one_pcso_speaks_nine() -> None:
    spoken = [row for row in files.read("skills") if row["kind"] == "language"]
    by_person = Counter(row["collar_number"] for row in spoken)
    (collar, most), *_ = by_person.most_common(1)

    assert len({row["name"] for row in spoken}) == 17
    assert most == 9
    assert files.grade(files.present(TODAYS[0])[collar]) == "pcso"


def test_the_custody_and_response_families_have_a_reason_and_a_loan_is_left_to_the_force() -> None:
    reasons = {row["code"]: row for row in files.read("reasons")}

    assert {"custody", "response"} <= {row["family"] for row in reasons.values()}
    assert reasons["bcu_loan"]["counts_local"] == reasons["bcu_loan"]["counts_national"] == ""
    assert all(row["guidance"] and not row["last_day"] for row in reasons.values())


def test_soham_has_a_target_of_its_own_under_the_force_wide_one() -> None:
    targets = {(row["scope"], row["scope_code"], row["grades"]): row["percent"] for row in files.read("targets")}

    assert targets["team", "SOH", "all"] == "8.00"
    assert targets["force", "", "all"] == "10.00"


@pytest.mark.parametrize("day", TODAYS)
def test_a_pc_or_pcso_of_its_team_is_named_for_every_ward_but_three_and_three_still_name_somebody_who_went(
    day: str,
) -> None:
    present = files.present(day)
    named: dict[str, list[bool]] = {
        ward["code"]: [] for ward in files.read("wards") if day <= (ward["last_day"] or files.STILL)
    }
    team = {ward["code"]: ward["team"] for ward in files.read("wards") if day <= (ward["last_day"] or files.STILL)}
    for row in files.read("contacts"):
        if row["first_day"] <= day <= (row["last_day"] or files.STILL):
            posting = present.get(row["collar_number"])
            serves = posting is not None and files.grade(posting) in files.STAFF
            here = serves and posting is not None and files.POSTS[posting["post"]]["team"] == team[row["ward"]]
            named[row["ward"]].append(here)

    assert len(named) == 147
    assert {team[ward] for ward, found in named.items() if not found} == {"BUR", "MAR", "PCE"}
    assert {team[ward] for ward, found in named.items() if found and not all(found)} == {"SOH", "HUN", "PBR"}
    assert sum(not found for found in named.values()) == sum(not all(found) for found in named.values()) == 3


def test_every_language_a_team_needs_is_said_to_be_invented_and_some_are_gaps() -> None:
    needed = files.read("needed_languages")
    spoken = {row["name"] for row in files.read("skills") if row["kind"] == "language"}

    assert {row["team"] for row in needed} <= set(files.TEAMS)
    assert all("invented" in row["note"] for row in needed)
    assert {row["language"] for row in needed} - spoken
    assert {row["language"] for row in needed} & spoken


@pytest.mark.parametrize("day", TODAYS)
def test_some_posts_need_a_skill_their_holder_has_some_one_they_lack_and_some_are_vacant(day: str) -> None:
    skills = {(row["collar_number"], row["name"]) for row in files.read("skills")}
    holders = {row["post"]: row["collar_number"] for row in files.in_force(day) if row["kind"] != "attachment"}
    asking = {ref: post["required_skill"] for ref, post in files.POSTS.items() if post["required_skill"]}

    found = {
        "vacant" if ref not in holders else "has" if (holders[ref], skill) in skills else "lacks"
        for ref, skill in asking.items()
    }

    assert found == {"vacant", "has", "lacks"}
