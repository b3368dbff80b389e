"""What is done about staffing, by people and by the nightly checks."""

from npt.staffing.services.boundaries import review_boundaries
from npt.staffing.services.contacts import NewContact, NewReach, correct_team, end_contact, name_contact
from npt.staffing.services.cover import NewCover, end_cover, record_cover
from npt.staffing.services.flagging import flag_contacts, flag_supervision, flag_vacancies
from npt.staffing.services.planning import NewPlan, plan_vacancy
from npt.staffing.services.postings import (
    EndOfPosting,
    Move,
    NewPosting,
    act_up,
    attach_person,
    end_posting,
    move_person,
    post_person,
    promote_temporarily,
)
from npt.staffing.services.posts import (
    ChangeOfPost,
    Funding,
    NewPost,
    change_post,
    create_post,
    end_post,
    fund_post,
    require_skill,
)
from npt.staffing.services.rehearsing import Rehearsed, rehearse

__all__ = [
    "ChangeOfPost",
    "EndOfPosting",
    "Funding",
    "Move",
    "NewContact",
    "NewCover",
    "NewPlan",
    "NewPost",
    "NewPosting",
    "NewReach",
    "Rehearsed",
    "act_up",
    "attach_person",
    "change_post",
    "correct_team",
    "create_post",
    "end_contact",
    "end_cover",
    "end_post",
    "end_posting",
    "flag_contacts",
    "flag_supervision",
    "flag_vacancies",
    "fund_post",
    "move_person",
    "name_contact",
    "plan_vacancy",
    "post_person",
    "promote_temporarily",
    "record_cover",
    "rehearse",
    "require_skill",
    "review_boundaries",
]
