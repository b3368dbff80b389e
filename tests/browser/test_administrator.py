"""An administrator's work in a real browser: people who sign in, files, jobs."""

from pathlib import Path

from playwright.sync_api import expect

from npt.scheduler import JOBS
from tests.browser.conftest import Site, Visit


def test_a_new_user_chooses_a_password_of_their_own_and_is_out_the_moment_they_are_disabled(
    visit: Visit, site: Site
) -> None:
    administrator, newcomer = visit("administrator"), visit()
    page = administrator.page
    administrator.see("home")
    administrator.follow("Users")
    administrator.see("users")
    administrator.press("Add a user")
    administrator.press("Add user")
    administrator.told("Enter the person's name", "Enter an email address", "Choose a role")
    administrator.see("user-refused")

    email = f"new.{site.database}@demo.example"
    page.get_by_label("Name", exact=True).fill("Morgan Ash")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Role").select_option(label="NPT sergeant")
    page.get_by_label("For which units").fill("SOH")
    administrator.press("Add user")
    one_time = page.locator("main code").inner_text()
    administrator.see("one-time-password")

    newcomer.sign_in(email, one_time)
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text("Choose your password")
    newcomer.go("/abstractions/new")
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text("Choose your password")
    newcomer.see("choose-password")
    newcomer.page.get_by_label("New password", exact=True).fill("short")
    newcomer.page.get_by_label("New password again").fill("shorter")
    newcomer.press("Save password")
    expect(newcomer.page.locator(".govuk-error-summary")).to_be_visible()
    newcomer.see("password-refused")
    newcomer.page.get_by_label("New password", exact=True).fill("harbour violet 91 basket")
    newcomer.page.get_by_label("New password again").fill("harbour violet 91 basket")
    newcomer.press("Save password")
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text("My team")
    expect(newcomer.page.get_by_role("heading", name="Soham", exact=True)).to_be_visible()

    administrator.follow("Go to Morgan Ash")
    administrator.see("user")
    administrator.press("Disable")
    administrator.see("disable")
    administrator.press("Disable user")
    expect(page.get_by_role("alert")).to_contain_text("Morgan Ash is disabled")
    newcomer.go("/")
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    newcomer.sign_in(email, "harbour violet 91 basket")
    newcomer.told("The email address or the password is wrong. Check both and try again.", field=False)
    newcomer.see("sign-in-refused")


def test_a_bad_file_is_told_line_by_line_and_a_good_one_is_checked_before_it_is_taken_in(
    visit: Visit, tmp_path: Path
) -> None:
    administrator = visit("administrator")
    page = administrator.page
    bad, good = tmp_path / "bad" / "wards.csv", tmp_path / "good" / "wards.csv"
    for path in (bad, good):
        path.parent.mkdir()
    bad.write_text("code,name,team,first_day,last_day\nQX1,,NOWHERE,2026-13-01,\n")
    good.write_text("code,name,team,first_day,last_day\nQX1,Soham Mere,SOH,2026-10-01,\n")

    administrator.go("/imports")
    page.get_by_label("Files").set_input_files(bad)
    administrator.press("Import")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Nothing was changed: ")
    problems = page.locator("#problems tbody tr")
    assert problems.count() >= 2
    for row in problems.all():
        expect(row.get_by_role("rowheader")).to_have_text("wards.csv")
        expect(row.locator('td[data-label="Line"]')).to_have_text("2")
    administrator.see("import-refused")

    page.get_by_label("Files").set_input_files(good)
    administrator.press("Check only (dry run)")
    expect(page.get_by_role("heading", name="Checked: nothing was changed")).to_be_visible()
    administrator.see("import-checked")
    page.get_by_label("Files").set_input_files(good)
    administrator.press("Import")
    expect(page.get_by_role("alert")).to_contain_text("1 file taken in: 1 new row, 0 changed rows")
    administrator.see("imported")
    page.get_by_label("Files").set_input_files(good)
    administrator.press("Import")
    expect(page.get_by_role("alert")).to_contain_text("0 new rows, 0 changed rows")


def test_a_job_is_run_by_hand_and_the_run_is_kept_in_sight(visit: Visit) -> None:
    administrator = visit("administrator")
    page = administrator.page
    administrator.go("/jobs/")
    expect(page.locator("main tbody tr")).to_have_count(len(JOBS))
    administrator.see("jobs")
    administrator.follow("Vacancies")

    page.get_by_label("Day to judge").fill("2099-01-01")
    administrator.press("Run now")
    administrator.told("Enter today or an earlier day")
    page.get_by_label("Day to judge").fill("2026-11-02")
    administrator.press("Run now")

    expect(page.get_by_role("status")).to_contain_text("2026-11-02")
    expect(page.locator("main tbody tr").first).to_contain_text("Demonstration Administrator")
    administrator.see("job-run")


def test_an_administrator_sees_no_figures(visit: Visit) -> None:
    administrator = visit("administrator")

    for path in ("/abstractions/", "/staffing/", "/flags/", "/bcu-month/"):
        administrator.go(path, status=404)
