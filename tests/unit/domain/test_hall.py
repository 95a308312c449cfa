"""A whole hall driven at random: whatever is pressed, nobody is lost, doubled or starved.

The machine keeps its own small model of who holds what and asks the real rules for everything else.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from appliance.domain import lifecycle as life
from appliance.domain.dispatch import Waiting, choose_next
from appliance.domain.errors import QueueError
from appliance.domain.model import AT_DESK, Desk, DeskId, Instant, Number, ServiceCode, State, Ticket, Visit, VisitId
from appliance.domain.numbering import format_number

SERVICES = [ServiceCode(code) for code in "КЖД"]
DESKS = {DeskId(f"{service}{n}"): (service,) for service in SERVICES for n in (1, 2)} | {
    DeskId("Т1"): tuple(SERVICES)
}


class Hall(RuleBasedStateMachine):
    """Visits, desks and a clock; every change goes through `decide` and `evolve`."""

    @initialize()
    def open_doors(self):
        self.visits: dict[VisitId, Visit] = {}
        self.paused: set[DeskId] = set()
        self.counts = dict.fromkeys(SERVICES, 0)
        self.place = self.seq = 0
        self.first_place: dict[Number, int] = {}

    @property
    def now(self) -> Instant:
        return Instant(datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.seq), float(self.seq), "boot")

    def tickets(self) -> list[tuple[Visit, Ticket]]:
        return [(visit, ticket) for visit in self.visits.values() for ticket in visit.tickets]

    def desk(self, desk: DeskId) -> Desk:
        here = [ticket.number for _, ticket in self.tickets() if ticket.desk == desk]
        return Desk(desk, DESKS[desk], current=here[0] if here else None, paused=desk in self.paused)

    def line(self) -> list[Waiting]:
        return [
            Waiting(one.number, one.service, one.place, one.issued, visit.at_desk.desk if visit.at_desk else None)
            for visit, one in self.tickets()
            if one.state is State.WAITING
        ]

    def carry_out(self, visit: Visit, command: life.Command) -> bool:
        try:
            event = life.decide(visit, command)
        except QueueError:
            return False
        self.seq += 1
        self.visits[visit.id] = life.evolve(visit, event, self.now, self.seq)
        return True

    @rule(services=st.lists(st.sampled_from(SERVICES), min_size=1, max_size=3, unique=True))
    def issue(self, services):
        visit = Visit(VisitId(len(self.visits) + 1))
        for service in services:
            self.counts[service] += 1
            self.place += 1
            number = format_number(service, self.counts[service])
            assert number not in self.first_place
            self.first_place[number] = self.place
            visit = replace(visit, tickets=(*visit.tickets, Ticket(number, service, self.place, self.now, self.now)))
        self.visits[visit.id] = visit

    @rule(desk=st.sampled_from(sorted(DESKS)))
    def call_next(self, desk):
        before = self.desk(desk)
        choice = choose_next(before, self.line())
        if choice.ticket is None:
            return
        holder = next(visit for visit, one in self.tickets() if one.number == choice.ticket.number)
        called = self.carry_out(holder, life.Call(choice.ticket.number, before))
        assert called is (before.current is None and not before.paused)

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), kind=st.sampled_from(life.COMMANDS), desk=st.sampled_from(sorted(DESKS)))
    def any_command(self, data, kind, desk):
        visit, ticket = data.draw(st.sampled_from(self.tickets()))
        if kind is life.Call:
            command = life.Call(ticket.number, self.desk(desk), reason="by hand")
        elif kind is life.Transfer:
            command = life.Transfer(ticket.number, data.draw(st.sampled_from(SERVICES)))
        else:
            command = kind(ticket.number)
        self.carry_out(visit, command)

    @rule(desk=st.sampled_from(sorted(DESKS)))
    def pause_or_resume(self, desk):
        self.paused ^= {desk}

    @invariant()
    def no_visitor_at_two_desks(self):
        for visit in self.visits.values():
            assert sum(ticket.state in AT_DESK for ticket in visit.tickets) <= 1

    @invariant()
    def no_desk_with_two_tickets(self):
        taken = [ticket.desk for _, ticket in self.tickets() if ticket.desk]
        assert len(taken) == len(set(taken))

    @invariant()
    def a_desk_belongs_to_those_at_it_only(self):
        assert all((ticket.desk is not None) is (ticket.state in AT_DESK) for _, ticket in self.tickets())

    @invariant()
    def no_ticket_is_lost_and_every_place_is_kept(self):
        assert {one.number: one.place for _, one in self.tickets()} == self.first_place

    def teardown(self):
        """Let the desks work to the end: everybody who waits is called, in order of place for each desk's choice."""
        if not hasattr(self, "visits"):
            return
        self.paused.clear()
        for _ in range(4 * len(self.first_place) + 4):
            for visit, ticket in self.tickets():
                if ticket.state is State.CALLED:
                    self.carry_out(self.visits[visit.id], life.Start(ticket.number))
            for visit, ticket in self.tickets():
                if ticket.state is State.SERVING:
                    self.carry_out(self.visits[visit.id], life.Finish(ticket.number))
            for desk in sorted(DESKS):
                self.call_next(desk)
        assert not [ticket for _, ticket in self.tickets() if ticket.state in {State.WAITING, *AT_DESK}]


Hall.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestHall = Hall.TestCase
