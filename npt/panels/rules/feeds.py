"""The secret in the address of a panel's calendar (docs/decisions/0032)."""

import hashlib


def hashed(token: str) -> str:
    """What is kept of a secret: its SHA-256. It is long and drawn at random, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
