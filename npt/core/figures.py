"""Exact figures as they are shown: rounded once, at the very end, and half up (RULES section 4, FORMATS)."""

from decimal import Decimal
from fractions import Fraction


def two_places(figure: Fraction | Decimal | int) -> str:
    """The figure with two decimal places, rounded half up from its exact value: 95/8 is "11.88"."""
    above, below = figure.as_integer_ratio()
    hundredths = (200 * abs(above) + below) // (2 * below)
    sign = "-" if above < 0 and hundredths else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"
