"""Reasons, targets, bands and lines: dated, edited in the application, never written in Python."""
