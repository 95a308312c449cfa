"""The day summed up, from the journal alone, so that anyone can check it against the exported journal."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from appliance.contract import models as m
from appliance.domain.errors import UnknownDay
from appliance.domain.lifecycle import ENDS_IN
from appliance.domain.model import Instant, State, elapsed
from appliance.domain.roster import Topic
from appliance.office.desks import describe_topic
from appliance.office.ports import Day, Unit

TOP_GROUPS: Final = 5
STATE_AFTER: Final = {kind.__name__: state for kind, state in ENDS_IN.items()}


@dataclass(slots=True)
class Trace:
    """What the journal tells of one ticket."""

    service: str
    visit: int
    issued: Instant
    state: State = State.WAITING
    called: Instant | None = None
    started: Instant | None = None
    finished: Instant | None = None
    topics: tuple[str, ...] = ()
    outcome: str | None = None

    @property
    def wait(self) -> float | None:
        """Seconds from issue to the first call."""
        return elapsed(self.issued, self.called) if self.called else None

    @property
    def talk(self) -> float | None:
        """Seconds from the visitor's arrival at the desk to the end."""
        return elapsed(self.started, self.finished) if self.started and self.finished else None


@dataclass(slots=True)
class Tally:
    """Counts of topics, by code and by group; a ticket counts once in each group it touched."""

    topics: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    tickets: int = 0


def read_traces(entries: Iterable[m.Entry]) -> dict[str, Trace]:
    """Return what happened to each ticket, by number, in the order of issue."""
    traces: dict[str, Trace] = {}
    for entry in entries:
        at = Instant(datetime.fromisoformat(entry.at), entry.running, entry.boot)
        data = entry.data
        if entry.type == "TicketIssued":
            traces[data["number"]] = Trace(data["service"], data["visit"], at)
        elif entry.type in STATE_AFTER:
            _follow(traces[data["number"]], entry, at)
    return traces


def _follow(trace: Trace, entry: m.Entry, at: Instant) -> None:
    trace.state = STATE_AFTER[entry.type]
    trace.service = entry.data["service"]
    match entry.type:
        case "TicketCalled":
            trace.called = trace.called or at
        case "TicketStarted":
            trace.started = at
        case "TicketFinished":
            trace.finished = at
            trace.topics = tuple(entry.data["topics"])
            trace.outcome = entry.data["outcome"]


def find_day(unit: Unit, date: str | None) -> Day:
    """Return the open day, or the newest of a date like 2026-11-23. Raises UnknownDay."""
    if date is None:
        return unit.house.today()
    days = unit.house.days()
    for day in days:
        if day.event.day == date:
            return day
    known = ", ".join(dict.fromkeys(day.event.day for day in days[:10]))
    raise UnknownDay(f"there was no reception day {date[:40]!r}; there are {known}")


def day_report(unit: Unit, made_at: Instant, date: str | None = None) -> m.DayReport:
    """Return the report of the open day, or of the newest day of a date. Raises UnknownDay."""
    day = find_day(unit, date)
    traces = list(read_traces(unit.journal.of_day(day)).values())
    count = Counter(trace.state for trace in traces)
    finished = [trace.finished for trace in traces if trace.finished]
    last = max(finished, key=lambda at: at.wall, default=None)
    return m.DayReport(
        event=day.event,
        made_at=_text(made_at),
        visits=len({trace.visit for trace in traces}),
        tickets=len(traces),
        served=count[State.DONE],
        absent=count[State.NO_SHOW],
        cancelled=count[State.CANCELLED],
        open=_still_open(count),
        first_issue=_text(traces[0].issued) if traces else None,
        last_finish=_text(last) if last else None,
        wait=spread([trace.wait for trace in traces]),
        top_groups=_top_groups(traces, unit.house.topics()),
        outcomes=dict(sorted(Counter(trace.outcome for trace in traces if trace.outcome).items())),
        services=_services(unit, traces),
    )


def _text(at: Instant) -> str:
    return at.wall.isoformat(timespec="seconds")


def _still_open(count: Counter[State]) -> int:
    return count[State.WAITING] + count[State.CALLED] + count[State.SERVING] + count[State.HELD]


def _services(unit: Unit, traces: Sequence[Trace]) -> list[m.ServiceDay]:
    names = {str(service.code): service.names for service in unit.house.services()}
    for gone in sorted({trace.service for trace in traces} - names.keys()):
        names[gone] = m.Names(kk=gone, ru=gone)
    return [_service(code, names[code], [one for one in traces if one.service == code]) for code in names]


def _service(code: str, names: m.Names, traces: Sequence[Trace]) -> m.ServiceDay:
    count = Counter(trace.state for trace in traces)
    return m.ServiceDay(
        code=code,
        names=names,
        tickets=len(traces),
        served=count[State.DONE],
        absent=count[State.NO_SHOW],
        cancelled=count[State.CANCELLED],
        open=_still_open(count),
        wait=spread([trace.wait for trace in traces]),
        service=spread([trace.talk for trace in traces]),
    )


def spread(values: Iterable[float | None]) -> m.Spread:
    """Return mean, median and 95th percentile (nearest rank) of what is known, rounded to 0.1 s."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return m.Spread(mean=None, median=None, p95=None)

    def rank(share: float) -> float:
        return round(known[max(0, math.ceil(share * len(known)) - 1)], 1)

    return m.Spread(mean=round(sum(known) / len(known), 1), median=rank(0.5), p95=rank(0.95))


def _top_groups(traces: Sequence[Trace], topics: Sequence[Topic]) -> list[m.GroupCount]:
    """Return the most frequent groups; equals are ordered by the roster."""
    known = {topic.code: topic for topic in topics}
    order = list(dict.fromkeys(topic.group for topic in topics))
    tally = Tally()
    for trace in traces:
        if trace.topics:
            tally.tickets += 1
            tally.topics.update(trace.topics)
            tally.groups.update({known[code].group for code in trace.topics})
    ranked = sorted(tally.groups, key=lambda group: (-tally.groups[group], order.index(group)))
    return [_group(group, tally, topics) for group in ranked[:TOP_GROUPS]]


def _group(group: str, tally: Tally, topics: Sequence[Topic]) -> m.GroupCount:
    mine = [topic for topic in topics if topic.group == group and tally.topics[topic.code]]
    mine.sort(key=lambda topic: -tally.topics[topic.code])
    counted = [
        m.TopicCount(code=topic.code, names=describe_topic(topic).names, count=tally.topics[topic.code])
        for topic in mine
    ]
    share = round(tally.groups[group] / tally.tickets, 3)
    return m.GroupCount(group=group, count=tally.groups[group], share=share, topics=counted)
