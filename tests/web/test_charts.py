import re
from decimal import Decimal
from fractions import Fraction

from flask import Flask

from npt.web import charts


def test_a_bar_says_in_words_what_it_shows(request_of: Flask) -> None:
    drawn = charts.bar(Fraction(98, 1000), Decimal("8"), title="Soham <NPT>", status="over")

    assert "Soham &lt;NPT&gt;</title>" in drawn
    assert "9.8 % against a target of 8.0 %</desc>" in drawn
    assert 'class="npt-chart__value npt-chart__value--over"' in drawn


def test_a_bar_without_data_has_no_bar(request_of: Flask) -> None:
    drawn = charts.bar(None, Decimal("8"), title="Burwell")

    assert "no data against a target of 8.0 %" in drawn
    assert "npt-chart__value" not in drawn


def test_the_target_tick_stands_in_proportion_to_the_bar(request_of: Flask) -> None:
    drawn = charts.bar(Decimal("4"), Decimal("8"), title="Ely")

    width = float(re.findall(r'npt-chart__value" x="0" y="4" width="([\d.]+)"', drawn)[0])
    tick = float(re.findall(r'npt-chart__target" x1="([\d.]+)"', drawn)[0])
    assert tick == 2 * width


def test_a_month_without_data_is_a_gap_and_not_a_zero(request_of: Flask) -> None:
    points = [charts.Point(label, value) for label, value in (("Sep", Decimal(7)), ("Oct", None), ("Nov", Decimal(9)))]

    drawn = charts.line(points, Decimal(8), title="Twelve months")

    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 2
    assert drawn.count("npt-chart__dot--over") == 1
    assert "Sep 7.0 %; Oct no data; Nov 9.0 %; target 8.0 %" in drawn


def test_two_charts_on_a_page_share_no_id(request_of: Flask) -> None:
    page = (
        charts.bar(1, 2, title="A")
        + charts.dots([charts.Point("A", 9)], 8, title="B")
        + charts.line([], None, title="C")
    )

    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 6
    assert "style=" not in page
