"""Vacancies and forecasts, tenure, and who supervises whom (RULES sections 2 and 3)."""
