"""`kezek.toml`: what is right is read whole, what is wrong is named with file, field and remedy."""

import re
from pathlib import Path

import msgspec
import pytest

from appliance.config import Config, ConfigError, find_config, load_config

ROOT = Path(__file__).parents[2]


def written(tmp_path, text: str) -> Path:
    path = tmp_path / "kezek.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_a_default():
    assert load_config(None) == Config()


def test_the_readme_shows_every_key_and_its_example_is_right(tmp_path):
    example = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    config = load_config(written(tmp_path, example[1]))
    for section in msgspec.structs.fields(Config):
        for key in msgspec.structs.fields(section.type):
            assert re.search(rf"^{key.name} = ", example[1], re.MULTILINE), f"[{section.name}] {key.name}"
    assert config.buttons.pins == {"К": 4, "Ж": 17}
    assert config.event.opens == "10:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[server]\nport = 'x'", "[server] port: Expected `int`, got `str`"),
        ("[server]\nport = 70000", "[server] port: Expected `int` <= 65535"),
        ("[sever]\nport = 1", "unknown field `sever`"),
        ("[server]\nprot = 1", "unknown field `prot`"),
        ("[server]\naddress = 'kezek.local'", '[server] address: it must look like "http://10.0.0.1:8080"'),
        ("[event]\nopens = '25:00'", '[event] opens: it must look like "10:00"'),
        ("[buttons]\npins = { K = 4 }", "'K' is not a service's letter (Cyrillic capital)"),
        ("[buttons]\npins = { 'К' = 4, 'Ж' = 4 }", "К and Ж both use GPIO 4"),
        ("[buttons]\nlamp = 4\npins = { 'К' = 4 }", "both use GPIO 4"),
        ("[buttons]\npins = { 'К' = 28 }", "Expected `int` <= 27"),
        ("[printer]\nwidth = 57", "[printer] width"),
        ("[printer]\nwidth = 72", "[printer] width"),
        ("[server]\ndatabase = 'postgresql://hall'", "sqlite:////var/lib/kezek/kezek.db"),
        ("port = ", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, words):
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, text))
    assert words in str(caught.value)
    assert "kezek.toml" in str(caught.value)


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "kezek.toml"
    path.write_bytes("[event]\ntitle_ru = 'Приём'".encode("cp1251"))
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load_config(path)


def test_a_file_that_is_named_but_absent_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(find_config(tmp_path / "absent.toml", tmp_path))


def test_the_data_folders_file_is_found(tmp_path):
    path = written(tmp_path, "")
    assert find_config(None, tmp_path) == path
    assert find_config(Path("/other"), tmp_path) == Path("/other")


def test_a_name_does_not_end_in_a_new_line(tmp_path):
    with pytest.raises(ConfigError, match=r"\[display\] id"):
        load_config(written(tmp_path, '[display]\nid = "hall\\n"'))
