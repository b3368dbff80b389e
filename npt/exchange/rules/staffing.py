"""What postings must hold together: nobody above 1.00 FTE, no post above its own, none before its post (RULES 2)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from npt.core.errors import Problem
from npt.exchange.rules.columns import Key
from npt.exchange.rules.rows import Ledger
from npt.people.rules import PostFact, PostingFact, fte_breaches, post_fte_breaches
from npt.staffing.rules.moves import starts_before_its_post

Held = tuple[Key, PostingFact]


def staffing_problems(books: Mapping[str, Ledger]) -> list[Problem]:
    """Every posting, person and post of a run that breaks section 2. What was broken before it is not its fault."""
    held = _postings(books)
    return [*_before_their_post(books), *_people_over(books, held), *_posts_over(books, held)]


def _postings(books: Mapping[str, Ledger]) -> list[Held]:
    posts = _posts(books)
    people = books["people"].after
    numbers = {key[0]: number for number, key in enumerate(people)}
    facts = []
    for key, row in books["postings"].after.items():
        post = posts.get(row["post"])
        # A posting to a post or of a person whose own row is faulty is judged once that is mended.
        if post is None or row["collar_number"] not in numbers:
            continue
        fact = PostingFact(
            numbers[row["collar_number"]],
            post,
            row["kind"],
            row["first_day"],
            row["last_day"],
            row["fte"],
            people[row["collar_number"],]["leaving_on"],
        )
        facts.append((key, fact))
    return facts


def _posts(books: Mapping[str, Ledger]) -> dict[str, PostFact]:
    teams = books["teams"].after
    facts = {}
    for number, (key, row) in enumerate(books["posts"].after.items()):
        team = teams.get((row["team"],))
        ends = [day for day in (row["last_day"], team["last_day"] if team else None) if day is not None]
        facts[key[0]] = PostFact(number, key[0], row["grade"], row["fte"], row["first_day"], min(ends, default=None))
    return facts


def _before_their_post(books: Mapping[str, Ledger]) -> Iterator[Problem]:
    postings, posts = books["postings"], books["posts"]
    brought, brought_posts = postings.touched, posts.touched
    for key, row in postings.after.items():
        post_key = (row["post"],)
        post = posts.after.get(post_key)
        if post is None or not starts_before_its_post(row["first_day"], post["first_day"]):
            continue
        if key in brought:
            message = f"the posting starts before its post, whose first day is {post['first_day']}"
            yield postings.problem(key, "first_day", message)
        elif post_key in brought_posts:
            message = f"{row['collar_number']} is in this post since {row['first_day']}"
            yield posts.problem(post_key, "first_day", message)


def _people_over(books: Mapping[str, Ledger], held: Iterable[Held]) -> Iterator[Problem]:
    of_person: dict[int, list[Held]] = defaultdict(list)
    for item in held:
        of_person[item[1].person_id].append(item)
    for items in of_person.values():
        breaches = fte_breaches([fact for _, fact in items])
        if breaches:
            day, fte = breaches[0]
            message = f"this person would hold {fte} FTE from {day}: nobody holds more than 1.00"
            yield from _brought_by(books, items, items, day, message)


def _posts_over(books: Mapping[str, Ledger], held: list[Held]) -> Iterator[Problem]:
    of_person: dict[int, list[Held]] = defaultdict(list)
    of_post: dict[str, list[Held]] = defaultdict(list)
    for key, fact in held:
        of_person[fact.person_id].append((key, fact))
        of_post[fact.post.ref].append((key, fact))
    for items in of_post.values():
        # One holder is within the post unless the posting says more; most posts need no walk through their days.
        post = items[0][1].post
        if len(items) == 1 and items[0][1].fte is None:
            continue
        everything = [item for person in {fact.person_id for _, fact in items} for item in of_person[person]]
        breaches = post_fte_breaches(post, [fact for _, fact in everything])
        if breaches:
            day, fte = breaches[0]
            message = f"post {post.ref} of {post.fte} FTE would be held by {fte} FTE from {day}"
            yield from _brought_by(books, items, everything, day, message)


def _brought_by(
    books: Mapping[str, Ledger], items: list[Held], around: list[Held], day: dt.date, message: str
) -> Iterator[Problem]:
    """The row of this run that brings a breach about, if any does.

    A posting begun by then; else one of the same people whose change ends a suspension; else their person, post, team.
    """
    postings = books["postings"]
    begun = [key for key, fact in items if key in postings.touched and fact.first_day <= day]
    if begun:
        yield postings.problem(max(begun, key=postings.line), "fte", message)
        return
    for name, column, keys in (
        ("postings", "last_day", [key for key, _ in around]),
        ("people", "leaving_on", [(key[0],) for key, _ in items]),
        ("posts", "last_day", [(fact.post.ref,) for _, fact in items]),
        ("teams", "last_day", [(books["posts"].after[fact.post.ref,]["team"],) for _, fact in items]),
    ):
        ledger = books[name]
        if found := next((key for key in keys if key in ledger.touched), None):
            yield ledger.problem(found, column, message)
            return
