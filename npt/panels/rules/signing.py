"""What stands between a priority and its signature, and the words that are signed (RULES section 5; decision 0030)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from npt.core.errors import Reason
from npt.core.periods import day_in_words
from npt.panels.rules.priorities import WAITING
from npt.panels.rules.terms import Term
from npt.panels.rules.vocabulary import PriorityState
from npt.problem_solving.rules.vocabulary import Stage


class Mends(StrEnum):
    """Who mends an obstacle."""

    TEAM = "team"
    PANEL = "panel"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        return _MENDS[self]


_MENDS = {
    Mends.TEAM: "for the neighbourhood team to mend",
    Mends.PANEL: "for the lead team's sergeant to mend",
    Mends.NOBODY: "another chair or vice-chair decides this",
}


class Part(StrEnum):
    """Where an obstacle is mended."""

    STATE = "state"
    PLAN = "plan"
    RESULT = "result"
    FEEDBACK = "feedback"
    MEETING = "meeting"
    OFFICE = "office"
    INDEPENDENCE = "independence"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing in the way of a signature, who mends it, and where."""

    message: str
    mends: Mends
    part: Part


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of a plan before its priority is signed off. Without a plan there is no ``stage``.

    ``result``: the measure's value afterwards and the result in words are recorded.
    """

    state: PriorityState
    stage: Stage | None
    result: bool
    closed: bool
    last_action_on: dt.date | None
    heard_on: dt.date | None
    meetings_held: int


@dataclass(frozen=True, slots=True)
class Signer:
    """Who would sign: the office they hold that day, and what they have to do with the plan."""

    term: Term | None
    wrote_or_owns: bool
    supervises: bool


def obstacles(case: Case, signer: Signer) -> list[Obstacle]:
    """Everything in the way of a signature before the panel's consent is asked for. Empty when nothing is."""
    return [*_of_case(case), *_of_signer(signer)]


def _of_case(case: Case) -> Iterator[Obstacle]:
    if case.state not in WAITING:
        yield Obstacle("The team has not put it forward for sign-off", Mends.TEAM, Part.STATE)
    yield from _of_plan(case)
    yield from _of_feedback(case)
    if not case.meetings_held:
        yield Obstacle(
            "No meeting of the panel is recorded as held, at which it could have agreed", Mends.PANEL, Part.MEETING
        )


def _of_plan(case: Case) -> Iterator[Obstacle]:
    if case.stage is None:
        yield Obstacle("No plan is named that answers it", Mends.TEAM, Part.PLAN)
    elif case.closed:
        yield Obstacle("The plan is closed", Mends.TEAM, Part.PLAN)
    elif case.stage is not Stage.ASSESSMENT:
        yield Obstacle(
            f"The plan is at {case.stage.value}: what came of it has not been assessed", Mends.TEAM, Part.RESULT
        )
    elif not case.result:
        yield Obstacle(
            "What came of the plan is not recorded: the measure afterwards and the result", Mends.TEAM, Part.RESULT
        )


def _of_feedback(case: Case) -> Iterator[Obstacle]:
    if case.heard_on is None:
        yield Obstacle("What the community says is not recorded", Mends.TEAM, Part.FEEDBACK)
    elif case.last_action_on is not None and case.heard_on < case.last_action_on:
        yield Obstacle(
            f"The community was last heard on {day_in_words(case.heard_on)}, before the last action of "
            f"{day_in_words(case.last_action_on)}",
            Mends.TEAM,
            Part.FEEDBACK,
        )


def _of_signer(signer: Signer) -> Iterator[Obstacle]:
    if signer.term is None:
        yield Obstacle(
            "You are not chair or vice-chair of this panel today: only whoever is can sign", Mends.PANEL, Part.OFFICE
        )
    if signer.wrote_or_owns:
        yield Obstacle("You wrote this plan or own it", Mends.NOBODY, Part.INDEPENDENCE)
    elif signer.supervises:
        yield Obstacle("You supervise this plan or the team whose it is", Mends.NOBODY, Part.INDEPENDENCE)


def obstacles_to_letting_go(signer: Signer) -> Iterator[Reason]:
    """Why somebody cannot withdraw a priority, which sets its plan free as a signature does: the plan is their own."""
    for obstacle in _of_signer(signer):
        if obstacle.part is Part.INDEPENDENCE:
            yield Reason(f"{obstacle.message}: {obstacle.mends.label}")


@dataclass(frozen=True, slots=True)
class Consent:
    """What the panel said: all of it, or so many for, against and abstained."""

    unanimous: bool
    votes_for: int | None = None
    votes_against: int | None = None
    votes_abstained: int | None = None

    @property
    def words(self) -> str:
        """The consent as a part of a sentence."""
        if self.unanimous:
            return "unanimously"
        return f"with {self.votes_for} for, {self.votes_against} against and {self.votes_abstained} abstained"


def obstacles_to_consent(consent: Consent) -> Iterator[Reason]:
    """Why what was recorded is no consent of the panel."""
    votes = {
        "votes_for": consent.votes_for,
        "votes_against": consent.votes_against,
        "votes_abstained": consent.votes_abstained,
    }
    if consent.unanimous:
        if any(count is not None for count in votes.values()):
            yield Reason("Either all agreed, or there are votes to count: leave one of them out", "unanimous")
        return
    if all(count is None for count in votes.values()):
        yield Reason("Say whether all agreed, or how many were for, against and abstained", "unanimous")
        return
    for name, count in votes.items():
        if count is None or count < 0:
            yield Reason("Enter a whole number, 0 if there was none", name)
    if None not in votes.values() and (consent.votes_for or 0) <= (consent.votes_against or 0):
        yield Reason(
            "The panel did not agree: no more were for it than against. Refuse the sign-off, or put it off", "votes_for"
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """The measure of a plan and what may be said of its change, in words."""

    what: str
    source: str
    before: str
    before_days: tuple[dt.date, dt.date]
    after: str
    after_days: tuple[dt.date, dt.date]
    verdict: str


@dataclass(frozen=True, slots=True)
class ToSign:
    """Everything the text to be signed tells of."""

    panel: str
    ref: str
    title: str
    detail: str | None
    adopted_on: dt.date
    adopted_minute: str
    plan: str
    problem: str
    measured: Measured
    result: str
    heard: tuple[dt.date, str, str]
    consent: Consent | None
    meeting_on: dt.date | None
    minute_ref: str
    term: Term
    on: dt.date


def text_to_sign(of: ToSign) -> str:
    """The text a chair signs. Until the consent is entered it says where that will stand."""
    consent = "as you enter it below"
    if of.consent is not None and of.meeting_on is not None:
        consent = f"{of.consent.words}, at its meeting of {day_in_words(of.meeting_on)}, minute {of.minute_ref}"
    day, source, view = of.heard
    problem = f": {of.problem}" if of.problem else ""
    capacity = f"{of.term.office.label.lower()} ({of.term.chair_type.label}) of {of.panel} panel"
    lines = [
        f"{of.panel} panel: sign-off of a priority",
        f"Priority {of.ref}: {of.title}",
        *([f"What residents asked: {of.detail}"] if of.detail else []),
        f"Adopted by the panel at its meeting of {day_in_words(of.adopted_on)}, minute {of.adopted_minute}.",
        f"The plan that answers it: {of.plan}{problem}",
        f"What it was measured by: {of.measured.what} ({of.measured.source}).",
        f"Before: {of.measured.before}, {_days(of.measured.before_days)}. "
        f"Afterwards: {of.measured.after}, {_days(of.measured.after_days)}.",
        f"What the figures say: {of.measured.verdict}",
        f"The result, as the team recorded it: {of.result}",
        f"What the community said on {day_in_words(day)} ({source}): {view}",
        f"The panel's consent: {consent}.",
        f"I, {of.term.name}, {capacity}, in office today, {day_in_words(of.on)}, sign for the panel that this priority "
        "is answered. A supervisor of the neighbourhood team then closes the plan.",
    ]
    return "\n\n".join(lines)


def _days(days: tuple[dt.date, dt.date]) -> str:
    return f"{day_in_words(days[0])} to {day_in_words(days[1])}"
