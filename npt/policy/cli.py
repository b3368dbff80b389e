"""Read the first policy from its file. Afterwards policy is dated data in the database."""

import tomllib

from npt.core.authority import system
from npt.edge import now
from npt.policy import services
from npt.settings import ROOT

FIRST_POLICY = ROOT / "config" / "policy.toml"


def start_policy() -> int:
    """Fill empty policy tables from ``config/policy.toml``, inside the caller's transaction. Returns the rows added."""
    with FIRST_POLICY.open("rb") as file:
        read = tomllib.load(file)
    first = services.FirstPolicy(read["first_day"], read["value"], read["reason"])
    return services.fill_empty_tables(first, actor=system("npt db upgrade"), at=now())
