"""The pages of plans."""

from npt.problem_solving.views import closing, keeping, library, sharing, working
from npt.problem_solving.views.lists import bp

__all__ = ["bp", "closing", "keeping", "library", "sharing", "working"]
