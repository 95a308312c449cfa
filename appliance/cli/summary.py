"""The day's report in plain text."""

from appliance.contract import models as m


def summarise(report: m.DayReport) -> str:
    """Return the report as a page of text: the five most frequent groups first."""
    event = report.event
    mark = "   ЖАТТЫҒУ / РЕПЕТИЦИЯ / REHEARSAL" if event.rehearsal else ""
    lines = [
        f"{event.title.kk} / {event.title.ru}, {event.day}{mark}",
        "",
        (
            f"Visits {report.visits}   tickets {report.tickets}   served {report.served}   absent {report.absent}   "
            f"cancelled {report.cancelled}   still open {report.open}"
        ),
        (
            f"First ticket {_time(report.first_issue)}   last talk ended {_time(report.last_finish)}   "
            f"wait mean {_minutes(report.wait.mean)} min, 95 % within {_minutes(report.wait.p95)} min"
        ),
        "",
        "What worries people most",
    ]
    lines += [_group(place, group) for place, group in enumerate(report.top_groups, 1)]
    if not report.top_groups:
        lines.append("  no topics were recorded")
    if report.outcomes:
        lines += ["", "Outcomes: " + ", ".join(f"{name} {count}" for name, count in report.outcomes.items())]
    lines += ["", "Service                                        tickets served absent  wait mean  p95  talk mean"]
    lines += [_service(one) for one in report.services]
    return "\n".join(lines)


def _group(place: int, group: m.GroupCount) -> str:
    topics = ", ".join(f"{topic.names.ru} {topic.count}" for topic in group.topics)
    return f"  {place}. {group.group}: {group.count} ({group.share:.0%})   {topics}"


def _service(one: m.ServiceDay) -> str:
    name = f"{one.code} {one.names.ru}"
    name = name if len(name) <= 44 else name[:43] + "…"  # noqa: PLR2004 - the column's width
    counts = f"{one.tickets:>7} {one.served:>6} {one.absent:>6}"
    spans = f"{_minutes(one.wait.mean):>10} {_minutes(one.wait.p95):>4} {_minutes(one.service.mean):>10}"
    return f"{name:<44}   {counts} {spans}"


def _minutes(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 60:.0f}"


def _time(at: str | None) -> str:
    return "–" if at is None else at[11:16]
