"""Small, plain charts as SVG made on the server. Each carries its figures as words; the table is one click below.

No style attribute and no script: the page's policy forbids both. Colours come from classes and print.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask import g
from markupsafe import Markup, escape

from npt.web.filters import percent

WIDTH, BAR_HEIGHT, BAR_ROOM = 320, 18, 26
LINE_WIDTH, LINE_HEIGHT, LINE_LEFT, LINE_RIGHT, LINE_FOOT = 720, 220, 52, 30, 26
Figure = Fraction | Decimal | int


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: its label on the axis and its figure, or nothing where there is none."""

    label: str
    value: Figure | None
    target: Figure | None = None
    """What it is held against, when each point has a target of its own."""


def bar(value: Figure | None, target: Figure | None, *, title: str, status: str = "") -> Markup:
    """A bar with a tick at its target. Shares of one or per cent, as the ``percent`` filter takes them.

    ``status`` is ``within``, ``approaching`` or ``over`` and only tints what ``title`` and the figure beside it say.
    """
    reached, aim = _in_percent(value), _in_percent(target)
    top = max(reached or Fraction(0), aim or Fraction(0)) * Fraction(5, 4) or Fraction(1)
    told = f"{percent(value)} against a target of {percent(target)}" if target is not None else percent(value)
    parts = [_rect("npt-chart__ground", 0, WIDTH)]
    if reached is not None:
        parts.append(_rect(f"npt-chart__value {_tint('npt-chart__value', status)}".strip(), 0, reached / top * WIDTH))
    if aim is not None:
        at = _n(aim / top * WIDTH)
        parts.append(f'<line class="npt-chart__target" x1="{at}" x2="{at}" y1="0" y2="{BAR_ROOM}"/>')
    return _svg("npt-bar", WIDTH, BAR_ROOM, title, told, parts)


def line(points: Sequence[Point], target: Figure | None, *, title: str) -> Markup:
    """Figures over time, with a dashed line at the target. A gap stays a gap: there is no figure, not a zero.

    :param target: of every point that has none of its own
    """
    values = [_in_percent(point.value) for point in points]
    aims = [_in_percent(target if point.target is None else point.target) for point in points]
    top = max([value for value in [*values, *aims] if value is not None], default=Fraction(1)) * Fraction(
        9, 8
    ) or Fraction(1)
    room = Fraction(LINE_WIDTH - LINE_LEFT - LINE_RIGHT, max(1, len(points) - 1))

    def place(index: int, value: Fraction) -> tuple[str, str]:
        return _n(LINE_LEFT + index * room), _n((1 - value / top) * (LINE_HEIGHT - LINE_FOOT))

    parts = _axes(top)
    for index, point in enumerate(points):
        x = _n(LINE_LEFT + index * room)
        parts.append(f'<text x="{x}" y="{LINE_HEIGHT - 6}" text-anchor="middle">{escape(point.label)}</text>')
    parts += [_target_line(first, last, place(0, aim)[1], room, len(points)) for first, last, aim in _steps(aims)]
    for run in _runs(values):
        drawn = " ".join(",".join(place(index, value)) for index, value in run)
        parts.append(f'<polyline class="npt-chart__line" points="{drawn}"/>')
        for index, value in run:
            x, y = place(index, value)
            aim = aims[index]
            over = " npt-chart__dot--over" if aim is not None and value > aim else ""
            parts.append(f'<circle class="npt-chart__dot{over}" cx="{x}" cy="{y}" r="4"/>')
    return _svg("npt-trend", LINE_WIDTH, LINE_HEIGHT, title, _told(points, target), parts)


def _told(points: Sequence[Point], target: Figure | None) -> str:
    """The line in words; each point's own target beside it."""
    told = "; ".join(
        f"{point.label} {percent(point.value)}"
        + (f" (target {percent(point.target)})" if point.target is not None else "")
        for point in points
    )
    return told if target is None else f"{told}; target {percent(target)}"


def _steps(aims: Sequence[Fraction | None]) -> list[tuple[int, int, Fraction]]:
    """The stretches over which one target held: the first and the last point of each."""
    steps = []
    for aim, group in itertools.groupby(enumerate(aims), key=lambda pair: pair[1]):
        places = [index for index, _ in group]
        if aim is not None:
            steps.append((places[0], places[-1], aim))
    return steps


def _target_line(first: int, last: int, y: str, room: Fraction, points: int) -> str:
    """From half-way to the point before, to half-way to the one after."""
    from_ = LINE_LEFT + max(Fraction(0), first - Fraction(1, 2)) * room
    to = LINE_WIDTH if last == points - 1 else LINE_LEFT + (last + Fraction(1, 2)) * room
    kind = "npt-chart__target npt-chart__target--line"
    return f'<line class="{kind}" x1="{_n(from_)}" x2="{_n(to)}" y1="{y}" y2="{y}"/>'


def dots(points: Sequence[Point], mark: Figure, *, title: str) -> Markup:
    """Counts as dots on one line, with a tick at the figure they should not pass: spans, for instance."""
    known = [(point, Fraction(point.value)) for point in points if point.value is not None]
    top = max([value for _, value in known] + [Fraction(mark)]) * Fraction(9, 8) or Fraction(1)
    middle = BAR_ROOM // 2
    at = _n(Fraction(mark) / top * WIDTH)
    parts = [
        f'<line class="npt-chart__axis" x1="0" x2="{WIDTH}" y1="{middle}" y2="{middle}"/>',
        f'<line class="npt-chart__target" x1="{at}" x2="{at}" y1="0" y2="{BAR_ROOM}"/>',
    ]
    for _, value in known:
        over = " npt-chart__dot--over" if value > Fraction(mark) else ""
        parts.append(f'<circle class="npt-chart__dot{over}" cx="{_n(value / top * WIDTH)}" cy="{middle}" r="6"/>')
    told = "; ".join(f"{point.label} {_n(value)}" for point, value in known)
    return _svg("npt-bar", WIDTH, BAR_ROOM, title, told, parts)


SPAN_HEIGHT, SPAN_FOOT, SPAN_SIDE = 58, 30, 36


def interval(low: float, value: float, high: float, *, title: str, told: str) -> Markup:
    """A difference as a dot, its interval as a line, and a tick at no change at all.

    :param told: the same in words
    """
    least, most = min(low, 0.0), max(high, 0.0)
    room = (most - least) or 1.0

    def at(figure: float) -> str:
        return _n(Fraction((figure - least) / room * (WIDTH - 2 * SPAN_SIDE) + SPAN_SIDE))

    middle = BAR_ROOM // 2
    parts = [
        f'<line class="npt-chart__axis" x1="0" x2="{WIDTH}" y1="{middle}" y2="{middle}"/>',
        f'<line class="npt-chart__target" x1="{at(0)}" x2="{at(0)}" y1="0" y2="{BAR_ROOM}"/>',
        f'<polyline class="npt-chart__line" points="{at(low)},{middle} {at(high)},{middle}"/>',
        f'<circle class="npt-chart__dot" cx="{at(value)}" cy="{middle}" r="6"/>',
    ]
    for end in (low, high):
        words = f"{end:.1f}".replace("-", "−")
        parts.append(f'<text x="{at(end)}" y="{SPAN_FOOT + 10}" text-anchor="middle">{words}</text>')
    parts.append(f'<text x="{at(0)}" y="{SPAN_HEIGHT - 2}" text-anchor="middle">no change</text>')
    return _svg("npt-bar", WIDTH, SPAN_HEIGHT, title, told, parts)


def _axes(top: Fraction) -> list[str]:
    foot = LINE_HEIGHT - LINE_FOOT
    return [
        f'<line class="npt-chart__axis" x1="{LINE_LEFT}" x2="{LINE_WIDTH}" y1="{foot}" y2="{foot}"/>',
        f'<text x="{LINE_LEFT - 8}" y="{foot + 4}" text-anchor="end">0 %</text>',
        f'<text x="{LINE_LEFT - 8}" y="12" text-anchor="end">{percent(Decimal(round(float(top), 1)))}</text>',
    ]


def _runs(values: Sequence[Fraction | None]) -> list[list[tuple[int, Fraction]]]:
    """The stretches of a line that have figures, with the place of each."""
    runs = []
    for known, group in itertools.groupby(enumerate(values), key=lambda pair: pair[1] is not None):
        if known:
            runs.append([(index, value) for index, value in group if value is not None])
    return runs


def _in_percent(value: Figure | None) -> Fraction | None:
    if value is None:
        return None
    return value * 100 if isinstance(value, Fraction) else Fraction(value)


def _tint(name: str, status: str) -> str:
    return f"{name}--{status}" if status in {"approaching", "over"} else ""


def _rect(name: str, x: int, width: Figure) -> str:
    y = (BAR_ROOM - BAR_HEIGHT) // 2
    return f'<rect class="{name}" x="{x}" y="{y}" width="{_n(width)}" height="{BAR_HEIGHT}"/>'


def _svg(name: str, width: int, height: int, title: str, told: str, parts: Sequence[str]) -> Markup:
    g.npt_charts = number = g.get("npt_charts", 0) + 1
    head = (
        f'<svg class="npt-chart {name}" role="img" viewBox="0 0 {width} {height}"'
        f' aria-labelledby="chart-{number}-title chart-{number}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="chart-{number}-title">{escape(title)}</title>'
        f'<desc id="chart-{number}-desc">{escape(told)}</desc>'
    )
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704 - what is not ours was escaped above


def _n(value: Figure) -> str:
    """A coordinate or count, as short as it can be written."""
    return f"{float(value):.1f}".removesuffix(".0")
