"""Duties, absences, abstractions, and rates against target."""
