"""The `kezek` command as people type it: real processes, plain words, exit codes."""

import json
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.cli import HOMES
from appliance.config import Config, Place
from appliance.domain.model import Instant, ServiceCode, Stamp
from appliance.office.reception import Order, issue
from appliance.wiring import hold_data, open_store

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "appliance" / "roster" / "sample" / "roster.csv"


@pytest.fixture
def kezek(tmp_path):
    def run(*arguments: str, data: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "appliance", *arguments]
        command += ["--data", str(tmp_path / "data")] if data else []
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    return run


def test_every_command_explains_itself(kezek):
    overview = kezek("--help", data=False).stdout
    for command in ("serve", "run", "buttons", "printer", "display", "token", "roster", "day", "report", "journal"):
        assert command in overview
        assert kezek(command, "--help", data=False).returncode == 0


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`kezek {command}" in readme for command in HOMES)


def test_a_list_is_checked_shown_and_loaded(kezek):
    assert "15 services, 20 desks, 28 topics" in kezek("roster", "check", str(SAMPLE), data=False).stdout
    loaded = kezek("roster", "load", str(SAMPLE))
    assert "service К added" in loaded.stdout
    again = kezek("roster", "load", str(SAMPLE)).stdout
    assert again.startswith("nothing changed; in force in ")
    assert "which nothing serves just now" in again
    shown = kezek("roster", "show")
    assert "Энергетика және ТКШ басқармасы" in shown.stdout


def test_a_wrong_list_names_everything_and_loads_nothing(kezek, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(SAMPLE.read_text(encoding="utf-8").replace("\nК,", "\nK,").replace(",3,10,", ",0,10,"))
    (tmp_path / "topics.csv").write_text(SAMPLE.with_name("topics.csv").read_text(encoding="utf-8"))
    result = kezek("roster", "load", str(wrong))
    assert result.returncode == 1
    assert "wrong.csv, row 3, column prefix" in result.stderr
    assert "wrong.csv, row 3, column desks" in result.stderr
    assert "nothing was loaded" in result.stderr
    assert "Traceback" not in result.stderr


def test_tokens_are_made_for_roles_and_desks_that_exist(kezek):
    kezek("roster", "load", str(SAMPLE))
    tokens = [kezek("token", "--role", role).stdout.strip() for role in ("device", "operator", "supervisor")]
    tokens.append(kezek("token", "--role", "operator", "--desk", "К1").stdout.strip())
    assert len(set(tokens)) == 4
    assert all(len(token) > 30 and " " not in token for token in tokens)
    assert "/operator#kzo_" in kezek("token", "--role", "operator", "--link").stdout
    unknown = kezek("token", "--role", "operator", "--desk", "К9")
    assert unknown.returncode == 1
    assert "there is no desk К9; there are А1, К1" in unknown.stderr
    assert kezek("token", "--role", "device", "--desk", "К1").returncode == 2
    assert kezek("token", "--role", "king").returncode == 2


def test_an_empty_day_is_summed_up_and_a_new_one_opened(kezek):
    kezek("roster", "load", str(SAMPLE))
    assert "tickets 0" in kezek("report").stdout
    assert json.loads(kezek("report", "--format", "json").stdout)["tickets"] == 0
    assert "numbers begin at 001" in kezek("day", "open").stdout
    entries = [json.loads(line) for line in kezek("journal", "export").stdout.splitlines()]
    assert [entry["type"] for entry in entries] == ["DayOpened", "RosterChanged", "DayOpened"]
    assert entries[0].keys() >= {"seq", "at", "running", "boot", "day", "actor", "data"}
    assert len(kezek("journal", "export", "--after", "2").stdout.splitlines()) == 1


def test_a_data_folder_that_cannot_be_made_is_named(kezek, tmp_path):
    (tmp_path / "data").write_text("a file")
    result = kezek("report")
    assert result.returncode != 0
    assert "data" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_that_is_taken_is_named(kezek):
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = kezek("serve", "--port", port)
    assert result.returncode == 1
    assert "Address already in use" in result.stderr
    assert port in result.stderr
    assert "Traceback" not in result.stderr


def test_a_data_folder_in_use_is_left_alone(kezek, tmp_path):
    with hold_data(Place(tmp_path / "data", Config())):
        for command in (("serve", "--speed", "30"), ("run", "--headless", "--speed", "30")):
            result = kezek(*command)
            assert result.returncode == 1
            assert "another Kezek serves" in result.stderr
            assert "Traceback" not in result.stderr
    assert not (tmp_path / "data" / "kezek.db").exists()


@pytest.mark.parametrize(
    "command", [("report",), ("journal", "export"), ("day", "show"), ("day", "open"), ("roster", "show")]
)
def test_a_mistyped_folder_is_named_and_not_made(kezek, tmp_path, command):
    result = kezek(*command)
    assert result.returncode == 1
    assert f"there is no Kezek in {tmp_path / 'data'}" in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_day_with_people_waiting_is_not_ended_by_a_slip_of_the_finger(kezek, tmp_path):
    kezek("roster", "load", str(SAMPLE))
    place = Place(tmp_path / "data", Config())
    with open_store(place) as store, store.write() as unit:
        stamp = Stamp(Instant(datetime.now(UTC), 0.0, "boot"), "test")
        issue(unit, Order((ServiceCode("К"),), "secret"), stamp)
        unit.commit()
    refused = kezek("day", "open")
    assert refused.returncode == 1
    assert "1 tickets of the open day are not finished" in refused.stderr
    rehearsed = kezek("serve", "--speed", "30")
    assert rehearsed.returncode == 1
    assert "rehearse with another --data" in rehearsed.stderr
    assert kezek("day", "open", "--abandon").returncode == 0


def test_a_device_needs_no_page(kezek):
    assert kezek("token", "--role", "device", "--link").returncode == 2
