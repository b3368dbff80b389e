"""Recorded crime and anti-social behaviour by ward and month, from published files."""
