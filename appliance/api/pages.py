"""The pages: an operator's desk, a visitor's tickets, the way in. All are words and markup: no rule lives here."""

import functools
from importlib.resources import files
from typing import Any, Final, NamedTuple

import msgspec
from flask import Blueprint, Response, make_response, render_template, request
from jinja2.utils import htmlsafe_json_dumps

from appliance.api.context import context
from appliance.contract import models as m
from appliance.contract.words import LANGUAGES, WORDS
from appliance.domain.errors import UnknownVisit
from appliance.domain.events import Event
from appliance.office import feed, reception

blueprint: Final = Blueprint("pages", __name__)
CALLS_SHOWN: Final = 12
OFFICIAL: Final[tuple[m.Language, ...]] = ("kk", "ru")
"""What the way in speaks unless asked: long lists in three languages at once are hard to read."""
_RANK: Final[dict[str, int]] = {"called": 0, "serving": 1, "waiting": 2, "held": 3, "no_show": 3}
"""What a visitor must know first; what is over comes last."""


class Line(NamedTuple):
    """A phrase in one language, as a page shows it."""

    language: m.Language
    text: str


class Card(NamedTuple):
    """One ticket on the visitor's page."""

    number: str
    look: str
    service: list[Line]
    state: list[Line]


@functools.cache
def phrases() -> dict[str, dict[str, str]]:
    """Return every phrase a page can say, by key and language: the shared words and the pages' own."""
    own = (files("appliance.web") / "static" / "words.json").read_bytes()
    shared = {key: phrase._asdict() for key, phrase in WORDS.items()}
    return shared | msgspec.json.decode(own, type=dict[str, dict[str, str]])


@blueprint.get("/operator")
def operator() -> Response:
    """Answer the operator's page; the token comes after the `#` and is never sent in an address."""
    facts = {
        "words": phrases(),
        "events": sorted({kind.__name__ for kind in Event.__subclasses__()}),
        "speed": context().speed,
        "now": context().now().wall.isoformat(timespec="milliseconds"),
    }
    page = render_template("operator.html", facts=htmlsafe_json_dumps(facts, ensure_ascii=False), words=phrases())
    return _fresh(page)


@blueprint.get("/")
def home() -> Response:
    """Answer the way in: the board in plain HTML and where everything is."""
    with context().store.read() as unit:
        board = feed.board(unit)
    called = [call for call in board.calls if call.state == "called"]
    shown = [*called, *(call for call in board.calls if call.state != "called")][:CALLS_SHOWN]
    page = render_template(
        "home.html",
        event=board.event,
        board=board,
        calls=shown,
        **_wording(_asked_language(), OFFICIAL),
    )
    return _fresh(page)


@blueprint.get("/v/<secret>")
def visitor(secret: str) -> Response:
    """Answer where each ticket of a slip's holder stands, in the language asked for, else in all three."""
    with context().store.read() as unit:
        day = unit.house.day()
        try:
            visit = reception.visit_by_secret(unit, secret)
        except UnknownVisit:
            visit = None
    wording = _wording(_asked_language() or (visit.language if visit else None), LANGUAGES)
    page = render_template(
        "visitor.html",
        event=day.event if day else None,
        cards=[_card(ticket, wording["languages"]) for ticket in _sorted(visit.tickets)] if visit else [],
        kept=visit is not None and sum(ticket.state in _RANK for ticket in visit.tickets) > 1,
        **wording,
    )
    answer = _fresh(page)
    answer.status_code = 200 if visit else 404
    return answer


def _sorted(tickets: list[m.TicketPlace]) -> list[m.TicketPlace]:
    return sorted(tickets, key=lambda one: (_RANK.get(one.state, len(_RANK)), one.position or 0))


def _card(ticket: m.TicketPlace, languages: tuple[m.Language, ...]) -> Card:
    key, values = _say_state(ticket)
    look = "called" if ticket.state == "called" else "live" if ticket.state in _RANK else "over"
    service = [Line(one, getattr(ticket.names, one) or ticket.names.ru) for one in languages]
    state = [Line(one, _sentence(phrases()[key][one].format(**values), ticket.desk)) for one in languages]
    return Card(ticket.number, look, service, state)


def _say_state(ticket: m.TicketPlace) -> tuple[str, dict[str, object]]:
    """Return the phrase that tells a visitor where a ticket stands, and what is filled in."""
    if ticket.state == "waiting":
        ahead = (ticket.position or 1) - 1
        return ("people_ahead", {"n": ahead}) if ahead else ("visitor_next", {})
    if ticket.state in {"called", "serving"}:
        return ("go_to_desk" if ticket.state == "called" else "visitor_serving"), {"desk": ticket.desk}
    return {"held": "visitor_held", "no_show": "visitor_absent"}.get(ticket.state, f"visitor_{ticket.state}"), {}


def _sentence(text: str, desk: str | None) -> str:
    """Begin with a capital, and keep the desk on one line with the word before it."""
    kept = text.replace(f" {desk}", f"\N{NO-BREAK SPACE}{desk}") if desk else text
    return kept[:1].upper() + kept[1:]


def _asked_language() -> m.Language | None:
    return next((one for one in LANGUAGES if one == request.args.get("lang")), None)


def _wording(language: m.Language | None, otherwise: tuple[m.Language, ...]) -> dict[str, Any]:
    """Return what the templates need to speak one language, or several at once, Kazakh first."""
    return {
        "words": phrases(),
        "languages": (language,) if language else otherwise,
        "all_languages": LANGUAGES,
        "now": context().now().wall.strftime("%H:%M:%S"),
    }


def _fresh(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
