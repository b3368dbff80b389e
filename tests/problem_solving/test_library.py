"""The library of plans: found again by their words and by what came of them, and never by who may not see them."""

import datetime as dt
from dataclasses import replace

import pytest

from npt.core import full_text
from npt.core.authority import Actor, Role
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.full_text import wanted
from npt.people.models import Team
from npt.problem_solving import queries, services
from npt.problem_solving.queries import Found, Search
from npt.problem_solving.rules.impact import Verdict
from npt.problem_solving.rules.sharing import PracticeState
from npt.problem_solving.rules.vocabulary import Method, Outcome, PlanState, ProblemType, SourceKind, Stage
from npt.problem_solving.services import NewAction, NewImpact, NewMarking, NewPlan, NewSource
from tests import make
from tests.conftest import NOW, TODAY
from tests.problem_solving import make as plans
from tests.problem_solving.make import CLOSING, LEAST, acting

LEAD = acting(Role.FORCE_LEAD, force=True, user_id=950)
pytestmark = pytest.mark.usefixtures("session")


def refs(who: Actor, search: Search | str) -> list[str]:
    asked = Search(search) if isinstance(search, str) else search
    return [row.ref for row in rows(who, asked)]


def rows(who: Actor, search: Search) -> list[Found]:
    return queries.found_rows(who, search, queries.plans_found(who, search))


def opened(
    team: Team, problem: str, detail: str = "Often", kind: ProblemType = ProblemType.OTHER, user: int = 1
) -> str:
    author = acting(Role.PC, team, user_id=user)
    with transaction():
        return services.open_plan(NewPlan(team.code, problem, detail, kind), actor=author, at=NOW, on=TODAY)


@pytest.mark.parametrize(
    ("asked", "phrases"),
    [
        ("Motorbikes on the ground", (("motorbikes",), ("ground",))),
        ('"heating oil" farm', (("heating", "oil"), ("farm",))),
        ("fly-tipping", (("fly",), ("tipping",))),
        ("the of and", ()),
        ('"', ()),
        ("bike bike BIKE", (("bike",),)),
        ("NEAR(a b) OR c*", (("b",), ("c",))),
    ],
)
def test_what_is_asked_for_is_its_words_without_those_that_stand_everywhere(
    asked: str, phrases: tuple[tuple[str, ...], ...]
) -> None:
    assert wanted(asked) == phrases


def test_a_plan_is_found_by_the_stem_of_any_word_it_holds_wherever_it_was_written() -> None:
    team = make.team()
    pc = acting(Role.PC, team)
    ref = opened(team, "Motorbikes frighten walkers", "Riding after school on the children's ground")
    other = opened(team, "Bicycles are stolen")
    with transaction():
        services.add_source(ref, NewSource(SourceKind.PANEL, "A petition of households"), actor=pc, at=NOW)

    for asked in ("motorbike", "frightened walker", "ride", "children's", "petitions", '"after school"', "household"):
        assert refs(pc, asked) == [ref], asked
    assert refs(pc, "stealing bicycle") == []
    assert refs(pc, "bicycle") == [other]
    assert refs(pc, '"ground children"') == []
    assert refs(pc, "the and of") == []
    assert sorted(refs(pc, "")) == sorted([ref, other])


HOSTILE = (
    '"',
    "'; DROP TABLE plans; --",
    'a" OR "b',
    "NEAR(bikes, 3) NOT * : ^ - + {problem} : x",
    "bikes & | ! <-> :* ( ) \\",
    "problem:bikes",
    "a\x00b\x1f",
    "\u00b2 \u00bd \u2167 \u0e01\u0e33 \U0001f3cd \u202ebikes",
    "e\u0301glise \u00c9GLISE \uff11\uff12 \u0130stanbul stra\u00dfe",
    "_ __ ___",
    "bike " * 2000,
    "x" * 10_000,
    '"' * 10_000,
    " ".join(f"word{number}" for number in range(500)),
    "\ue000\ue001",
)


@pytest.mark.parametrize("question", HOSTILE)
def test_whatever_is_typed_into_search_is_answered(question: str) -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    opened(team, "Bikes on the ground", "\u00c9glise and stra\u00dfe, \u00bd a mile")
    search = Search(question)

    for ids in (queries.plans_found(sergeant, search), queries.plans_near(sergeant, search)):
        assert len(queries.found_rows(sergeant, search, ids)) == len(ids)
    queries.similar_plans(sergeant, question, None)


def test_where_no_plan_holds_every_word_those_that_hold_most_of_them_are_offered() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ground = opened(team, "Motorbikes on the ground", "Nuisance on most evenings", ProblemType.ANTI_SOCIAL_BEHAVIOUR)
    noise = opened(team, "Noise is a nuisance")
    opened(team, "Bicycles are stolen")
    asked = Search("nuisance motorbikes estate")

    assert refs(sergeant, asked) == []
    near = queries.plans_near(sergeant, asked)
    assert [row.ref for row in queries.found_rows(sergeant, asked, near)] == [ground]
    both = queries.plans_near(sergeant, Search("nuisance zeppelin"))
    assert {row.ref for row in queries.found_rows(sergeant, asked, both)} == {ground, noise}
    assert queries.plans_near(sergeant, replace(asked, kind=ProblemType.THEFT)) == []
    assert queries.plans_near(sergeant, Search("zeppelin airship")) == []


def test_a_plan_is_found_by_its_number_and_by_a_word_with_an_apostrophe() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = opened(team, "Residents are kept awake", "They don't sleep")
    opened(team, "Bicycles are stolen")

    for asked in (ref, f" {ref.lower()} ", "resident's sleep", "don't sleep", "residents\u2019 sleep"):
        assert refs(sergeant, asked) == [ref], asked
    assert refs(acting(Role.SERGEANT, make.team()), ref) == []


def test_what_is_changed_is_found_by_its_new_words_alone_and_an_action_by_what_will_be_done() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    ref = plans.plan(team, sergeant, Stage.RESPONSE)
    with transaction():
        services.add_action(ref, NewAction("Fit barriers", TODAY, partner="Council"), actor=sergeant, at=NOW, on=TODAY)
        new = services.NewAnalysis(victim="Anglers", location="The open gate", offender_not="Nobody is known")
        services.write_analysis(ref, new, actor=sergeant, at=NOW)

    assert refs(sergeant, "barrier") == [ref]
    assert refs(sergeant, "angler gate barriers") == [ref]
    assert refs(sergeant, "Walkers") == []


def test_words_found_are_marked_in_the_problem_and_in_the_piece_around_them() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    opened(team, "Motorbikes on the ground", "Two riders < 14 & loud; one rider goes on until dark")

    (row,) = rows(sergeant, Search("riders"))

    assert [piece.text for piece in row.snippet if piece.found] == ["riders", "rider"]
    assert "< 14 & loud" in "".join(piece.text for piece in row.snippet)
    assert "".join(piece.text for piece in row.title) == "Motorbikes on the ground"
    (row,) = rows(sergeant, Search("motorbike"))
    assert [piece.text for piece in row.title if piece.found] == ["Motorbikes"]


def test_a_word_in_the_problem_counts_more_than_one_in_the_rest() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    rest = opened(team, "Noise at night in the square", "Some of it is from quad bikes, and some from cars")
    title = opened(team, "Quad bikes on the common", "Noise at night, and in the day as well")

    assert refs(sergeant, "quad bikes") == [title, rest]


def with_counts(ref: str, actor: Actor, treated_after: int) -> None:
    counts = NewImpact(
        Method.AREA,
        "Burwell",
        treated_before=100,
        treated_after=treated_after,
        comparison_before=100,
        comparison_after=100,
    )
    with transaction():
        services.compare(ref, counts, actor=actor, at=NOW, least=LEAST)


def test_plans_are_narrowed_by_type_ward_partner_outcome_verdict_and_state() -> None:
    team = make.team()
    ward = make.ward(team)
    pc, sergeant = acting(Role.PC, team), acting(Role.SERGEANT, team, user_id=905)
    closed = plans.plan(team, pc, Stage.ASSESSMENT, "Bikes on the ground")
    chance = plans.plan(team, pc, Stage.ASSESSMENT, "Bikes on the drove")
    still = opened(team, "Bikes stolen", kind=ProblemType.THEFT)
    alone = plans.plan(team, pc, Stage.ASSESSMENT, "Bikes on the green")
    with_counts(closed, pc, 20)
    with_counts(chance, pc, 100)
    with transaction():
        problem = services.NewProblem("Bikes stolen", "Often", ProblemType.THEFT, None, None, (ward.id,))
        services.change_problem(still, problem, actor=pc, at=NOW, on=TODAY)
        services.close_plan(closed, Outcome.REDUCED, actor=sergeant, at=NOW, **CLOSING)

    asked = Search("bikes")
    for narrowed, expected in (
        (replace(asked, kind=ProblemType.THEFT), {still}),
        (replace(asked, ward=ward.code), {still}),
        (replace(asked, partner="Parish council"), {closed, chance, alone}),
        (replace(asked, partner="Nobody"), set()),
        (replace(asked, outcome=Outcome.REDUCED), {closed}),
        (replace(asked, outcome=Outcome.WORSE), set()),
        (replace(asked, verdict=Verdict.BETTER), {closed}),
        (replace(asked, verdict=Verdict.CHANCE), {chance}),
        (replace(asked, verdict=Verdict.NO_COMPARISON), {alone}),
        (replace(asked, state=PlanState.OPEN), {chance, still, alone}),
        (replace(asked, state=PlanState.CLOSED), {closed}),
        (Search(verdict=Verdict.BETTER), {closed}),
    ):
        assert set(refs(sergeant, narrowed)) == expected, narrowed
    said = {row.ref: row.verdict for row in rows(sergeant, asked)}
    assert said == {closed: Verdict.BETTER, chance: Verdict.CHANCE, alone: Verdict.NO_COMPARISON, still: None}
    assert queries.library_choices(sergeant) == ({ward.code: ward.name}, {"Parish council": "Parish council"})
    (worked,) = queries.what_worked(sergeant)
    assert (worked.plans, worked.outcomes[Outcome.REDUCED], worked.verdicts[Verdict.BETTER]) == (1, 1, 1)


def test_a_restricted_plan_leaks_neither_into_results_nor_counts_nor_choices_nor_similar_plans() -> None:
    team = make.team()
    author, named = make.posted(team), make.posted(team)
    sergeant = acting(Role.SERGEANT, team, user_id=905)
    ref = plans.plan(team, acting(Role.PC, team, who=author), Stage.ASSESSMENT, "Cuckooing in Mill Lane")
    mine = opened(team, "Cuckooing is feared in Brook Street")
    with transaction():
        services.reuse(mine, ref, actor=sergeant, at=NOW)
        services.mark(ref, NewMarking("Names a street", (named.id,)), actor=sergeant, at=NOW, on=TODAY)
        services.close_plan(ref, Outcome.REDUCED, actor=sergeant, at=NOW, **CLOSING)

    def leaks(who: Actor) -> set[bool]:
        page = queries.plan_page(mine, who, TODAY)
        return {
            ref in refs(who, "cuckooing"),
            ref in [row.ref for row in queries.similar_plans(who, "Cuckooing again", None)],
            bool(queries.what_worked(who)),
            "Parish council" in queries.library_choices(who)[1],
            bool(queries.sharing_of(page.id, who).takes_from),
        }

    assert leaks(acting(Role.PC, team)) == {False}
    assert leaks(acting(Role.FORCE_LEAD, force=True)) == {False}
    assert leaks(acting(Role.PC, team, who=named)) == {True}
    assert leaks(sergeant) == {True}
    assert leaks(acting(Role.AUDITOR, force=True)) == {True}


def shared(team: Team, problem: str = "Bikes on the ground") -> str:
    sergeant = acting(Role.SERGEANT, team, user_id=905)
    ref = plans.plan(team, acting(Role.PC, team, who=make.posted(team, surname="Adams")), Stage.ASSESSMENT, problem)
    with transaction():
        services.propose_practice(ref, "Close the gate first", actor=sergeant, at=NOW)
        services.decide_practice(ref, PracticeState.APPROVED, "", actor=LEAD, at=NOW)
    return ref


def test_good_practice_is_found_and_read_in_summary_by_other_teams_without_anybodys_name() -> None:
    team, elsewhere = make.team(), make.team()
    ref = shared(team)
    other = acting(Role.PC, elsewhere)
    mine = opened(elsewhere, "Quad bikes on the ground by the river")

    (row,) = rows(other, Search("gate"))
    assert (row.ref, row.whole, row.practice) == (ref, False, PracticeState.APPROVED)
    assert {each.ref for each in queries.similar_plans(other, "Bikes on a ground", None)} == {mine, ref}
    page, whole = queries.plan_to_read(ref, other, TODAY)
    assert (whole, page.owner, page.supervisor, page.author, page.updates) == (False, None, None, "", ())
    assert page.facts.result
    assert "Adams" not in repr(page)
    with pytest.raises(Exception, match="No row"):
        queries.plan_page(ref, other, TODAY)
    with transaction():
        services.mark(ref, NewMarking("Names a street"), actor=acting(Role.SERGEANT, team), at=NOW, on=TODAY)
    assert refs(other, "gate") == []
    with pytest.raises(Exception, match="No row"):
        queries.plan_to_read(ref, other, TODAY)


def test_who_reuses_a_plan_is_told_on_both_and_by_its_team_alone_where_it_may_not_be_read() -> None:
    team, elsewhere = make.team(), make.team()
    ref = shared(team)
    other = acting(Role.PC, elsewhere)
    mine = opened(elsewhere, "Quad bikes by the river")
    for _ in range(2):
        with transaction():
            services.reuse(mine, ref, actor=other, at=NOW)

    (takes,) = queries.sharing_of(queries.plan_page(mine, other, TODAY).id, other).takes_from
    assert (takes.ref, takes.team_name) == (ref, team.name)
    page, _ = queries.plan_to_read(ref, other, TODAY)
    (reused,) = queries.sharing_of(page.id, other).reused_by
    assert reused.ref == mine
    (reused,) = queries.sharing_of(page.id, acting(Role.SERGEANT, team)).reused_by
    assert (reused.ref, reused.problem, reused.team_name) == (None, None, elsewhere.name)
    unknown = opened(team, "Not shared")
    for wrong in (mine, unknown, "P-0"):
        with pytest.raises(Refused), transaction():
            services.reuse(mine, wrong, actor=other, at=NOW)


def test_a_plan_is_said_to_be_reused_by_as_many_as_its_reader_is_told_of() -> None:
    team, elsewhere = make.team(), make.team()
    ref = shared(team)
    other = acting(Role.PC, elsewhere)
    mine, secret = opened(elsewhere, "Quad bikes by the river"), opened(elsewhere, "Quad bikes in the wood")
    with transaction():
        for each in (mine, secret):
            services.reuse(each, ref, actor=other, at=NOW)
        sergeant = acting(Role.SERGEANT, elsewhere, user_id=906)
        services.mark(secret, NewMarking("Names a street"), actor=sergeant, at=NOW, on=TODAY)

    def told(who: Actor) -> tuple[int, int]:
        (row,) = (each for each in rows(who, Search()) if each.ref == ref)
        page, _ = queries.plan_to_read(ref, who, TODAY)
        return row.reused, len(queries.sharing_of(page.id, who).reused_by)

    assert told(acting(Role.SERGEANT, team)) == (1, 1)
    assert told(sergeant) == (2, 2)


def test_only_an_assessed_plan_with_a_result_is_proposed_and_the_lead_decides_once_and_says_why_not() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team, user_id=905)
    early = plans.plan(team, sergeant, Stage.RESPONSE)
    with pytest.raises(Refused, match="recorded result"), transaction():
        services.propose_practice(early, "Close the gate", actor=sergeant, at=NOW)
    ref = plans.plan(team, acting(Role.PC, team), Stage.ASSESSMENT)
    with transaction():
        services.propose_practice(ref, "Close the gate", actor=sergeant, at=NOW)
    with pytest.raises(Refused, match="proposed already"), transaction():
        services.propose_practice(ref, "Close the gate", actor=sergeant, at=NOW)

    def decide(to: PracticeState, why: str) -> None:
        services.decide_practice(ref, to, why, actor=LEAD, at=NOW + dt.timedelta(1))

    with pytest.raises(Refused, match="Enter why"), transaction():
        decide(PracticeState.DECLINED, " ")
    with transaction():
        decide(PracticeState.DECLINED, "It could be chance")
    with pytest.raises(Refused, match="decided already"), transaction():
        decide(PracticeState.APPROVED, "")
    with transaction():
        services.propose_practice(ref, "With a comparison now", actor=sergeant, at=NOW)
        decide(PracticeState.APPROVED, "")
    with transaction():
        decide(PracticeState.WITHDRAWN, "The gate was opened again")
    practice = queries.sharing_of(queries.plan_page(ref, sergeant, TODAY).id, sergeant).practice
    assert practice is not None
    assert (practice.state, practice.reason) == (PracticeState.WITHDRAWN, "The gate was opened again")


def test_similar_plans_are_of_the_same_type_before_others_and_never_the_plan_itself() -> None:
    team = make.team()
    sergeant = acting(Role.SERGEANT, team)
    theft = opened(team, "Bikes taken at the station", kind=ProblemType.THEFT)
    noise = opened(team, "Bikes on the ground", kind=ProblemType.ANTI_SOCIAL_BEHAVIOUR)
    opened(team, "Fly-tipping on the droves", kind=ProblemType.ENVIRONMENT)

    near = queries.similar_plans(sergeant, "Bikes ridden across gardens", ProblemType.ANTI_SOCIAL_BEHAVIOUR)
    assert [row.ref for row in near] == [noise, theft]
    own = queries.plan_page(theft, sergeant, TODAY).id
    assert [row.ref for row in queries.similar_plans(sergeant, "Bikes", None, but=own)] == [noise]
    both = queries.similar_plans(sergeant, "Bikes taken again, at the station or on a ground", None)
    assert {row.ref for row in both} == {theft, noise}
    assert queries.similar_plans(sergeant, "the", None) == []


def test_marks_around_what_was_found_are_taken_apart_whatever_the_text_holds() -> None:
    told = f"one {full_text.BEGIN}two{full_text.END} three {full_text.BEGIN}four"

    assert [(piece.text, piece.found) for piece in full_text.pieces(told)] == [
        ("one ", False),
        ("two", True),
        (" three ", False),
        ("four", True),
    ]
