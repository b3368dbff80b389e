"""Count recorded crime for a plan."""

import datetime as dt
from typing import cast

from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.periods import add_months
from npt.crime import queries as crime
from npt.edge import actor, now
from npt.problem_solving import queries, services
from npt.problem_solving.forms.counting import FIRST, CountForm
from npt.problem_solving.queries import counting
from npt.problem_solving.rules.counting import Area, Span
from npt.problem_solving.rules.counting import Asked as AskedCount
from npt.problem_solving.views.asking import Asked, ask, seen
from npt.problem_solving.views.lists import bp, least_today
from npt.web.access import requires


@bp.route("/<ref>/counts", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def counts(ref: str) -> ResponseReturnValue:
    """Count the published crime of the plan's wards and of others, and fill the comparison in."""
    plan = seen(ref)
    months, wards = counting.loaded_months(), counting.wards_with_boundary()
    held = counting.counting_of(plan.id, plan.measure)
    form = CountForm(data=_known(plan.id, held, months, wards))
    form.category.choices = {**FIRST, **{name: name for name in crime.categories() if name not in FIRST}}
    for area in Area:
        form[area.value].choices = wards
    lead = "Counted in the street-level crime of data.police.uk, by the ward in which each published point lies. "
    if not months:
        lead += "No file of a month is loaded yet. An administrator loads them."
    elif not wards:
        lead += "No boundary of a ward is loaded yet. An administrator loads them."
    else:
        lead += f"Loaded: {len(months)} months, {months[0]:%B %Y} to {months[-1]:%B %Y}."
    asked = Asked("Count from the published files", "Count and fill in", "Counted and filled in.", lead, part="impact")

    def change() -> None:
        before, after = (
            Span(*(cast("dt.date", form[f"{when}_{end}"].data) for end in ("first", "last")))
            for when in ("before", "after")
        )
        chosen = {area: tuple(form[area.value].data or ()) for area in Area}
        services.count_from_files(
            ref,
            AskedCount(before, after, chosen, form.category.data or None),
            actor=actor(),
            at=now(),
            least=least_today(),
        )

    return ask(plan, form, asked, change)


def _known(
    plan_id: int, held: counting.Counting | None, months: list[dt.date], wards: dict[str, str]
) -> dict[str, object]:
    """What was counted last; else the plan's own wards, and the newest month against the same a year before."""
    if held is not None:
        return {
            "category": held.category,
            "before_first": held.before.first,
            "before_last": held.before.last,
            "after_first": held.after.first,
            "after_last": held.after.last,
            **{area.value: [ward.code for ward in found] for area, found in held.areas},
        }
    own = [code for code in queries.ward_codes(plan_id) if code in wards]
    if not months:
        return {"treated": own}
    before = add_months(months[-1], -12)
    before = before if before in months else months[0]
    return {
        "treated": own,
        "before_first": before,
        "before_last": before,
        "after_first": months[-1],
        "after_last": months[-1],
    }
