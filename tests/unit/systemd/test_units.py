"""The units as systemd itself reads them. `verify` exits 0 on a misspelt key, so its standard error must be empty."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from appliance.cli import HOMES, kezek

FOLDER = Path(__file__).parents[3] / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
UNITS = [*SERVICES, *sorted(FOLDER.glob("*.target"))]


@pytest.fixture
def root(tmp_path):
    """A root folder in which every program that the units start exists."""
    program = tmp_path / "opt/kezek/.venv/bin/kezek"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    for unit in UNITS:
        shutil.copy(unit, units)
    library = tmp_path / "usr/lib/systemd/system"
    library.parent.mkdir(parents=True)
    shutil.copytree("/usr/lib/systemd/system", library, symlinks=True, ignore_dangling_symlinks=True)
    return tmp_path


def verify(root: Path, unit: Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", f"--root={root}", unit.name]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_to_say(root, unit):
    result = verify(root, unit)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_misspelt_key_would_be_found(root):
    broken = root / "etc/systemd/system" / SERVICES[0].name
    broken.write_text(broken.read_text().replace("Restart=always", "Restrat=always"))
    assert "Restrat" in verify(root, broken).stderr


def test_there_is_one_unit_for_each_process_and_the_target_wants_them_all():
    assert [unit.stem for unit in SERVICES] == ["kezek-buttons", "kezek-display", "kezek-printer", "kezek-serve"]
    target = (FOLDER / "kezek.target").read_text()
    assert all(unit.name in target for unit in SERVICES)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_unit_never_gives_up_and_starts_a_command_that_exists(unit):
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str
    parsed.read_string(unit.read_text())
    assert parsed["Service"]["Restart"] == "always"
    assert parsed["Unit"]["StartLimitIntervalSec"] == "0"
    verb = parsed["Service"]["ExecStart"].split()[1]
    assert verb in HOMES
    if verb in {"serve", "buttons"}:
        assert CliRunner().invoke(kezek, [verb, "--help"]).exit_code == 0
