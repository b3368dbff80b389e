"""What scheduled checks found, and what was done about it."""
