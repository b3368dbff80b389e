"""The units that figures are asked for: the force, a BCU, a sector, a team, a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from npt.abstractions.rules.breakdown import Line
from npt.abstractions.rules.rates import Assessment, Figures, Status, assess, assess_person
from npt.policy.rules import Definition, Policy


class UnitKind(StrEnum):
    """What a unit is. The value is its name in an address."""

    FORCE = "force"
    BCU = "bcu"
    SECTOR = "sector"
    TEAM = "team"
    PERSON = "person"

    @property
    def many(self) -> str:
        """Several of them, in words."""
        return _MANY[self]

    @property
    def parts(self) -> tuple["UnitKind", ...]:
        """What a unit is compared by, the usual first."""
        return _PARTS[self]


_K = UnitKind
_MANY = {_K.FORCE: "Forces", _K.BCU: "BCUs", _K.SECTOR: "Sectors", _K.TEAM: "Teams", _K.PERSON: "People"}
_PARTS = {
    _K.FORCE: (_K.BCU, _K.SECTOR, _K.TEAM),
    _K.BCU: (_K.TEAM, _K.SECTOR),
    _K.SECTOR: (_K.TEAM,),
    _K.TEAM: (_K.PERSON,),
    _K.PERSON: (),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a figure names it, with the teams whose minutes it has and the units above it that may be opened."""

    kind: UnitKind
    code: str
    name: str
    bcu_code: str | None = None
    team_ids: frozenset[int] = frozenset()
    above: Sequence["Unit"] = field(default=(), compare=False)
    person_id: int | None = None

    @property
    def narrowing(self) -> dict[str, str]:
        """How an address asks for it; nothing for the force."""
        return {} if self.kind is UnitKind.FORCE else {self.kind.value: self.code}

    def assess(self, figures: Figures, policy: Policy) -> Assessment:
        """Judge it by the most specific target under the force's own definition; a sector by its BCU's (RULES 4)."""
        if self.kind is UnitKind.PERSON:
            return assess_person(figures, policy, definition=Definition.LOCAL)
        team = self.code if self.kind is UnitKind.TEAM else None
        return assess(figures, policy, team=team, bcu=self.bcu_code)

    def has_target(self, policy: Policy) -> bool:
        """Whether it is judged at all: a person is not, without an individual limit."""
        return self.kind is not UnitKind.PERSON or policy.person_limit_percent is not None

    def line(
        self, figures: Figures, national: Figures, policy: Policy | None, *, code: str = "", label: str = ""
    ) -> Line:
        """It as one line of a table, judged by a policy; by none on days on which there is none.

        Somebody without an individual limit is not judged, and the line has no status.

        :param code: what tells the line apart, when it is not the unit's own code; ``label`` likewise
        """
        judged = self.assess(figures, policy) if policy and self.has_target(policy) else None
        unjudged: Status | None = Status.NO_DATA if figures.rate is None else Status.NO_TARGET
        if self.kind is UnitKind.PERSON:
            unjudged = None
        return Line(
            code or self.code,
            label or self.name,
            figures.duty_minutes,
            figures.abstracted_minutes,
            national.abstracted_minutes,
            figures.off_duty_minutes,
            judged.target_percent if judged else None,
            judged.status if judged else unjudged,
        )
