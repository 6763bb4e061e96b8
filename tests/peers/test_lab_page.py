"""The lab page in Chromium: a console, a fax from an upload to the mail, the call ladder; and axe-core looks at it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytest.importorskip("pypdfium2")
pytest.importorskip("aiohttp")

pytestmark = pytest.mark.peer
WAIT_MS = 30_000
WIDTHS = [(1280, 900, "light"), (390, 844, "dark")]


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """The link to the page of the two-gateway lab."""
    command = [sys.executable, "-m", "iosemu", "lab", "--json", "--pace", "instant", "--dir", str(tmp_path / "state")]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as lab:
        assert lab.stdout is not None
        yield json.loads(lab.stdout.readline())["web"]
        lab.terminate()
        assert lab.wait(20) == 0
    log = (tmp_path / "state" / "lab.log").read_text()
    assert "Traceback" not in log, log


@pytest.fixture
def chromium(need: Callable[[str], str]) -> Iterator[Any]:
    path = need("chromium")
    with api.sync_playwright() as playwright:
        # As root, in a container, Chromium has no sandbox of its own.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


def page_of(chromium: Any, width: int, height: int, scheme: str, complaints: list[str]) -> Any:
    """A window of that size; what the browser complains of is put into the list."""
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def a_pdf(folder: Path) -> Path:
    picture = Image.new("1", (1728, 600), 1)
    ImageDraw.Draw(picture).rectangle((100, 100, 800, 300), fill=0)
    path = folder / "page.pdf"
    picture.save(path, "PDF", resolution=204)
    return path


def assert_accessible(page: Any) -> None:
    violations = axe.Axe().run(page).response["violations"]
    serious = [f"{each['id']}: {each['nodes'][0]['html']}" for each in violations if each["impact"] != "minor"]
    assert not serious


@pytest.mark.parametrize(("width", "height", "scheme"), WIDTHS)
def test_a_lesson_in_the_browser(
    link: str, chromium: Any, tmp_path: Path, width: int, height: int, scheme: str
) -> None:
    complaints: list[str] = []
    page = page_of(chromium, width, height, scheme, complaints)
    page.goto(link)
    assert "token" not in page.url
    api.expect(page.get_by_role("button", name="vdtl-5350-8a, AS5350 15.80.7.107")).to_be_visible()
    assert_accessible(page)

    # A console, as by telnet.
    shown = page.locator(".xterm-accessibility-tree")
    page.locator("#terminal").click()
    page.keyboard.press("Enter")
    api.expect(shown).to_contain_text("vdtl-5300-7a>")
    page.keyboard.type("show version\r")
    api.expect(shown).to_contain_text("System image file is")
    page.keyboard.press("Control+]")
    api.expect(page.get_by_role("button", name="Console")).to_be_focused()

    # A fax machine takes an upload; its page comes by mail as a picture.
    page.get_by_role("combobox", name="Machine").select_option("555-0100")
    page.get_by_label("Number to dial").fill("555-0199")
    page.get_by_label("Document").set_input_files(a_pdf(tmp_path))
    page.get_by_role("button", name="Send fax").click()
    api.expect(page.locator("#sendings")).to_contain_text("1 page sent and confirmed")
    page.get_by_role("tab", name="Mail").click()
    page.get_by_role("button", name="Fax from the PSTN").click()
    picture = page.get_by_role("img", name="Page 1 of the fax in mail 1")
    api.expect(picture).to_be_visible()
    page.wait_for_function("() => [...document.images].every((image) => image.complete && image.naturalWidth === 1728)")
    with Image.open(io.BytesIO(page.request.get(page.url.rstrip("/") + picture.get_attribute("src")).body())) as drawn:
        assert drawn.convert("L").getpixel((450, 200)) == 0
        assert drawn.convert("L").getpixel((1200, 200)) == 255
    assert_accessible(page)

    # The ladder of that call, from dialling to the mail server's word.
    page.get_by_role("tab", name="Calls").click()
    ladder = page.get_by_role("region", name="Call ladder")
    api.expect(ladder).to_contain_text("mail for tom")
    steps = [" ".join(step.split()) for step in ladder.locator("li .step b").all_inner_texts()]
    told = ["dials", "SETUP", "CONNECT", "DIS", "DCS", "CFR", "EOP", "MAIL", "DATA", "MCF", "DCN", "RELEASE_COMP"]
    assert [step for step in steps if step in told] == told
    assert_accessible(page)

    # Nothing is wider than the window.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_a_mail_from_the_page_is_seen_on_paper(link: str, chromium: Any) -> None:
    complaints: list[str] = []
    page = page_of(chromium, *WIDTHS[0], complaints)
    page.goto(link)
    page.get_by_role("tab", name="Mail").focus()
    page.get_by_role("button", name="testlab-smtp, 172.18.106.36").press("Enter")  # the keyboard is enough
    page.get_by_role("button", name="Write").press("Enter")
    page.get_by_role("textbox", name="To", exact=True).fill("FAX=9-555-8354@15.80.7.107")
    page.get_by_role("textbox", name="Text", exact=True).fill("Hello from the page")
    page.get_by_role("button", name="Send mail").press("Enter")
    api.expect(page.get_by_text("is on its way")).to_be_visible()
    page.get_by_role("tab", name="Mail").press("ArrowLeft")
    page.get_by_role("button", name="Job 1 on 5558354").press("Enter")
    api.expect(page.get_by_role("img", name="Page 1 of job 1")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").press("Enter")
    assert download.value.suggested_filename == "fax-000001.pdf"
    page.get_by_role("button", name="Switch between light and dark").press("Enter")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 21, 22)"
    assert_accessible(page)
    assert complaints == []


def test_a_group_is_faxed_one_after_the_other_and_paper_runs_out(link: str, chromium: Any, tmp_path: Path) -> None:
    complaints: list[str] = []
    page = page_of(chromium, *WIDTHS[0], complaints)
    page.goto(link)
    machine, paper = page.get_by_role("combobox", name="Machine"), page.locator("#paper-state")
    machine.select_option("555-8354")
    api.expect(paper).to_have_text("Paper never ends.")
    page.get_by_role("button", name="Take paper out").press("Enter")
    api.expect(paper).to_have_text("0 sheets of paper. Prints nothing: out of paper.")
    assert_accessible(page)
    machine.select_option("555-0100")
    page.get_by_label("Number to dial").fill("Everybody")
    page.get_by_label("Document").set_input_files(a_pdf(tmp_path))
    page.get_by_role("button", name="Send fax").press("Enter")
    sendings = page.locator("#sendings .sending")
    api.expect(sendings.first).to_contain_text("555-0100 to 555-8354: failed after 0 pages")
    api.expect(sendings.last).to_contain_text("555-0100 to 555-0199: 1 page sent and confirmed")
    machine.select_option("555-8354")
    page.get_by_role("button", name="Put paper in").press("Enter")
    api.expect(paper).to_have_text("Paper never ends.")
    assert complaints == []


def test_the_link_is_needed(link: str, chromium: Any) -> None:
    page = page_of(chromium, *WIDTHS[0], [])
    assert page.goto(link.partition("?")[0]).status == 403
