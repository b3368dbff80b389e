"""Panels, their chairs and meetings, and the priorities they adopt (RULES section 5)."""
