"""What the exchange reads: what is recorded in the words of the files, and the mappings of other systems' sheets."""

from npt.exchange.queries.mappings import MappingPage, live_mappings, mapping_named, mapping_page, mappings
from npt.exchange.queries.recorded import (
    EXPORTED,
    IMPORTED,
    MANY,
    MODELS,
    PastExport,
    PastImport,
    Recorded,
    exported,
    ids,
    live_stays,
    past_exports,
    past_imports,
    recorded,
    ward_names,
)
from npt.exchange.queries.ward_officers import PublishedTeam, published_months, published_teams

__all__ = [
    "EXPORTED",
    "IMPORTED",
    "MANY",
    "MODELS",
    "MappingPage",
    "PastExport",
    "PastImport",
    "PublishedTeam",
    "Recorded",
    "exported",
    "ids",
    "live_mappings",
    "live_stays",
    "mapping_named",
    "mapping_page",
    "mappings",
    "past_exports",
    "past_imports",
    "published_months",
    "published_teams",
    "recorded",
    "ward_names",
]
