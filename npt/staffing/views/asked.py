"""What the address of a staffing page asks for: the day, and files in place of the page."""

from npt.web.addresses import asked_day, here

__all__ = ["asked_day", "here"]
