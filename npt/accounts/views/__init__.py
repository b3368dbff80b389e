"""Signing in and out, and the administrator's pages of users."""

from npt.accounts.views import links, users
from npt.accounts.views.security import LIBRARY_ENDPOINTS, install

__all__ = ["LIBRARY_ENDPOINTS", "install", "links", "users"]
