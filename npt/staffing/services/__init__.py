"""What is done about staffing, by people and by the nightly checks."""

from npt.staffing.services.boundaries import review_boundaries
from npt.staffing.services.cover import NewCover, end_cover, record_cover
from npt.staffing.services.flagging import flag_supervision, flag_vacancies
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
    "ChangeOfPost",
    "Closing",
    "EndOfPosting",
    "Funding",
    "Move",
    "NewCandidacy",
    "NewCover",
    "NewPlan",
    "NewPost",
    "NewPosting",
    "NewVerdict",
    "Rehearsed",
    "act_up",
    "attach_person",
    "change_candidacy",
    "change_post",
    "close_candidacy",
    "create_post",
    "end_cover",
    "end_post",
    "end_posting",
    "flag_supervision",
    "flag_vacancies",
    "fund_post",
    "judge_attachment",
    "move_person",
    "plan_vacancy",
    "post_person",
    "promote_temporarily",
    "put_forward",
    "record_cover",
    "rehearse",
    "require_skill",
    "review_boundaries",
]
