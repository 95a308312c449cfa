"""The pages that are only read: a visitor's tickets and the way in. They need no JavaScript."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
LIGHT = 10_000


def test_a_visitor_sees_where_each_ticket_stands(appliance, new_tablet):
    appliance.issue("К")
    visit = appliance.issue_visit("К", "А", "Ж")
    appliance.call("POST", "/desks/А1/next")
    page = new_tablet(PHONE, script=False).open(f"/v/{visit['secret']}")
    cards = page.locator(".ticket")
    expect(cards).to_have_count(3)
    expect(cards.nth(0)).to_have_class("ticket called")
    expect(cards.nth(0)).to_contain_text("А1-үстелге өтіңіз")
    expect(cards.nth(0)).to_contain_text("Пройдите к столу А1")
    expect(cards.nth(0)).to_contain_text("Go to desk А1")
    expect(cards.nth(1)).to_contain_text("Сіз келесісіз")
    expect(cards.nth(2)).to_contain_text("Перед вами 1 чел.")
    expect(page.locator(".kept")).to_contain_text("кезегіңіз сақталады")
    page.get_by_role("link", name="English").click()
    expect(cards.nth(0)).to_contain_text("Go to desk А1")
    expect(cards.nth(0)).not_to_contain_text("өтіңіз")


@pytest.mark.parametrize(
    ("verbs", "words"),
    [
        (["next", "start"], "Вас принимают у стола К1"),
        (["next", "no-show"], "Вас вызывали. Подойдите к столу регистрации"),
        (["next", "hold"], "Отложен, ваше место сохраняется"),
        (["next", "start", "finish"], "Приём завершён"),
    ],
)
def test_every_state_has_its_words(appliance, new_tablet, verbs, words):
    visit = appliance.issue_visit("К", language="ru")
    for verb in verbs:
        appliance.call("POST", f"/desks/К1/{verb}")
    page = new_tablet(PHONE, script=False).open(f"/v/{visit['secret']}")
    expect(page.locator(".state")).to_have_text(words)


def test_an_unknown_slip_is_answered_kindly(appliance, new_tablet):
    tablet = new_tablet(PHONE, script=False)
    tablet.expected.append("404")
    page = tablet.page
    assert page.goto(f"{appliance.url}/v/AAAAAAAAAAAA").status == 404
    expect(page.locator("h1")).to_contain_text("Бұл талон табылмады")
    expect(page.locator("main")).to_contain_text("Вам помогут у стола регистрации")


def test_the_way_in_shows_the_board_to_those_without_a_tv(appliance, new_tablet):
    appliance.issue("К", "А")
    appliance.issue("К")
    appliance.call("POST", "/desks/К2/next")
    page = new_tablet(PHONE, script=False).open("/")
    expect(page.locator("h1")).to_contain_text("День приёма граждан")
    expect(page.locator(".calls li")).to_have_text("К-001 → К2")
    expect(page.locator("tr").filter(has_text="Аким области").locator(".count")).to_have_text("1")
    page.get_by_role("link", name="Оператор беті").click()
    expect(page).to_have_url(appliance.url + "/operator")


def test_pages_are_light_fresh_and_renew_themselves(appliance):
    visit = appliance.issue_visit("К", "А", "Ж", "Е", "Ц")
    with httpx.Client(base_url=f"http://127.0.0.1:{appliance.port}") as client:
        page = client.get(f"/v/{visit['secret']}")
        styles = [client.get(f"/static/{name}.css") for name in ("look", "page")]
        assert len(page.content) + sum(len(style.content) for style in styles) < LIGHT
        for answer in (page, client.get("/")):
            assert '<meta http-equiv="refresh" content="20">' in answer.text
            assert answer.headers["Cache-Control"] == "no-store"
            assert "'unsafe" not in answer.headers["Content-Security-Policy"]
