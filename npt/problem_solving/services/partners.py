"""Keep partner organisations, and take in what a partner says of their own actions (docs/decisions/0041)."""

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.people import queries as people
from npt.people.models import Organisation
from npt.people.rules.organisations import OrganisationKind
from npt.problem_solving.models import PlanUpdate
from npt.problem_solving.queries import partners as queries
from npt.problem_solving.rules.acting import CANCELLED_FOR_PARTNER
from npt.problem_solving.rules.partners import obstacles_to_organisation
from npt.problem_solving.rules.stages import CLOSED


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """A partner organisation."""

    name: str
    kind: OrganisationKind


def add_organisation(new: NewOrganisation, *, actor: Actor, at: dt.datetime) -> str:
    """Keep a partner organisation. Returns its code.

    :raises Refused: when there is one of this name
    """
    db.lock_record("organisations")
    refuse_if_any([*obstacles_to_organisation(new.name, queries.organisation_named(new.name) is not None)])
    code = _free_code()
    session.add(Organisation(code=code, name=new.name.strip(), kind=new.kind, active=True))
    session.flush()
    audit.record("organisation.added", f"organisation:{code}", actor=actor, at=at, name=new.name, kind=new.kind)
    return code


def _free_code() -> str:
    number = (session.scalar(select(func.max(Organisation.id))) or 0) + 1
    while people.code_is_taken(f"O-{number}"):
        number += 1
    return f"O-{number}"


@dataclass(frozen=True, slots=True)
class ChangeOfOrganisation:
    """What an organisation is called, what it is, and whether it still works with the force."""

    name: str
    kind: OrganisationKind
    active: bool


def change_organisation(code: str, new: ChangeOfOrganisation, *, actor: Actor, at: dt.datetime) -> None:
    """Change an organisation. Its actions go by its new name.

    :raises NoResultFound: when there is none
    :raises Refused: when another one has the name
    """
    db.lock_record("organisations")
    row = queries.organisation_to_change(code)
    other = queries.organisation_named(new.name)
    refuse_if_any([*obstacles_to_organisation(new.name, other is not None and other.id != row.id)])
    values = asdict(new)
    before = {name: getattr(row, name) for name in values}
    differing = [name for name in values if before[name] != values[name]]
    if not differing:
        return
    for name in differing:
        setattr(row, name, values[name])
    audit.record(
        "organisation.changed",
        f"organisation:{code}",
        actor=actor,
        at=at,
        before={name: before[name] for name in differing},
        after={name: values[name] for name in differing},
    )


def kept_name(typed: str | None, *, actor: Actor, at: dt.datetime) -> str | None:
    """The name on record of an organisation that was typed; one that is not on record yet is put there.

    :raises Refused: when it no longer works with the force
    """
    if typed is None or not typed.strip():
        return None
    known = queries.organisation_named(typed)
    if known is None:
        add_organisation(NewOrganisation(typed.strip(), OrganisationKind.OTHER), actor=actor, at=at)
        return typed.strip()
    if not known.active:
        raise Refused(Reason(f"{known.name} no longer works with the force. Choose another", "partner"))
    return known.name


def say_how_it_stands(action_id: int, text: str, *, actor: Actor, at: dt.datetime) -> None:
    """Say how an action of one's own organisation stands. It is an update of the plan.

    :raises NoResultFound: when it is not the actor's
    :raises Refused: when the plan is closed, or the same form was sent twice
    """
    plan, action = queries.own_to_change(action_id, actor.scope)
    if plan.closed_at is not None:
        raise Refused(CLOSED)
    by = f"{actor.name} ({action.partner})"
    newest = session.scalar(
        select(PlanUpdate).where(PlanUpdate.action_id == action_id).order_by(PlanUpdate.id.desc()).limit(1)
    )
    if newest is not None and (newest.by, newest.text) == (by, text):
        raise Refused(Reason("This is what you wrote last, and it is kept. Write what is new", "text"))
    session.add(PlanUpdate(plan_id=plan.id, action_id=action_id, at=at, by=by, text=text, review=False))
    plan.last_update_at = at
    audit.record(
        "plan.action_updated", f"plan:{plan.ref}", actor=actor, at=at, what=action.what, partner=action.partner
    )


def finish_own_action(action_id: int, *, actor: Actor, at: dt.datetime, on: dt.date) -> str:
    """Say that an action of one's own organisation is done. Returns what was done; saying it again changes nothing.

    :raises NoResultFound: when it is not the actor's
    :raises Refused: when the plan is closed, or the action was cancelled
    """
    plan, action = queries.own_to_change(action_id, actor.scope)
    if plan.closed_at is not None:
        raise Refused(CLOSED)
    if action.cancelled_on is not None:
        raise Refused(CANCELLED_FOR_PARTNER)
    if action.done_on is None:
        action.done_on, action.done_by = on, f"{actor.name} ({action.partner})"
        plan.last_update_at = at
        audit.record(
            "plan.action_done", f"plan:{plan.ref}", actor=actor, at=at, what=action.what, partner=action.partner
        )
    return action.what
