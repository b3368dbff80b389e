"""A plan from its measure to its verdict by published counts: administrator, PC, sergeant and partner, in a browser."""

import lzma
import re
from pathlib import Path

from playwright.sync_api import expect

from npt.core.periods import DAY
from npt.edge import now
from npt.settings import ROOT
from tests.browser.conftest import Visit
from tests.browser.visitor import PHONE, Visitor
from tests.crime.make import line, street

NORTH, SOUTH = ("0.3418", "52.3683"), ("0.3447", "52.3284")
"""A point in Soham North, and one in Soham South."""
COUNTED = {"2019-01": (60, 40), "2019-02": (20, 42)}
"""Anti-social behaviour of the plan's ward and of the one it is compared with, before and after."""
BOUNDARIES = ROOT / "npt" / "demo" / "published" / "wards.geojson.xz"


def fill(visitor: Visitor, **typed: str) -> None:
    for name, value in typed.items():
        visitor.page.locator(f'[name="{name}"]').fill(value)


def load_files(administrator: Visitor, folder: Path) -> None:
    """Two months of street-level crime, and the ward boundaries, as an administrator takes them in."""
    wards = folder / "wards.geojson"
    wards.write_bytes(lzma.decompress(BOUNDARIES.read_bytes()))
    paths = [wards]
    for month, (north, south) in COUNTED.items():
        path = folder / f"{month}-cambridgeshire-street.csv"
        lines = [line(at=NORTH, month=month)] * north + [line(at=SOUTH, month=month)] * south
        burglary = [line(f"{month}-{number}", "Burglary", NORTH, month) for number in range(3)]
        path.write_bytes(street(*lines, *burglary, line(at=("", ""), month=month)))
        paths.append(path)
    administrator.go("/imports")
    administrator.page.get_by_label("Files").set_input_files(paths)
    administrator.press("Import")
    expect(administrator.page.get_by_role("alert")).to_contain_text("3 files taken in")


def scan(pc: Visitor) -> str:
    """A PC opens a plan, says where it is, and chooses the measure with a target and its day."""
    pc.go("/plans/new")
    pc.page.get_by_label("The problem in one sentence").fill("Gatherings by the old mill")
    pc.page.get_by_label("More about it").fill("Most evenings since the autumn")
    pc.page.get_by_label("Type of problem").select_option("Anti-social behaviour")
    pc.press("Open this plan")
    plan = pc.page.url.split("?")[0]
    pc.go(f"{plan}/problem")
    pc.page.get_by_label("Soham North", exact=True).check()
    pc.press("Save")
    for source in ("Calls about anti-social behaviour", "The panel"):
        pc.go(f"{plan}/sources/new")
        pc.choose("Source", source)
        fill(pc, says="Sixty in a month")
        pc.press("Add this source")
    pc.go(f"{plan}/measure")
    pc.choose("When is it better?", "When it is lower")
    fill(pc, what="Anti-social behaviour in the ward", source="data.police.uk", baseline_value="60")
    fill(pc, baseline_first="2019-01-01", baseline_last="2019-01-31", target_value="30")
    pc.press("Choose this measure")
    pc.told("Enter the day by which the target is to be reached")
    fill(pc, target_on=(now().date() + 90 * DAY).isoformat())
    pc.see("measure-with-target")
    pc.press("Choose this measure")
    expect(pc.page.get_by_text("target 30 by").first).to_be_visible()
    return plan


def respond(pc: Visitor, sergeant: Visitor, partner: Visitor, plan: str) -> None:
    """The PC gives a partner something to do, the sergeant moves its day with a reason, the partner reads that."""
    partner.go("/")
    told = partner.page.get_by_text(re.compile("^What .* has taken on")).inner_text()
    name = re.sub(r"^What (.*?)(,.*)? has taken on.*$", r"\1", told)
    sergeant.go(f"{plan}/move-on")
    sergeant.press("Move on to analysis")
    pc.go(f"{plan}/analysis")
    fill(pc, victim="Residents", location="The unlit yard", offender_not="Nobody is known")
    pc.press("Save the analysis")
    sergeant.go(f"{plan}/move-on")
    sergeant.press("Move on to response")
    pc.go(f"{plan}/actions/new")
    pc.page.get_by_label("Partner organisation").select_option(name)
    fill(pc, what="Light the yard", due_on=now().date().isoformat())
    pc.press("Add this action")
    sergeant.go(plan)
    sergeant.follow(re.compile("^Change.*Light the yard"))
    fill(sergeant, due_on=(now().date() + 20 * DAY).isoformat())
    sergeant.press("Change it")
    sergeant.told("Say why")
    fill(sergeant, reason="The lamps are on order")
    sergeant.see("action-change")
    sergeant.press("Change it")
    expect(sergeant.page.get_by_text("at first").first).to_be_visible()
    sergeant.see("plan-action-changed")

    partner.page.set_viewport_size(PHONE)
    partner.go("/")
    partner.follow("Light the yard")
    expect(partner.page.get_by_text("The lamps are on order")).to_be_visible()
    partner.see("our-action-changed")
    partner.press("Done")
    sergeant.go(f"{plan}/move-on")
    sergeant.press("Move on to assessment")


def test_counts_are_taken_from_loaded_files_and_read_as_a_verdict_and_few_are_refused_one(
    visit: Visit, tmp_path: Path
) -> None:
    administrator, pc, sergeant, partner = (visit(role) for role in ("administrator", "pc", "sergeant", "partner"))
    load_files(administrator, tmp_path)
    plan = scan(pc)
    respond(pc, sergeant, partner, plan)

    pc.go(plan)
    pc.follow("Count from the published files")
    expect(pc.page.get_by_role("group", name="Treated area").get_by_label("Soham North", exact=True)).to_be_checked()
    fill(pc, before_first="2019-01", before_last="2019-01", after_first="2019-02", after_last="2019-02")
    pc.page.get_by_label("What is counted?").select_option("Anti-social behaviour")
    pc.press("Count and fill in")
    pc.told("Choose the wards of the comparison area")
    pc.page.get_by_role("group", name="Comparison area").get_by_label("Soham South", exact=True).check()
    pc.see("plan-count")
    pc.press("Count and fill in")
    for said in ("60", "20", "40", "42"):
        expect(pc.page.get_by_role("cell", name=said, exact=True).first).to_be_visible()
    expect(pc.page.get_by_text("Better, by more than chance explains", exact=True)).to_be_visible()
    expect(pc.page.get_by_role("img", name=re.compile("interval")).first).to_be_visible()
    pc.see("plan-counted")

    pc.go(f"{plan}/counts")
    pc.page.get_by_label("What is counted?").select_option("Burglary")
    pc.press("Count and fill in")
    expect(pc.page.get_by_text("Too few to tell", exact=True)).to_be_visible()
    expect(pc.page.get_by_role("img", name=re.compile("interval"))).to_have_count(0)
    pc.see("plan-too-few")
