"""A desk with others around it: other clients, a second tablet, double taps, a server that dies and returns."""

from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
NO_ANSWER = "Failed to load resource: net::ERR_"


def ready(page: Page, word: str = "Келесі") -> None:
    expect(page.locator("#main-word")).to_have_text(word)
    expect(page.locator("#main")).to_be_enabled()


def test_it_follows_what_other_clients_do(appliance, tablet):
    page = tablet.open_desk()
    expect(page.locator("#waiting")).to_have_text("Күтуде: 0")
    appliance.issue("К")
    expect(page.locator("#waiting")).to_have_text("Күтуде: 1")
    appliance.call("POST", "/desks/К1/next")
    expect(page.locator("#ticket-number")).to_have_text("К-001")
    appliance.call("POST", "/desks/К1/start")
    expect(page.locator("#main-word")).to_have_text("Аяқтау")


def test_a_full_house_of_streams_is_polled_instead(appliance, tablet):
    tablet.expected.append("503")
    url = f"http://127.0.0.1:{appliance.port}/api/v1/events"
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(httpx.stream("GET", url))
        page = tablet.open_desk()
        expect(page.locator("#waiting")).to_have_text("Күтуде: 0")
        appliance.issue("К")
        expect(page.locator("#waiting")).to_have_text("Күтуде: 1")
    assert any("503" in text for text in tablet.said)


def test_two_tablets_at_one_desk_agree(appliance, new_tablet):
    appliance.issue("К")
    first, second = new_tablet().open_desk(), new_tablet(PHONE).open_desk()
    ready(first)
    first.click("#main")
    ready(second, "Келді")
    second.click("#main")
    ready(first, "Аяқтау")
    first.click("#main")
    ready(second, "Аяқтау")
    second.click("#main")
    second.click("#confirm")
    expect(first.locator("#finish-sheet")).to_be_hidden()
    expect(first.locator("#news")).to_contain_text("Бұл үстелде басқа планшет жұмыс істеді")
    expect(first.locator("#ticket-number")).to_be_hidden()


def test_a_late_tap_is_refused_in_words(appliance, tablet):
    tablet.expected.append("409")
    appliance.issue("К")
    page = tablet.open_desk()
    ready(page)

    def somebody_was_faster(route: Route) -> None:
        appliance.call("POST", "/desks/К1/next")
        route.continue_()

    page.route("**/next", somebody_was_faster, times=1)
    page.click("#main")
    expect(page.locator("#trouble")).to_have_text("Үстелде талон бар. Алдымен соны аяқтаңыз.")
    ready(page, "Келді")


@pytest.mark.parametrize("touch", [False, True])
def test_a_double_tap_is_one_tap(appliance, new_tablet, touch):
    appliance.issue("К")
    page = new_tablet(PHONE, touch=touch).open_desk()
    ready(page)
    box = page.locator("#main").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for word in ("Келді", "Аяқтау"):
        if touch:
            page.touchscreen.tap(x, y)
            page.touchscreen.tap(x, y)
        else:
            page.mouse.dblclick(x, y)
        ready(page, word)
    page.mouse.dblclick(x, y)
    expect(page.locator("#finish-sheet")).to_be_visible()
    expect(page.locator("#confirm")).to_be_enabled()
    kinds = ("TicketCalled", "TicketStarted", "TicketFinished")
    assert [len(appliance.facts(kind)) for kind in kinds] == [1, 1, 0]


TAP_AGAIN_AT_EACH_NEW_WORD = """() => {
  const watcher = new MutationObserver(() => document.getElementById("main").click());
  watcher.observe(document.getElementById("main-word"), { childList: true });
}"""


def test_a_slow_second_tap_does_not_do_the_next_step(appliance, tablet):
    """The worst moment: the first tap was answered and the button means something else already."""
    appliance.issue("К")
    page = tablet.open_desk()
    ready(page)
    page.evaluate(TAP_AGAIN_AT_EACH_NEW_WORD)
    page.click("#main")
    ready(page, "Келді")
    assert [len(appliance.facts(kind)) for kind in ("TicketCalled", "TicketStarted")] == [1, 0]
    page.click("#main")
    ready(page, "Аяқтау")
    expect(page.locator("#finish-sheet")).to_be_hidden()


def test_a_tap_outlives_the_server_and_counts_once(appliance, tablet):
    tablet.expected.append(NO_ANSWER)
    appliance.issue("К")
    page = tablet.open_desk()
    ready(page)
    appliance.kill()
    expect(page.locator("#away")).to_contain_text("Байланыс жоқ, деректер")
    expect(page.locator("#main-why")).to_have_text("⚠ Байланыс жоқ")
    page.click("#main")
    expect(page.locator("#main-why")).to_have_text("⚠ Байланыс күтілуде…")
    appliance.start()
    ready(page, "Келді")
    expect(page.locator("#away")).to_be_hidden()
    assert len(appliance.facts("TicketCalled")) == 1


def test_a_lost_answer_is_asked_for_again_with_the_same_key(appliance, tablet):
    tablet.expected.append(NO_ANSWER)
    appliance.issue("К")
    appliance.issue("К")
    page = tablet.open_desk()
    ready(page)
    keys = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            path = route.request.url.partition("/api/")[2]
            route.fetch(url=f"http://127.0.0.1:{appliance.port}/api/{path}")
            route.abort()
        else:
            route.continue_()

    page.route("**/next", lose)
    page.click("#main")
    ready(page, "Келді")
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert len(appliance.facts("TicketCalled")) == 1


def test_a_tap_is_given_up_in_words_after_ten_seconds(appliance, tablet):
    tablet.expected.append(NO_ANSWER)
    appliance.issue("К")
    tablet.page.clock.install()
    page = tablet.open_desk()
    ready(page)
    page.context.set_offline(True)
    expect(page.locator("#away")).to_be_visible()
    page.click("#main")
    expect(page.locator("#main-why")).to_have_text("⚠ Байланыс күтілуде…")
    page.clock.run_for(11_000)
    expect(page.locator("#trouble")).to_have_text("«Келесі» жіберілмеді. Қайта басыңыз.")
    page.context.set_offline(False)
    ready(page)
    expect(page.locator("#away")).to_be_hidden()
    assert not appliance.facts("TicketCalled")
    page.click("#main")
    ready(page, "Келді")
    expect(page.locator("#trouble")).to_be_hidden()


def test_a_page_opened_without_a_server_opens_its_desk_when_it_is_back(appliance, tablet):
    tablet.expected.append(NO_ANSWER)
    page = tablet.open_desk()
    word = page.locator("#main-word")
    expect(word).to_have_text("Келесі")
    page.route("**/whoami", lambda route: route.abort())
    page.reload()
    expect(page.locator("#away")).to_have_text("⚠ Байланыс жоқ")
    page.unroute("**/whoami")
    expect(word).to_have_text("Келесі")
    expect(page.locator("#away")).to_be_hidden()
