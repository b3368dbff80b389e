"""What is done about staffing, by people and by the nightly checks."""

from npt.staffing.services.boundaries import review_boundaries
from npt.staffing.services.contacts import NewContact, NewReach, correct_team, end_contact, name_contact
from npt.staffing.services.cover import NewCover, end_cover, record_cover
from npt.staffing.services.flagging import flag_contacts, flag_supervision, flag_vacancies
from npt.staffing.services.languages import ChangeOfNeed, NewNeed, change_need, need_language
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
from npt.staffing.services.skills import EndOfSkill, NewSkill, add_skill, end_skill, verify_skill
from npt.staffing.services.succession import (
    ChangeOfCandidacy,
    Closing,
    NewCandidacy,
    NewVerdict,
    change_candidacy,
    close_candidacy,
    judge_attachment,
    put_forward,
)

__all__ = [
    "ChangeOfCandidacy",
    "ChangeOfNeed",
    "ChangeOfPost",
    "Closing",
    "EndOfPosting",
    "EndOfSkill",
    "Funding",
    "Move",
    "NewCandidacy",
    "NewContact",
    "NewCover",
    "NewNeed",
    "NewPlan",
    "NewPost",
    "NewPosting",
    "NewReach",
    "NewSkill",
    "NewVerdict",
    "Rehearsed",
    "act_up",
    "add_skill",
    "attach_person",
    "change_candidacy",
    "change_need",
    "change_post",
    "close_candidacy",
    "correct_team",
    "create_post",
    "end_contact",
    "end_cover",
    "end_post",
    "end_posting",
    "end_skill",
    "flag_contacts",
    "flag_supervision",
    "flag_vacancies",
    "fund_post",
    "judge_attachment",
    "move_person",
    "name_contact",
    "need_language",
    "plan_vacancy",
    "post_person",
    "promote_temporarily",
    "put_forward",
    "record_cover",
    "rehearse",
    "require_skill",
    "review_boundaries",
    "verify_skill",
]
