"""The stand on which printers fail: the printer tests' own office, a virtual printer on a wire, and the table."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_PATH = Path(__file__).parents[1] / "printer" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("kezek_printer_stand", _PATH)
assert _SPEC
assert _SPEC.loader
stand = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = stand
_SPEC.loader.exec_module(stand)

make_slip = stand.make_slip
departments = stand.departments
_warm = stand._warm

CELLS: dict[tuple[str, str, str], str] = {}
"""(fault, stage, transport) -> what came of the slip."""


@pytest.fixture(scope="session")
def cells() -> Iterator[dict[tuple[str, str, str], str]]:
    return CELLS


@pytest.fixture(scope="session")
def office_kinds():
    return stand


def pytest_terminal_summary(terminalreporter) -> None:
    if not CELLS:
        return
    terminalreporter.section("a slip under every fault at every stage")
    wide = max(len(fault) for fault, _, _ in CELLS)
    stages = list(dict.fromkeys(stage for _, stage, _ in CELLS))
    rows = list(dict.fromkeys((transport, fault) for fault, _, transport in CELLS))
    widths = [max(len(stage), *(len(text) for key, text in CELLS.items() if key[1] == stage)) for stage in stages]
    names = [stage.ljust(width) for stage, width in zip(stages, widths, strict=True)]
    terminalreporter.write_line(" | ".join(["wire  ", "fault".ljust(wide), *names]))
    for transport, fault in rows:
        said = [CELLS.get((fault, stage, transport), "-") for stage in stages]
        cells = [text.ljust(width) for text, width in zip(said, widths, strict=True)]
        terminalreporter.write_line(" | ".join([transport.ljust(6), fault.ljust(wide), *cells]))
