from decimal import Decimal
from fractions import Fraction

import pytest

from npt.core.figures import two_places


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Fraction(89, 11), "8.09"),
        (Fraction(95, 8), "11.88"),
        (Fraction(116, 12), "9.67"),
        (Fraction(300, 31), "9.68"),
        (Fraction(0), "0.00"),
        (17, "17.00"),
        (Decimal("0.125"), "0.13"),
        (Decimal("0.005"), "0.01"),
        (Decimal("0.0049"), "0.00"),
        (Fraction(-95, 8), "-11.88"),
        (Decimal("-0.004"), "0.00"),
        (Fraction(99999, 1000), "100.00"),
    ],
)
def test_figures_are_rounded_half_up_from_their_exact_value(figure: Fraction | Decimal | int, shown: str) -> None:
    assert two_places(figure) == shown
