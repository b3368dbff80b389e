"""Who may do what: roles, permissions and what an actor may see (RULES section 9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The parts people play. A user has exactly one."""

    PC = "pc"
    SERGEANT = "sergeant"
    INSPECTOR = "inspector"
    BCU_MANAGER = "bcu_manager"
    RESOURCES_LEAD = "resources_lead"
    FORCE_LEAD = "force_lead"
    CHAIR = "chair"
    PARTNER = "partner"
    RESPONDER = "responder"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.PC: "PC or PCSO",
    Role.SERGEANT: "NPT sergeant",
    Role.INSPECTOR: "Inspector",
    Role.BCU_MANAGER: "BCU manager",
    Role.RESOURCES_LEAD: "BCU resources lead",
    Role.FORCE_LEAD: "Force lead",
    Role.CHAIR: "Panel chair",
    Role.PARTNER: "Partner",
    Role.RESPONDER: "Response officer",
    Role.ANALYST: "Analyst",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
    Role.SYSTEM: "Scheduled job",
}

PEOPLE_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
"""The roles a user can be given."""


class Permission(StrEnum):
    """One kind of thing a person may do, as ``resource:action``."""

    VIEW_HOME = "home:view"
    VIEW_TEAM = "team:view"
    VIEW_WEEK = "week:view"
    VIEW_ABSENCE_KINDS = "absence_kind:view"
    VIEW_ABSTRACTIONS = "abstraction:view"
    RECORD_ABSTRACTION = "abstraction:record"
    AUTHORISE_ABSTRACTION = "abstraction:authorise"
    CONFIRM_RETURN = "return:confirm"
    CORRECT_CONFIRMED = "abstraction:correct_confirmed"
    VIEW_DIP_SAMPLES = "dip_sample:view"
    DRAW_DIP_SAMPLES = "dip_sample:draw"
    CHANGE_DUTIES = "duty:change"
    VIEW_STAFFING = "staffing:view"
    CHANGE_STAFFING = "staffing:change"
    POST_CONTACT = "contact:post"
    CORRECT_TEAM = "team:correct"
    VIEW_PERSON = "person:view"
    CHANGE_NEEDED_LANGUAGES = "needed_language:change"
    VIEW_SUCCESSION = "succession:view"
    VIEW_BCU_MONTH = "bcu_month:view"
    VIEW_CRIME = "crime:view"
    VIEW_PANELS = "panel:view"
    CHANGE_PANELS = "panel:change"
    PREPARE_PRIORITIES = "priority:prepare"
    DECIDE_PRIORITIES = "priority:decide"
    SHARE_CALENDARS = "panel_calendar:share"
    VIEW_AUTHORITY = "authority:view"
    ALLOCATE_AUTHORITY = "authority:allocate"
    PREPARE_PROFILE = "profile:prepare"
    VIEW_BRIEFING = "briefing:view"
    CHANGE_BRIEFING = "briefing:change"
    VIEW_BRIEFING_READERS = "briefing_reader:view"
    VIEW_PLANS = "plan:view"
    UPDATE_PLANS = "plan:update"
    SUPERVISE_PLANS = "plan:supervise"
    DECIDE_PRACTICE = "practice:decide"
    WORK_PARTNER_ACTIONS = "partner_action:work"
    VIEW_FLAGS = "flag:view"
    ACKNOWLEDGE_FLAG = "flag:acknowledge"
    VIEW_POLICY = "policy:view"
    CHANGE_POLICY = "policy:change"
    SET_TARGETS = "target:set"
    BAR_REASONS = "reason:bar"
    MANAGE_USERS = "user:manage"
    RUN_IMPORTS = "import:run"
    RUN_JOBS = "job:run"
    VIEW_AUDIT = "audit:view"


_P = Permission
_SUPERVISES = frozenset(
    {
        _P.VIEW_TEAM,
        _P.VIEW_CRIME,
        _P.VIEW_PLANS,
        _P.UPDATE_PLANS,
        _P.SUPERVISE_PLANS,
        _P.VIEW_WEEK,
        _P.VIEW_ABSENCE_KINDS,
        _P.VIEW_ABSTRACTIONS,
        _P.RECORD_ABSTRACTION,
        _P.VIEW_DIP_SAMPLES,
        _P.CONFIRM_RETURN,
        _P.CHANGE_DUTIES,
        _P.VIEW_STAFFING,
        _P.POST_CONTACT,
        _P.CORRECT_TEAM,
        _P.VIEW_PERSON,
        _P.CHANGE_NEEDED_LANGUAGES,
        _P.VIEW_PANELS,
        _P.CHANGE_PANELS,
        _P.PREPARE_PRIORITIES,
        _P.DECIDE_PRIORITIES,
        _P.SHARE_CALENDARS,
        _P.PREPARE_PROFILE,
        _P.VIEW_BRIEFING,
        _P.CHANGE_BRIEFING,
        _P.VIEW_BRIEFING_READERS,
        _P.VIEW_FLAGS,
        _P.ACKNOWLEDGE_FLAG,
        _P.VIEW_POLICY,
    }
)
_COMMANDS = _SUPERVISES | {_P.VIEW_AUTHORITY, _P.AUTHORISE_ABSTRACTION, _P.VIEW_SUCCESSION}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.PC: frozenset(
        {
            _P.VIEW_TEAM,
            _P.VIEW_WEEK,
            _P.VIEW_PERSON,
            _P.VIEW_PANELS,
            _P.PREPARE_PROFILE,
            _P.VIEW_BRIEFING,
            _P.VIEW_PLANS,
            _P.UPDATE_PLANS,
        }
    ),
    Role.SERGEANT: _SUPERVISES,
    Role.INSPECTOR: _COMMANDS,
    Role.BCU_MANAGER: _COMMANDS
    | {_P.ALLOCATE_AUTHORITY, _P.CORRECT_CONFIRMED, _P.VIEW_BCU_MONTH, _P.SET_TARGETS, _P.BAR_REASONS},
    Role.RESOURCES_LEAD: frozenset(
        {
            _P.VIEW_STAFFING,
            _P.VIEW_PERSON,
            _P.VIEW_SUCCESSION,
            _P.CHANGE_STAFFING,
            _P.CORRECT_TEAM,
            _P.CHANGE_NEEDED_LANGUAGES,
            _P.CHANGE_DUTIES,
            _P.VIEW_FLAGS,
            _P.ACKNOWLEDGE_FLAG,
            _P.VIEW_POLICY,
        }
    ),
    Role.FORCE_LEAD: frozenset(
        {
            _P.VIEW_ABSTRACTIONS,
            _P.VIEW_DIP_SAMPLES,
            _P.VIEW_STAFFING,
            _P.VIEW_PERSON,
            _P.VIEW_SUCCESSION,
            _P.VIEW_BCU_MONTH,
            _P.VIEW_CRIME,
            _P.VIEW_AUTHORITY,
            _P.ALLOCATE_AUTHORITY,
            _P.VIEW_PANELS,
            _P.VIEW_BRIEFING,
            _P.VIEW_BRIEFING_READERS,
            _P.VIEW_PLANS,
            _P.DECIDE_PRACTICE,
            _P.VIEW_FLAGS,
            _P.VIEW_POLICY,
            _P.CHANGE_POLICY,
            _P.SET_TARGETS,
            _P.BAR_REASONS,
        }
    ),
    Role.CHAIR: frozenset({_P.VIEW_PANELS, _P.DECIDE_PRIORITIES, _P.SHARE_CALENDARS}),
    Role.RESPONDER: frozenset({_P.VIEW_BRIEFING}),
    Role.PARTNER: frozenset({_P.WORK_PARTNER_ACTIONS}),
    Role.ANALYST: frozenset(
        {
            _P.VIEW_ABSTRACTIONS,
            _P.VIEW_STAFFING,
            _P.VIEW_PERSON,
            _P.VIEW_BCU_MONTH,
            _P.VIEW_CRIME,
            _P.VIEW_AUTHORITY,
            _P.VIEW_PANELS,
            _P.VIEW_BRIEFING,
            _P.VIEW_PLANS,
            _P.VIEW_POLICY,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            _P.VIEW_WEEK,
            _P.VIEW_ABSENCE_KINDS,
            _P.VIEW_ABSTRACTIONS,
            _P.VIEW_DIP_SAMPLES,
            _P.DRAW_DIP_SAMPLES,
            _P.VIEW_STAFFING,
            _P.VIEW_PERSON,
            _P.VIEW_SUCCESSION,
            _P.VIEW_BCU_MONTH,
            _P.VIEW_CRIME,
            _P.VIEW_AUTHORITY,
            _P.VIEW_PANELS,
            _P.VIEW_BRIEFING,
            _P.VIEW_BRIEFING_READERS,
            _P.VIEW_PLANS,
            _P.VIEW_FLAGS,
            _P.VIEW_POLICY,
            _P.VIEW_AUDIT,
        }
    ),
    Role.ADMINISTRATOR: frozenset({_P.MANAGE_USERS, _P.RUN_IMPORTS, _P.RUN_JOBS}),
    Role.SYSTEM: frozenset(Permission),
}
"""What each role may do. Everybody signed in has a home."""

FORCE_WITHOUT_SCOPE = frozenset({Role.FORCE_LEAD, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.RESPONDER})
"""The roles that have the whole force when no scope is given; every other role then has nothing (RULES section 9)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an actor may see: the whole force, or these units, worked out for the day."""

    force: bool = False
    bcu_ids: frozenset[int] = frozenset()
    sector_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    person_id: int | None = None
    panel_ids: frozenset[int] = frozenset()
    """A chair's own panels. Whoever sees a team sees the panels that serve it without this."""
    organisation_ids: frozenset[int] = frozenset()
    """A partner's own organisations."""

    def has_team(self, team_id: int | None) -> bool:
        return self.force or (team_id is not None and team_id in self.team_ids)

    def has_bcu(self, bcu_id: int | None) -> bool:
        return self.force or (bcu_id is not None and bcu_id in self.bcu_ids)


EVERYTHING = Scope(force=True)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or a job, acting. Passed to everything that changes or reads; never looked up below the edge."""

    name: str
    role: Role
    scope: Scope = field(default_factory=Scope)
    user_id: int | None = None
    person_id: int | None = None

    def may(self, permission: Permission) -> bool:
        return permission is Permission.VIEW_HOME or permission in GRANTS[self.role]


def system(job: str) -> Actor:
    """The actor a scheduled job or a command acts as. It sees the whole force."""
    return Actor(name=job, role=Role.SYSTEM, scope=EVERYTHING)
