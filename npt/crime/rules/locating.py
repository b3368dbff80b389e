"""Where a crime is: in which ward's boundary its published point lies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import shapely

Point = tuple[str | None, str | None]
"""A longitude and a latitude as published; nothing where a crime has no location."""


class Place(StrEnum):
    """What is known of where a crime is."""

    WARD = "ward"
    OUTSIDE = "outside"
    UNLOCATED = "unlocated"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Place.WARD: "In a ward",
    Place.OUTSIDE: "Outside every boundary",
    Place.UNLOCATED: "No location published",
}


@dataclass(frozen=True, slots=True)
class Located:
    """The place of a point, and the ward when it is in one."""

    place: Place
    ward: str | None = None


_UNLOCATED, _OUTSIDE = Located(Place.UNLOCATED), Located(Place.OUTSIDE)


def locate(points: Iterable[Point], boundaries: Mapping[str, str]) -> dict[Point, Located]:
    """Locate points by the boundaries of wards, a GeoJSON geometry by the ward's code.

    A point on an outline is inside. In several wards it belongs to the highest code: a ward drawn anew has a higher
    one (coding policy of the Government Statistical Service), so the newer boundary holds, whatever was loaded first.
    """
    found: dict[Point, Located] = {}
    pairs: list[Point] = []
    for point in dict.fromkeys(points):
        if point[0] is None or point[1] is None:
            found[point] = _UNLOCATED
        else:
            found[point] = _OUTSIDE
            pairs.append(point)
    if not pairs or not boundaries:
        return found
    codes = sorted(boundaries)
    shapes = shapely.from_geojson([boundaries[code] for code in codes])
    # The tree holds the points and is asked for each ward's, so that each ward is prepared once.
    tree = shapely.STRtree(shapely.points([(float(x or 0), float(y or 0)) for x, y in pairs]))
    for ward, point_number in sorted(tree.query(shapes, predicate="intersects").T.tolist()):
        found[pairs[point_number]] = Located(Place.WARD, codes[ward])
    return found
