"""Loading who receives: whole or not at all, and never against people who wait."""

from appliance.contract import models as m
from appliance.domain import roster as rules
from appliance.domain.errors import RosterRejected
from appliance.domain.events import RosterChanged
from appliance.domain.model import Stamp
from appliance.office.ports import Unit


def load(unit: Unit, new: rules.Roster, stamp: Stamp) -> m.RosterLoaded:
    """Put a roster in force and return what changed; issued tickets are kept.

    Raises RosterRejected with every fault, ServiceInUse when it would remove what people wait for.
    """
    if faults := rules.validate(new):
        raise RosterRejected(faults)
    old = unit.house.roster()
    desks_in_use = frozenset(str(desk.id) for desk in unit.house.desks() if desk.current)
    in_use = frozenset(str(code) for code in unit.queue.live_services())
    rules.refuse_removals(old, new, in_use, desks_in_use)
    changes = rules.diff(old, new)
    if changes:
        unit.house.replace_roster(new)
        unit.journal.append((RosterChanged(tuple(_words(change) for change in changes)),), stamp)
    return m.RosterLoaded(roster=to_wire(new), changes=[_change(change) for change in changes])


def _words(change: rules.Change) -> str:
    detail = f": {change.detail}" if change.detail else ""
    return f"{change.what} {change.code} {change.kind}{detail}"


def _change(change: rules.Change) -> m.RosterChange:
    return m.RosterChange(kind=change.kind, what=change.what, code=change.code, detail=change.detail)


def from_wire(roster: m.Roster) -> rules.Roster:
    """Return the wire's roster as the rules see it."""
    return rules.Roster(
        tuple(
            rules.ServicePlan(one.prefix, _names(one.names), one.desks, one.minutes, tuple(one.topics))
            for one in roster.services
        ),
        tuple(rules.Topic(one.code, _names(one.names), one.group) for one in roster.topics),
    )


def to_wire(roster: rules.Roster) -> m.Roster:
    """Return the roster as it travels."""
    return m.Roster(
        services=[
            m.ServiceEntry(
                prefix=one.prefix,
                names=_wire_names(one.names),
                desks=one.desks,
                minutes=one.minutes,
                topics=list(one.topics),
            )
            for one in roster.services
        ],
        topics=[m.TopicEntry(code=one.code, names=_wire_names(one.names), group=one.group) for one in roster.topics],
    )


def _names(names: m.Names) -> rules.Names:
    return rules.Names(names.kk, names.ru, names.en)


def _wire_names(names: rules.Names) -> m.Names:
    return m.Names(kk=names.kk, ru=names.ru, en=names.en)
