"""Signing in and out, and the administrator's pages of users."""

from npt.accounts.views import users
from npt.accounts.views.security import LIBRARY_ENDPOINTS, install

__all__ = ["LIBRARY_ENDPOINTS", "install", "users"]
