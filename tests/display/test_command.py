"""The command line: what is asked wrongly is said in one line."""

import pytest
from PIL import Image

from display.__main__ import main
from display.board import View
from display.errors import NotWritten
from display.look import Frame
from display.paint import blank
from display.standin import StandIn
from display.tv import sheet_of


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--size", "big"], "1920x1080"),
        (["--size", "10x10"], "320"),
        (["--id", "../x"], "--id"),
        (["--server", "nowhere"], "http://"),
        (["--distance", "0"], "--distance"),
        (["--headless", "--window"], "exclude"),
        (["--token-file", "/nowhere/token"], "token file"),
        (["--what"], "--what"),
        (["spare"], "spare"),
    ],
)
def test_bad_usage_is_one_line_and_code_2(arguments, word, capsys):
    assert main(arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("kezek display: ")
    assert word in lines[0]


def test_help_names_every_option(capsys):
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    for option in ("--server", "--size", "--data", "--id", "--headless", "--window", "--token-file", "--distance"):
        assert option in told


def test_snapshot_writes_one_picture(server, hall, tmp_path):
    server.board = hall.board("К-045 К2", waiting={"К": 4})
    token = tmp_path / "token"
    token.write_text("secret\n")
    out = tmp_path / "board.png"
    arguments = ["--server", server.url, "--size", "1080x1920", "--snapshot", str(out), "--token-file", str(token)]
    assert main(arguments) == 0
    with Image.open(out) as picture:
        assert picture.size == (1080, 1920)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_snapshot_without_a_server_says_so(server, tmp_path, capsys):
    server.shut()
    assert main(["--server", server.url, "--snapshot", str(tmp_path / "board.png")]) == 1
    assert "no board from http://127.0.0.1" in capsys.readouterr().err
    assert not (tmp_path / "board.png").exists()


def test_no_screen_says_what_to_do(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr("display.screen.RETRY_SECONDS", (0.0,))
    assert main(["--data", str(tmp_path)]) == 1
    assert "--headless" in capsys.readouterr().err


def test_pictures_are_written_at_most_once_a_second(tmp_path):
    stand_in = StandIn(tmp_path / "display", "hall")
    sheet = sheet_of(View(board=None), Frame(32, 32), (), "hall")
    times = []
    for at in (0.0, 0.1, 0.5, 0.9, 1.1):
        stand_in.write(sheet)
        stand_in.keep_up(blank((32, 32)), at)
        times.append(stand_in._last_picture)
    stand_in.keep_up(blank((32, 32)), 9.0)
    assert [*times, stand_in._last_picture] == [0.0, 0.0, 0.0, 0.0, 1.1, 1.1]
    stand_in.close()
    assert sorted(path.name for path in (tmp_path / "display").iterdir()) == ["hall.json", "hall.png"]


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritten, match="cannot make"):
        StandIn(tmp_path / "file" / "display", "hall")
