"""Take in published crime and ward boundaries, and keep every crime in the ward whose boundary it lies in."""

from npt.crime.services.loading import Taken, take_in

__all__ = ["Taken", "take_in"]
