"""Every error as `application/problem+json` (RFC 9457). HTTP statuses are mapped once, by code."""

import logging

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from appliance.api.bell import TooManyStreams
from appliance.contract import models as m
from appliance.contract.problems import PROBLEMS
from appliance.domain.errors import QueueError, RosterRejected
from appliance.office.ports import StoreUnavailable

log = logging.getLogger(__name__)
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 415: "unsupported_media_type"}


class BadRequest(Exception):
    """The request itself is wrong; `code` is one of contract.problems, `errors` name the fields."""

    def __init__(self, code: str, detail: str, errors: tuple[m.Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.errors = errors


def problem(code: str, detail: str, errors: tuple[m.Fault, ...] = ()) -> Response:
    """Return the answer for a code."""
    kind = PROBLEMS[code]
    body = m.Problem(
        type=f"urn:kezek:problem:{code}",
        title=kind.title,
        status=kind.status,
        code=code,
        detail=detail,
        instance=request.path,
        errors=list(errors),
    )
    response = Response(msgspec.json.encode(body), kind.status, mimetype="application/problem+json")
    if code == "unauthorized":
        response.headers["WWW-Authenticate"] = 'Bearer realm="kezek"'
    if kind.status == PROBLEMS["too_many_streams"].status:
        response.headers["Retry-After"] = "5"
    return response


def install(app: Flask) -> None:
    """Answer every error of this app as a problem."""

    @app.errorhandler(QueueError)
    def refused(error: QueueError) -> Response:
        faults = error.faults if isinstance(error, RosterRejected) else ()
        errors = tuple(m.Fault(where=one.where, problem=one.problem, remedy=one.remedy) for one in faults)
        return problem(error.code, str(error), errors)

    @app.errorhandler(BadRequest)
    def bad(error: BadRequest) -> Response:
        return problem(error.code, str(error), error.errors)

    @app.errorhandler(TooManyStreams)
    def crowded(error: TooManyStreams) -> Response:
        return problem(error.code, str(error))

    @app.errorhandler(StoreUnavailable)
    def no_store(error: StoreUnavailable) -> Response:
        log.error("%s", error)
        return problem(error.code, "the database cannot be used; nothing was changed. Call the installer")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = _HTTP_CODES.get(error.code or 0, "bad_request")
        answer = problem(code, error.description or "the request could not be read")
        if code == "method_not_allowed":
            answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
        return answer

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        # The route, not the path: a visitor's path holds the slip's secret.
        log.error("%s %s failed", request.method, request.url_rule, exc_info=error)
        return problem("internal", "Kezek failed on this request and changed nothing; the log says why")
