"""A roster as plain text, for `kezek roster show`."""

from itertools import groupby
from typing import Final

from appliance.domain.roster import Roster, ServicePlan

_LISTED: Final = 4
"""Up to so many desks are listed one by one; more are shown as first and last."""


def describe(roster: Roster) -> str:
    """Lay a valid roster out in lines: services with desks, minutes, names and topics; topics by group; totals."""
    desks = [_desks(service) for service in roster.services]
    width = max([len("desks"), *map(len, desks)])
    lines = [f"{'':2} {'desks':<{width}} {'min':>5}  service"]
    for service, ids in zip(roster.services, desks, strict=True):
        indent = " " * (width + 11)
        lines.append(f"{service.prefix:2} {ids:<{width}} {service.minutes:>5g}  {service.names.kk}")
        lines.append(indent + service.names.ru)
        if service.topics:
            lines.append(f"{indent}topics: {', '.join(service.topics)}")
    if roster.topics:
        lines += ["", *_topic_lines(roster)]
    groups = {topic.group for topic in roster.topics}
    desk_count = sum(service.desks for service in roster.services)
    totals = (
        f"{_count(len(roster.services), 'service')}, {_count(desk_count, 'desk')}, "
        f"{_count(len(roster.topics), 'topic')} in {_count(len(groups), 'group')}"
    )
    return "\n".join([*lines, "", totals, ""])


def _topic_lines(roster: Roster) -> list[str]:
    width = max(len(topic.code) for topic in roster.topics)
    order = {group: place for place, group in enumerate(dict.fromkeys(topic.group for topic in roster.topics))}
    lines = ["topics by group"]
    in_groups = sorted(roster.topics, key=lambda topic: order[topic.group])
    for group, topics in groupby(in_groups, lambda topic: topic.group):
        lines.append(group)
        lines += [f"   {topic.code:<{width}}  {topic.names.kk} / {topic.names.ru}" for topic in topics]
    return lines


def _desks(service: ServicePlan) -> str:
    ids = service.desk_ids
    return " ".join(ids) if len(ids) <= _LISTED else f"{ids[0]} to {ids[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
