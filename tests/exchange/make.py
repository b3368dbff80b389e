"""Small folders of files, handed in as text."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from npt.core.authority import system
from npt.core.db import transaction
from npt.core.errors import BadInput
from npt.exchange import services
from npt.exchange.services import FileResult
from tests.conftest import NOW, TODAY

LONDON = ZoneInfo("Europe/London")

FORCE = {
    "bcus": "code,name\nS,Southern\n",
    "sectors": "code,name,bcu,district\nEC,East Cambridgeshire,S,East Cambridgeshire\n",
    "teams": "code,name,sector,email,telephone,first_day,last_day\n"
    "SOH,Soham,EC,Soham@Example.org,101,2020-01-01,\n"
    "ELY,Ely,EC,,,2020-01-01,\n",
    "wards": "code,name,team,first_day,last_day\n"
    "E1,Soham North,SOH,2020-01-01,2025-12-31\nE1,Soham North,ELY,2026-01-01,\n",
    "posts": "ref,team,grade,fte,first_day,last_day,funding,funding_last_day,required_skill,sector\n"
    "SOH-S,SOH,sergeant,,2020-01-01,,,,,\n"
    "SOH-1,SOH,pc,1.00,2020-01-01,,core,,,\n"
    "SOH-2,SOH,pc,0.6,2020-01-01,,,,,\n"
    "SOH-X,SOH,special,0.50,2020-01-01,,,,,\n"
    "EC-I,,inspector,,2020-01-01,,,,,EC\n",
    "people": "collar_number,forename,surname,grade,weekly_hours,joined_on,leaving_on,leaving_reason,email\n"
    "1432,Amina,Rahman,pc,40,2015-06-01,,,A.Rahman@example.org\n"
    "0077,Tom,Fisk,sergeant,,,,,\n"
    "9001,Jo,Pell,special,,,,,\n",
    "postings": "collar_number,post,first_day,last_day,kind,fte,end_reason\n"
    "1432,SOH-1,2024-01-01,,substantive,,\n"
    "0077,SOH-S,2024-01-01,,substantive,,\n"
    "9001,SOH-X,2024-01-01,,substantive,,\n",
    "cover": "collar_number,team,first_day,last_day,reason\n0077,ELY,2026-01-01,,Ely has no sergeant\n",
    "skills": "collar_number,kind,name,level,verified_on\n1432,language,Polish,fluent,2025-01-01\n",
    "reasons": "code,first_day,last_day,label,family,counts_local,counts_national,guidance\n"
    'custody,2020-01-01,,Custody cover,custody,all,"pc; sergeant",\n',
    "targets": "scope,scope_code,grades,first_day,last_day,percent,set_by,reason\n"
    "force,,all,2026-01-01,,8,Chief Constable,\nteam,SOH,pcsos,2026-01-01,,2.5,,\n",
    "duties": "ref,collar_number,starts_at,ends_at,status\n"
    "D1,1432,2026-10-01T07:00,2026-10-01T17:00,worked\nD2,1432,2026-10-01T23:30,2026-10-02T07:00:59,planned\n",
    "absences": "ref,collar_number,kind,starts_at,ends_at\nX1,0077,sickness,2026-10-05T07:00,\n",
    "abstractions": "ref,collar_number,reason,starts_at,ends_at,destination,authorised_by,note\n"
    "A1,1432,custody,2026-10-01T08:00,2026-10-01T10:00,Parkside,0077,\n"
    "A2,1432,custody,2026-10-01T12:00,2026-10-01T14:00,Parkside,,\n",
    "policy": "name,first_day,last_day,value,reason\nspan_line,2026-01-01,,10,\n",
    "contacts": "ward,collar_number,first_day,last_day\nE1,1432,2026-01-01,\n",
    "patterns": "code,day,grade,starts,ends\nEN,0,pc,07:00,16:00\nEN,1,pc,22:00,07:00\nEN,2,pc,,\n",
    "pattern_people": "collar_number,first_day,last_day,pattern,offset\n1432,2026-12-01,,EN,1\n",
    "panels": "code,name,district,lead_team,teams,cadence_weeks,first_day,last_day\n"
    "SV,Soham and Villages,East Cambridgeshire,SOH,ELY; SOH,8,2020-01-01,\n"
    "EL,Ely,,ELY,,,2020-01-01,\n",
    "chairs": "panel,email,first_day,last_day,name,office,chair_type\n"
    "SV,M.Holt@example.org,2024-05-01,2025-04-30,Margaret Holt,chair,independent\n"
    "SV,r.dunn@example.org,2025-05-01,,Ray Dunn,chair,council\n"
    "SV,m.holt@example.org,2025-05-01,,Margaret Holt,vice_chair,independent\n",
    "meetings": "ref,panel,starts_at,venue,public,status,public_attendance,minutes_ref\n"
    "M1,SV,2026-09-17T19:00,Village College,yes,held,41,SV 2026/3\n"
    "M2,SV,2026-11-26T19:00:30,,no,planned,,\n"
    "M3,EL,2026-10-01T19:00,Maltings,yes,cancelled,,\n",
    "priorities": "ref,panel,title,detail,source,state,adopted_at,minute_ref\n"
    "P1,SV,Speeding on Fordham Road,Between the school and the bypass,profile,in_progress,M1,6.2\n"
    "P2,SV,Off-road motorcycles on the droves,,meeting,raised,,\n",
    "needed_languages": "team,language,first_day,last_day,note\nSOH,Polish,2026-01-01,,School census\n",
}
"""A small force: every kind of file, in the order in which they load."""


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    return folder


def load(files: Mapping[str, str | bytes], *, dry_run: bool = False, on: dt.date = TODAY) -> dict[str, FileResult]:
    """Take in files by their kind, CSV given as text and XLSX as bytes; for each what became of its rows."""
    uploads = [
        (f"{name}.csv", content.encode()) if isinstance(content, str) else (f"{name}.xlsx", content)
        for name, content in files.items()
    ]
    with transaction():
        result = services.load(
            services.from_uploads(uploads),
            actor=system("npt import"),
            at=NOW,
            on=on,
            zone=LONDON,
            dry_run=dry_run,
        )
    return {line.file.split(".")[0]: line for line in result.files}


def refused(files: Mapping[str, str | bytes], on: dt.date = TODAY) -> list[str]:
    """Every line that a run of these files is answered with."""
    with pytest.raises(BadInput) as answer:
        load(files, on=on)
    return [str(problem) for problem in answer.value.problems]


def places(lines: list[str]) -> list[str]:
    """``FILE:LINE: COLUMN`` of each line."""
    return [": ".join(line.split(": ")[:2]) for line in lines]


def changed(kind: str, old: str, new: str) -> dict[str, str]:
    """A file of the small force with something else written in it."""
    assert old in FORCE[kind]
    return {kind: FORCE[kind].replace(old, new)}


def rows(kind: str, *lines: str) -> dict[str, str]:
    """A file with the columns of the small force's, and these lines."""
    return {kind: "\n".join([FORCE[kind].split("\n", 1)[0], *lines])}
