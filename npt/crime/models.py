"""The tables of ward boundaries and of published crime."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from npt.core.db import Base, one_of
from npt.crime.rules import Place


class WardBoundary(Base):
    """The shape of a ward as a file gave it. Its ward may belong to a team, or be known by this alone."""

    __tablename__ = "ward_boundaries"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    geometry: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[dt.datetime]


class CrimeMonth(Base):
    """A month as a force published it, from which file. Loaded again it replaces itself.

    ``last_day`` decides which team a ward's crime of the month is counted for.
    """

    __tablename__ = "crime_months"
    __table_args__ = (UniqueConstraint("month", "force"),)

    month: Mapped[dt.date]
    last_day: Mapped[dt.date]
    force: Mapped[str] = mapped_column(String(200))
    file: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[dt.datetime]


class StreetCrime(Base):
    """One published line, each for itself, and the ward its point lies in. Coordinates stay as they were written."""

    __tablename__ = "street_crimes"
    __table_args__ = (
        CheckConstraint("(place = 'ward') = (ward_code IS NOT NULL)", name="in_a_ward"),
        CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="both_coordinates"),
        CheckConstraint("(place = 'unlocated') = (longitude IS NULL)", name="unlocated_without_coordinates"),
        Index(None, "crime_month_id", "ward_code", "place", "crime_type"),
    )

    crime_month_id: Mapped[int] = mapped_column(ForeignKey("crime_months.id"))
    crime_id: Mapped[str | None] = mapped_column(String(100))
    falls_within: Mapped[str | None] = mapped_column(String(200))
    longitude: Mapped[str | None] = mapped_column(String(20))
    latitude: Mapped[str | None] = mapped_column(String(20))
    location: Mapped[str | None] = mapped_column(String(200))
    lsoa_code: Mapped[str | None] = mapped_column(String(20))
    lsoa_name: Mapped[str | None] = mapped_column(String(100))
    crime_type: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str | None] = mapped_column(String(100))
    context: Mapped[str | None] = mapped_column(String(1000))
    place: Mapped[Place] = mapped_column(one_of(Place))
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("ward_boundaries.code"), index=True)
