"""What looks like a person in a plan's words, and the streets and schools that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.problem_solving.rules.wording import FORENAMES, PLACES, looks_like_a_person, warning_of

PEOPLE = (
    "Daniel Hughes was seen there again",
    "The suspect, Karen O'Neill, lives opposite",
    "Mr Patel called three times",
    "Mrs. J. Fletcher says it is every night",
    "spoke to Miss Okafor",
    "the boy is Ryan Foster",
)
NOBODY = (
    "Motorbikes on the recreation ground",
    "Fires in the old station yard on Victoria Road",
    "Parking outside St John Fisher School",
    "Youths gather at King George Playing Field",
    "Thefts from the Thomas Clarkson Academy",
    "George Street and Henry Morris Road",
    "Outside Robert Arkenstall Primary School",
    "At the Prince Albert Arms in Ely",
    "Nuisance at James Court and Helen Close",
    "The William Hill shop on High Street",
    "PC Rahman patrols Soham North on Fridays",
    "Speeding on Fordham Road, measured in March and May",
    "East Cambridgeshire District Council cuts the hedge",
    "The John Lewis car park",
    "St Mary's Church and St Andrew Street",
)


@pytest.mark.parametrize("text", PEOPLE)
def test_a_name_is_warned_of(text: str) -> None:
    assert any("name" in each for each in looks_like_a_person(text)), text


@pytest.mark.parametrize("text", NOBODY)
def test_streets_schools_pubs_and_ranks_are_nobody(text: str) -> None:
    assert looks_like_a_person(text) == []


@pytest.mark.parametrize("text", ["dob 3/4/1999", "born on a farm", "12/05/2003", "Date of Birth known"])
def test_a_date_of_birth_is_warned_of_and_the_days_of_a_plan_are_not(text: str) -> None:
    assert looks_like_a_person(text) == ["a date of birth"]
    assert looks_like_a_person("Since 12/05/2026, and again on 3.11.2026") == []


@pytest.mark.parametrize("text", ["07700 900123", "+44 7700 900123", "01223 496 000"])
def test_a_telephone_number_is_warned_of_and_a_crime_number_is_not(text: str) -> None:
    assert looks_like_a_person(f"Ring {text}") == ["a telephone number"]
    assert looks_like_a_person("Crime 35/12345/26, incident 214 of 12 May, 1,204 calls") == []


@given(st.sampled_from(sorted(FORENAMES)), st.sampled_from(sorted(PLACES)))
def test_no_forename_before_a_place_is_somebody(forename: str, place: str) -> None:
    assert looks_like_a_person(f"Noise from {forename} {place} every night") == []


@given(st.text(max_size=200))
def test_whatever_is_typed_is_answered_with_words_or_nothing(text: str) -> None:
    assert (warning_of([text]) == "") == (looks_like_a_person(text) == [])


def test_the_warning_says_each_thing_once() -> None:
    told = warning_of(["Daniel Hughes, 07700 900123", "Daniel Hughes"])
    assert told.startswith("What you wrote looks like a person's name (Daniel Hughes) and a telephone")
