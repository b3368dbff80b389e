"""Targets, figures, reasons and bars: set from a day on, by whom it is theirs to set, and left in the record."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy.exc import NoResultFound

from npt.audit import queries as audit
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.people.models import Bcu, Team
from npt.people.rules import Grade
from npt.policy import queries, services
from npt.policy.cli import start_policy
from npt.policy.models import ReasonBar
from npt.policy.queries import dated
from npt.policy.rules import VALUE_NAMES, Definition, Group, TargetScope
from npt.policy.rules.barring import Strength
from npt.policy.rules.figures import words_of
from npt.policy.rules.words import TargetKey
from npt.policy.services import NewBar, NewFigure, NewReason, NewTarget, Rehearsed
from tests import make
from tests.conftest import NOW, TODAY

pytestmark = pytest.mark.usefixtures("session")

LEAD = Actor("R. Lead", Role.FORCE_LEAD, EVERYTHING)
FORCE = TargetKey(TargetScope.FORCE, "", Group.ALL)
TOMORROW = TODAY + DAY


@pytest.fixture
def team() -> Team:
    south = make.bcu("SOU")
    return make.team(make.sector(south, "ECA"), "SOH")


def manager_of(team: Team, bcu: Bcu | None = None) -> Actor:
    scope = Scope(bcu_ids=frozenset({bcu.id if bcu else team.sector.bcu_id}), team_ids=frozenset({team.id}))
    return Actor("M. Manager", Role.BCU_MANAGER, scope)


def set_target(key: TargetKey, percent: str, first_day: dt.date, actor: Actor = LEAD, seen: str | None = None) -> None:
    with transaction():
        new = NewTarget(Decimal(percent), first_day, "Agreed")
        services.set_target(key, new, actor=actor, at=NOW, on=TODAY, seen=seen)


def targets(key: TargetKey) -> list[tuple[dt.date, dt.date | None, str]]:
    rows = dated.target_rows([dated.Unit(key.scope, key.code, "")])
    return [(row.span.first_day, row.span.last_day, row.span.words) for row in rows if row.key == key]


def test_a_target_set_from_a_day_ends_the_one_before_it_and_past_days_keep_theirs() -> None:
    make.target("10")
    with transaction():
        start_policy()
    past = queries.policy_on(TODAY - DAY).targets

    set_target(FORCE, "7.5", TOMORROW)

    assert targets(FORCE) == [(make.LONG_AGO, TODAY, "10 %"), (TOMORROW, None, "7.5 %")]
    assert queries.policy_on(TODAY - DAY).targets.find(Group.ALL) == past.find(Group.ALL)
    assert queries.policy_on(TOMORROW).targets.find(Group.ALL).percent == Decimal("7.5")  # type: ignore[union-attr]
    [line] = audit.history("target:force/force/all")
    assert (line.event, line.actor) == ("target.set", "R. Lead")
    assert line.details["before"]["percent"] == "10.00"
    assert line.details["after"]["percent"] == "7.5"


def test_a_bcu_manager_sets_targets_of_own_teams_and_of_nothing_else(team: Team) -> None:
    other = make.team(make.sector(make.bcu("NOR"), "PET"), "PET1")
    own = TargetKey(TargetScope.TEAM, "SOH", Group.ALL)

    set_target(own, "8", TODAY, manager_of(team))

    assert targets(own) == [(TODAY, None, "8 %")]
    for key in (
        TargetKey(TargetScope.TEAM, other.code, Group.ALL),
        TargetKey(TargetScope.BCU, "SOU", Group.ALL),
        FORCE,
    ):
        with pytest.raises(NoResultFound):
            set_target(key, "8", TODAY, manager_of(team))
        assert targets(key) == []


def test_what_was_not_foreseen_is_not_done() -> None:
    make.target("10")
    with pytest.raises(Rehearsed) as rehearsal, transaction():
        services.rehearse(
            lambda: services.set_target(FORCE, NewTarget(Decimal(8), TOMORROW, "A"), actor=LEAD, at=NOW, on=TODAY)
        )
    assert targets(FORCE) == [(make.LONG_AGO, None, "10 %")]
    set_target(FORCE, "9", TODAY + 9 * DAY)

    with pytest.raises(Refused, match="Somebody changed this"):
        set_target(FORCE, "8", TOMORROW, seen=rehearsal.value.done.seen)

    assert len(targets(FORCE)) == 2


def test_a_target_to_come_can_be_withdrawn_and_one_that_has_started_ended() -> None:
    make.target("10")
    set_target(FORCE, "9", TOMORROW)
    coming = dated.target_rows([dated.Unit(TargetScope.FORCE, "", "")])[-1].span.id

    with transaction():
        services.withdraw_target(FORCE, coming, actor=LEAD, at=NOW, on=TODAY)
    assert targets(FORCE) == [(make.LONG_AGO, None, "10 %")]
    with transaction():
        services.end_target(FORCE, TODAY, "No longer", actor=LEAD, at=NOW, on=TODAY)

    assert targets(FORCE) == [(make.LONG_AGO, TODAY, "10 %")]
    events = [line.event for line in audit.history("target:force/force/all")]
    assert events == ["target.ended", "target.withdrawn", "target.set"]
    with pytest.raises(NoResultFound), transaction():
        services.withdraw_target(FORCE, coming, actor=LEAD, at=NOW, on=TODAY)


def change(name: str, value: str, first_day: dt.date = TOMORROW) -> None:
    with transaction():
        services.change_figure(name, NewFigure(value, first_day, "Decided"), actor=LEAD, at=NOW, on=TODAY)


def test_a_figure_changes_from_a_day_and_every_day_has_one_value() -> None:
    with transaction():
        start_policy()

    change("late_hours", "24")

    assert queries.policy_on(TODAY).late_hours == 48
    assert queries.policy_on(TOMORROW).late_hours == 24
    with pytest.raises(Refused, match="already"):
        change("late_hours", "24", TOMORROW + DAY)
    with pytest.raises(NoResultFound):
        change("targets", "24")
    with pytest.raises(NoResultFound), transaction():
        services.end_figure("late_hours", TODAY, "No", actor=LEAD, at=NOW, on=TODAY)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("late_hours", "two", "Enter a whole number"),
        ("return_day", "31", "28 or less"),
        ("approaching_percent", "120", "100 or less"),
        ("vacancy_open_days", "90", "must be fewer than vacancy prolonged from 90"),
        ("vacancy_critical_days", "100", "Vacancy serious from 180 days must be fewer"),
        ("severity_no_target", "grave", "low, medium, high or critical"),
    ],
)
def test_a_figure_that_cannot_be_meant_is_refused_with_the_reason(name: str, value: str, said: str) -> None:
    with transaction():
        start_policy()

    with pytest.raises(Refused) as refused:
        change(name, value)

    assert said in refused.value.reasons[0].message
    assert refused.value.reasons[0].field == "value"
    assert len([row for row in dated.figure_rows(name) if row.span.first_day > TODAY]) == 0


def test_bands_are_held_together_on_every_day_to_come() -> None:
    with transaction():
        start_policy()
    change("vacancy_prolonged_days", "40", TODAY + 30 * DAY)

    with pytest.raises(Refused, match="must be fewer"):
        change("vacancy_open_days", "50", TOMORROW)


def test_the_limit_for_one_person_may_be_ended_again() -> None:
    with transaction():
        start_policy()
    change("person_limit_percent", "25", TODAY)

    with transaction():
        services.end_figure("person_limit_percent", TODAY, "Tried", actor=LEAD, at=NOW, on=TODAY)

    assert queries.policy_on(TODAY).person_limit_percent == 25
    assert queries.policy_on(TOMORROW).person_limit_percent is None


def reason(label: str = "Court", local: tuple[Grade, ...] = (), first_day: dt.date = TOMORROW) -> NewReason:
    return NewReason(label, "As a witness.", local, tuple(Grade), first_day, "Decided")


def test_a_reason_that_changes_in_mid_month_leaves_the_days_before_as_they_were() -> None:
    make.reason("court", "Court", "court", counts="pc")

    with transaction():
        services.change_reason("court", reason(local=(Grade.SERGEANT,)), actor=LEAD, at=NOW, on=TODAY)

    book = queries.reason_book()
    for on, counts in ((TODAY, Grade.PC), (TOMORROW, Grade.SERGEANT)):
        assert {g for g in Grade if book.counts("court", on, g, Definition.LOCAL)} == {counts}
    with pytest.raises(Refused, match="Nothing is different"), transaction():
        new = reason(local=(Grade.SERGEANT,), first_day=TOMORROW + DAY)
        services.change_reason("court", new, actor=LEAD, at=NOW, on=TODAY)
    with pytest.raises(NoResultFound), transaction():
        services.change_reason("none", reason(), actor=LEAD, at=NOW, on=TODAY)


def test_a_reason_is_opened_once_and_ended_with_a_warning_when_its_family_would_have_no_line() -> None:
    with transaction():
        services.open_reason("watch", "custody", reason("Watch", first_day=TODAY), actor=LEAD, at=NOW, on=TODAY)
    for code in ("watch", "Watch 2"):
        with pytest.raises(Refused), transaction():
            services.open_reason(code, "custody", reason("Watch"), actor=LEAD, at=NOW, on=TODAY)

    with transaction():
        done = services.end_reason("watch", TODAY, "Merged", actor=LEAD, at=NOW, on=TODAY)

    assert "No reason of the family custody is left" in done.effects[0].sentence
    assert queries.reason_book().on("watch", TODAY) is not None
    assert queries.reason_book().on("watch", TOMORROW) is None


def test_a_bcu_bars_a_reason_for_its_own_staff_alone_and_lets_it_go_again(team: Team) -> None:
    make.reason("course", "Specialist course", "training")
    make.bcu("NOR")
    manager = manager_of(team)
    with transaction():
        services.set_bar("SOU", "course", NewBar(Strength.BLOCK, TODAY, "Vacancies"), actor=manager, at=NOW, on=TODAY)

    [bar] = dated.bars_on(["course"], TODAY)
    assert (bar.bcu_name, bar.strength, bar.set_by) == ("Southern", Strength.BLOCK, "M. Manager")
    with pytest.raises(NoResultFound), transaction():
        services.set_bar("NOR", "course", NewBar(Strength.WARN, TODAY, "x"), actor=manager, at=NOW, on=TODAY)
    with transaction():
        services.set_bar("SOU", "course", NewBar(Strength.OFF, TOMORROW, "Filled"), actor=manager, at=NOW, on=TODAY)

    assert dated.bars_on(["course"], TODAY) == [bar]
    assert dated.bars_on(["course"], TOMORROW) == []


def test_the_database_itself_keeps_two_bars_of_one_reason_apart(team: Team) -> None:
    def bar(first_day: dt.date) -> ReasonBar:
        kept = {"strength": Strength.WARN, "set_by": "x", "why": "x"}
        return ReasonBar(bcu_id=team.sector.bcu_id, reason="course", first_day=first_day, **kept)

    make.keep(bar(TODAY))

    with pytest.raises(Refused, match="A bar of this BCU on this reason"):
        make.keep(bar(TOMORROW))


def test_nothing_of_policy_is_kept_that_does_not_say_who_set_it() -> None:
    with transaction():
        start_policy()
    change("late_hours", "24")
    set_target(FORCE, "8", TODAY)

    figures = [row.set_by for row in dated.figure_rows("late_hours") if row.span.first_day >= TODAY]
    [target] = dated.target_rows([dated.Unit(TargetScope.FORCE, "", "")])
    assert [*figures, target.set_by] == ["R. Lead", "R. Lead"]


def test_every_figure_is_explained_where_it_is_changed() -> None:
    unexplained = [name for name in VALUE_NAMES if not words_of(name).says]

    assert unexplained == []
