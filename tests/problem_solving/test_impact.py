"""What may be said of a change: the published figures, and never chance as a success."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.problem_solving.rules import impact
from npt.problem_solving.rules.impact import Areas, Change, Surveys, Verdict
from npt.problem_solving.rules.vocabulary import Better, Method

PUBLISHED = Areas(treated=Change(20, 10), comparison=Change(20, 20))
WITH_DISPLACEMENT = Areas(Change(20, 10), Change(20, 20), Change(30, 20), Change(30, 30))


@pytest.mark.parametrize(
    ("counts", "figures"),
    [
        (PUBLISHED, (-10, 8.367, -1.195, -23.763, 3.763)),
        (WITH_DISPLACEMENT, (-20, 13.416, -1.491, -42.070, 2.070)),
    ],
)
def test_the_published_counts_give_the_published_figures_and_could_be_chance(
    counts: Areas, figures: tuple[float, ...]
) -> None:
    found = impact.of_areas(counts, Better.LOWER, 10)

    said = (found.difference, found.standard_error, found.z, found.low, found.high)
    assert [f"{each:.3f}" for each in said] == [f"{each:.3f}" for each in figures]
    assert found.verdict is Verdict.CHANCE
    assert "could be chance" in found.sentence.lower()


def test_two_surveys_give_the_published_z_and_p() -> None:
    _, z = impact.two_proportions(0.42, 300, 0.51, 310)
    found = impact.of_surveys(Surveys(said=Change(126, 158), asked=Change(300, 310)), Better.HIGHER, 30)

    assert (f"{z:.3f}", f"{impact.two_sided(z):.3f}") == ("2.228", "0.026")
    assert found.verdict is Verdict.BETTER


@pytest.mark.parametrize(
    ("after", "better", "verdict"),
    [
        (20, Better.LOWER, Verdict.BETTER),
        (20, Better.HIGHER, Verdict.WORSE),
        (180, Better.LOWER, Verdict.WORSE),
        (180, Better.HIGHER, Verdict.BETTER),
        (100, Better.LOWER, Verdict.CHANCE),
        (90, Better.HIGHER, Verdict.CHANCE),
    ],
)
def test_a_verdict_follows_which_way_is_better(after: int, better: Better, verdict: Verdict) -> None:
    assert impact.of_areas(Areas(Change(100, after), Change(100, 100)), better, 10).verdict is verdict


@pytest.mark.parametrize(("before", "verdict"), [(9, Verdict.TOO_FEW), (10, Verdict.CHANCE)])
def test_an_area_with_too_few_before_gets_no_verdict_whichever_it_is(before: int, verdict: Verdict) -> None:
    plenty, few = Change(50, 50), Change(before, before)
    for counts in (
        Areas(few, plenty),
        Areas(plenty, few),
        Areas(plenty, plenty, few, plenty),
        Areas(plenty, plenty, plenty, few),
    ):
        assert impact.of_areas(counts, Better.LOWER, 10).verdict is verdict


@pytest.mark.parametrize(("asked", "verdict"), [(29, Verdict.TOO_FEW), (30, Verdict.BETTER)])
def test_a_survey_of_too_few_gets_no_verdict_whichever_it_is(asked: int, verdict: Verdict) -> None:
    for numbers in (Change(asked, 300), Change(300, asked)):
        said = Change(0, numbers.after)
        assert impact.of_surveys(Surveys(said, numbers), Better.HIGHER, 30).verdict is verdict


def test_nothing_at_all_in_any_area_gets_no_verdict_even_where_policy_asks_for_none() -> None:
    nothing = Change(0, 0)

    assert impact.of_areas(Areas(nothing, nothing), Better.LOWER, 0).verdict is Verdict.TOO_FEW
    assert impact.of_surveys(Surveys(nothing, nothing), Better.LOWER, 0).verdict is Verdict.TOO_FEW


def test_everybody_saying_the_same_in_both_surveys_is_no_success() -> None:
    same = Surveys(said=Change(40, 50), asked=Change(40, 50))

    assert impact.of_surveys(same, Better.HIGHER, 30).verdict is Verdict.CHANCE


COUNT = st.integers(0, 400)
CHANGE = st.builds(Change, COUNT, COUNT)


@given(CHANGE, CHANGE, st.sampled_from(Better))
def test_chance_is_never_called_a_success_and_two_ways_never_agree(one: Change, two: Change, better: Better) -> None:
    found = impact.of_areas(Areas(one, two), better, 10)
    other = impact.of_areas(Areas(one, two), next(each for each in Better if each is not better), 10)

    if found.low is not None and found.high is not None and found.low <= 0 <= found.high:
        assert found.verdict is Verdict.CHANCE
    assert (found.verdict is Verdict.BETTER) == (other.verdict is Verdict.WORSE)
    if found.verdict is not Verdict.BETTER:
        assert "did better" not in found.sentence


@given(CHANGE, CHANGE)
def test_the_two_areas_changed_about_give_the_opposite_difference(one: Change, two: Change) -> None:
    found, turned = (impact.of_areas(Areas(*pair), Better.LOWER, 10) for pair in ((one, two), (two, one)))

    assert found.difference is None or found.difference == -(turned.difference or 0)


def test_without_a_comparison_nothing_can_be_told_from_the_trend() -> None:
    counts = dict.fromkeys(impact.COUNTS, 500)

    found = impact.impact(Method.NONE, counts, Better.LOWER, 10)

    assert found.verdict.label == "No comparison: cannot be told from the trend"
    assert impact.impact(Method.AREA, {}, Better.LOWER, 10).verdict is Verdict.NO_COMPARISON


def test_the_counts_kept_give_the_same_as_the_published_ones() -> None:
    kept = {"treated_before": 20, "treated_after": 10, "comparison_before": 20, "comparison_after": 20}

    assert impact.impact(Method.AREA, kept, Better.LOWER, 10) == impact.of_areas(PUBLISHED, Better.LOWER, 10)
    away = {"displacement_before": 30, "displacement_after": 20, "control_before": 30, "control_after": 30}
    both = impact.impact(Method.AREA, {**kept, **away}, Better.LOWER, 10)
    assert both == impact.of_areas(WITH_DISPLACEMENT, Better.LOWER, 10)


@pytest.mark.parametrize(
    ("method", "counts", "fields"),
    [
        (Method.NONE, {}, []),
        (Method.AREA, {}, ["treated_before", "treated_after", "comparison_before", "comparison_after"]),
        (
            Method.AREA,
            {**dict.fromkeys(["treated_before", "treated_after", "comparison_before", "comparison_after"], 9)}
            | {"control_after": 1},
            ["displacement_before", "displacement_after", "control_before"],
        ),
        (Method.SURVEY, {"said_before": 1, "said_after": 1}, ["asked_before", "asked_after"]),
        (Method.SURVEY, {"said_before": 9, "said_after": 1, "asked_before": 8, "asked_after": 1}, ["said_before"]),
    ],
)
def test_counts_that_are_missing_or_cannot_be_are_asked_for_one_by_one(
    method: Method, counts: dict[str, int | None], fields: list[str]
) -> None:
    assert [reason.field for reason in impact.obstacles_to_counts(method, counts)] == fields
