"""The words of panels, and what is decided about them (RULES section 5)."""
