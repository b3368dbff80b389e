"""The figures of policy in words: what each is called, what it is counted in, and what may be entered together."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from npt.core.errors import Reason
from npt.policy.rules import Policy, Severity, parse_value


class FigureGroup(StrEnum):
    """Where a figure stands on the page."""

    ABSTRACTION = "Abstraction"
    AUTHORISATION = "Authorisation"
    VACANCIES = "Vacancies and moves"
    SUPERVISION = "Supervision"
    CHECKS = "Flags and returns"
    PANELS = "Panels"
    OTHER = "Other"
    SEVERITIES = "How grave a flag is"


@dataclass(frozen=True, slots=True)
class FigureWords:
    """A figure in words: its name, its unit, where it stands, and what it decides."""

    label: str
    unit: str
    group: FigureGroup
    says: str


_G = FigureGroup

_WORDS = {
    "approaching_percent": FigureWords(
        "Approaching target from",
        "% of target",
        _G.ABSTRACTION,
        "From this share of its target on, a rate nears it.",
    ),
    "person_limit_percent": FigureWords(
        "Limit for one person",
        "%",
        _G.ABSTRACTION,
        "Nobody should lose more of their duty. A force may have none.",
    ),
    "rolling_days": FigureWords(
        "Days judged by the nightly check", "days", _G.ABSTRACTION, "The rate of so many days is held against target."
    ),
    "late_hours": FigureWords(
        "Late when logged after", "hours", _G.ABSTRACTION, "An entry logged longer than this after it started is late."
    ),
    "authorise_over_target": FigureWords(
        "Over target needs authorisation",
        "",
        _G.AUTHORISATION,
        "Whether what is planned, and takes the month over target, waits for an inspector.",
    ),
    "authorise_over_hours": FigureWords(
        "Longer than this needs authorisation", "hours", _G.AUTHORISATION, "A longer entry waits for an inspector."
    ),
    "vacancy_open_days": FigureWords("Vacancy open from", "days", _G.VACANCIES, "Younger vacancies are new."),
    "vacancy_prolonged_days": FigureWords("Vacancy prolonged from", "days", _G.VACANCIES, "The third band of age."),
    "vacancy_serious_days": FigureWords("Vacancy serious from", "days", _G.VACANCIES, "The fourth band of age."),
    "vacancy_critical_days": FigureWords("Vacancy critical from", "days", _G.VACANCIES, "The last band of age."),
    "forecast_days": FigureWords(
        "Vacancies forecast for", "days ahead", _G.VACANCIES, "How far ahead a post that will fall vacant is shown."
    ),
    "tenure_months": FigureWords(
        "Expected stay", "months", _G.VACANCIES, "Sergeants and PCs who move sooner move early, and need a reason."
    ),
    "panel_meetings": FigureWords(
        "Public meetings a panel holds", "or more", _G.PANELS, "With fewer in the months below a panel is behind."
    ),
    "panel_meetings_months": FigureWords(
        "Meetings counted over", "months", _G.PANELS, "Public meetings held in so many months are counted."
    ),
    "panel_gap_weeks": FigureWords(
        "Most time between meetings", "weeks", _G.PANELS, "For a panel that has no setting of its own."
    ),
    "panel_priorities": FigureWords(
        "Adopted priorities at once", "or fewer", _G.PANELS, "More are warned of and not refused."
    ),
    "panel_meeting_hours": FigureWords(
        "Length of a meeting", "hours", _G.PANELS, "In calendars, and when two meetings would clash."
    ),
    "authority_panels_least": FigureWords(
        "Panels of one authority member",
        "or more",
        _G.PANELS,
        "A member of the police authority with fewer is flagged.",
    ),
    "authority_panels_most": FigureWords(
        "Panels of one authority member",
        "or fewer",
        _G.PANELS,
        "A member of the police authority with more is flagged.",
    ),
    "chairs_forums": FigureWords(
        "Chairs' forums",
        "in the months above",
        _G.PANELS,
        "Where a BCU holds a forum of its chairs, one that is missed is flagged.",
    ),
    "briefing_note_days": FigureWords(
        "A briefing note stands for", "days", _G.PANELS, "What response officers are to do; refreshed, or it expires."
    ),
    "profile_days": FigureWords(
        "Profile issued before a meeting", "days", _G.PANELS, "With fewer left and none issued, it is flagged."
    ),
    "profile_months": FigureWords(
        "Months of crime in a profile", "months", _G.PANELS, "The newest loaded, beside as many before them."
    ),
    "priority_review_months": FigureWords(
        "Priorities reviewed every", "months", _G.PANELS, "A priority not reviewed for longer is flagged."
    ),
    "signed_off_close_days": FigureWords(
        "Plan closed after sign-off within", "days", _G.PANELS, "A plan still open after so long is flagged."
    ),
    "succession_months": FigureWords(
        "Leavers looked for", "months ahead", _G.VACANCIES, "How far ahead expected leavers are set against candidates."
    ),
    "span_line": FigureWords(
        "Line for a sergeant's span", "people", _G.SUPERVISION, "A sergeant with more PCs and PCSOs is over the line."
    ),
    "specials_in_span": FigureWords(
        "Specials count in a span",
        "",
        _G.SUPERVISION,
        "Whether special constables are among those supervised.",
    ),
    "return_day": FigureWords(
        "Return due by day", "of the next month", _G.CHECKS, "By this day a team's sergeant confirms the month."
    ),
    "returns_chased_months": FigureWords(
        "Missing returns asked for", "months back", _G.CHECKS, "How far back a team still owes the return of a month."
    ),
    "escalation_days": FigureWords(
        "Flag escalates after", "days", _G.CHECKS, "A flag nobody acknowledges goes to the next rank after so long."
    ),
    "repeat_months": FigureWords(
        "Flag repeats after", "months in a row", _G.CHECKS, "A flag open in so many months in a row is marked repeat."
    ),
    "no_duty_days": FigureWords(
        "Duties missing after",
        "days",
        _G.CHECKS,
        "So long in a team without a duty or an absence, and duties are missing.",
    ),
    "reason_mix_limit": FigureWords(
        "Reason unusual beyond",
        "times what chance usually does",
        _G.CHECKS,
        "How far a reason's share may lie from the rest of the force's: in standard errors, as statisticians count.",
    ),
    "reason_mix_expected": FigureWords(
        "Reason judged from",
        "entries expected",
        _G.CHECKS,
        "Where fewer were to be expected, chance is too large to judge.",
    ),
    "generate_duties_days": FigureWords(
        "Duties made from patterns for", "days ahead", _G.OTHER, "How far ahead the nightly run makes duties."
    ),
    "impact_least_counted": FigureWords(
        "Impact judged from", "counted before", _G.OTHER, "In each area; with fewer, chance is too large to judge."
    ),
    "impact_least_asked": FigureWords(
        "Survey judged from", "answers", _G.OTHER, "In each survey; with fewer, nothing is said of a change."
    ),
    "plan_stale_days": FigureWords(
        "Plan stale after", "days", _G.CHECKS, "A plan nothing has been done to for so long is flagged."
    ),
    "plan_stalled_days": FigureWords(
        "Plan stalled after", "days", _G.OTHER, "A plan at one stage for so long is listed under how plans stand."
    ),
    "plan_retention_months": FigureWords(
        "Closed plan kept for", "months", _G.OTHER, "Then somebody decides whether its text is still needed."
    ),
    "sign_in_link_days": FigureWords(
        "Link to sign in for the first time works for",
        "days",
        _G.OTHER,
        "Emailed to a new user, who chooses a password with it. It works once.",
    ),
    "password_link_minutes": FigureWords(
        "Link for a forgotten password works for",
        "minutes",
        _G.OTHER,
        "Emailed to somebody who asks for it on the sign-in page. It works once.",
    ),
    "email_kept_days": FigureWords(
        "Sent email listed for",
        "days",
        _G.OTHER,
        "Its words are dropped once it is sent; its line is kept so long.",
    ),
    "skill_verified_months": FigureWords(
        "Skill verified within", "months", _G.OTHER, "A skill not verified for longer is marked."
    ),
}

BANDS = ("vacancy_open_days", "vacancy_prolonged_days", "vacancy_serious_days", "vacancy_critical_days")
"""The first days of the bands of a vacancy's age, from the least grave."""


class Past(StrEnum):
    """What of a past month can be counted again under another value of a figure."""

    ABSTRACTION = "abstraction"
    STAFFING = "staffing"


_PAST = {
    Past.ABSTRACTION: (
        "approaching_percent",
        "late_hours",
        "authorise_over_hours",
        "authorise_over_target",
        "person_limit_percent",
        "rolling_days",
        "return_day",
    ),
    Past.STAFFING: (*BANDS, "forecast_days", "tenure_months", "span_line", "specials_in_span"),
}

_NO_PAST = {
    "succession_months": "it looks ahead from today only",
    "generate_duties_days": "it decides what is made in nights to come",
}


def past_of(name: str) -> Past | None:
    """Where a past month is counted again under another value of a figure; nothing when it cannot be."""
    return next((past for past, names in _PAST.items() if name in names), None)


def why_no_past(name: str) -> str:
    """Why no past month is shown under another value of a figure that has no ``past_of``, as a sentence."""
    if name.startswith(_SEVERITY):
        return "No past month is shown under this: it changes how grave a flag is, and not what is found."
    because = _NO_PAST.get(name, "no page counts a month again by it")
    return f"No past month is shown under this: {because}."


_SEVERITY = "severity_"


def words_of(name: str) -> FigureWords:
    """A figure in words; of one nobody has put in words yet, its name."""
    if name.startswith(_SEVERITY):
        kind = name.removeprefix(_SEVERITY).replace("_", " ").capitalize()
        return FigureWords(kind, "", FigureGroup.SEVERITIES, "How grave a flag of this kind is.")
    label = name.replace("_", " ").capitalize()
    return _WORDS.get(name) or FigureWords(label, "", FigureGroup.OTHER, "")


def kind_of(name: str) -> type:
    """What sort of value a figure has: ``bool``, ``int``, ``Decimal`` or ``Severity``.

    :raises KeyError: when there is no such figure
    """
    if name == "targets":
        raise KeyError(name)
    kind = {f.name: f.type for f in fields(Policy)}[name]
    return kind if isinstance(kind, type) else Decimal


def figure_in_words(name: str, value: str) -> str:
    """A value with its unit, as a sentence has it: "80 % of target", "48 hours", "Yes"."""
    if kind_of(name) in (bool, Severity):
        return value.capitalize()
    return f"{value} {words_of(name).unit}".strip()


def supposing(policy: Policy, name: str, value: str) -> Policy:
    """A policy, had one figure been another.

    :raises ValueError: saying what to enter, when there is no such figure or value
    """
    changed: dict[str, object] = {name: parse_value(name, value)}
    return replace(policy, **changed)  # type: ignore[arg-type]


def supposed_in_words(name: str, value: str) -> str:
    """What is supposed, to stand after "if": "the figure … had been 48 hours"."""
    return f'the figure "{words_of(name).label}" had been {figure_in_words(name, value)}'


_MOST = {
    "approaching_percent": Decimal(100),
    "return_day": Decimal(28),
    "returns_chased_months": Decimal(60),
    "rolling_days": Decimal(366),
}


def faults(values: Mapping[str, str]) -> list[Reason]:
    """What is wrong with figures that are in force on the same day, each sound by itself.

    The bands of a vacancy's age follow each other; approaching lies below target; a return is due within a month.
    """
    listed = [
        Reason(f"{words_of(name).label}: enter {most:f} or less", "value")
        for name, most in _MOST.items()
        if name in values and Decimal(values[name]) > most
    ]
    known = [name for name in BANDS if name in values]
    for lower, upper in pairwise(known):
        if int(values[lower]) >= int(values[upper]):
            first, second = words_of(lower).label, words_of(upper).label.lower()
            listed.append(Reason(f"{first} {values[lower]} days must be fewer than {second} {values[upper]}", "value"))
    fewest, most = (values.get(name) for name in ("authority_panels_least", "authority_panels_most"))
    if fewest and most and int(fewest) > int(most):
        listed.append(Reason(f"An authority member cannot have {fewest} panels or more and {most} or fewer", "value"))
    return listed


def sound(name: str, text: str) -> str:
    """A value as it is kept.

    :raises ValueError: saying what to enter
    """
    return _written(parse_value(name, text))


def in_words(name: str, policy: Policy) -> str:
    """The value of a figure in a policy, with its unit."""
    return figure_in_words(name, _written(getattr(policy, name)))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
