"""What loading another roster changes, and what it may not take away."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import Fault, ServiceInUse
from appliance.domain.roster import (
    Change,
    Names,
    Roster,
    ServicePlan,
    Topic,
    diff,
    refuse_removals,
    removals_in_use,
)


def with_services(roster: Roster, *services: ServicePlan) -> Roster:
    return replace(roster, services=services)


def test_nothing_changed(small):
    assert diff(small, small) == ()
    assert diff(small, replace(small)) == ()


def test_a_service_added_with_its_desks(small):
    new = ServicePlan("П", Names("Полиция", "Полиция города"), 2, 12)
    assert diff(small, with_services(small, *small.services, new)) == (
        Change("added", "service", "П", "Полиция города"),
        Change("added", "desk", "П1", "Полиция города"),
        Change("added", "desk", "П2", "Полиция города"),
    )


def test_a_service_removed_with_its_desks(small):
    assert diff(small, with_services(small, small.services[1])) == (
        Change("removed", "service", "А", "Аким области"),
        Change("removed", "desk", "А1", "Аким области"),
    )


def test_more_and_fewer_desks(small):
    governor, energy = small.services
    new = with_services(small, replace(governor, desks=2), replace(energy, desks=1))
    assert diff(small, new) == (
        Change("added", "desk", "А2", "Аким области"),
        Change("removed", "desk", "К2", "Управление энергетики"),
        Change("removed", "desk", "К3", "Управление энергетики"),
    )


def test_a_service_changed_says_from_what_to_what(small):
    governor, energy = small.services
    changed = replace(energy, names=Names("Энергетика", "Энергетика", "Energy"), minutes=12.5, topics=())
    assert diff(small, with_services(small, governor, changed)) == (
        Change(
            "changed",
            "service",
            "К",
            'Kazakh name: "Энергетика басқармасы" to "Энергетика"; '
            'Russian name: "Управление энергетики" to "Энергетика"; English name: "" to "Energy"; '
            "minutes: 10 to 12.5; topics: water to none",
        ),
    )


def test_topics_added_changed_and_removed(small):
    roads, water = small.topics
    new = replace(small, topics=(replace(water, group="water"), Topic("air", Names("Ауа", "Воздух"), "air")))
    assert diff(small, new) == (
        Change("changed", "topic", "water", "group: utilities to water"),
        Change("added", "topic", "air", "Воздух"),
        Change("removed", "topic", "roads", roads.names.ru),
    )


def test_a_new_order_is_a_change(small):
    governor, energy = small.services
    third = replace(energy, prefix="П")
    old = with_services(small, governor, energy, third)
    assert diff(old, with_services(small, energy, third, governor)) == (
        Change("changed", "service", "А", "moved: now after П"),
    )
    assert diff(old, with_services(small, third, governor, energy)) == (
        Change("changed", "service", "П", "moved: now first"),
    )
    assert diff(small, replace(small, topics=small.topics[::-1])) == (
        Change("changed", "topic", "water", "moved: now first"),
    )


NAME = st.sampled_from([Names("Әкім", "Аким"), Names("Су", "Вода", "Water"), Names("Су", "Вода")])
SERVICES = st.lists(
    st.builds(
        ServicePlan,
        st.sampled_from("АБКПЖ"),
        NAME,
        st.integers(1, 3),
        st.sampled_from([1, 8, 8.5]),
        st.lists(st.sampled_from(["roads", "water"]), unique=True).map(tuple),
    ),
    unique_by=lambda service: service.prefix,
).map(tuple)
TOPICS = st.lists(
    st.builds(Topic, st.sampled_from(["roads", "water", "air"]), NAME, st.sampled_from(["a", "b"])),
    unique_by=lambda topic: topic.code,
).map(tuple)
ROSTERS = st.builds(Roster, SERVICES, TOPICS)


@given(ROSTERS, ROSTERS)
def test_the_diff_is_empty_if_and_only_if_equal(old, new):
    assert (diff(old, new) == ()) == (old == new)


@given(SERVICES, st.randoms())
def test_a_shuffle_is_never_silent(services, random):
    shuffled = list(services)
    random.shuffle(shuffled)
    assert (diff(Roster(services), Roster(tuple(shuffled))) == ()) == (list(services) == shuffled)


@given(ROSTERS, ROSTERS)
def test_desk_changes_are_the_difference_of_the_desk_ids(old, new):
    before = {desk for service in old.services for desk in service.desk_ids}
    after = {desk for service in new.services for desk in service.desk_ids}
    desks = [change for change in diff(old, new) if change.what == "desk"]
    assert {change.code for change in desks if change.kind == "added"} == after - before
    assert {change.code for change in desks if change.kind == "removed"} == before - after


def test_a_service_that_people_wait_for_may_not_go(small):
    new = with_services(small, small.services[0])
    assert removals_in_use(small, new, frozenset({"К"}), frozenset()) == (
        Fault(
            "service К (Управление энергетики)",
            "people still hold its tickets, and the new roster has it no more",
            "Keep К in the roster, or close it and let its tickets be finished or cancelled",
        ),
    )


def test_a_desk_with_a_ticket_may_not_go(small):
    governor, energy = small.services
    new = with_services(small, governor, replace(energy, desks=2))
    assert removals_in_use(small, new, frozenset({"К"}), frozenset({"К1", "К3"})) == (
        Fault(
            "desk К3",
            "it has a ticket, and the new roster has it no more",
            "Finish or return the ticket at К3 first, or keep the desk",
        ),
    )


def test_all_that_is_in_use_is_named_at_once(small):
    faults = removals_in_use(small, with_services(small), frozenset("АК"), frozenset({"К2"}))
    assert [fault.where for fault in faults] == [
        "service А (Аким области)",
        "service К (Управление энергетики)",
        "desk К2",
    ]
    with pytest.raises(ServiceInUse) as caught:
        refuse_removals(small, with_services(small), frozenset("АК"), frozenset({"К2"}))
    for fault in faults:
        assert str(fault) in str(caught.value)


def test_what_is_not_in_use_may_go(small):
    assert removals_in_use(small, with_services(small), frozenset(), frozenset()) == ()
    refuse_removals(small, with_services(small, small.services[1]), frozenset({"К"}), frozenset({"К1"}))


def test_a_change_that_keeps_the_service_is_allowed(small):
    governor, energy = small.services
    new = with_services(small, replace(energy, minutes=20, desks=5), governor)
    assert removals_in_use(small, new, frozenset("АК"), frozenset({"А1", "К3"})) == ()
