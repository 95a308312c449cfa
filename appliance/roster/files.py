"""Rosters from files and from the sample that Kezek brings along."""

from importlib import resources
from pathlib import Path

from appliance.domain.errors import RosterRejected
from appliance.domain.roster import Place, Roster
from appliance.roster.cells import Sheet, refuse
from appliance.roster.findings import Findings
from appliance.roster.headers import find_header
from appliance.roster.parse import parse_roster
from appliance.roster.table import read_sheets

TOPICS_FILE = "topics.csv"
"""The file beside a roster that its topics are looked for in."""


def read_roster(path: Path | str, topics_path: Path | str | None = None) -> Roster:
    """Read a roster from a CSV or XLSX file.

    Its topics come from `topics_path` if given, else from another sheet of the file, else from `topics.csv` beside
    it. Raises `RosterRejected` with every fault of both files in reading order; a file that is not there, or that
    may not be read, is such a fault too.
    """
    path = Path(path)
    findings = Findings()
    sheets = _sheets_or_faults(path, 0, findings)
    beside = path.parent / TOPICS_FILE
    has_topics = any(find_header(sheet, "topics") for sheet in sheets)
    if topics_path is not None:
        topic_sheets = _sheets_or_faults(Path(topics_path), 1, findings)
    elif not has_topics and beside.exists():
        topic_sheets = _sheets_or_faults(beside, 1, findings)
    else:
        topic_sheets = ()
    return parse_roster(path.name, sheets, topic_sheets, findings)


def sample_roster() -> Roster:
    """The roster that Kezek brings along: 15 services and their topics."""
    folder = resources.files("appliance.roster") / "sample"
    sheets, topic_sheets = (read_sheets(name, (folder / name).read_bytes()) for name in ("roster.csv", TOPICS_FILE))
    return parse_roster("roster.csv", sheets, topic_sheets, Findings())


def _sheets_or_faults(path: Path, order: int, findings: Findings) -> tuple[Sheet, ...]:
    try:
        return read_sheets(path.name, _read_bytes(path))
    except RosterRejected as rejected:
        findings.adopt(order, rejected.faults)
        findings.tell(Place("topics" if order else "services"))
        return ()


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        refuse(str(path), "there is no such file", "Look at the name and the folder; put the file there")
    except IsADirectoryError:
        refuse(str(path), "this is a folder, not a file", "Name the file in it")
    except OSError as error:
        refuse(str(path), f"the file cannot be read ({error.strerror})", "Copy it here again")
