"""Targets: which one applies, its dated rows, and how it is set, ended and withdrawn."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.edge import actor, now, policy, today
from npt.people import queries as people
from npt.policy import services
from npt.policy.forms import EndForm, TargetForm
from npt.policy.queries import dated as queries
from npt.policy.queries.dated import TargetRow, Unit
from npt.policy.rules import Group, TargetScope
from npt.policy.rules.dated import Standing
from npt.policy.rules.words import GROUP_LABELS, WHOLE, TargetKey
from npt.policy.services import NewTarget
from npt.policy.views import bp
from npt.policy.views.asking import ask, ask_to_withdraw, asked, preview_of, start
from npt.policy.views.files import dated_file
from npt.web.access import requires
from npt.web.addresses import asked_day, here
from npt.web.forms import Form


def _units() -> list[Unit]:
    return queries.units(actor().scope, today())


def _key(scope: str, code: str, group: str) -> tuple[TargetKey, Unit]:
    """The key an address names; 404 when it is none, or concerns somebody else."""
    if scope not in set(TargetScope) or group not in set(Group):
        abort(404)
    key = TargetKey(TargetScope(scope), "" if scope == TargetScope.FORCE else code, Group(group))
    unit = next((unit for unit in _units() if (unit.scope, unit.code) == (key.scope, key.code)), None)
    if unit is None or (key.scope is TargetScope.FORCE and code != WHOLE):
        abort(404)
    return key, unit


def _address(key: TargetKey) -> str:
    return url_for("policy.target", scope=key.scope.value, code=key.code or WHOLE, group=key.group.value)


@bp.get("/targets/<scope>/<code>/<group>")
@requires(Permission.VIEW_POLICY)
def target(scope: str, code: str, group: str) -> ResponseReturnValue:
    """One target: its dated rows, past, in force and to come, and who set it and why."""
    key, unit = _key(scope, code, group)
    rows = [row for row in queries.target_rows([unit]) if row.key == key]
    if ending := request.args.get("format"):
        return dated_file(ending, "targets", rows, f"{unit.name} {key.group.value}")
    return render_template(
        "policy/target.html",
        key=key,
        unit=unit,
        rows=rows,
        here=here,
        today=today(),
        group=GROUP_LABELS[key.group],
        may=may_set(key),
        history=audit.history(f"target:{key.reference}", *_imported(rows)),
        code=key.code or WHOLE,
    )


def _imported(rows: list[TargetRow]) -> list[str]:
    """What an import leaves in the record of each row."""
    return [f"target:{'/'.join([row.key.scope, row.key.code, row.key.group, str(row.span.first_day)])}" for row in rows]


def may_set(key: TargetKey) -> bool:
    """Whether the actor may be shown how a target is set; the service decides."""
    if not actor().may(Permission.SET_TARGETS):
        return False
    return key.scope is TargetScope.TEAM or actor().may(Permission.CHANGE_POLICY)


@dataclass(frozen=True, slots=True)
class Step:
    """One place where a target is looked for, in the order in which they are asked."""

    unit: Unit
    group: Group
    row: TargetRow | None
    applies: bool


@bp.get("/targets/applying")
@requires(Permission.VIEW_POLICY)
def applying() -> ResponseReturnValue:
    """Which target judges a team, a BCU or the force on a day: where it was found, who set it, since when and why."""
    on, units = asked_day(), _units()
    group = Group(request.args["group"]) if request.args.get("group") in set(Group) else Group.ALL
    places = _places(units)
    found = policy(on).targets.find(
        group,
        team=next((unit.code for unit in places if unit.scope is TargetScope.TEAM), None),
        bcu=next((unit.code for unit in places if unit.scope is TargetScope.BCU), None),
    )
    rows = {row.key: row for row in queries.target_rows(places) if row.span.standing(on) is Standing.NOW}
    groups = [group] if group is Group.ALL else [group, Group.ALL]
    steps = []
    for unit in places:
        for each in groups:
            row = rows.get(TargetKey(unit.scope, unit.code, each))
            applies = found is not None and (found.scope, found.scope_code, found.group) == (
                unit.scope,
                unit.code,
                each,
            )
            steps.append(Step(unit, each, row, applies))
    return render_template(
        "policy/applying.html",
        on=on,
        of=places[0],
        group=group,
        groups=GROUP_LABELS,
        steps=steps,
        applying=next((step for step in steps if step.applies), None),
        address=_address,
        key_of=lambda step: TargetKey(step.unit.scope, step.unit.code, step.group),
        may=may_set(TargetKey(places[0].scope, places[0].code, group)),
    )


def _places(units: list[Unit]) -> list[Unit]:
    """Where the target of what the address names is looked for: its own unit first, then those above."""
    team, bcu = request.args.get("team"), request.args.get("bcu")
    if team:
        bcu = people.team(team, actor().scope).bcu_code
    wanted = [(TargetScope.TEAM, team), (TargetScope.BCU, bcu), (TargetScope.FORCE, "")]
    known = {(unit.scope, unit.code): unit for unit in units}
    places = [known[place] for scope, code in wanted if code is not None and (place := (scope, code)) in known]
    if bcu and not any(unit.scope is TargetScope.BCU for unit in places):
        abort(404)
    return places


@bp.route("/targets/set", methods=["GET", "POST"])
@requires(Permission.SET_TARGETS)
def set_target() -> ResponseReturnValue:
    """Set a target from a day on: a force lead's of any unit, a BCU manager's of a team of the BCU."""
    mine = (unit for unit in _units() if unit.live and may_set(TargetKey(unit.scope, unit.code, Group.ALL)))
    units = {f"{unit.scope.value}:{unit.code}": unit for unit in mine}
    form = TargetForm(
        {value: unit.name for value, unit in units.items()},
        **start(unit=request.args.get("unit"), group=request.args.get("group", Group.ALL.value)),
    )
    page = asked(
        "Set a target",
        "Set this target",
        ("Policy", url_for("policy.index")),
        "A month is judged by the target in force on its last day. No month that is over changes.",
    )
    unit = units.get(str(form.unit.data))
    key = TargetKey(unit.scope, unit.code, form.group.data or Group.ALL) if unit else None
    return ask(
        form,
        page,
        lambda seen: services.set_target(
            cast(TargetKey, key), form.into(NewTarget), actor=actor(), at=now(), on=today(), seen=seen
        ),
        f"The target of {unit.name if unit else ''} is set.",
        _address(key) if key else "",
        preview=lambda: preview_of("target"),
    )


@bp.route("/targets/<scope>/<code>/<group>/end", methods=["GET", "POST"])
@requires(Permission.SET_TARGETS)
def end_target(scope: str, code: str, group: str) -> ResponseReturnValue:
    """Let a target end, so that the one of the unit above judges again."""
    key, unit = _key(scope, code, group)
    _hold(key)
    form = EndForm(**start())
    title = f"End the target of {unit.name}"
    return ask(
        form,
        asked(title, "End this target", (f"Target of {unit.name}", _address(key)), warning=True),
        lambda seen: services.end_target(
            key, _last_day(form), str(form.why.data), actor=actor(), at=now(), on=today(), seen=seen
        ),
        f"The target of {unit.name} has a last day.",
        _address(key),
    )


@bp.route("/targets/<scope>/<code>/<group>/<int:row_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.SET_TARGETS)
def withdraw_target(scope: str, code: str, group: str, row_id: int) -> ResponseReturnValue:
    """Take back a target that is still to come."""
    key, unit = _key(scope, code, group)
    _hold(key)
    title = f"Withdraw the target of {unit.name} to come"
    return ask_to_withdraw(
        asked(title, "Withdraw this target", (f"Target of {unit.name}", _address(key)), warning=True),
        lambda seen: services.withdraw_target(key, row_id, actor=actor(), at=now(), on=today(), seen=seen),
        f"The target of {unit.name} that was to come is withdrawn.",
    )


def _hold(key: TargetKey) -> None:
    if not may_set(key):
        abort(404)


def _last_day(form: Form) -> dt.date:
    return cast(dt.date, form["last_day"].data)
