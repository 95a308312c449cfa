"""Every code that can be raised is in `contract.problems`, so that it can be answered."""

import ast
from pathlib import Path

import appliance.api
from appliance.api.bell import TooManyStreams
from appliance.contract.problems import PROBLEMS
from appliance.domain.errors import QueueError
from appliance.office.ports import StoreUnavailable


def family(kind):
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


def test_every_error_of_the_rules_has_a_code_of_its_own():
    kinds = list(family(QueueError))
    assert len(kinds) > 25
    for kind in kinds:
        assert kind.code in PROBLEMS, kind
        assert 400 <= PROBLEMS[kind.code].status < 500, kind
    codes = [kind.code for kind in kinds if kind is not QueueError]
    assert len(codes) == len(set(codes))


def test_every_other_error_that_is_answered_has_a_code():
    for kind in (*family(StoreUnavailable), TooManyStreams):
        assert PROBLEMS[kind.code].status == 503


def test_every_code_that_the_api_names_is_known():
    """`BadRequest("code", ...)`, `problem("code", ...)`: found in the source, before its first day."""
    named = set()
    for path in Path(appliance.api.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                first = call.args[0]
                if call.func.id in {"BadRequest", "problem"} and isinstance(first, ast.Constant):
                    named.add(first.value)
    assert {"unauthorized", "wrong_role", "internal", "invalid_body"} <= named
    assert named <= set(PROBLEMS)
