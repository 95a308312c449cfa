"""Before a desk is open: tokens, the choice of a desk, languages, the rehearsal's band."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
REFUSED = "401"


def test_the_token_leaves_the_address_and_stays_on_the_tablet(appliance, tablet):
    page = tablet.open_desk()
    expect(page.locator("#desk-id")).to_have_text("К1")
    expect(page).to_have_url(appliance.url + "/operator")
    expect(page.locator("#change-desk")).to_be_hidden()
    page.reload()
    expect(page.locator("#desk-id")).to_have_text("К1")


def test_without_a_token_the_page_asks_and_takes_a_pasted_link(appliance, tablet):
    page = tablet.open("/operator")
    page.get_by_label("Рұқсат кілті").fill("kezek")
    page.get_by_role("button", name="Кіру").click()
    expect(page.locator("#key-trouble")).to_have_text("Кілт табылмады. Ол kzo_ белгісінен басталады.")
    page.get_by_label("Рұқсат кілті").fill(f"{appliance.url}/operator#{appliance.tokens['operator']}")
    page.keyboard.press("Enter")
    expect(page.locator("#desk-id")).to_have_text("К1")


@pytest.mark.parametrize(
    ("token", "words"),
    [("kzo_nobody-ever-made-this-one", "Бұл кілт жарамайды"), ("device", "Бұл құрылғының кілті")],
)
def test_a_token_that_is_not_an_operators_is_refused(appliance, tablet, token, words):
    tablet.expected.append(REFUSED)
    page = tablet.open(f"/operator#{appliance.tokens.get(token, token)}")
    expect(page.locator("#key-trouble")).to_contain_text(words)
    page.reload()
    expect(page.locator("#key-trouble")).to_be_hidden()
    expect(page.get_by_label("Рұқсат кілті")).to_be_visible()


def test_a_token_that_was_withdrawn_asks_again(appliance, tablet):
    tablet.expected.append(REFUSED)
    appliance.issue("К")
    page = tablet.open_desk()
    expect(page.locator("#main")).to_be_enabled()
    page.route("**/desks/**", lambda route: route.fulfill(status=401, json={"code": "unauthorized"}))
    page.locator("#main").dispatch_event("click")  # the page may have heard of it by itself and hidden the button
    expect(page.locator("#key-trouble")).to_contain_text("Бұл кілт жарамайды")
    expect(page.locator("#actions")).to_be_hidden()


def test_an_unbound_token_chooses_a_desk_and_may_change_it(appliance, tablet):
    appliance.issue("К")
    appliance.call("POST", "/desks/К3/next")
    page = tablet.open_desk("supervisor")
    expect(page.locator("#choices a")).to_have_count(20)
    expect(page.locator("#choices a").filter(has_text="К3")).to_contain_text("бос емес: К-001")
    page.locator("#choices a").filter(has_text="Ә1").click()
    expect(page.locator("#desk-id")).to_have_text("Ә1")
    page.reload()
    expect(page.locator("#desk-id")).to_have_text("Ә1")
    page.get_by_role("link", name="Басқа үстел").click()
    expect(page.locator("#choices a")).to_have_count(20)


def test_a_desk_that_is_not_there_is_said_in_words(tablet):
    tablet.expected.append("404")
    page = tablet.open("/operator?desk=Я9#" + tablet.appliance.tokens["supervisor"])
    expect(page.locator("#choice-trouble")).to_have_text("Мұндай үстел жоқ. Басқасын таңдаңыз.")
    expect(page.locator("#choices a")).to_have_count(20)


def test_three_languages_kept_on_the_tablet(appliance, tablet):
    appliance.issue("К", "А", language="kk")
    page = tablet.open_desk()
    main = page.locator("#main-word")
    expect(main).to_have_text("Келесі")
    page.click("#main")
    expect(main).to_have_text("Келді")
    for language, called, desk, other in (
        ("Русский", "Вызван", "Управление энергетики и ЖКХ", "Аким области"),
        ("English", "Called", "Energy and housing utilities", "Governor of the region"),
        ("Қазақша", "Шақырылды", "Энергетика және ТКШ басқармасы", "Облыс әкімі"),
        ("Русский", "Вызван", "Управление энергетики и ЖКХ", "Аким области"),
    ):
        page.get_by_role("button", name=language).click()
        expect(page.locator("#state")).to_have_text(called)
        expect(page.locator("#desk-name")).to_have_text(desk)
        expect(page.locator("#others-list")).to_contain_text(other)
    page.reload()
    expect(main).to_have_text("Подошёл")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_a_rehearsal_is_marked_and_its_timer_runs_fast(appliance, tablet):
    appliance.stop()
    appliance.speed = "60"
    appliance.start()
    appliance.issue("К")
    appliance.call("POST", "/desks/К1/next")
    page = tablet.open_desk()
    expect(page.locator("#rehearsal")).to_have_text("ЖАТТЫҒУ")
    expect(page.locator("#timer")).to_have_text(re.compile(r"^0[1-9]:\d\d$"))
