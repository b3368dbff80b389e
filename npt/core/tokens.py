"""Secrets that stand in an address: long, drawn at random, and never kept themselves."""

import hashlib
import secrets

BYTES = 32
"""So much chance in a secret that nobody finds it by trying. No figure of policy."""


def new_token() -> str:
    """A secret that may stand in an address."""
    return secrets.token_urlsafe(BYTES)


def hashed(token: str) -> str:
    """What is kept of a secret: its SHA-256. It is long and drawn at random, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
