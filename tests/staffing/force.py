"""A force of two BCUs, small enough to count by hand, as staffing's pages are asked about it on the tests' day."""

from dataclasses import dataclass

from npt.core.db import transaction
from npt.people.models import Bcu, Person, Sector, Team, Ward
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import TODAY


@dataclass(frozen=True)
class Force:
    """Northern has Ely, with its own sergeant, and Soham, which she covers; Southern has Linton."""

    northern: Bcu
    southern: Bcu
    fens: Sector
    ely: Team
    soham: Team
    linton: Team
    sergeant: Person
    constable: Person
    pcso: Person
    ward: Ward


def force() -> Force:
    """Ely: a sergeant, one PC and a vacant PC post. Soham: one PCSO and a vacant sergeant's post. Linton: one PC."""
    with transaction():
        start_policy()
    northern, southern = make.bcu("NOR", "Northern"), make.bcu("SOU", "Southern")
    fens, south = make.sector(northern, "FEN", "Fens"), make.sector(southern, "SOS", "South")
    ely, soham = make.team(fens, "ELY", "Ely"), make.team(fens, "SOH", "Soham")
    linton = make.team(south, "LIN", "Linton")
    make.posted(fens, Grade.INSPECTOR, collar_number="20301", surname="Osei")
    sergeant = make.posted(ely, Grade.SERGEANT, collar_number="21201", surname="Okafor")
    constable = make.person("21432", "Rahman")
    make.posting(constable, make.post(ely, ref="ELY-PC-1"))
    make.post(ely, ref="ELY-PC-2", first_day=TODAY.replace(month=8))
    pcso = make.person("27002", "Nowak", Grade.PCSO)
    make.posting(pcso, make.post(soham, Grade.PCSO, ref="SOH-PCSO-1", fte="0.80"))
    make.post(soham, Grade.SERGEANT, ref="SOH-SGT-1", first_day=TODAY.replace(month=2))
    make.posted(soham, Grade.SPECIAL, collar_number="29001", surname="Byrne")
    make.posted(linton, collar_number="21500", surname="Patel")
    make.cover(sergeant, soham, TODAY.replace(month=9))
    ward = make.ward(soham, "SOHN", "Soham North")
    return Force(northern, southern, fens, ely, soham, linton, sergeant, constable, pcso, ward)
