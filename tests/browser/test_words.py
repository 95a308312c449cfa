"""The pages' words: complete in three languages, with the same things to fill in, and each one used."""

import re
from pathlib import Path

import pytest

from appliance.api.pages import phrases
from appliance.contract.problems import PROBLEMS
from appliance.contract.words import WORDS

WEB = Path(__file__).parents[2] / "appliance/web"
OWN = sorted(set(phrases()) - set(WORDS))
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (*WEB.glob("static/*.js"), *WEB.glob("templates/*.html"), WEB.parent / "api/pages.py")
)
BUILT = ("state_", "speaks_", "error_", "visitor_")
"""Keys that are put together from a state, a language or a problem's code."""


@pytest.mark.parametrize("key", OWN)
def test_a_phrase_is_said_in_three_languages_and_is_used(key):
    phrase = phrases()[key]
    assert set(phrase) == {"kk", "ru", "en"}
    assert all(phrase.values())
    assert len({frozenset(re.findall(r"{\w+}", text)) for text in phrase.values()}) == 1
    assert key.startswith(BUILT) or re.search(rf"\b{key}\b", SOURCES), "nobody says this"


def test_no_phrase_hides_a_shared_one():
    own = (WEB / "static/words.json").read_text(encoding="utf-8")
    assert not [key for key in WORDS if f'"{key}":' in own]


def test_errors_that_are_worded_exist():
    assert {key.removeprefix("error_") for key in OWN if key.startswith("error_")} <= set(PROBLEMS)


def test_every_word_the_scripts_ask_for_exists():
    asked = set(re.findall(r"""\bsay\("(\w+)"|data-word="(\w+)"|parts\.say\("(\w+)\"""", SOURCES))
    keys = {key for found in asked for key in found if key}
    assert keys
    assert keys <= set(phrases())
