"""Which files there are, and that the tables can hold what they carry."""

import pytest
from sqlalchemy import String

from npt.exchange.queries import MODELS
from npt.exchange.rules.cells import Clock
from npt.exchange.rules.columns import Kind
from npt.exchange.rules.kinds import KINDS, kind_of, place_of
from npt.exchange.rules.published import Published, published_kind
from tests.exchange.make import FORCE, LONDON

CLOCK = Clock(LONDON)


def test_a_folder_loads_in_the_published_order() -> None:
    units = "bcus sectors teams wards posts people postings cover skills"
    entries = "reasons targets duties absences abstractions policy contacts"

    entries += " patterns pattern_people panels chairs meetings priorities"

    assert [kind.name for kind in KINDS] == [*units.split(), *entries.split(), "needed_languages"] == list(FORCE)


@pytest.mark.parametrize("name", ["duties.csv", "duties.xlsx", "Duties.CSV", "OFFICIAL-duties.csv"])
def test_a_files_name_says_its_kind(name: str) -> None:
    assert kind_of(name).name == "duties"


@pytest.mark.parametrize("name", ["README.md", "duties", "duties.txt", "duties.csv.bak", "rota.csv", "csv", ".csv"])
def test_a_file_of_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        kind_of(name)
    assert place_of(name) > max(place_of("wards.geojson"), len(KINDS))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2024-01-cambridgeshire-street.csv", Published.STREET),
        ("OFFICIAL-2024-01-Cambridgeshire-street.XLSX", Published.STREET),
        ("E07000008-wards.geojson", Published.BOUNDARIES),
        ("street.csv", None),
        ("wards.csv", None),
        (".geojson", None),
    ],
)
def test_a_published_file_is_known_by_the_end_of_its_name_and_loads_after_the_rows(
    name: str, kind: Published | None
) -> None:
    assert published_kind(name) is kind
    assert (place_of(name) in (len(KINDS), len(KINDS) + 1)) == (kind is not None)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_no_text_is_accepted_that_the_table_cannot_hold(kind: Kind) -> None:
    table = MODELS[kind.name].__table__
    for column in kind.columns:
        if column.stored_as is None or column.stored_as.endswith("_id"):
            continue
        kept = table.c[column.stored_as].type
        if isinstance(kept, String) and kept.length is not None and type(kept) is String:
            with pytest.raises(ValueError):  # noqa: PT011 - any complaint will do
                column.parse("x" * (kept.length + 1), CLOCK)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_every_column_a_table_must_have_is_asked_for(kind: Kind) -> None:
    table = MODELS[kind.name].__table__
    for column in kind.columns:
        if column.stored_as is not None and not table.c[column.stored_as].nullable:
            assert column.required or column.empty is not None
