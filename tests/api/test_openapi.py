"""`GET /openapi.json`: the document says what the app does."""

import re

import pytest

from appliance.api.operations import operation_of
from appliance.contract.problems import PROBLEMS

METHODS = {"get", "put", "post", "delete", "patch"}
GENERIC = {
    "not_found",  # no route
    "method_not_allowed",  # no such method of a route
    "day_in_use",  # days are opened at the console, not over the network
    "bad_request",  # below the routes: what werkzeug could not read
}
"""Codes that no operation answers with."""


@pytest.fixture
def document(api):
    answer = api.get("/openapi.json", None)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    return answer.json()


def operations(document):
    """Yield path, method and operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def documented_codes(operation):
    return {
        code
        for status, answer in operation["responses"].items()
        if status >= "400"
        for code in answer["description"].removeprefix("Codes: ").split(", ")
    }


def test_every_route_of_the_api_is_in_it(app, document):
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, method, _ in operations(document)}
    assert len(routes) > 30


def test_every_route_of_the_api_is_an_operation(app):
    bare = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and operation_of(app.view_functions[rule.endpoint]) is None
    ]
    assert bare == []


def test_every_documented_code_is_known_and_stands_under_its_status(document):
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status < "400":
                continue
            codes = answer["description"].removeprefix("Codes: ").split(", ")
            assert codes, (path, method)
            assert {PROBLEMS[code].status for code in codes} == {int(status)}, (path, method, status)
            assert list(answer["content"]) == ["application/problem+json"]


def test_every_known_code_is_documented_or_generic(document):
    found = set().union(*(documented_codes(operation) for _, _, operation in operations(document)))
    assert set(PROBLEMS) - GENERIC == found


def test_its_shape_is_openapi_3_1(document):
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert {"title", "version"} <= set(document["info"])
    assert set(document) <= {"openapi", "info", "paths", "components"}
    assert set(document["components"]) <= {"schemas", "securitySchemes"}
    assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    seen = set()
    for path, method, operation in operations(document):
        assert path.startswith("/api/v1/")
        assert method in METHODS
        assert set(operation) <= {
            "summary", "description", "operationId", "parameters", "requestBody", "responses", "security",
        }  # fmt: skip
        assert operation["summary"]
        assert operation["operationId"] not in seen
        seen.add(operation["operationId"])
        assert operation["responses"]
        for status, answer in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", status)
            assert answer["description"]
            assert set(answer) <= {"description", "content", "headers"}
            assert all(set(media) == {"schema"} for media in answer.get("content", {}).values())


def test_every_parameter_of_a_path_is_declared_and_no_other(document):
    for path, _, operation in operations(document):
        declared = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert sorted(declared) == sorted(re.findall(r"{(\w+)}", path))
        names = [(one["name"], one["in"]) for one in operation["parameters"]]
        assert len(names) == len(set(names))
        for one in operation["parameters"]:
            assert one["in"] in {"path", "query", "header"}
            assert "schema" in one
            assert one.get("required", False) is (one["in"] == "path")


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def test_every_reference_leads_somewhere_and_every_schema_is_used(document):
    found = set(references(document))
    schemas = document["components"]["schemas"]
    assert found == {f"#/components/schemas/{name}" for name in schemas}
    assert {"Board", "Problem", "IssueRequest", "Visit", "Desk"} <= set(schemas)


def test_a_body_is_required_where_the_app_requires_it(api, document):
    """Sending nothing is refused exactly where the document says that a body is needed."""
    known = {"desk": "К1", "number": "К-001", "printer": "kiosk", "job": "1", "code": "К", "secret": "x"}
    checked = 0
    for path, method, operation in operations(document):
        if "requestBody" not in operation:
            continue
        role = re.search(r"For: (\w+)", operation["description"]).group(1)
        answer = api.call(method.upper(), path.removeprefix("/api/v1").format(**known), None, role)
        refused = answer.status_code == 422 and answer.json()["code"] == "invalid_body"
        assert refused is operation["requestBody"]["required"], path
        checked += 1
    assert checked > 20


def test_writes_may_carry_an_idempotency_key(document):
    for path, method, operation in operations(document):
        names = [one["name"] for one in operation["parameters"]]
        assert ("Idempotency-Key" in names) is (method in {"post", "put"}), path


def test_who_may_is_said(document):
    issue = document["paths"]["/api/v1/visits"]["post"]
    assert issue["description"] == "For: device, operator, supervisor."
    assert issue["security"] == [{"token": []}]
    assert "security" not in document["paths"]["/api/v1/board"]["get"]


def test_statuses_beyond_the_usual_are_said(document):
    paths = document["paths"]
    assert "304" in paths["/api/v1/board"]["get"]["responses"]
    assert "204" in paths["/api/v1/printers/{printer}/claim"]["post"]["responses"]
    assert "201" in paths["/api/v1/visits"]["post"]["responses"]
    assert "text/event-stream" in paths["/api/v1/events"]["get"]["responses"]["200"]["content"]
    assert "application/x-ndjson" in paths["/api/v1/journal"]["get"]["responses"]["200"]["content"]
    assert "text/csv" in paths["/api/v1/reports/day.csv"]["get"]["responses"]["200"]["content"]
