"""Where what stands in the way of a signature is mended, for whoever may; and where it is read, for everybody else."""

from dataclasses import dataclass

from flask import url_for

from npt.core.authority import Permission
from npt.edge import actor
from npt.panels.queries import PriorityPage
from npt.panels.rules.signing import Obstacle, Part
from npt.problem_solving.rules.vocabulary import Stage

_OF_THE_PRIORITY = {
    Part.STATE: "panels.put_forward",
    Part.PLAN: "panels.tie_plan",
    Part.FEEDBACK: "panels.new_feedback",
}
_READ_AT = {Part.STATE: "steps", Part.PLAN: "we-did", Part.RESULT: "result", Part.FEEDBACK: "community"}


@dataclass(frozen=True, slots=True)
class Way:
    """An obstacle and the page it leads to: where the reader mends it, or else where they see how it stands."""

    obstacle: Obstacle
    href: str
    mends: bool


def way(page: PriorityPage, obstacle: Obstacle) -> Way:
    """Where an obstacle leads whoever reads it."""
    if href := _mended_at(page, obstacle.part):
        return Way(obstacle, href, mends=True)
    if obstacle.part in _READ_AT:
        read = url_for("panels.priority", priority_id=page.priority.id, _anchor=_READ_AT[obstacle.part])
    else:
        read = url_for("panels.show", code=page.panel.code, _anchor="past" if obstacle.part is Part.MEETING else None)
    return Way(obstacle, read, mends=False)


def _mended_at(page: PriorityPage, part: Part) -> str | None:
    who, plan = actor(), page.plan
    if part is Part.RESULT:
        if plan is None or not page.plan_seen or not who.may(Permission.UPDATE_PLANS):
            return None
        # What came of a plan can be recorded once it has come so far.
        there = "problem_solving.assessment" if plan.stage is Stage.ASSESSMENT else "problem_solving.show"
        return url_for(there, ref=plan.ref)
    if part is Part.PLAN and plan is None and page.can("started") and who.may(Permission.PREPARE_PRIORITIES):
        return url_for("panels.start_plan", priority_id=page.priority.id)
    if part in (Part.MEETING, Part.OFFICE):
        mine = page.theirs and who.may(Permission.CHANGE_PANELS)
        there = "panels.appoint" if part is Part.OFFICE else "panels.show"
        return url_for(there, code=page.panel.code) if mine else None
    if part in _OF_THE_PRIORITY and who.may(Permission.PREPARE_PRIORITIES):
        return url_for(_OF_THE_PRIORITY[part], priority_id=page.priority.id)
    return None


def ways(page: PriorityPage, *, without: frozenset[Part] = frozenset()) -> list[Way]:
    """Every obstacle of a priority but some, each with where it leads."""
    return [way(page, each) for each in page.obstacles if each.part not in without]


OF_THE_CHAIR = frozenset({Part.OFFICE, Part.INDEPENDENCE})
"""What only concerns whoever would sign."""
