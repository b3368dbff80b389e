"""Problem solving: the words, the stages, and whether anything came of it (RULES section 6)."""
