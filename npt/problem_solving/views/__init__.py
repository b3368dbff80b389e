"""The pages of plans."""

from npt.problem_solving.views import closing, keeping, working
from npt.problem_solving.views.lists import bp

__all__ = ["bp", "closing", "keeping", "working"]
