"""How a row that is final is tied to the record: by the hash of everything in it, which its entry carries."""

import hashlib
from collections.abc import Mapping
from typing import Any

from npt.audit.rules import canonical

SEAL = "seal"
"""The particular of an entry in the record that holds the hash of the row it tells of."""


def seal_of(values: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a row."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()


def sha256_of(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
