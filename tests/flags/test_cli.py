"""``npt flags list``, to the letter of FORMATS."""

import json

import pytest
from flask import Flask

from npt.core.authority import Role, system
from npt.core.db import transaction
from npt.core.errors import BadInput
from npt.flags import services
from npt.flags.cli import flags
from npt.flags.rules import Finding, FlagKind
from npt.people.models import Team
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.policy.rules import Severity
from tests import make
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("session")


def flagged(team: Team, *found: tuple[FlagKind, str, str, str | None]) -> None:
    with transaction():
        start_policy()
    for job in ("vacancies", "abstractions"):
        findings = [
            Finding(kind, subject, Severity.HIGH, figure, line, Role.SERGEANT, "…", team_id=team.id)
            for kind, subject, figure, line in found
            if kind.job == job
        ]
        with transaction():
            services.reconcile(job, findings, on=TODAY, policy=policy_on(TODAY), actor=system(job), at=NOW)


def listed(app: Flask, *typed: str) -> list[dict[str, str | None]]:
    done = app.test_cli_runner().invoke(flags, ["list", "--format", "json", *typed], catch_exceptions=False)
    return json.loads(done.output)  # type: ignore[no-any-return]


def test_flags_are_listed_by_kind_then_subject_with_the_keys_other_systems_read(app: Flask) -> None:
    team = make.team()
    flagged(
        team,
        (FlagKind.VACANCY, "B", "122", "90"),
        (FlagKind.VACANCY, "A", "0", "0"),
        (FlagKind.NO_TARGET, team.code, "", None),
    )

    found = listed(app)

    assert [(flag["kind"], flag["subject"]) for flag in found] == [
        ("no_target", team.code),
        ("vacancy", "A"),
        ("vacancy", "B"),
    ]
    assert found[2] == {
        "kind": "vacancy",
        "subject": "B",
        "severity": "high",
        "opened_on": "2026-11-12",
        "closed_on": None,
        "figure": "122",
        "threshold": "90",
        "owner_role": "sergeant",
    }
    assert (found[0]["figure"], found[0]["threshold"]) == (None, None)


def test_flags_are_narrowed_by_bcu_and_state(app: Flask) -> None:
    here, there = make.team(), make.team()
    flagged(here, (FlagKind.VACANCY, "A", "1", "0"))

    assert listed(app, "--bcu", there.sector.bcu.code) == []
    assert len(listed(app, "--bcu", here.sector.bcu.code)) == 1
    assert listed(app, "--state", "closed") == []
    assert len(listed(app, "--state", "all")) == 1


def test_a_bcu_that_is_not_there_is_bad_input(app: Flask) -> None:
    done = app.test_cli_runner().invoke(flags, ["list", "--bcu", "XX"])

    assert isinstance(done.exception, BadInput)


def test_the_table_says_the_same_and_an_empty_one_says_so(app: Flask) -> None:
    empty = app.test_cli_runner().invoke(flags, ["list"]).output
    flagged(make.team(), (FlagKind.VACANCY, "SOH-PC-3", "122", "90"))

    table = app.test_cli_runner().invoke(flags, ["list"]).output

    assert empty == "No flags.\n"
    assert table.splitlines()[1].split() == ["vacancy", "SOH-PC-3", "high", "122", "90", "2026-11-12", "sergeant"]
