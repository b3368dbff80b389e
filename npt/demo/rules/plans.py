"""Invented plans, each as far on its way as its words go."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from npt.core.periods import DAY
from npt.problem_solving.rules.priorities import PriorityList
from npt.problem_solving.rules.vocabulary import Method, Outcome, ProblemType, Side, SourceKind


@dataclass(frozen=True, slots=True)
class Step:
    """An action of a plan: what, whose (nothing: the author's), due so many days from today, and whether it is done."""

    what: str
    partner: str | None
    days: int
    done: bool = False
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Demo:
    """A plan: how many days ago it was opened, what is known, what is measured, what is done, what came of it.

    ``lesson``: what others can take from it, as good practice. ``reuses``: the problem of an earlier one. ``serves``:
    of ``PRIORITIES``. ``ended``: how many days ago the work on it was over.
    """

    team: str
    days_ago: int
    problem: str
    detail: str
    kind: ProblemType
    sources: tuple[tuple[SourceKind, str], ...]
    measure: tuple[str, str, int] | None = None
    target: int | None = None
    analysis: tuple[str, str, str] | None = None
    steps: tuple[Step, ...] = ()
    updates: tuple[str, ...] = ()
    after: int | None = None
    said: tuple[str, str, str] = ("", "", "")
    method: Method = Method.NONE
    compared_with: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    outcome: Outcome | None = None
    restricted: str | None = None
    cheers: tuple[str, ...] = ()
    outer: tuple[str, str, str] = ("", "", "")
    hypotheses: str = ""
    tried: str = ""
    lesson: str | None = None
    approved: bool = False
    score: tuple[int, int, int, int] | None = None
    reuses: str | None = None
    wards: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    ended: int = 0


MEASURED_DAYS = 91
"""So long the measure was taken over before a plan was opened, and again at its end."""


def baseline(opened: dt.date) -> tuple[dt.date, dt.date]:
    """The days the measure was taken over before a plan was opened."""
    return opened - MEASURED_DAYS * DAY, opened - DAY


def afterwards(on: dt.date) -> tuple[dt.date, dt.date]:
    """The days it was taken over again."""
    return on - MEASURED_DAYS * DAY, on - DAY


def reached_by(demo: Demo, on: dt.date) -> dt.date:
    """The day an invented plan is to reach its target by: half a year after it was opened."""
    return on - demo.days_ago * DAY + 182 * DAY


def measured(figure: int | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


K, S = ProblemType, SourceKind

PRIORITIES = {
    "Places people feel safe to walk and play": PriorityList.DISTRICT,
    "Theft from farms and villages": PriorityList.JSA,
    "Children drawn into crime": PriorityList.STRATEGIC,
}
"""What plans serve beside what panels ask for. Invented."""

PLANS = (
    Demo(
        "SOH",
        260,
        "Motorbikes on the recreation ground frighten walkers most summer evenings",
        "Two or three evenings a week from May. Young children have been taken out of the way more than once.",
        K.ANTI_SOCIAL_BEHAVIOUR,
        (
            (S.ASB, "58 calls in three months, most between six and nine in the evening"),
            (S.RESIDENTS, "A petition of 120 households, handed to the team"),
            (S.PARTNER, "The town council's log of damage to the turf"),
        ),
        ("Calls about nuisance bikes", "Command and control", 58),
        30,
        (
            "Walkers and families, most of them between six and nine in the evening.",
            "Two gates that cannot be closed, and a hard path between them.",
            "Riders of 14 to 17 who meet there.",
        ),
        (
            Step("Fit barriers to both gates", "Town council", -120, True, side=Side.LOCATION),
            Step("Talk to parents with the school", None, -100, True, side=Side.OFFENDER),
            Step("Patrol on warm evenings until the barriers are in", None, -110, True, side=Side.VICTIM),
        ),
        ("Both barriers are in. The second gate took longer: it is on a footpath.", "School and parents met."),
        21,
        (
            "At the panel three residents said the ground is theirs again. One said the bikes went to the bypass.",
            "Calls fell from 58 to 21",
            "The bikes could not get in. Talking to parents came second: two riders went on regardless.",
        ),
        Method.AREA,
        "Burwell, which has a ground of the same size",
        {"treated_before": 58, "treated_after": 21, "comparison_before": 44, "comparison_after": 41},
        cheers=(
            "Walkers, families with young children and the football club",
            "Fear of being hit; turf that costs the council two thousand pounds a season",
            "That somebody keeps the bikes off the ground, and says when",
            "Riding at speed across the ground and its footpath",
            "Two or three evenings a week since May, every year since 2023",
            "The same two gates, the same hours, warm evenings",
        ),
        outer=("Nobody after the warden leaves at five", "The town council", "Parents; the school knows most of them"),
        hypotheses="They come because both gates stand open\nThey come because it is the only lit ground in town",
        tried="Patrols in the summer of 2024: the riders left, and came back within the hour.",
        lesson="Close the way in before anything else. Talk to parents with the school, not instead of it. Agree with "
        "whoever owns the ground who pays for the barrier: that took longest.",
        score=(4, 4, 5, 3),
        wards=("Soham North", "Soham South"),
        serves=("Places people feel safe to walk and play",),
    ),
    Demo(
        "SOH",
        200,
        "Heating oil is stolen from farms north of the town",
        "Seven farms in four months, at night, always from tanks that stand by a track.",
        K.RURAL,
        ((S.CRIME, "20 thefts of oil in three months"), (S.RESIDENTS, "Farm watch: a white van on three nights")),
        ("Thefts of oil", "Recorded crime", 20),
        10,
        ("Farms with tanks by a track.", "Tracks without gates, out of sight of the house.", "Not known."),
        (
            Step("Mark and alarm the twenty tanks nearest a track", "Farm watch", -60, True),
            Step("Letter to every farm with a tank", None, -90, True),
        ),
        ("Eighteen of twenty tanks are marked.",),
        10,
        ("Farm watch is content and wants to go on.", "Ten thefts, half as many", "Perhaps the alarms; perhaps not."),
        Method.AREA,
        "Farms of the next sector",
        {"treated_before": 20, "treated_after": 10, "comparison_before": 20, "comparison_after": 20},
        wards=("Isleham", "Fordham Villages"),
        serves=("Theft from farms and villages",),
    ),
    Demo(
        "SOH",
        70,
        "Cars are driven at speed past the primary school at home time",
        "Every school day. Two near misses at the crossing since September.",
        K.ROAD_SAFETY,
        ((S.PANEL, "Raised at the panel"), (S.PARTNER, "The county's counter: one in four over 35 mph")),
        ("Drivers over 35 mph in a hundred", "The county's counter", 24),
        10,
        (
            "Children and parents at the crossing.",
            "A straight road; the sign is behind a tree.",
            "Local drivers, mostly.",
        ),
        (
            Step("Cut back the tree before the sign", "County council", -6, side=Side.LOCATION),
            Step("Speed watch with six residents", None, 12, side=Side.OFFENDER),
            Step("Letter home from the school", None, -20, True),
        ),
        ("Six residents have been trained for speed watch.",),
    ),
    Demo(
        "SOH",
        25,
        "Shops in the High Street lose stock to the same few people",
        "Three shops report it weekly; others have stopped reporting.",
        K.THEFT,
        ((S.CRIME, "31 thefts from shops in three months"), (S.OFFICERS, "The same three are stopped again and again")),
        ("Thefts from the nine shops", "A count the shops keep", 46),
        None,
        ("Nine shops with one person at the till.", "", ""),
        (),
        ("All nine shops keep a count now.",),
    ),
    Demo(
        "SOH",
        4,
        "Fly-tipping on the droves after every weekend",
        "Household waste, tyres, once asbestos. The drainage board clears it at its own cost.",
        K.ENVIRONMENT,
        ((S.PARTNER, "The drainage board's list of clearances"),),
    ),
    Demo(
        "SOH",
        40,
        "Young people are drawn into carrying drugs from the railway station",
        "Four children known to the school, since the summer.",
        K.DRUGS,
        ((S.INTELLIGENCE, "Two pieces, graded"), (S.PARTNER, "The school's safeguarding lead")),
        ("Children missing from school on two days or more", "The school", 9),
        None,
        restricted="Children could be known from it",
        serves=("Children drawn into crime",),
    ),
    Demo(
        "CEA",
        330,
        "Bicycles are taken from the station's racks by day",
        "About five a week, most on weekdays.",
        K.THEFT,
        ((S.CRIME, "66 thefts in three months"), (S.SURVEY, "One rider in three has lost one")),
        ("Thefts of bicycles at the station", "Recorded crime", 66),
        40,
        ("Commuters who leave a bicycle all day.", "Open racks out of sight of staff. The railway manages them.", ""),
        (Step("Racks behind a gate with a card", "The railway", -150, True, side=Side.LOCATION),),
        ("The gate opened in spring.",),
        31,
        (
            "Riders like the gate; those without a card do not.",
            "Fewer than half",
            "The racks are closed to passers-by.",
        ),
        Method.AREA,
        "The city's other large racks",
        {"treated_before": 66, "treated_after": 31, "comparison_before": 80, "comparison_after": 84},
        Outcome.REDUCED,
        cheers=(
            "Some four hundred people who leave a bicycle at the station",
            "The loss of the bicycle, and of a day's work for some",
            "That the racks are as safe as the trains",
            "Thefts by day with a cutter or a hammer",
            "About five a week, for two years at least",
            "The racks out of sight of staff, cable locks, between ten and four",
        ),
        outer=("Nobody: they are on a train", "The railway", ""),
        hypotheses="Anybody can walk in, and nobody who works there can see them",
        tried="Marking of bicycles in 2024: three hundred marked, thefts unchanged.",
        lesson="Close the racks to passers-by and let people in by card. Marking alone changed nothing. Leave some "
        "open racks in sight of staff for those without a card.",
        approved=True,
        score=(3, 4, 4, 5),
    ),
    Demo(
        "SOH",
        12,
        "Bicycles are taken from the racks behind the library",
        "Two or three a week since the summer, on school days, most of them children's.",
        K.THEFT,
        ((S.CRIME, "17 thefts in three months"), (S.RESIDENTS, "The library keeps a list of its own, of 24")),
        cheers=(
            "Children who come from school",
            "The loss of the bicycle; some walk home alone",
            "",
            "Thefts by day",
            "",
            "",
        ),
        reuses="Bicycles are taken from the station's racks by day",
        wards=("Soham South",),
    ),
    Demo(
        "CNO",
        520,
        "Motorbikes and mopeds are raced through the estate and across its green",
        "Most nights from March to October, by the same ten or so. Nobody dares to stop them.",
        K.ANTI_SOCIAL_BEHAVIOUR,
        (
            (S.ASB, "96 calls in three months, most between eight and eleven at night"),
            (S.PARTNER, "The housing association's log: 41 complaints from two closes"),
        ),
        ("Calls about motorbikes on the estate", "Command and control", 96),
        50,
        (
            "People of the two closes beside the green.",
            "Three cut-throughs wide enough for a bike; the lamps on two are broken.",
            "Riders of 15 to 19, most of them from the estate. Half the bikes are not insured.",
        ),
        (
            Step("Staggered barriers on the three cut-throughs", "Housing association", -210, True, side=Side.LOCATION),
            Step("Mend the lamps", "City council", -230, True, side=Side.LOCATION),
            Step("Warn under section 59, then seize", None, -220, True, side=Side.OFFENDER),
            Step("A place to ride, with the youth club", "Youth club", -190, True, side=Side.OFFENDER),
        ),
        ("Two cut-throughs are closed to bikes.", "Six bikes were warned, two taken."),
        38,
        (
            "The tenants' meeting says that nights are quiet again, but for the last week of term.",
            "Calls fell from 96 to 38",
            "The barriers and the lamps; taking two bikes was talked about for months.",
        ),
        Method.AREA,
        "An estate of the same size across the ring road",
        {"treated_before": 96, "treated_after": 38, "comparison_before": 88, "comparison_after": 90},
        Outcome.REDUCED,
        cheers=(
            "Two hundred households, and children who play on the green",
            "Sleep, fear of being hit, ruts in the green",
            "That the bikes are kept off the green, and that somebody answers when they call",
            "Racing, and riding on paths without lights",
            "Most nights from March to October, for three years",
            "The same three cut-throughs, the same hours",
        ),
        outer=("Tenants, who did not dare", "The housing association", "Parents; the youth club"),
        hypotheses="They come because every way in is open and dark\nThey come because there is nowhere else to ride",
        tried="Patrols in marked cars: the riders left by the cut-throughs, where no car follows.",
        lesson="Walk every way in with whoever owns the paths before anything else: one left open is enough. Warn "
        "first and say so to the estate; then take the bike. Offer somewhere to ride.",
        approved=True,
        score=(4, 5, 4, 4),
        ended=160,
    ),
    Demo(
        "SOH",
        760,
        "Groups gather at the bus shelter and frighten people who wait",
        "Most evenings in term, ten to fifteen of them.",
        K.ANTI_SOCIAL_BEHAVIOUR,
        ((S.ASB, "24 calls in three months"), (S.COUNCILLOR, "Raised by a councillor of the town")),
        ("Calls about the shelter", "Command and control", 24),
        12,
        ("People who wait for the last three buses.", "A shelter with solid sides, out of sight.", "Pupils, mostly."),
        (
            Step("Sides of glass", "County council", -460, True, side=Side.LOCATION),
            Step("Speak to the bus company about its last three buses", None, -450, True, side=Side.VICTIM),
        ),
        ("The glass is in.",),
        21,
        ("Some say it is better, some not.", "21 calls after, 24 before", "They moved to the other side of the road."),
        Method.AREA,
        "The shelter in Fordham",
        {"treated_before": 24, "treated_after": 21, "comparison_before": 19, "comparison_after": 20},
        Outcome.NO_CHANGE,
        wards=("Soham North",),
        serves=("Places people feel safe to walk and play",),
        ended=400,
    ),
    Demo(
        "SOH",
        2600,
        "Stones are thrown at the windows of the almshouses",
        "Each Friday night in the autumn.",
        K.DAMAGE,
        ((S.CRIME, "11 windows in three months"), (S.RESIDENTS, "The warden's book")),
        ("Windows broken", "The warden's book", 11),
        2,
        ("Twelve tenants, most over eighty.", "A wall one can hide behind.", ""),
        (Step("Lower the wall", "Almshouse trust", -2350, True, side=Side.LOCATION),),
        ("The wall is lowered.",),
        0,
        ("The tenants are content.", "No window was broken again", "Nobody can hide there now."),
        outcome=Outcome.RESOLVED,
        ended=2250,
    ),
)
"""For Soham and two teams elsewhere. The author of each is a PC of the team."""

WHY_NOT = "Nobody is known, and what helps does not depend on who it is"
"""Of a side nothing was found of, once the analysis was finished."""
