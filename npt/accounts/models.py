"""The tables of users: who may sign in, in which role, for which units."""

import datetime as dt
from typing import cast

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from npt.core.authority import Actor, Role
from npt.core.db import Base, explain, one_of

explain("users_email", "A user with this email address is recorded already.", "email")


class UserScope(Base):
    """One team, sector, BCU or panel a user's role is for, by its code."""

    __tablename__ = "user_scopes"
    __table_args__ = (UniqueConstraint("user_id", "code"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    code: Mapped[str] = mapped_column(String(40))


class User(Base, UserMixin):
    """Somebody who signs in. A user whose email is a person's email is that person."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(one_of(Role))
    password: Mapped[str | None] = mapped_column(String(255))
    password_chosen_at: Mapped[dt.datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    last_signed_in_at: Mapped[dt.datetime | None]

    scopes: Mapped[list[UserScope]] = relationship(order_by=UserScope.code, cascade="all, delete-orphan")

    @property
    def roles(self) -> list[RoleMixin]:
        """Flask-Security's roles are not used: what a role may do stands in ``core.authority``."""
        return []

    @property
    def actor(self) -> Actor:
        """Who this user is when acting. Worked out once a request; never stored.

        :raises AttributeError: when nobody has worked it out yet
        """
        return cast(Actor, self.__dict__["acts_as"])

    def act_as(self, actor: Actor) -> None:
        self.__dict__["acts_as"] = actor


class PasswordLink(Base):
    """A link under which a user may choose a password, once and up to an instant. Only its secret's hash is kept."""

    __tablename__ = "password_links"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime]
    works_until: Mapped[dt.datetime]
