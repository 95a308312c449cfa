"""The table of moves: every state with every command, and what each fact leaves behind."""

from datetime import UTC, datetime

import pytest

from appliance.domain import events as e
from appliance.domain import lifecycle as life
from appliance.domain.errors import AlreadyHasTicket, DeskBusy, DeskPaused, NotAllowed, VisitorBusy, WrongDesk
from appliance.domain.model import AT_DESK, Desk, DeskId, Instant, Number, ServiceCode, State, Ticket, Visit, VisitId

T0 = Instant(datetime(2026, 11, 22, 10, tzinfo=UTC), 100.0, "boot")
T1 = Instant(datetime(2026, 11, 22, 11, tzinfo=UTC), 3700.0, "boot")
K, ZH = ServiceCode("К"), ServiceCode("Ж")
ONE, TWO = Number("К-001"), Number("Ж-001")
DESK = Desk(DeskId("К1"), (K,))


def ticket(state: State, number: Number = ONE, service: ServiceCode = K, desk: str = "К9") -> Ticket:
    at = DeskId(desk) if state in AT_DESK else None
    return Ticket(number, service, place=1, issued=T0, since=T0, state=state, desk=at, attempt=1, call_seq=7)


def visit(*tickets: Ticket) -> Visit:
    return Visit(VisitId(1), tickets)


def command(kind: type[life.Command]) -> life.Command:
    if kind is life.Call:
        return life.Call(ONE, DESK)
    if kind is life.Transfer:
        return life.Transfer(ONE, ZH)
    return kind(ONE)


PAIRS = [(state, kind) for state in State for kind in life.COMMANDS]


@pytest.mark.parametrize(("state", "kind"), PAIRS, ids=lambda value: getattr(value, "__name__", str(value)))
def test_each_pair_does_what_the_table_says(state, kind):
    holder = visit(ticket(state))
    wanted = life.MOVES[state].get(kind)
    if wanted is None:
        with pytest.raises(NotAllowed, match=f"К-001 is {state.value}"):
            life.decide(holder, command(kind))
        return
    event = life.decide(holder, command(kind))
    after = life.evolve(holder, event, T1, seq=9).ticket(ONE)
    assert after.state is wanted
    assert life.ENDS_IN[type(event)] is wanted


def test_the_table_names_every_state_and_command():
    assert set(life.MOVES) == set(State)
    used = {kind for moves in life.MOVES.values() for kind in moves}
    assert used == set(life.COMMANDS)


def test_nothing_leaves_the_last_states():
    assert life.MOVES[State.DONE] == {}
    assert life.MOVES[State.CANCELLED] == {}


def test_a_call_takes_a_desk_an_attempt_and_its_seq():
    holder = visit(ticket(State.WAITING))
    event = life.decide(holder, life.Call(ONE, DESK, skipped=(TWO,), reason="asked"))
    assert event == e.TicketCalled(ONE, K, DeskId("К1"), attempt=2, skipped=(TWO,), reason="asked")
    after = life.evolve(holder, event, T1, seq=12).ticket(ONE)
    assert (after.desk, after.attempt, after.call_seq, after.since) == ("К1", 2, 12, T1)


def test_a_recall_counts_the_attempt_and_keeps_the_time_of_the_call():
    holder = visit(ticket(State.CALLED))
    after = life.evolve(holder, life.decide(holder, life.Recall(ONE)), T1, seq=13).ticket(ONE)
    assert (after.attempt, after.call_seq, after.since, after.desk) == (2, 13, T0, "К9")


@pytest.mark.parametrize("kind", [life.Return, life.NoShow, life.Hold, life.Transfer, life.Cancel])
def test_leaving_a_desk_frees_it_and_keeps_the_place(kind):
    holder = visit(ticket(State.CALLED))
    after = life.evolve(holder, life.decide(holder, command(kind)), T1, seq=1).ticket(ONE)
    assert after.desk is None
    assert (after.place, after.issued) == (1, T0)


def test_a_transfer_changes_the_service_and_neither_number_nor_place():
    holder = visit(ticket(State.SERVING))
    event = life.decide(holder, life.Transfer(ONE, ZH, "roads"))
    assert event == e.TicketTransferred(ONE, ZH, K, "roads")
    after = life.evolve(holder, event, T1, seq=1).ticket(ONE)
    assert (after.service, after.number, after.place) == (ZH, ONE, 1)


@pytest.mark.parametrize("state", [State.WAITING, State.HELD, State.NO_SHOW, State.CALLED, State.SERVING])
def test_a_transfer_never_gives_a_visitor_two_tickets_of_one_service(state):
    holder = visit(ticket(State.CALLED), ticket(state, TWO, ZH))
    with pytest.raises(AlreadyHasTicket, match="Ж-001"):
        life.decide(holder, life.Transfer(ONE, ZH))


def test_a_transfer_may_follow_a_ticket_that_ended():
    holder = visit(ticket(State.CALLED), ticket(State.DONE, TWO, ZH))
    assert isinstance(life.decide(holder, life.Transfer(ONE, ZH)), e.TicketTransferred)


@pytest.mark.parametrize("state", sorted(AT_DESK))
def test_a_busy_visitor_is_not_called(state):
    holder = visit(ticket(State.WAITING), ticket(state, TWO, ZH, desk="Ж2"))
    with pytest.raises(VisitorBusy, match="at desk Ж2 with Ж-001"):
        life.decide(holder, life.Call(ONE, DESK))


@pytest.mark.parametrize(
    ("desk", "error"),
    [
        (Desk(DeskId("К1"), (K,), current=Number("К-009")), DeskBusy),
        (Desk(DeskId("К1"), (K,), paused=True), DeskPaused),
        (Desk(DeskId("Ж1"), (ZH,)), WrongDesk),
    ],
)
def test_a_desk_that_cannot_take_a_ticket_is_refused(desk, error):
    with pytest.raises(error):
        life.decide(visit(ticket(State.WAITING)), life.Call(ONE, desk))


def test_an_unknown_ticket_is_a_programming_error():
    with pytest.raises(KeyError):
        life.decide(visit(ticket(State.WAITING)), life.Cancel(TWO))


def test_other_tickets_of_the_visit_are_left_alone():
    other = ticket(State.WAITING, TWO, ZH)
    holder = visit(ticket(State.CALLED), other)
    after = life.evolve(holder, life.decide(holder, life.Start(ONE)), T1, seq=1)
    assert after.ticket(TWO) == other
    assert after.at_desk == after.ticket(ONE)


def test_a_called_ticket_without_a_desk_is_refused_rather_than_guessed():
    broken = Ticket(ONE, K, place=1, issued=T0, since=T0, state=State.CALLED)
    with pytest.raises(NotAllowed, match="at no desk"):
        life.decide(visit(broken), life.Recall(ONE))
