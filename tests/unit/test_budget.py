"""The house's own budget: sizes, arguments, docstrings and types of everything that ships."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("appliance", "printer", "display") for path in (ROOT / folder).rglob("*.py"))
LINES, FUNCTION_LINES, ARGUMENTS = 400, 60, 5


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def arguments(function):
    every = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return [one for one in every if one.arg not in {"self", "cls"}]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_the_budget(path):
    if "versions" in path.parts:
        return  # a revision lists tables, and is never edited once released
    if path.name != "models.py":  # the contract is one page on purpose
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES
    for function in functions(path):
        name = f"{path.name}:{function.lineno} {function.name}"
        assert (function.end_lineno or 0) - function.lineno + 1 <= FUNCTION_LINES, name
        assert len(arguments(function)) <= ARGUMENTS + (function.name == "__init__"), name
        assert function.returns is not None or function.name == "__init__", name
        assert all(one.annotation for one in arguments(function)), name


def test_functions_are_short_on_the_whole():
    lengths = sorted(
        (function.end_lineno or 0) - function.lineno + 1 for path in SOURCES for function in functions(path)
    )
    assert lengths[len(lengths) * 9 // 10] <= 30


def test_no_exception_is_swallowed_whole():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}
                assert not broad or any(isinstance(one, ast.Raise) for one in ast.walk(node)), (path, node.lineno)


def test_only_the_lifecycle_changes_a_tickets_state():
    for path in SOURCES:
        if path.name in {"lifecycle.py", "rows.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "replace":
                assert not any(keyword.arg == "state" for keyword in node.keywords), (path, node.lineno)


def test_every_package_is_listed_for_installing():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = sorted(
        str(path.parent.relative_to(ROOT)).replace("/", ".") for path in SOURCES if path.name == "__init__.py"
    )
    assert sorted(listed) == found
