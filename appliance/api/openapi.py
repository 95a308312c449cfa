"""The OpenAPI 3.1 document, generated from the routes, their operations and the wire models."""

import re
from typing import Any, Final

import msgspec
from flask import Blueprint, Flask, Response, current_app

from appliance.api.context import context
from appliance.api.operations import Operation, describe, operation_of
from appliance.contract import models as m
from appliance.contract.problems import PROBLEMS

blueprint: Final = Blueprint("openapi", __name__)
_REF: Final = "#/components/schemas/{name}"
_PARAMETER: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_ALWAYS: Final = ("internal", "store_unavailable")
_QUERY: Final = {
    "/journal": ("after",),
    "/events": ("after", "display"),
    "/reports/day.json": ("day",),
    "/reports/day.csv": ("day",),
}


@blueprint.get("/openapi.json")
@describe(Operation("This document", (), None, dict[str, Any], 200, ()))
def openapi() -> Response:
    """Answer the document."""
    return Response(msgspec.json.encode(document(current_app, context().version)), mimetype="application/json")


def document(app: Flask, version: str) -> dict[str, Any]:
    """Return the document of all operations of an app."""
    found = [
        (rule.rule, method, operation)
        for rule in app.url_map.iter_rules()
        if (operation := operation_of(app.view_functions[rule.endpoint]))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    models: list[Any] = [m.Problem]
    for _, _, operation in found:
        models += [one for one in (operation.body, operation.answer) if one is not None]
    schemas, components = msgspec.json.schema_components(models, ref_template=_REF)
    by_model = dict(zip(map(str, models), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, operation in sorted(found, key=lambda one: one[:2]):
        path = _PARAMETER.sub(r"{\1}", rule)
        paths.setdefault(path, {})[method.lower()] = _operation(path, method, operation, by_model)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kezek", "version": version, "description": "The queue of a public reception day."},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(path: str, method: str, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": re.sub(r"\W+", "_", f"{method.lower()}{path.removeprefix('/api/v1')}").strip("_"),
        "parameters": _parameters(path, method),
        "responses": _responses(operation, method, schemas),
    }
    if operation.roles:
        described["description"] = f"For: {', '.join(operation.roles)}."
        described["security"] = [{"token": []}]
    if operation.body is not None:
        schema = schemas[str(operation.body)]
        needed = bool(msgspec.json.schema(operation.body)["$defs"][operation.body.__name__].get("required"))
        described["requestBody"] = {"required": needed, "content": {"application/json": {"schema": schema}}}
    return described


def _parameters(path: str, method: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    for name in _QUERY.get(path.removeprefix("/api/v1"), ()):
        kind = {"type": "integer", "minimum": 0} if name == "after" else {"type": "string"}
        found.append({"name": name, "in": "query", "schema": kind})
    if method in {"POST", "PUT"}:
        key = {"type": "string", "minLength": 1, "maxLength": 128}
        found.append({"name": "Idempotency-Key", "in": "header", "schema": key})
    return found


def _responses(operation: Operation, method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    answer = schemas[str(operation.answer)]
    responses: dict[str, Any] = {
        str(operation.status): {"description": "Done", "content": {operation.media: {"schema": answer}}}
    }
    if operation.answer is m.Job:
        responses["204"] = {"description": "Nothing is owed to this printer"}
    if operation.answer is m.Board:
        responses["304"] = {"description": "The board is as your ETag says"}
    by_status: dict[int, list[str]] = {}
    for code in (*operation.errors, *_common_errors(operation, method)):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    for status, codes in sorted(by_status.items()):
        content = {"application/problem+json": {"schema": schemas[str(m.Problem)]}}
        responses[str(status)] = {"description": "Codes: " + ", ".join(codes), "content": content}
    return responses


def _common_errors(operation: Operation, method: str) -> tuple[str, ...]:
    codes = [*_ALWAYS, "unauthorized"]
    if operation.roles:
        codes.append("wrong_role")
    if method in {"POST", "PUT"}:
        codes += ["malformed_json", "invalid_body", "unsupported_media_type", "body_too_large"]
        codes += ["idempotency_key_invalid", "idempotency_key_reused"]
    return tuple(codes)
