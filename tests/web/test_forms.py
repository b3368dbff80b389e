import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from npt.core.errors import Reason, Refused
from npt.web.forms import (
    ChoiceField,
    ChoicesField,
    ClockField,
    DayField,
    Form,
    MomentField,
    NumberField,
    PasswordField,
    Required,
    TextAreaField,
    TextField,
    WholeField,
    choices_of,
)


class Kind(StrEnum):
    CUSTODY = "custody"
    RESPONSE = "response"

    @property
    def label(self) -> str:
        return f"{self.value.title()} cover"


@dataclass(frozen=True, slots=True)
class NewEntry:
    kind: Kind
    place: str
    note: str | None
    on: dt.date
    weeks: tuple[str, ...]
    by: str


class EntryForm(Form):
    kind = ChoiceField("What for", [Required("Choose what for")], choices=choices_of(Kind), coerce=Kind, first="Choose")
    place = TextField("Where to", [Required("Enter where to")], most=10)
    note = TextAreaField("Note")
    on = DayField("Day", [Required("Enter the day")])
    weeks = ChoicesField("Weeks", choices={"1": "First", "2": "Second"})


class MomentForm(Form):
    starts_at = MomentField("Start", required="Enter when it started")
    ends_at = MomentField("End")


ENTRY = {"kind": "custody", "place": "  Parkside ", "note": "  ", "on": "2026-11-12", "weeks": "2"}


def entry(**changes: str) -> EntryForm:
    return EntryForm(formdata=MultiDict(ENTRY | changes))


def moments(typed: Mapping[str, str]) -> MomentForm:
    form = MomentForm(formdata=MultiDict(typed))
    form.validate()
    return form


def test_a_form_builds_the_input_of_a_service_from_fields_of_the_same_names(request_of: Flask) -> None:
    form = entry()

    assert form.validate(), form.errors
    assert form.into(NewEntry, by="1201") == NewEntry(
        Kind.CUSTODY, "Parkside", None, dt.date(2026, 11, 12), ("2",), "1201"
    )
    assert type(form.kind.data) is Kind


def test_blanks_are_nothing_entered(request_of: Flask) -> None:
    form = entry(place="   ", kind="")

    assert not form.validate()
    assert [line.message for line in form.error_list] == ["Choose what for", "Enter where to"]


def test_a_choice_that_was_not_offered_is_refused(request_of: Flask) -> None:
    form = entry(kind="leave")

    assert not form.validate()
    assert form.kind.errors == ["Choose one from the list"]


def test_a_text_that_is_too_long_is_refused_and_kept(request_of: Flask) -> None:
    form = entry(place="Parkside station")

    assert not form.validate()
    assert form.place.errors == ["Where to must be 10 characters or fewer"]
    assert form.place.data == "Parkside station"


def test_what_nobody_sees_is_not_kept_and_is_nothing_entered(request_of: Flask) -> None:
    pasted = entry(place="Park\tside\x07\x1b", note="One\x0b\r\ntwo\u202e\tthree\ufffe")

    assert pasted.validate(), pasted.errors
    assert (pasted.place.data, pasted.note.data) == ("Park side", "One\n\ntwo\tthree")
    assert not entry(place="\x07 \x08").validate()


def test_a_day_that_is_no_day_says_what_to_enter_and_keeps_what_was_typed(request_of: Flask) -> None:
    form = entry(on="31/02/2026")

    assert not form.validate()
    assert form.on.errors == ["Enter a real date, like 12/11/2026"]
    assert 'value="31/02/2026"' in form.on()


def test_a_password_keeps_its_blanks(request_of: Flask) -> None:
    class SignInForm(Form):
        password = PasswordField("Password")

    assert SignInForm(formdata=MultiDict({"password": " a b "})).password.data == " a b "


def test_every_reason_of_a_refusal_stands_at_its_field_or_at_the_top(request_of: Flask) -> None:
    form = entry()
    form.validate()

    form.refuse(
        Refused(Reason("The post has ended", "place"), Reason("October is confirmed"), Reason("Too late", "by"))
    )

    assert [(line.message, line.href) for line in form.error_list] == [
        ("October is confirmed", None),
        ("Too late", None),
        ("The post has ended", "#place"),
    ]
    assert form.errors


@pytest.mark.parametrize("text", ["09:32", "9.32am", "0932", "9:32 AM", "09:32:15"])
def test_a_time_may_be_written_as_people_write_it(request_of: Flask, text: str) -> None:
    class TimeForm(Form):
        at = ClockField("Time")

    form = TimeForm(formdata=MultiDict({"at": text}))

    assert form.validate()
    assert form.at.data == dt.time(9, 32)


@pytest.mark.parametrize("text", ["25:00", "9:75", "13pm", "soon", "0am"])
def test_a_time_that_is_none_says_what_to_enter(request_of: Flask, text: str) -> None:
    class TimeForm(Form):
        at = ClockField("Time", [Required("Enter the time")])

    form = TimeForm(formdata=MultiDict({"at": text}))

    assert not form.validate()
    assert form.at.errors == ["Enter a real time, like 9:32am or 14:05"]


@pytest.mark.parametrize("text", ["-1", "1e9", "7.555", "NaN", "eight", "1_0", "٣"])
def test_a_number_is_exact_and_not_negative(request_of: Flask, text: str) -> None:
    class HoursForm(Form):
        hours = NumberField("Hours")
        count = WholeField("Count")

    form = HoursForm(formdata=MultiDict({"hours": text, "count": text}))

    assert not form.validate()
    assert form.hours.data is None
    assert form.count.errors == ["Enter a whole number, like 12"]


def test_a_number_stays_exact(request_of: Flask) -> None:
    class HoursForm(Form):
        hours = NumberField("Hours")

    assert HoursForm(formdata=MultiDict({"hours": " 7.25 "})).hours.data == Decimal("7.25")


def test_a_moment_is_entered_on_the_station_clock(request_of: Flask) -> None:
    form = moments({"starts_at_day": "2026-07-01", "starts_at_clock": "07:00"})

    assert form.errors == {}
    assert form.starts_at.data == dt.datetime(2026, 7, 1, 6, 0, tzinfo=dt.UTC)
    assert form.ends_at.data is None


def test_a_moment_that_must_be_entered_says_so(request_of: Flask) -> None:
    assert moments({"starts_at_day": "", "starts_at_clock": " "}).starts_at.errors == ["Enter when it started"]


def test_half_a_moment_is_not_taken_for_none(request_of: Flask) -> None:
    form = moments({"starts_at_day": "2026-07-01", "starts_at_clock": "", "ends_at_clock": "09:00"})

    assert form.starts_at.errors == ["Enter a time as well as a date"]
    assert form.ends_at.errors == ["Enter a date as well as a time"]


def test_a_time_the_clocks_went_forward_over_does_not_exist(request_of: Flask) -> None:
    form = moments({"starts_at_day": "2026-03-29", "starts_at_clock": "01:30"})

    assert form.starts_at.errors == [
        "1:30am does not exist on 29 March 2026: the clocks go forward. Enter a time before 1:00am or from 2:00am."
    ]


def test_a_time_that_happens_twice_asks_which(request_of: Flask) -> None:
    form = moments({"starts_at_day": "2026-10-25", "starts_at_clock": "01:30"})

    assert form.starts_at.errors == [
        "1:30am happens twice on 25 October 2026: the clocks go back. "
        "Choose whether it was before or after they went back."
    ]
    assert 'name="starts_at_fold"' in form.starts_at()


@pytest.mark.parametrize(("fold", "utc"), [("before", 0), ("after", 1)])
def test_the_answer_says_which_of_the_two(request_of: Flask, fold: str, utc: int) -> None:
    form = moments({"starts_at_day": "2026-10-25", "starts_at_clock": "01:30", "starts_at_fold": fold})

    assert form.errors == {}
    assert form.starts_at.data == dt.datetime(2026, 10, 25, utc, 30, tzinfo=dt.UTC)


def test_nobody_is_asked_which_when_the_time_happens_once(request_of: Flask) -> None:
    form = moments({"starts_at_day": "2026-11-12", "starts_at_clock": "01:30"})

    assert "starts_at_fold" not in form.starts_at()


@pytest.mark.parametrize("utc", [0, 1])
def test_a_moment_of_the_doubtful_hour_survives_being_shown_and_sent_again(request_of: Flask, utc: int) -> None:
    at = dt.datetime(2026, 10, 25, utc, 30, tzinfo=dt.UTC)
    shown = MomentForm(formdata=None, starts_at=at).starts_at

    sent = moments(
        {
            "starts_at_day": shown.typed_day,
            "starts_at_clock": shown.typed_clock,
            "starts_at_fold": shown.typed_fold,
        }
    )

    assert sent.starts_at.data == at


def test_every_field_shows_what_was_typed_and_its_error(request_of: Flask) -> None:
    form = entry(place="<b>Parkside station</b>")
    form.validate()

    page = render_template_string(
        "{% from 'components/forms.html' import field %}"
        "{% for f in form if f.name != 'csrf_token' %}{{ field(f) }}{% endfor %}",
        form=form,
    )

    assert "&lt;b&gt;Parkside station&lt;/b&gt;" in page
    assert "Where to must be 10 characters or fewer" in page
    assert '<option value="custody" selected>Custody cover</option>' in page
    assert 'id="place-error"' in page
