"""Every error has one shape: `application/problem+json` with type, title, status, code and detail."""

import logging

import pytest

from appliance.contract.problems import PROBLEMS
from appliance.office.ports import StoreUnavailable

DEEP = b"[" * 100_000
SHAPES = {
    "no such route": ("GET", "/nothing", None, {}, "not_found"),
    "no such route, posted": ("POST", "/visits/x/y", None, {}, "not_found"),
    "a trailing slash": ("GET", "/board/", None, {}, "not_found"),
    "doubled slashes": ("GET", "//board", None, {}, "not_found"),
    "a method too many": ("DELETE", "/visits", None, {}, "method_not_allowed"),
    "a wrong method": ("GET", "/desks/К1/next", None, {}, "method_not_allowed"),
    "a huge body": ("POST", "/visits", b" " * (1024 * 1024 + 1), {}, "body_too_large"),
    "a form": ("POST", "/visits", b"services=1", {"Content-Type": "text/plain"}, "unsupported_media_type"),
    "no type": ("POST", "/visits", b"{}", {"Content-Type": ""}, "unsupported_media_type"),
    "half a body": ("POST", "/visits", b'{"services": [', {}, "malformed_json"),
    "no JSON": ("POST", "/visits", b"services", {}, "malformed_json"),
    "two bodies": ("POST", "/desks/К1/next", b"{}{}", {}, "malformed_json"),
    "NaN": ("PUT", "/roster", b'{"services": NaN}', {}, "malformed_json"),
    "deep nesting": ("POST", "/visits", DEEP, {}, None),
    "deep nesting in an unknown field": ("POST", "/visits", b'{"x": ' + DEEP, {}, None),
    "deep nesting in a field": ("POST", "/visits", b'{"services": ' + DEEP, {}, None),
    "invalid UTF-8": ("POST", "/visits", b'{"services": ["\xff"]}', {}, "malformed_json"),
    "Latin-1": ("POST", "/visits", '{"category": "é"}'.encode("latin-1"), {}, "malformed_json"),
    "UTF-16": ("POST", "/visits", '{"services": ["К"]}'.encode("utf-16"), {}, "malformed_json"),
    "a lone surrogate": ("POST", "/tickets/К-001/cancel", b'{"reason": "\\ud800"}', {}, None),
    "a list": ("POST", "/visits", b"[]", {}, "invalid_body"),
    "null": ("POST", "/visits", b"null", {}, "invalid_body"),
    "a string": ("POST", "/desks/К1/next", b'"now"', {}, "invalid_body"),
    "a field unknown": ("POST", "/desks/К1/next", b'{"a": 1}', {}, "invalid_body"),
    "a rule's refusal": ("POST", "/desks/К1/next", None, {}, "nobody_waiting"),
    "a bad parameter": ("GET", "/journal?after=x", None, {}, "invalid_parameter"),
    "a bad key": ("POST", "/desks/К1/next", None, {"Idempotency-Key": "a" * 129}, "idempotency_key_invalid"),
    "no bearer": ("GET", "/roster", None, {"Authorization": "Basic a"}, "unauthorized"),
    "an unknown bearer": ("GET", "/roster", None, {"Authorization": "Bearer kzs_x"}, "unauthorized"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_error_is_a_problem(api, refused, name):
    method, path, body, headers, code = SHAPES[name]
    answer = api.call(method, path, body, headers=headers)
    if code is None:
        code = answer.json()["code"]
        assert code in {"malformed_json", "invalid_body"}
    found = refused(answer, code)
    assert found.type == f"urn:kezek:problem:{code}"
    assert found.title == PROBLEMS[code].title
    assert found.status == answer.status_code
    assert found.detail
    assert found.instance == "/api/v1" + path.partition("?")[0]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<" not in answer.text, "no markup, no traceback"


def test_405_says_what_is_allowed(api):
    answer = api.call("DELETE", "/desks/К1")
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))
    answer = api.get("/visits")
    assert {"POST", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_401_says_how_to_ask(api):
    assert api.get("/roster", None).headers["WWW-Authenticate"].startswith("Bearer")


def test_a_body_of_just_the_allowed_size_is_read(api, refused):
    body = b'{"services": ["' + b"a" * (1024 * 1024 - 18) + b'"]}'
    assert len(body) == 1024 * 1024
    refused(api.post("/visits", body), "invalid_body")


def test_a_type_with_a_charset_is_json(api):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert api.post("/visits", b'{"services": ["\xd0\x9a"]}', headers=headers).status_code == 201


def test_a_failure_of_kezek_itself_is_a_problem_without_its_inside(api, refused, make_app, caplog):
    def fail():
        raise RuntimeError("К-001 secret inside")

    found = refused(make_app(fail).get("/health"), "internal")
    assert "inside" not in found.detail
    assert "secret inside" in caplog.text, "the log says why"


def test_a_database_that_cannot_be_used_is_503_with_a_time_to_come_back(refused, make_app, caplog):
    def fail():
        raise StoreUnavailable("the disk is full")

    answer = make_app(fail).get("/board")
    found = refused(answer, "store_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert "nothing was changed" in found.detail
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    assert "the disk is full" in caplog.text


@pytest.fixture
def make_app(make_context, api_on):
    """Make an app on a store that fails when it is opened."""

    def make(fail):
        class Broken:
            def read(self):
                fail()

            write = read

        return api_on(make_context(Broken()))

    return make
