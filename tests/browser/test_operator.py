"""One desk, one tablet: the whole cycle and everything rarer, checked against what the appliance recorded."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


def main_says(page: Page, word: str, why: str = "") -> None:
    expect(page.locator("#main-word")).to_have_text(word)
    expect(page.locator("#main-why")).to_have_text(why)


def call_next(page: Page, number: str) -> None:
    main_says(page, "Келесі")
    page.click("#main")
    expect(page.locator("#ticket-number")).to_have_text(number)


def more(page: Page, *rows: str) -> None:
    page.click("#more")
    for row in rows:
        page.get_by_role("button", name=row).click()


def test_a_whole_talk_with_topics_and_outcome(appliance, tablet):
    [number] = appliance.issue("К", language="ru")
    page = tablet.open_desk()
    call_next(page, number)
    expect(page.locator("#state")).to_have_text("Шақырылды")
    expect(page.locator("#ticket-about")).to_have_text("Тілі: орысша")
    expect(page.locator("#aloud")).to_have_text(f"{number} шақырылды → К1")
    main_says(page, "Келді")
    page.click("#main")
    expect(page.locator("#state")).to_have_text("Қабылдауда")
    expect(page.locator("#recall")).to_be_hidden()
    main_says(page, "Аяқтау")
    page.click("#main")
    expect(page.locator("#confirm")).to_have_text("Тақырыпсыз аяқтау")
    page.get_by_role("button", name="Жылумен жабдықтау").click()
    page.get_by_role("button", name="Тұрғын үй").click()
    page.get_by_role("button", name="Түсіндірілді").click()
    page.fill("#note", "Жылу жоқ")
    expect(page.locator("#confirm")).to_have_text("Аяқтау")
    page.click("#confirm")
    main_says(page, "Келесі", "Кезекте ешкім жоқ")
    [fact] = appliance.facts("TicketFinished")
    assert (fact["number"], fact["topics"], fact["outcome"]) == (number, ["heating", "housing"], "explained")
    report = appliance.call("GET", "/reports/day.json").json()
    assert report["served"] == 1
    assert report["outcomes"] == {"explained": 1}
    assert {group["group"] for group in report["top_groups"]} == {"utilities", "housing"}


def test_finishing_takes_two_taps_without_a_topic_and_three_with_one(appliance, new_tablet):
    appliance.issue("К")
    appliance.issue("К")
    page = new_tablet(PHONE, touch=True).open_desk()
    for taps in (["#main", "#confirm"], ["#main", "[data-topic=water]", "#confirm"]):
        page.tap("#main")
        main_says(page, "Келді")
        page.tap("#main")
        main_says(page, "Аяқтау")
        for target in taps:
            page.tap(target)
        expect(page.locator("#finish-sheet")).to_be_hidden()
        expect(page.locator("#main-word")).to_have_text("Келесі")
    assert [fact["topics"] for fact in appliance.facts("TicketFinished")] == [[], ["water"]]


def test_what_was_chosen_stays_when_the_sheet_is_closed_for_a_moment(appliance, tablet):
    appliance.issue("К")
    appliance.call("POST", "/desks/К1/next")
    appliance.call("POST", "/desks/К1/start")
    page = tablet.open_desk()
    page.click("#main")
    page.click("[data-topic=water]")
    page.click("[data-outcome=accepted]")
    page.fill("#note", "a word")
    page.keyboard.press("Escape")
    page.click("#main")
    expect(page.locator("[data-topic=water]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-outcome=accepted]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#note")).to_have_value("a word")


def test_recall_absence_and_return(appliance, tablet):
    number, _ = appliance.issue("К")[0], appliance.issue("К")
    page = tablet.open_desk()
    call_next(page, number)
    page.click("#recall")
    expect(page.locator("#state")).to_have_text("Шақырылды, 2-шақыру")
    page.click("#no-show")
    expect(page.locator("#absent-list")).to_have_text(number)
    expect(page.locator("#next-list .number")).to_have_text(["К-002"])
    page.locator("#absent-list button").click()
    page.get_by_role("button", name="Кезекке қайтару").click()
    expect(page.locator("#news")).to_have_text(f"{number} кезекке қайтарылды")
    expect(page.locator("#next-list .number")).to_have_text([number, "К-002"])
    expect(page.locator("#absent")).to_be_hidden()
    assert [fact["attempt"] for fact in appliance.facts("TicketRecalled")] == [2]


def test_an_absent_one_who_came_is_called_out_of_turn_with_a_reason(appliance, tablet):
    number = appliance.issue("К")[0]
    appliance.issue("К")
    page = tablet.open_desk()
    call_next(page, number)
    page.click("#no-show")
    page.locator("#absent-list button").click()
    page.get_by_role("button", name="Кезектен тыс шақыру").click()
    expect(page.get_by_role("button", name="Кешігіп келді")).to_have_attribute("aria-pressed", "true")
    page.locator("#more-body .main").click()
    expect(page.locator("#ticket-number")).to_have_text(number)
    assert [fact["reason"] for fact in appliance.facts("TicketCalled")] == ["", "Кешігіп келді"]


def test_a_waiting_ticket_by_its_typed_number_takes_a_reason(appliance, tablet):
    appliance.issue("К")
    appliance.issue("К")
    page = tablet.open_desk()
    more(page, "Нөмірі бойынша талон")
    page.fill("#wanted", "what?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Нөмірді талондағыдай жазыңыз")).to_be_visible()
    page.fill("#wanted", "k 2")
    page.keyboard.press("Enter")
    expect(page.locator("#more-title")).to_have_text("К-002")
    page.get_by_role("button", name="Кезектен тыс шақыру").click()
    page.locator("#more-body .main").click()
    expect(page.get_by_role("alert").filter(has_text="Себебін таңдаңыз")).to_be_visible()
    page.get_by_label("Басқа себеп").fill("әкім шақырды")
    page.locator("#more-body .main").click()
    expect(page.locator("#ticket-number")).to_have_text("К-002")
    assert appliance.facts("TicketCalled")[0]["reason"] == "әкім шақырды"


def test_hold_and_transfer_keep_the_place(appliance, tablet):
    held, sent = appliance.issue("К")[0], appliance.issue("К")[0]
    page = tablet.open_desk()
    call_next(page, held)
    more(page, f"{held} кейінге қалдыру")
    expect(page.locator("#ticket-number")).to_be_hidden()
    call_next(page, sent)
    more(page, f"{sent} басқа қызметке жіберу", "Білім басқармасы")
    expect(page.locator("#ticket-number")).to_be_hidden()
    assert appliance.facts("TicketTransferred")[0]["service"] == "Г"
    more(page, "Нөмірі бойынша талон")
    page.fill("#wanted", held)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Кейінге қалдыруды аяқтау").click()
    expect(page.locator("#next-list .number")).to_have_text([held])


def test_a_break_and_its_end(appliance, tablet):
    appliance.issue("К")
    page = tablet.open_desk()
    more(page, "Үзіліс жасау", "Түскі ас")
    expect(page.locator("#state")).to_have_text("Үзіліс: Түскі ас")
    assert appliance.desk()["pause_reason"] == "Түскі ас"
    main_says(page, "Жұмысты жалғастыру")
    page.click("#main")
    main_says(page, "Келесі")
    assert appliance.desk()["state"] == "open"


def test_a_slip_is_printed_again(appliance, tablet):
    [number] = appliance.issue("К")
    page = tablet.open_desk()
    page.locator("#next-list button").click()
    page.get_by_role("button", name="Талонды қайта басу").click()
    expect(page.locator("#news")).to_have_text(f"{number}: көшірмесі басуға жіберілді")
    assert [fact["copy"] for fact in appliance.facts("SlipQueued")] == [False, True]


def test_nobody_free_is_said_in_words_and_ends_by_itself(appliance, tablet):
    page = tablet.open_desk()
    main_says(page, "Келесі", "Кезекте ешкім жоқ")
    expect(page.locator("#main")).to_be_disabled()
    number, other = appliance.issue("К", "А")
    main_says(page, "Келесі")
    appliance.call("POST", "/desks/А1/next")
    main_says(page, "Келесі", "Күткендердің бәрі басқа үстелде")
    expect(page.locator("#busy-list li")).to_have_text(f"{number}А1-үстелде")
    appliance.call("POST", "/desks/А1/no-show")
    expect(page.locator("#main")).to_be_enabled()
    call_next(page, number)
    expect(page.locator("#others-list li")).to_have_text(f"{other}Облыс әкіміКелмеді")


def test_all_of_it_by_keyboard(appliance, tablet):
    [number] = appliance.issue("К")
    page = tablet.open_desk()
    main_says(page, "Келесі")

    def tab_to(target: str) -> None:
        for _ in range(40):
            if page.locator(target).evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{target} cannot be reached by the Tab key")

    tab_to("#main")
    assert page.locator("#main").evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-number")).to_have_text(number)
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("#main")).to_be_enabled()
    page.keyboard.press("Enter")
    main_says(page, "Аяқтау")
    expect(page.locator("#main")).to_be_enabled()
    page.keyboard.press("Space")
    tab_to("[data-topic=water]")
    page.keyboard.press("Space")
    tab_to("#confirm")
    expect(page.locator("#confirm")).to_be_enabled()
    page.keyboard.press("Enter")
    main_says(page, "Келесі", "Кезекте ешкім жоқ")
    expect(page.locator("#main")).to_be_focused()
    assert appliance.facts("TicketFinished")[0]["topics"] == ["water"]
