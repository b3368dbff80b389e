"""Read units, people, posts and postings."""

from npt.people.queries.beyond import roll_beyond
from npt.people.queries.held import EVER_IN_TEAMS
from npt.people.queries.persons import (
    PersonRow,
    people,
    person_by_email,
    person_id,
    person_id_of,
)
from npt.people.queries.postings import (
    Roll,
    covers,
    person_to_open,
    posts,
    roll,
    roll_with_covers,
    supervised_team_ids,
)
from npt.people.queries.units import (
    BcuRow,
    BcuUnits,
    SectorRow,
    TeamRow,
    bcu,
    bcu_units,
    bcus,
    code_is_taken,
    in_scope,
    organisation_codes,
    sector,
    sectors,
    team,
    team_ids_of,
    teams,
)

__all__ = [
    "EVER_IN_TEAMS",
    "BcuRow",
    "BcuUnits",
    "PersonRow",
    "Roll",
    "SectorRow",
    "TeamRow",
    "bcu",
    "bcu_units",
    "bcus",
    "code_is_taken",
    "covers",
    "in_scope",
    "organisation_codes",
    "people",
    "person_by_email",
    "person_id",
    "person_id_of",
    "person_to_open",
    "posts",
    "roll",
    "roll_beyond",
    "roll_with_covers",
    "sector",
    "sectors",
    "supervised_team_ids",
    "team",
    "team_ids_of",
    "teams",
]
