"""What tests of the reports stand on: the small force, and the manager of its Northern BCU."""

import pytest
from flask.testing import FlaskClient

from npt.core.authority import Role
from tests import make
from tests.conftest import SignIn
from tests.reports.force import SmallForce, small_force


@pytest.fixture
def force(session: object) -> SmallForce:
    return small_force()


@pytest.fixture
def manager(force: SmallForce, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.BCU_MANAGER, "N"))
