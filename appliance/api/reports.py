"""`/reports`: the day summed up."""

import csv
import io
from typing import Final

from flask import Blueprint, Response, request

from appliance.api.context import context
from appliance.api.operations import SUPERVISOR, Operation, authorise, describe, reads
from appliance.contract import models as m
from appliance.office.ports import Unit
from appliance.office.reports import day_report

blueprint: Final = Blueprint("reports", __name__)
COLUMNS: Final = (
    "day",
    "rehearsal",
    "service",
    "name_kk",
    "name_ru",
    "tickets",
    "served",
    "absent",
    "cancelled",
    "open",
    "wait_mean_min",
    "wait_median_min",
    "wait_p95_min",
    "service_mean_min",
)


@blueprint.get("/reports/day.json")
@reads(Operation("The day summed up", (SUPERVISOR,), None, m.DayReport, 200, ("unknown_day",)))
def day_json(unit: Unit) -> m.DayReport:
    """Answer the report of the open day, or of `?day=2026-11-23`."""
    return day_report(unit, context().now(), request.args.get("day"))


@blueprint.get("/reports/day.csv")
@describe(
    Operation("The day by service, for a spreadsheet", (SUPERVISOR,), None, str, 200, ("unknown_day",), "text/csv")
)
def day_csv() -> Response:
    """Answer the day by service as CSV (UTF-8 with BOM, so that spreadsheets read the Cyrillic)."""
    authorise((SUPERVISOR,))
    with context().store.read() as unit:
        report = day_report(unit, context().now(), request.args.get("day"))
    name = f"kezek-{report.event.day}{'-REHEARSAL' if report.event.rehearsal else ''}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(b"\xef\xbb\xbf" + to_csv(report).encode(), mimetype="text/csv", headers=headers)


def to_csv(report: m.DayReport) -> str:
    """Return the report's services, one a row, in minutes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    mark = "REHEARSAL" if report.event.rehearsal else ""
    for one in report.services:
        counts = (one.tickets, one.served, one.absent, one.cancelled, one.open)
        spans = (one.wait.mean, one.wait.median, one.wait.p95, one.service.mean)
        names = (one.names.kk, one.names.ru)
        writer.writerow((report.event.day, mark, one.code, *names, *counts, *(_minutes(span) for span in spans)))
    return out.getvalue()


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.1f}"
