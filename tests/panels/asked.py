"""A panel, its chair and vice-chair, its team with plans, and priorities wherever they are wanted."""

import datetime as dt
from zoneinfo import ZoneInfo

from npt.accounts.models import User
from npt.accounts.queries import actor_of
from npt.core.authority import Actor, Role
from npt.core.db import session, transaction
from npt.panels import queries, services
from npt.panels.models import Priority
from npt.panels.rules.seals import sha256_of
from npt.panels.rules.signing import Consent
from npt.panels.rules.vocabulary import EventKind, MeetingStatus, Office, PriorityState
from npt.panels.services import Decision, NewFeedback, NewPriority, NewSignature, Terms
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.problem_solving import services as plan_services
from npt.problem_solving.rules.vocabulary import Outcome, Stage
from tests import make
from tests.conftest import NOW, TODAY
from tests.problem_solving import make as plans

LONDON = ZoneInfo("Europe/London")
UNANIMOUS = Consent(unanimous=True)
MINUTE = "6.2"


class Asked:
    """Soham and Villages panel: Margaret Holt is its chair, Robert Dunn its vice-chair, and Soham leads it."""

    def __init__(self, number: str = "") -> None:
        """:param number: sets it apart from others of the same test"""
        with transaction():
            start_policy()
        self.sector = make.sector()
        self.code = f"SV{number}"
        self.soham = make.team(self.sector, f"SOH{number}", "Soham")
        self.panel = make.panel(self.soham, code=self.code)
        chair, vice, writer = (f"{who}{number}@demo.example" for who in ("m.holt", "r.dunn", "pc"))
        self.terms_held = [
            make.chair(self.panel, chair),
            make.chair(self.panel, vice, office=Office.VICE_CHAIR, name="Robert Dunn"),
        ]
        self.meeting = make.meeting(self.panel, "2026-10-15 18:00")
        self.next = make.meeting(self.panel, "2026-12-10 18:00", MeetingStatus.PLANNED)
        self.writer = make.posted(self.soham, email=writer)
        self.users = {
            "chair": make.user(Role.CHAIR, self.code, email=chair, name="M. Holt"),
            "vice": make.user(Role.CHAIR, self.code, email=vice, name="R. Dunn"),
            "sergeant": make.user(Role.SERGEANT, self.soham.code),
            "other sergeant": make.user(Role.SERGEANT, self.soham.code),
            "inspector": make.user(Role.INSPECTOR, self.sector.code),
            "pc": make.user(Role.PC, self.soham.code, email=writer),
        }

    def user(self, who: str) -> User:
        return self.users[who]

    def actor(self, who: str, on: dt.date = TODAY) -> Actor:
        return actor_of(self.users[who], on)

    def decision(self, reason: str = "") -> Decision:
        return Decision(self.meeting.id, MINUTE, reason)

    def raised(self, title: str = "Speeding on Fordham Road") -> Priority:
        with transaction():
            new = NewPriority(title, "Cars past the school", "Residents")
            return services.raise_priority(self.code, new, actor=self.actor("sergeant"), at=NOW, zone=LONDON)

    def adopted(self, title: str = "Speeding on Fordham Road") -> Priority:
        priority = self.raised(title)
        with transaction():
            services.adopt_priority(
                priority.id, self.decision(), actor=self.actor("chair"), at=NOW, on=TODAY, zone=LONDON
            )
        return priority

    def started(self, stage: Stage = Stage.ASSESSMENT, title: str = "Speeding on Fordham Road") -> Priority:
        priority = self.adopted(title)
        ref = plans.plan(self.soham, self.actor("pc"), stage, problem=f"{title}: cars")
        with transaction():
            services.tie_plan(priority.id, ref, actor=self.actor("sergeant"), at=NOW, on=TODAY)
        return priority

    def heard(self, priority: Priority, on: dt.date = TODAY) -> None:
        with transaction():
            new = NewFeedback(on, "Street survey", "Cars are slower, most say")
            services.add_feedback(priority.id, new, actor=self.actor("sergeant"), at=NOW, on=TODAY)

    def forward(self, stage: Stage = Stage.ASSESSMENT, title: str = "Speeding on Fordham Road") -> Priority:
        """Put forward with everything a signature needs, when its plan is at assessment."""
        priority = self.started(stage, title)
        self.heard(priority)
        with transaction():
            services.put_forward(priority.id, actor=self.actor("sergeant"), at=NOW)
        return priority

    def new_signature(self, priority: Priority, who: str, consent: Consent = UNANIMOUS) -> NewSignature:
        """What somebody who has read everything sends."""
        new = NewSignature(self.meeting.id, MINUTE, consent)
        page = queries.priority_page(priority.id, self.actor(who), TODAY, policy_on(TODAY), LONDON)
        try:
            text = services.words_to_sign(page, new, self.terms(), TODAY)
        except ValueError:
            text = ""
        session.rollback()
        return NewSignature(self.meeting.id, MINUTE, consent, sha256_of(text))

    def terms(self) -> Terms:
        return Terms(policy_on(TODAY), LONDON)

    def sign(self, priority: Priority, who: str = "chair", at: dt.datetime = NOW) -> None:
        new = self.new_signature(priority, who)
        with transaction():
            services.sign_off(priority.id, new, actor=self.actor(who), at=at, on=TODAY, terms=self.terms())

    def signed(self, title: str = "Speeding on Fordham Road") -> Priority:
        priority = self.forward(title=title)
        self.sign(priority)
        return priority

    def page(self, priority: Priority, who: str = "chair") -> queries.PriorityPage:
        return queries.priority_page(priority.id, self.actor(who), TODAY, policy_on(TODAY), LONDON)

    def state(self, priority: Priority) -> PriorityState:
        return self.page(priority).priority.state

    def sergeant_posted(self) -> None:
        """Somebody who answers for the team's flags."""
        make.posted(self.soham, Grade.SERGEANT)


def kinds(asked: Asked, priority: Priority) -> list[EventKind]:
    """The steps a priority took, oldest first."""
    return [step.kind for step in reversed(asked.page(priority).events)]


def close(asked: Asked, ref: str, who: str = "inspector") -> None:
    """Close a plan, as somebody of a role."""
    with transaction():
        plan_services.close_plan(ref, Outcome.REDUCED, actor=asked.actor(who), at=NOW, **plans.CLOSING)


def plan_of(asked: Asked, priority: Priority) -> str:
    """The ref of the plan that answers a priority."""
    plan = asked.page(priority).plan
    assert plan
    return plan.ref
