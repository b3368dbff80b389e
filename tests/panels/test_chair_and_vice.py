"""A chair and a vice-chair who press the button at the same moment leave one signature. On both databases."""

import threading

from sqlalchemy import func, select

from npt.core import db
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.panels import services
from npt.panels.models import Signature
from npt.panels.queries import seal_verdict
from tests.conftest import NOW, TODAY
from tests.panels.asked import Asked


def test_of_chair_and_vice_chair_who_sign_at_once_one_signs_and_the_other_is_told(fresh_url: str) -> None:
    engine = db.open_engine(fresh_url)
    session.remove()
    session.configure(bind=engine)
    asked = Asked()
    priority = asked.forward()
    priority_id = priority.id
    ready = threading.Barrier(2)
    ends: list[str] = []
    sent = {who: (asked.new_signature(priority, who), asked.actor(who), asked.terms()) for who in ("chair", "vice")}
    session.remove()

    def sign(who: str) -> None:
        new, actor, terms = sent[who]
        ready.wait()
        try:
            with transaction():
                services.sign_off(priority_id, new, actor=actor, at=NOW, on=TODAY, terms=terms)
            ends.append("signed")
        except Refused as refusal:
            ends.append(str(refusal))
        finally:
            session.remove()

    racing = [threading.Thread(target=sign, args=[who]) for who in sent]
    for each in racing:
        each.start()
    for each in racing:
        each.join()

    assert sorted(ends)[1] == "signed"
    assert "This priority is signed off" in sorted(ends)[0]
    assert session.scalar(select(func.count(Signature.id))) == 1
    assert seal_verdict().fault is None
    session.remove()
    engine.dispose()
