"""Give the demonstration's partner the organisation that has taken something on, and its group."""

import datetime as dt

from npt.accounts import services as accounts
from npt.accounts.services import ChangeOfUser
from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.periods import DAY
from npt.demo import queries
from npt.people.rules.organisations import OrganisationKind
from npt.problem_solving import services as problem_solving
from npt.problem_solving.queries import partners
from npt.problem_solving.rules.partners import GroupKind, GroupMeetingStatus
from npt.problem_solving.services import ChangeOfOrganisation, groups
from npt.problem_solving.services.groups import HowItWas, NewGroup, NewGroupMeeting, NewMember

ADMINISTRATOR = Actor(name="Demonstration administrator", role=Role.ADMINISTRATOR, scope=EVERYTHING)


def partner_signs_in(*, at: dt.datetime, on: dt.date) -> None:
    """Give the partner who signs in the organisation with most overdue."""
    for line in partners.organisations(SERGEANT, on):
        kind = KINDS.get(line.name, line.kind)
        problem_solving.change_organisation(
            line.code, ChangeOfOrganisation(line.name, kind, True), actor=SERGEANT, at=at
        )
    found = partners.organisations(SERGEANT, on)
    user = next((user for user in queries.sign_ins() if user.role is Role.PARTNER), None)
    if found and user is not None:
        change = ChangeOfUser(user.name, user.role, (found[0].code,))
        accounts.change_user(user.id, change, actor=ADMINISTRATOR, at=at)
        _group(found[0].name, at, on)


def _group(organisation: str, at: dt.datetime, on: dt.date) -> None:
    """A joint action group that the organisation is a member of, with a meeting held and one to come."""
    group = groups.add_group(NewGroup("Soham joint action group", GroupKind.JAG, "SOH"), actor=SERGEANT, at=at)
    member = NewMember(organisation, "Highways", on - 200 * DAY)
    groups.add_member(group, member, actor=SERGEANT, at=at)
    for days in (-21, 35):
        meeting = NewGroupMeeting(at.replace(hour=18, minute=0) + days * DAY, "Soham library")
        made = groups.plan_group_meeting(group, meeting, actor=SERGEANT, at=at + min(days, 0) * DAY)
        if days < 0:
            held = HowItWas(GroupMeetingStatus.HELD, "JAG 2026/4, invented")
            groups.record_group_meeting(made, held, actor=SERGEANT, at=at)


SERGEANT = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)
KINDS = {
    "County council": OrganisationKind.COUNCIL,
    "Town council": OrganisationKind.PARISH,
    "Farm watch": OrganisationKind.VOLUNTARY,
    "The railway": OrganisationKind.BUSINESS,
}
