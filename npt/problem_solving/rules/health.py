"""How plans stand, as whoever supervises them asks: what is late, what stands still, what waits (RULES section 6)."""

from enum import StrEnum


class Health(StrEnum):
    """What somebody has to look at of an open plan."""

    OVERDUE = "overdue"
    STALE = "stale"
    STALLED = "stalled"
    PAST_TARGET = "past_target"
    REVIEW_DUE = "review_due"
    AWAITING_SIGN_OFF = "awaiting_sign_off"

    @property
    def label(self) -> str:
        return _HEALTH[self]


_HEALTH = {
    Health.OVERDUE: "Overdue actions",
    Health.STALE: "No update",
    Health.STALLED: "Stalled at a stage",
    Health.PAST_TARGET: "Past its last due day",
    Health.REVIEW_DUE: "Review due",
    Health.AWAITING_SIGN_OFF: "Awaiting sign-off",
}
