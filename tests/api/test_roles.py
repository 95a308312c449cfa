"""Who may do what: every route of the app, asked by everybody."""

import pytest

from appliance.api.operations import operation_of
from appliance.client import API

PUBLIC = {
    ("GET", "/board"),
    ("GET", "/health"),
    ("GET", "/events"),
    ("GET", "/openapi.json"),
    ("GET", "/visits/<secret>"),
}
"""What anyone on the LAN may ask. A route that joins these is added here knowingly."""
DEVICES_ALONE = "/printers/", "/jobs/"
NAMED = {"desk": "К1", "number": "К-001", "printer": "kiosk", "job": "1", "code": "К", "secret": "x"}
ASKERS = (None, "bad", "device", "operator К1", "operator Ж1", "operator", "supervisor")


def routes(app):
    return [
        (method, rule.rule.removeprefix(API), operation_of(app.view_functions[rule.endpoint]))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


def expected(asker, method, rule, roles):
    """Return 401, 403 or `allowed`."""
    if asker == "bad":
        return "allowed" if (method, rule) in PUBLIC - {("GET", "/events")} else 401
    if not roles:
        return "allowed"
    if asker is None:
        return 401
    role, _, desk = asker.partition(" ")
    if role not in roles:
        return 403
    if desk == "Ж1" and "<desk>" in rule:
        return 403
    return "allowed"


@pytest.mark.parametrize("asker", ASKERS)
def test_every_route_lets_in_whom_it_should(app, api, asker):
    asked = 0
    for method, rule, operation in routes(app):
        path = rule
        for name, value in NAMED.items():
            path = path.replace(f"<{name}>", value)
        assert "<" not in path, f"{rule}: say in NAMED what it is called"
        if rule == "/events":
            path += "?after=x"  # answered at once, after the token was looked at
        headers = {"Authorization": "Bearer kzs_unknown"} if asker == "bad" else {}
        answer = api.call(method, path, None, None if asker == "bad" else asker, headers=headers)
        got = answer.status_code if answer.status_code in {401, 403} else "allowed"
        assert got == expected(asker, method, rule, operation.roles), f"{asker}: {method} {rule}: {answer.text}"
        asked += 1
    assert asked > 30


def test_only_what_is_listed_is_public(app):
    assert {(method, rule) for method, rule, operation in routes(app) if not operation.roles} == PUBLIC


def test_print_jobs_are_for_devices_alone(app):
    found = [operation.roles for _, rule, operation in routes(app) if rule.startswith(DEVICES_ALONE)]
    assert len(found) == 6
    assert set(found) == {("device",)}


def test_a_device_neither_calls_nor_reads_records(app):
    staff = ("/desks", "/tickets", "/roster", "/services", "/journal", "/reports")
    for method, rule, operation in routes(app):
        if rule.startswith(staff):
            assert "device" not in operation.roles, (method, rule)


def test_records_and_roster_are_for_the_supervisor_alone(app):
    for method, rule, operation in routes(app):
        if rule.startswith(("/roster", "/services", "/journal", "/reports")):
            assert operation.roles == ("supervisor",), (method, rule)


def test_whom_a_desk_belongs_to(api, refused):
    api.issue("К")
    found = refused(api.post("/desks/К1/next", role="operator Ж1"), "wrong_role")
    assert "Ж1" in found.detail
    assert api.board().calls == []
    assert api.post("/desks/К1/next", role="operator К1").status_code == 200


def test_who_asks_is_looked_at_before_what(api, refused):
    """A stranger learns nothing of desks, bodies or keys."""
    refused(api.post("/desks/К9/call", b"{", None), "unauthorized")
    refused(api.post("/desks/К9/call", b"{", "device"), "wrong_role")
    refused(api.put("/roster", b"{", "operator", key="a" * 200), "wrong_role")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "bearer  ", "Token {}", "{}", "Bearer {}x", "Bearer x{}"])
def test_a_token_is_whole(api, refused, tokens, header):
    value = header.format(tokens["supervisor"])
    refused(api.get("/roster", None, headers={"Authorization": value}), "unauthorized")


def test_the_scheme_is_read_in_any_case(api, tokens):
    headers = {"Authorization": f"bEARER  {tokens['supervisor']}"}
    assert api.get("/roster", None, headers=headers).status_code == 200


def test_a_bad_token_on_the_stream_is_told_not_ignored(api, refused):
    """A tablet whose token was mistyped must not look alive and hear half."""
    refused(api.get("/events", None, headers={"Authorization": "Bearer kzo_x"}), "unauthorized")
