"""The Flask app: blueprints, error answers, headers. Nothing is opened here."""

from importlib.resources import files
from typing import Final

from flask import Flask, Response

from appliance.api import (
    board,
    desks,
    journal,
    openapi,
    pages,
    printers,
    problems,
    reports,
    roster,
    tickets,
    visits,
    whoami,
)
from appliance.api.context import Context, install

API: Final = "/api/v1"
MAX_BODY: Final = 1024 * 1024
POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"


def create_app(context: Context) -> Flask:
    """Return the app that serves one store."""
    web = files("appliance.web")
    app = Flask(
        "kezek",
        template_folder=str(web / "templates"),
        static_folder=str(web / "static"),
        static_url_path="/static",
    )
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.merge_slashes = False
    install(app, context)
    problems.install(app)
    for module in (board, visits, desks, tickets, printers, roster, journal, reports, whoami, openapi):
        app.register_blueprint(module.blueprint, url_prefix=API)
    app.register_blueprint(pages.blueprint)
    app.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("X-Frame-Options", "DENY")
    return response
