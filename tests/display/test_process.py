"""The real process against a loopback server: what a hall would see on a day with trouble."""

import json
import signal

import pytest

from appliance.contract.words import say

pytestmark = pytest.mark.e2e

NO_SERVER = say("no_server", "ru", t="10:42")


def test_shows_a_call_survives_the_server_and_ends_cleanly(server, hall, start):
    tv = start("--server", server.url, "--size", "1280x720")
    tv.shows(say("please_wait", "ru"))
    server.show(hall.board("К-045 К2", seq=101, waiting={"К": 2}))
    tv.shows("К-045", "→", "К2", "К-040")
    assert NO_SERVER not in tv.words()

    server.shut()
    tv.shows(NO_SERVER, say("no_server", "kk", t="10:42"), "К-045", "К2")
    assert tv.sheet()["away"] is True
    assert any(item["kind"] == "sign" for item in tv.sheet()["draws"])

    server.board = hall.board("Ж-001 Ж1", "К-045 К2", seq=102)
    server.open()
    tv.shows("Ж-001", "К-045")
    assert tv.sheet()["away"] is False
    assert NO_SERVER not in tv.words()
    assert tv.sheet()["seq"] == 102

    assert tv.end() == 0
    picture = tv.data / "display" / "hall.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert tv.popen.stdout.read() == b""
    assert "Traceback" not in tv.log.read_text()


def test_starts_before_its_server(server, hall, start):
    server.shut()
    tv = start("--server", server.url)
    tv.shows(say("no_server", "kk", t="—"))
    server.board = hall.board("К-045 К2")
    server.open()
    tv.shows("К-045")
    assert tv.sheet()["away"] is False
    assert tv.end(signal.SIGINT) == 0


def test_tells_the_server_which_display_it_is(server, start):
    tv = start("--server", server.url, "--id", "hall")
    tv.shows(say("please_wait", "kk"))
    sheet = tv.sheet()
    assert (sheet["display"], sheet["width"], sheet["height"]) == ("hall", 1920, 1080)
    assert tv.end() == 0
    assert server.opened
    assert all("display=hall" in path for path in server.opened)


def test_a_board_that_cannot_be_understood_ends_the_process_with_its_reason(server, start):
    server.instead = b'{"what": 1}'
    tv = start("--server", server.url)
    assert tv.popen.wait(timeout=20) == 1
    last = tv.log.read_text().strip().splitlines()[-1]
    assert "cannot be understood" in last


def test_an_unexpected_death_of_a_thread_is_loud(server, start):
    server.now = "not a time"
    tv = start("--server", server.url)
    assert tv.popen.wait(timeout=20) not in (0, 2)
    assert "Traceback" in tv.log.read_text()


def test_written_draw_list_is_whole_json_each_time(server, hall, start):
    tv = start("--server", server.url, "--size", "1280x720")
    tv.shows(say("please_wait", "ru"))
    for seq in range(101, 131):
        server.show(hall.board(f"К-{seq} К2", seq=seq))
        json.loads((tv.data / "display" / "hall.json").read_bytes())
    tv.shows("К-130")
    assert tv.end() == 0
