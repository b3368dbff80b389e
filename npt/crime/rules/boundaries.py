"""Ward boundaries in GeoJSON (RFC 7946): a code, a name and a shape of each ward, in longitude and latitude (WGS84)."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.errors import GEOSException

from npt.core.errors import Problem

LONGEST_CODE, LONGEST_NAME = 40, 200
_SHAPES = frozenset({"Polygon", "MultiPolygon"})
_CODE, _NAME = re.compile(r"WD\d\dCD", re.IGNORECASE), re.compile(r"WD\d\dNM", re.IGNORECASE)
_WGS84 = re.compile(r"CRS:?84|EPSG:+(\d*:)?4326|WGS ?84", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A ward and its shape, a GeoJSON geometry written without blanks."""

    code: str
    name: str
    geometry: str

    @property
    def sha256(self) -> str:
        """Of the shape, for the record: the shape itself is too long for it."""
        return hashlib.sha256(self.geometry.encode()).hexdigest()


@dataclass
class BoundaryFile:
    """What a file of ward boundaries says, each ward with its line, and all that is wrong with it."""

    name: str
    sha256: str = ""
    boundaries: dict[str, Boundary] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0

    def refuse(self, line: int | None, column: str | None, message: str, value: str | None = None) -> None:
        self.problems.append(Problem(self.name, line, column, message, value))


def read_boundaries(name: str, sha256: str, data: bytes) -> BoundaryFile:
    """Read a GeoJSON file of wards. What is wrong is in ``problems``, with the line on which the ward begins."""
    found = BoundaryFile(name, sha256)
    try:
        text = data.decode("utf-8-sig")
        top, features = _members(text)
    except UnicodeDecodeError as error:
        found.refuse(data.count(b"\n", 0, error.start) + 1, None, "this is not UTF-8: save the file in UTF-8")
        return found
    except json.JSONDecodeError as error:
        found.refuse(error.lineno, None, f"this is not JSON that can be read: {error.msg.lower()}")
        return found
    except (RecursionError, ValueError):
        found.refuse(None, None, "this is not JSON that can be read")
        return found
    if top.get("type") != "FeatureCollection" or features is None:
        found.refuse(1, "type", "a file of boundaries is a FeatureCollection with one feature for each ward")
    elif not _is_wgs84(top.get("crs")):
        found.refuse(1, "crs", "coordinates must be longitude and latitude (WGS84): save the file in EPSG:4326")
    else:
        _read_features(found, features)
    return found


def _members(text: str) -> tuple[dict[str, Any], list[tuple[int, Any]] | None]:
    """The members of the file's object, and of its features each with the line it begins on; None without a list."""
    decoder = json.JSONDecoder(parse_constant=_no_number)
    at = _after_blanks(text, 0)
    if text[at : at + 1] != "{":
        raise json.JSONDecodeError("expecting an object", text, at)
    top: dict[str, Any] = {}
    features: list[tuple[int, Any]] | None = None
    at = _after_blanks(text, at + 1)
    while text[at : at + 1] != "}":
        key, at = decoder.raw_decode(text, at)
        at = _after_blanks(text, _past(text, at, ":"))
        if key == "features" and text[at : at + 1] == "[":
            features, at = _items(text, at, decoder)
        else:
            top[str(key)], at = decoder.raw_decode(text, at)
        at = _next(text, at, "}")
    if text[at + 1 :].strip():
        raise json.JSONDecodeError("extra data", text, at + 1)
    return top, features


def _items(text: str, at: int, decoder: json.JSONDecoder) -> tuple[list[tuple[int, Any]], int]:
    items: list[tuple[int, Any]] = []
    line = text.count("\n", 0, at) + 1
    counted = at
    at = _after_blanks(text, at + 1)
    while text[at : at + 1] != "]":
        line += text.count("\n", counted, at)
        counted = at
        item, at = decoder.raw_decode(text, at)
        items.append((line, item))
        at = _next(text, at, "]")
    return items, at + 1


_BLANKS = re.compile(r"[ \t\r\n]*")


def _after_blanks(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _past(text: str, at: int, sign: str) -> int:
    at = _after_blanks(text, at)
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"expecting '{sign}'", text, at)
    return at + 1


def _next(text: str, at: int, end: str) -> int:
    """Where the next member begins, or the sign that ends them stands."""
    at = _after_blanks(text, at)
    return at if text[at : at + 1] == end else _after_blanks(text, _past(text, at, ","))


def _no_number(constant: str) -> float:
    raise ValueError(constant)


def _is_wgs84(crs: object) -> bool:
    """Whether a file is in longitude and latitude; one that does not say is (RFC 7946)."""
    return crs is None or bool(_WGS84.search(json.dumps(crs)))


def _read_features(found: BoundaryFile, features: Iterable[tuple[int, Any]]) -> None:
    for line, feature in features:
        found.read += 1
        faults = len(found.problems)
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            found.refuse(line, "properties", "a ward has properties with its code and its name")
            continue
        code = _property(found, line, properties, _CODE, "code", LONGEST_CODE)
        name = _property(found, line, properties, _NAME, "name", LONGEST_NAME)
        if code is not None and code in found.lines:
            found.refuse(line, "code", f"the same code as in line {found.lines[code]}", code)
            continue
        geometry = feature.get("geometry")
        for fault in _shape_faults(geometry):
            found.refuse(line, "geometry", fault, code)
        if code is not None:
            found.lines[code] = line
        if code is not None and name is not None and len(found.problems) == faults:
            found.boundaries[code] = Boundary(code, name, _written(geometry))


def _property(
    found: BoundaryFile, line: int, properties: Mapping[str, Any], published: re.Pattern[str], plain: str, most: int
) -> str | None:
    """The code or name of a ward: from ``WD..CD`` or ``WD..NM``, else from ``code`` or ``name``."""
    names = [key for key in properties if published.fullmatch(key)] or [key for key in properties if key == plain]
    if len(names) != 1:
        wanted = f"WD..{'CD' if plain == 'code' else 'NM'} or {plain}"
        several = f"this ward has more than one: keep one of {', '.join(names)}"
        found.refuse(line, plain, several if names else f"this ward has no {plain}: name the property {wanted}")
        return None
    value = properties[names[0]]
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        found.refuse(line, names[0], f"enter the ward's {plain} as a text", value and f"{value}"[:most])
        return None
    if len(text) > most:
        found.refuse(line, names[0], f"this is longer than {most} characters", text[:most])
        return None
    if any(unicodedata.category(sign).startswith("C") for sign in text):
        found.refuse(line, names[0], "this holds a character that cannot be shown", ascii(text))
        return None
    return text


def _written(geometry: Mapping[str, Any]) -> str:
    kept = {"type": geometry["type"], "coordinates": geometry.get("coordinates")}
    return json.dumps(kept, separators=(",", ":"))


def _shape_faults(geometry: object) -> Iterator[str]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in _SHAPES:
        yield f"a ward is a Polygon or a MultiPolygon, and this is {kind or 'nothing'}"
        return
    try:
        shape = shapely.from_geojson(_written(geometry))
    except (GEOSException, TypeError, ValueError):
        yield "this shape cannot be read: each ring has four positions or more and ends where it begins"
        return
    if shape.is_empty:
        yield "this shape is empty"
        return
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        yield "these are not longitude and latitude (WGS84): save the file in EPSG:4326, not in the national grid"
    elif not shape.is_valid:
        yield _why_not_valid(shapely.is_valid_reason(shape))


_FAULTS = {
    "Self-intersection": "its outline crosses itself",
    "Ring Self-intersection": "its outline touches itself",
    "Hole lies outside shell": "a hole lies outside the outline",
    "Holes are nested": "a hole lies inside another",
    "Interior is disconnected": "a hole cuts it in two",
    "Nested shells": "one of its parts lies inside another",
    "Duplicate Rings": "the same ring stands in it twice",
    "Too few points in geometry component": "a ring has too few different positions",
}


def _why_not_valid(reason: str) -> str:
    """What the library says (``Self-intersection[0.1 52.3]``), in words."""
    fault, _, place = reason.partition("[")
    words = _FAULTS.get(fault, fault.lower())
    where = place.rstrip("]")
    return f"this shape is not valid: {words}{f' near {where}' if where else ''}"


def boundary_document(boundaries: Iterable[Boundary]) -> bytes:
    """Boundaries as a GeoJSON file that ``read_boundaries`` reads as the very same, a ward on each line."""
    features = ",\n".join(
        '{"type":"Feature","properties":'
        f'{json.dumps({"code": each.code, "name": each.name}, ensure_ascii=False)},"geometry":{each.geometry}}}'
        for each in boundaries
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'.encode()
