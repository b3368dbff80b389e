"""Files that others publish and that are not rows under keys: street-level crime, and ward boundaries (FORMATS)."""

from enum import StrEnum

from npt.crime.rules import COLUMNS


class Published(StrEnum):
    """A kind of published file, under the name an export is asked for it by."""

    STREET = "street"
    BOUNDARIES = "ward-boundaries"

    @property
    def label(self) -> str:
        """How the files of this kind are named."""
        return "*-street.csv" if self is Published.STREET else "*.geojson"

    @property
    def holds(self) -> str:
        """What is in such a file, for whoever has to make or find one."""
        if self is Published.STREET:
            return (
                f"{', '.join(COLUMNS)}: street-level crime as data.police.uk publishes it. "
                "A month and force loaded again replaces itself."
            )
        return "Ward boundaries in GeoJSON (WGS84), each ward with WD..CD and WD..NM, or code and name."


def published_kind(name: str) -> Published | None:
    """The kind of published file that a file's name says it is; nothing when it is of another kind."""
    stem, _, suffix = name.lower().rpartition(".")
    if suffix == "geojson" and stem:
        return Published.BOUNDARIES
    if suffix in {"csv", "xlsx"} and stem.endswith("-street"):
        return Published.STREET
    return None
