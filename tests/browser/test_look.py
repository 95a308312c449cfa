"""What pages look like: sizes, contrast, nothing clipped. With KEZEK_SCREENS=DIR the pictures are kept there.

KEZEK_SCREENS=docs/screens pytest tests/browser/test_look.py
"""

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET

pytestmark = pytest.mark.browser
UPRIGHT = (800, 1280)
SMALLEST = (360, 640)
SIZES = {"tablet": TABLET, "phone": PHONE, "upright": UPRIGHT, "smallest": SMALLEST}
LANGUAGES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
TARGET = 48
CONTRAST = 7.0
MAX_BYTES = 150_000
KEPT = {
    *(f"operator-{language}-{size}" for language in LANGUAGES for size in ("tablet", "phone")),
    "finish-kk-tablet",
    "finish-ru-phone",
    "more-en-phone",
    "away-kk-phone",
    "empty-kk-phone",
    "visitor-phone",
    "visitor-kk-phone",
    "home-phone",
}
"""Pictures for the documentation; the others are drawn and judged only."""

SMALL_TARGETS = """(least) => [...document.querySelectorAll("button, a, input, textarea")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.id || one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([name, box]) => `${name}: ${box.width}x${box.height}`)"""

CLIPPED = """() => [...document.querySelectorAll("button, a, p, h1, h2, li, span, div.number")]
  .filter((one) => one.checkVisibility() && !one.matches(".unseen"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline"
    || one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((one) => one.id || one.textContent)"""

FAINT = """(least) => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const colour = parse(style.backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || one.closest("script, noscript, .unseen")) continue;
    if (!one.checkVisibility()) continue;
    const behind = ground(one);
    if (!behind) continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least) faint.push(`${walker.currentNode.data.trim()}: ${ratio.toFixed(1)}`);
  }
  return faint;
}"""


def judge(page: Page) -> None:
    """Check what holds on every page, at every size, in every language."""
    page.wait_for_load_state()
    assert page.evaluate(SMALL_TARGETS, TARGET) == []
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(FAINT, CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def keep(tmp_path):
    """Return what keeps a picture: in the folder that KEZEK_SCREENS names, else for this test only."""
    asked = os.environ.get("KEZEK_SCREENS")

    def shoot(page: Page, name: str, *, whole: bool = False) -> None:
        path = (Path(asked) if asked and name in KEPT else tmp_path) / f"{name}.png"
        page.screenshot(path=path, full_page=whole, animations="disabled")
        with Image.open(path) as image:
            image.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(path, optimize=True)
        assert path.stat().st_size < MAX_BYTES

    return shoot


@pytest.fixture
def busy_hall(appliance):
    """A hall in which desk К1 has somebody called, others wait, are busy elsewhere, and did not come."""
    appliance.issue("К")
    appliance.issue("К", "Ж", "А", language="ru")
    for services in (("К", "А"), ("К",), ("К", "Г"), ("К",)):
        appliance.issue(*services)
    appliance.call("POST", "/desks/К1/next")
    appliance.call("POST", "/desks/К1/no-show")
    appliance.call("POST", "/desks/К1/next")
    appliance.call("POST", "/desks/А1/call", ticket="А-002", reason="now")
    return appliance


def speak(page: Page, language: str) -> None:
    page.get_by_role("button", name=LANGUAGES[language]).click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_desk_at_every_size(busy_hall, new_tablet, keep, size, language):
    page = new_tablet(SIZES[size], touch=True).open_desk()
    expect(page.locator("#ticket-number")).to_have_text("К-002")
    expect(page.locator("#others-list li")).to_have_count(2)
    speak(page, language)
    judge(page)
    keep(page, f"operator-{language}-{size}")
    number = page.locator("#ticket-number")
    assert number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 48
    box = page.locator("#main").bounding_box()
    assert box["y"] + box["height"] <= SIZES[size][1]
    assert box["y"] > SIZES[size][1] / 2
    page.locator("#main").click()
    expect(number).to_have_text("К-002")
    expect(page.locator("#card")).to_have_attribute("data-state", "serving")
    page.locator("#main").click()
    page.locator("[data-topic=heating]").click()
    page.locator("[data-outcome=explained]").click()
    judge(page)
    confirm = page.locator("#confirm").bounding_box()
    assert confirm["y"] + confirm["height"] <= SIZES[size][1]
    keep(page, f"finish-{language}-{size}")
    page.keyboard.press("Escape")
    page.locator("#more").click()
    judge(page)
    keep(page, f"more-{language}-{size}")


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_a_desk_without_a_server(busy_hall, new_tablet, keep, size):
    tablet = new_tablet(SIZES[size])
    tablet.expected.append("Failed to load resource: net::ERR_")
    page = tablet.open_desk()
    expect(page.locator("#ticket-number")).to_have_text("К-002")
    page.context.set_offline(True)
    expect(page.locator("#main-why")).to_have_text("⚠ Байланыс жоқ")
    judge(page)
    keep(page, f"away-kk-{size}")


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_an_empty_desk_and_the_way_to_it(appliance, new_tablet, keep, size):
    page = new_tablet(SIZES[size]).open("/operator")
    expect(page.get_by_label("Рұқсат кілті")).to_be_visible()
    judge(page)
    keep(page, f"key-kk-{size}")
    page = new_tablet(SIZES[size]).open_desk("supervisor")
    expect(page.locator("#choices a")).to_have_count(20)
    judge(page)
    keep(page, f"choice-kk-{size}")
    page.locator("#choices a").filter(has_text="Е2").click()
    expect(page.locator("#main")).to_be_disabled()
    judge(page)
    keep(page, f"empty-kk-{size}")


def test_the_pages_that_are_read(busy_hall, new_tablet, keep):
    visit = busy_hall.issue_visit("А", "К", "Ж", "Е")
    busy_hall.call("POST", "/desks/Ж1/call", ticket="Ж-002", reason="now")
    for size in ((PHONE), SMALLEST):
        page = new_tablet(size, touch=True).open(f"/v/{visit['secret']}")
        judge(page)
        if size is PHONE:
            keep(page, "visitor-phone", whole=True)
        page.get_by_role("link", name="Қазақша").click()
        judge(page)
        if size is PHONE:
            keep(page, "visitor-kk-phone", whole=True)
        page = new_tablet(size, touch=True).open("/")
        judge(page)
        if size is PHONE:
            keep(page, "home-phone", whole=True)
    page = new_tablet(TABLET).open("/")
    judge(page)
    keep(page, "home-tablet", whole=True)
