"""A moment a person enters: a day and a clock time at the station, and which one when the clocks went back over it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from flask import current_app
from markupsafe import Markup
from wtforms.validators import StopValidation

from npt.core.periods import MINUTE, Fold, NoSuchTime, TwiceThatNight, instant
from npt.web.filters import clock, day, station_zone
from npt.web.forms.typed import clock_from, day_from

FOLDS = {Fold.BEFORE: "before the clocks went back", Fold.AFTER: "after the clocks went back"}


class MomentWidget:
    """Renders the parts as one group: a legend, the day, the time, and the question when it must be asked."""

    def __call__(self, field: "MomentField", **params: object) -> Markup:
        template = current_app.jinja_env.get_template("components/moment.html")
        return Markup(template.render(field=field, folds=FOLDS, params=params))  # noqa: S704 - our own template


def typed_parts(name: str, at: dt.datetime) -> dict[str, str]:
    """What a person would type into the moment field of that name to mean an instant, to the minute."""
    local = at.astimezone(station_zone())
    parts = {f"{name}_day": local.date().isoformat(), f"{name}_clock": f"{local:%H:%M}"}
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        parts[f"{name}_fold"] = (Fold.AFTER if local.fold else Fold.BEFORE).value
    return parts


class MomentField(wtforms.Field):
    """An instant, entered as ``NAME_day``, ``NAME_clock`` and, only when the time happened twice, ``NAME_fold``.

    ``required`` is the message when nothing is entered; without it nothing means nothing.
    """

    widget = MomentWidget()
    data: dt.datetime | None

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[object] = (),
        *,
        required: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, list(validators), **options)
        self.required = required
        self.fold_asked = False
        self.typed_day = self.typed_clock = self.typed_fold = ""

    def process(self, formdata: Any, data: Any = wtforms.utils.unset_value, extra_filters: Any = None) -> None:
        """Take the three parts from what was sent; the base class knows only of one."""
        super().process(None, data, extra_filters)
        if isinstance(self.data, dt.datetime):
            self._show(self.data)
        if formdata is not None and any(f"{self.name}_{part}" in formdata for part in ("day", "clock")):
            parts = [formdata.get(f"{self.name}_{part}", "").strip() for part in ("day", "clock", "fold")]
            self.typed_day, self.typed_clock, self.typed_fold = parts
            self.raw_data = [part for part in parts[:2] if part]
            self._read()
        elif formdata is not None:
            self.raw_data = []
            self.data = None

    def pre_validate(self, form: wtforms.Form) -> None:
        """Say what to enter when nothing was."""
        if self.data is None and not self.process_errors:
            if self.required:
                raise StopValidation(self.required)
            raise StopValidation

    def _show(self, at: dt.datetime) -> None:
        parts = typed_parts(self.name, at)
        self.typed_day, self.typed_clock = parts[f"{self.name}_day"], parts[f"{self.name}_clock"]
        self.typed_fold = parts.get(f"{self.name}_fold", "")
        self.fold_asked = bool(self.typed_fold)

    def _read(self) -> None:
        self.data = None
        if not self.raw_data:
            return
        try:
            self.data = self._instant()
        except ValueError as error:
            self.process_errors.append(str(error))

    def _instant(self) -> dt.datetime:
        if not self.typed_day:
            raise ValueError("Enter a date as well as a time")
        if not self.typed_clock:
            raise ValueError("Enter a time as well as a date")
        on = day_from(self.typed_day)
        at = clock_from(self.typed_clock)
        fold = Fold(self.typed_fold) if self.typed_fold in set(Fold) else None
        try:
            found = instant_or_why(on, at, station_zone(), fold)
        except TwiceThatNight:
            self.fold_asked = True
            raise
        self.fold_asked = instant_is_doubtful(on, at)
        return found


def instant_is_doubtful(on: dt.date, at: dt.time) -> bool:
    """Whether a local time happened twice, so that the question stays on the page once it is answered."""
    try:
        instant(on, at, station_zone())
    except TwiceThatNight:
        return True
    return False


def instant_or_why(on: dt.date, at: dt.time, zone: ZoneInfo, fold: Fold | None = None) -> dt.datetime:
    """The instant of a day and time at the station, in UTC.

    :raises NoSuchTime: with a sentence for the person, when the clocks went forward over it
    :raises TwiceThatNight: with a sentence for the person, when it happened twice and ``fold`` does not say which
    """
    try:
        return instant(on, at, zone, fold)
    except NoSuchTime as error:
        last, first = _gap(on, at, zone)
        raise NoSuchTime(
            f"{clock(at)} does not exist on {day(on)}: the clocks go forward. "
            f"Enter a time before {clock(last)} or from {clock(first)}."
        ) from error
    except TwiceThatNight as error:
        raise TwiceThatNight(
            f"{clock(at)} happens twice on {day(on)}: the clocks go back. "
            "Choose whether it was before or after they went back."
        ) from error


def _gap(on: dt.date, at: dt.time, zone: ZoneInfo) -> tuple[dt.time, dt.time]:
    """The local time at which the clocks go forward, and the one they go forward to."""
    local = dt.datetime.combine(on, at, tzinfo=zone)
    turn = local.replace(fold=1).astimezone(dt.UTC)
    before = turn.astimezone(zone).utcoffset()
    while turn.astimezone(zone).utcoffset() == before:
        turn += MINUTE
    last = (turn - MINUTE).astimezone(zone).replace(tzinfo=None) + MINUTE
    return last.time(), turn.astimezone(zone).time().replace(tzinfo=None)
