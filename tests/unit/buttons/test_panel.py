"""Presses on mock pins: debounce, the book that keeps them, the sender that answers each once or refuses."""

import json
import socket
import threading
from pathlib import Path

import httpx
import msgspec
import pytest

from appliance.buttons.errors import PanelError
from appliance.buttons.panel import Panel
from appliance.buttons.presses import Press, PressBook
from appliance.buttons.sender import Answer, Sender
from appliance.buttons.standin import Hands, free_pins, legend, listening
from appliance.client import Client
from appliance.config import ButtonsSection
from appliance.contract import models as m
from appliance.contract.problems import PROBLEMS

PINS = {"К": 4, "Ж": 5}


class Ticks:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def hands():
    made = Hands(PINS)
    yield made
    made.factory.close()


@pytest.fixture
def pressed():
    return []


@pytest.fixture
def panel(hands, ticks, pressed):
    settings = ButtonsSection(pins=PINS, lamp=17)
    with Panel(PINS, settings, pressed.append, ticks, hands.factory) as made:
        yield made


def test_one_press_is_one_press(panel, hands, pressed):
    hands.press("К")
    assert pressed == ["К"]


def test_a_button_held_down_is_one_press(panel, hands, pressed, ticks):
    hands.down("К")
    ticks.now += 30
    hands.up("К")
    assert pressed == ["К"]


def test_a_bouncing_contact_is_one_press(panel, hands, pressed, ticks):
    for _ in range(6):
        hands.press("К")
        ticks.now += 0.004
    assert pressed == ["К"]


def test_bounces_at_the_release_are_no_press(panel, hands, pressed, ticks):
    hands.down("К")
    ticks.now += 0.5
    hands.up("К")
    ticks.now += 0.01
    hands.press("К")
    assert pressed == ["К"]


def test_two_presses_apart_are_two(panel, hands, pressed, ticks):
    hands.press("К")
    ticks.now += 0.2
    hands.press("К")
    assert pressed == ["К", "К"]


def test_buttons_do_not_silence_each_other(panel, hands, pressed):
    hands.press("К")
    hands.press("Ж")
    assert pressed == ["К", "Ж"]


def test_the_lamp_lights_when_the_server_is_away_and_goes_out_when_it_is_back(panel, hands):
    lamp = hands.factory.pin(17)
    panel.lamp.away()
    assert lamp.state == 1
    panel.lamp.fine()
    assert lamp.state == 0


def test_a_refusal_blinks(panel):
    panel.lamp.refuse()
    assert panel.lamp.blinking
    panel.lamp.fine()
    assert not panel.lamp.blinking


def test_a_pin_used_twice_is_named(hands):
    with pytest.raises(PanelError, match="GPIO 4"):
        Panel({"К": 4}, ButtonsSection(lamp=4), print, float, hands.factory)


def test_a_machine_without_pins_says_what_to_do(monkeypatch):
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "lgpio")
    with pytest.raises(PanelError, match="--stand-in"):
        Panel(PINS, ButtonsSection(), print, float)


# --- the book


@pytest.fixture
def book(tmp_path, ticks):
    keys = iter(f"key-{n}" for n in range(1, 100))
    made = PressBook(tmp_path / "presses.log", lambda: next(keys), ticks, "this boot")
    yield made
    made.close()


def reopened(path: Path) -> list[Press]:
    made = PressBook(path, str, float)
    try:
        found = []
        while press := made.wait(0):
            found.append(press)
            made.settle(press)
        return found
    finally:
        made.close()


def test_open_presses_outlive_the_process_in_order(book, tmp_path):
    first, second = book.add("К"), book.add("Ж")
    assert reopened(tmp_path / "presses.log") == [first, second]


def test_a_settled_press_is_gone(book, tmp_path):
    first, second = book.add("К"), book.add("Ж")
    book.settle(first)
    assert book.wait(0) == second
    assert reopened(tmp_path / "presses.log") == [second]


def test_the_book_is_emptied_when_nothing_is_open(book, tmp_path):
    book.settle(book.add("К"))
    assert (tmp_path / "presses.log").read_bytes() == b""
    assert book.wait(0) is None


def test_a_torn_last_line_is_passed_over(book, tmp_path):
    kept = book.add("К")
    path = tmp_path / "presses.log"
    whole = path.read_bytes()
    for cut in range(1, len(whole)):  # also inside a Cyrillic letter
        path.write_bytes(whole + whole[:cut])
        again = PressBook(path, lambda: "later", float, "this boot")
        later = again.add("Ж")
        again.close()
        assert reopened(path) == [kept, later]


def test_age_is_of_this_boot_only(book, ticks, tmp_path):
    press = book.add("К")
    ticks.now += 12
    assert book.age(press) == 12
    other = PressBook(tmp_path / "other.log", str, ticks, "the next boot")
    assert other.age(press) == float("inf")
    other.close()


def test_waiting_wakes_on_a_press(book):
    thread = threading.Timer(0.01, book.add, ("К",))
    thread.start()
    found = book.wait(10)
    thread.join()
    assert found
    assert found.service == "К"


# --- the sender


class Server:
    """The server's side of issuing, with hands: it can be away, answer slowly or refuse."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.issued: dict[str, str] = {}
        self.tokens: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        mood = self.answers.pop(0) if self.answers else "fine"
        key = request.headers["Idempotency-Key"]
        self.tokens.append(request.headers["Authorization"])
        if mood == "nonsense":
            return httpx.Response(200, content=b"<html>")
        service = json.loads(request.content)["services"][0]
        if mood == "away":
            raise httpx.ConnectError("no server")
        if mood in PROBLEMS:
            kind = PROBLEMS[mood]
            problem = m.Problem(type="", title="", status=kind.status, code=mood, detail="the words of the server")
            return httpx.Response(kind.status, content=msgspec.json.encode(problem))
        number = self.issued.setdefault(key, f"{service}-{len(self.issued) + 1:03d}")
        if mood == "reply lost":
            raise httpx.ReadTimeout("no answer")
        place = m.TicketPlace(
            number=number, service=service, names=m.Names(kk="", ru=""), state="waiting", position=1, wait=None
        )
        visit = m.Visit(id="1", secret="s", language=None, category=None, tickets=[place])
        return httpx.Response(201, content=msgspec.json.encode(visit))


class Shown:
    """What the panel showed."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def waiting(self) -> None:
        self.seen.append("waiting")

    def issued(self, press: Press, numbers: list[str]) -> None:
        self.seen.append(f"issued {' '.join(numbers)}")

    def refused(self, press: Press, why: str) -> None:
        self.seen.append(f"refused {press.service}: {why}")


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def shown():
    return Shown()


@pytest.fixture
def sender(server, shown, book, ticks):
    with Client("http://kezek", "token", transport=httpx.MockTransport(server)) as client:
        yield Sender(client, book, shown, "kiosk", 30.0, lambda: client.use_token("renewed"))


def test_a_press_becomes_a_ticket(sender, book, shown, server):
    assert sender.attempt(book.add("К")) is Answer.SETTLED
    assert shown.seen == ["issued К-001"]
    assert book.wait(0) is None


def test_a_server_that_is_away_is_waited_for_with_the_same_key(sender, book, shown, server, ticks):
    server.answers = ["away", "store_unavailable", "fine"]
    press = book.add("К")
    assert sender.attempt(press) is Answer.AGAIN
    ticks.now += 10
    assert sender.attempt(press) is Answer.AGAIN
    assert book.wait(0) == press
    assert sender.attempt(press) is Answer.SETTLED
    assert shown.seen == ["waiting", "waiting", "issued К-001"]
    assert list(server.issued) == [press.key]


def test_a_lost_reply_never_makes_two_tickets(sender, book, shown, server):
    server.answers = ["reply lost"]
    press = book.add("К")
    assert sender.attempt(press) is Answer.AGAIN
    assert sender.attempt(press) is Answer.SETTLED
    assert server.issued == {press.key: "К-001"}
    assert shown.seen[-1] == "issued К-001"


def test_patience_ends_visibly(sender, book, shown, server, ticks):
    server.answers = ["away", "fine"]
    press = book.add("К")
    ticks.now += 29
    assert sender.attempt(press) is Answer.AGAIN
    ticks.now += 1
    assert sender.attempt(press) is Answer.SETTLED
    assert shown.seen == ["waiting", "refused К: it waited longer than 30 s"]
    assert book.wait(0) is None
    assert server.issued == {}, "a visitor who walked on gets no ticket behind his back"


def test_an_old_press_of_an_earlier_boot_is_never_sent(sender, book, shown, server):
    press = Press("К", "key-0", 1000.0, "the boot before")
    assert sender.attempt(press) is Answer.SETTLED
    assert shown.seen == ["refused К: it waited longer than 30 s"]
    assert server.issued == {}


def test_a_token_the_server_does_not_know_is_read_again(sender, book, shown, server):
    server.answers = ["unauthorized", "fine"]
    press = book.add("К")
    assert sender.attempt(press) is Answer.AGAIN
    assert sender.attempt(press) is Answer.SETTLED
    assert server.tokens == ["Bearer token", "Bearer renewed"]
    assert shown.seen == ["waiting", "issued К-001"]


def test_an_answer_that_is_not_kezeks_is_asked_for_again(sender, book, shown, server):
    server.answers = ["nonsense", "fine"]
    press = book.add("К")
    assert sender.attempt(press) is Answer.AGAIN
    assert sender.attempt(press) is Answer.SETTLED


def test_a_closed_service_is_refused_at_once_in_the_servers_words(sender, book, shown, server):
    server.answers = ["service_closed"]
    assert sender.attempt(book.add("Ж")) is Answer.SETTLED
    assert shown.seen == ["refused Ж: the words of the server"]


def test_the_loop_answers_presses_in_order_and_ends(sender, book, shown):
    stop = threading.Event()
    book.add("К")
    book.add("Ж")
    thread = threading.Thread(target=sender.run, args=(stop,))
    thread.start()
    while book.wait(0):
        stop.wait(0.01)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert shown.seen == ["issued К-001", "issued Ж-002"]


# --- the stand-in


def test_hands_obey_a_socket_and_answer_when_the_press_is_safe(tmp_path, hands, pressed, ticks):
    with (
        Panel(PINS, ButtonsSection(), pressed.append, ticks, hands.factory),
        listening(tmp_path / "panel.sock", hands),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as visitor,
    ):
        visitor.bind(str(tmp_path / "visitor.sock"))
        visitor.settimeout(10)
        answers = []
        for text in ("press К", "poke К", "press Я"):
            visitor.sendto(text.encode(), str(tmp_path / "panel.sock"))
            answers.append(visitor.recv(200).decode())
        assert answers == [
            "ok",
            "error 'poke' is not press, down or up",
            "error there is no button 'Я'; there are К Ж",
        ]
        assert pressed == ["К"]
    assert not (tmp_path / "panel.sock").exists()


def test_a_whole_roster_finds_pins():
    services = list("АКЖБДЕГӘСПОМРЦТ")
    pins = free_pins(services)
    assert list(pins) == services
    assert len(set(pins.values())) == len(services)
    assert set(pins.values()) <= set(range(28))


def test_the_legend_names_a_key_for_each_button():
    text = legend([("К", "Энергетика"), ("Ж", "Дороги")])
    assert "1  К  Энергетика" in text
    assert "2  Ж  Дороги" in text
