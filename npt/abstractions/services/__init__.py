"""What sergeants and the nightly check do about abstraction."""

from npt.abstractions.services.flagging import Lines, flag_breaches
from npt.abstractions.services.logging import (
    NOT_YOURS,
    NewAbstraction,
    Words,
    cancel_abstraction,
    end_abstraction,
    record_abstraction,
)

__all__ = [
    "NOT_YOURS",
    "Lines",
    "NewAbstraction",
    "Words",
    "cancel_abstraction",
    "end_abstraction",
    "flag_breaches",
    "record_abstraction",
]
