"""Which reasons a unit gives unusually often, or unusually seldom, beside the rest of the force."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class UnusualReason:
    """A reason that stands out: how many of a unit's entries give it, and how many of the rest of the force's."""

    reason: str
    count: int
    of: int
    rest_count: int
    rest_of: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.count, self.of)

    @property
    def rest_share(self) -> Fraction:
        return Fraction(self.rest_count, self.rest_of)

    @property
    def expected(self) -> Fraction:
        """How many of the unit's entries would give it, if unit and rest gave it alike."""
        return Fraction(self.of * (self.count + self.rest_count), self.of + self.rest_of)

    def enough(self, least: int) -> bool:
        """Whether so many were to be expected at the least: of this reason and of all others, in the unit and in the
        rest.
        """
        every, of_this = self.of + self.rest_of, self.count + self.rest_count
        return min(self.of, self.rest_of) * min(of_this, every - of_this) >= least * every

    @property
    def more(self) -> bool:
        return self.count > self.expected

    @property
    def squared_residual(self) -> Fraction:
        """The square of the adjusted standardised residual: how far the count lies from what was to be expected,
        measured by how far chance alone would usually carry it. Exact; nothing where every entry gives the reason.
        """
        # (count - expected)² / (expected * (1 - of / every) * (1 - of_this / every)), in whole numbers
        every, of_this = self.of + self.rest_of, self.count + self.rest_count
        spread = self.of * self.rest_of * of_this * (every - of_this)
        return Fraction((self.count * every - self.of * of_this) ** 2 * every, spread) if spread else Fraction()


def unusual_reasons(own: Mapping[str, int], force: Mapping[str, int], policy: Policy) -> list[UnusualReason]:
    """The reasons of a unit that stand out from the rest of the force, the furthest out first.

    A reason is not judged where fewer entries were to be expected than policy asks for: chance is too large there.

    :param own: how many of the unit's entries give each reason
    :param force: the same of the whole force, the unit included
    """
    of = sum(own.values())
    rest_of = sum(force.values()) - of
    if of <= 0 or rest_of <= 0:
        return []
    limit = Fraction(policy.reason_mix_limit) ** 2
    found = []
    for reason in sorted(force.keys() | own.keys()):
        count = own.get(reason, 0)
        line = UnusualReason(reason, count, of, force.get(reason, 0) - count, rest_of)
        if line.enough(policy.reason_mix_expected) and line.squared_residual > limit:
            found.append(line)
    return sorted(found, key=lambda line: (-line.squared_residual, not line.more))
