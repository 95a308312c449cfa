"""Rosters for the roster's tests, and files made of them."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl
import pytest

from appliance.domain.errors import Fault, RosterRejected
from appliance.domain.roster import Names, Roster, ServicePlan, Topic
from appliance.roster import read_roster

SERVICE_HEADER = ("prefix", "name_kk", "name_ru", "name_en", "desks", "minutes", "topics")
TOPIC_HEADER = ("code", "name_kk", "name_ru", "name_en", "group")
TOPICS = (
    TOPIC_HEADER,
    ("roads", "Жолдар", "Дороги", "Roads", "roads"),
    ("water", "Су", "Вода", "", "utilities"),
)

Grid = Iterable[Sequence[object]]
WriteCsv = Callable[..., Path]
WriteXlsx = Callable[..., Path]
FaultsOf = Callable[..., list[Fault]]


def to_csv(rows: Grid, delimiter: str = ",", line_end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue()


@pytest.fixture
def small() -> Roster:
    return Roster(
        services=(
            ServicePlan("А", Names("Облыс әкімі", "Аким области", "Governor"), 1, 8, ("roads", "water")),
            ServicePlan("К", Names("Энергетика басқармасы", "Управление энергетики"), 3, 10, ("water",)),
        ),
        topics=(
            Topic("roads", Names("Жолдар", "Дороги", "Roads"), "roads"),
            Topic("water", Names("Су", "Вода"), "utilities"),
        ),
    )


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    """Write `roster.csv` (and `topics.csv` unless topics is None) and give the roster's path."""

    def write(rows: Grid, topics: Grid | None = TOPICS, encoding: str = "utf-8", delimiter: str = ",") -> Path:
        path = tmp_path / "roster.csv"
        path.write_bytes(to_csv(rows, delimiter).encode(encoding))
        if topics is not None:
            (tmp_path / "topics.csv").write_bytes(to_csv(topics, delimiter).encode(encoding))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> WriteXlsx:
    """Write `roster.xlsx`, the list on the sheet Тізім and, unless None, the topics on Темы; give its path."""

    def write(rows: Grid, topics: Grid | None = TOPICS, merges: Iterable[str] = ()) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Тізім"
        for row in rows:
            sheet.append(row)
        for merge in merges:
            sheet.merge_cells(merge)
        if topics is not None:
            second = book.create_sheet("Темы")
            for row in topics:
                second.append(row)
        path = tmp_path / "roster.xlsx"
        book.save(path)
        book.close()
        return path

    return write


@pytest.fixture
def faults_of() -> FaultsOf:
    """Read a roster that must be rejected, and give its faults."""

    def read(path: Path, topics_path: Path | None = None) -> list[Fault]:
        with pytest.raises(RosterRejected) as caught:
            read_roster(path, topics_path)
        return list(caught.value.faults)

    return read


@pytest.fixture
def service_faults(write_csv: WriteCsv, faults_of: FaultsOf) -> Callable[..., list[Fault]]:
    """The faults of service rows given without a header; their row numbers start at 2."""

    def read(*rows: Sequence[object]) -> list[Fault]:
        return faults_of(write_csv([SERVICE_HEADER, *rows]))

    return read
