"""Vacancies, forecasts, spans and who supervises whom."""
