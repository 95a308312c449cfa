"""`recall`, `start`, `finish` and `no-show` at a desk."""

import msgspec
import pytest
from sqlalchemy import create_engine, text

CURRENT_VERBS = ("recall", "start", "finish", "no-show", "hold")


@pytest.fixture
def appeals(place, store):
    """Read the appeals on record."""
    engine = create_engine(f"sqlite:///{place.data / 'kezek.db'}")

    def read():
        query = text(
            "SELECT number, appeals.desk, topics, outcome, note FROM appeals JOIN tickets ON ticket=tickets.id"
        )
        with engine.connect() as connection:
            return [
                (row[0], row[1], msgspec.json.decode(row[2]), row[3], row[4]) for row in connection.execute(query)
            ]

    yield read
    engine.dispose()


@pytest.mark.parametrize("verb", CURRENT_VERBS)
def test_without_a_ticket_there_is_nothing_to_do(api, refused, verb):
    refused(api.post(f"/desks/К1/{verb}"), "desk_idle")
    refused(api.post(f"/desks/К9/{verb}"), "unknown_desk")


def test_recall_asks_again_and_counts(api):
    api.issue("К")
    for attempt in (2, 3):
        head = api.board().seq
        current = api.desk("К1", *(("next",) if attempt == 2 else ()), "recall").current
        assert (current.state, current.attempt) == ("called", attempt)
        last = api.journal(head)[-1]
        assert (last.type, last.data["attempt"], last.data["desk"]) == ("TicketRecalled", attempt, "К1")


def test_start_begins_the_talk(api):
    api.issue("К")
    desk = api.desk("К1", "next", "start")
    assert desk.current.state == "serving"
    last = api.journal()[-1]
    assert (last.type, last.data) == ("TicketStarted", {"number": "К-001", "service": "К", "desk": "К1"})


@pytest.mark.parametrize("verb", ["recall", "start", "no-show"])
def test_a_talk_that_goes_on_cannot_be_called_or_missed(api, refused, verb):
    api.issue("К")
    api.desk("К1", "next", "start")
    assert "serving" in refused(api.post(f"/desks/К1/{verb}"), "not_allowed").detail
    assert api.desk("К1").current.state == "serving"


def test_a_talk_that_did_not_begin_cannot_be_finished(api, refused, appeals):
    api.issue("К")
    api.desk("К1", "next")
    refused(api.post("/desks/К1/finish", {"topics": ["heating"]}), "not_allowed")
    assert api.desk("К1").current.state == "called"
    assert appeals() == []


def test_finish_records_topics_outcome_and_note(api, appeals):
    api.issue("К")
    api.desk("К1", "next", "start")
    ending = {"topics": ["heating", "water", "heating"], "outcome": "accepted", "note": "Абай 5, кв. 7"}
    desk = api.desk("К1", "finish", body=ending)
    assert desk.current is None
    last = api.journal()[-1]
    assert last.type == "TicketFinished"
    assert last.data["topics"] == ["heating", "water"]
    assert last.data["outcome"] == "accepted"
    assert appeals() == [("К-001", "К1", ["heating", "water"], "accepted", "Абай 5, кв. 7")]


def test_what_the_visitor_said_stays_out_of_the_journal(api):
    api.issue("К")
    api.desk("К1", "next", "start", "finish", body={"note": "Абай 5, кв. 7"})
    assert "Абай" not in api.get("/journal").text


def test_finish_may_say_nothing(api, appeals):
    api.issue("К")
    api.desk("К1", "next", "start", "finish")
    assert appeals() == [("К-001", "К1", [], None, "")]


def test_a_topic_of_another_service_may_be_recorded(api, appeals):
    api.issue("К")
    api.desk("К1", "next", "start", "finish", body={"topics": ["sport"]})
    assert appeals()[0][2] == ["sport"]


def test_finish_refuses_an_unknown_topic_and_goes_on(api, refused, appeals):
    api.issue("К")
    api.desk("К1", "next", "start")
    refused(api.post("/desks/К1/finish", {"topics": ["heating", "weather"]}), "unknown_topic")
    assert api.desk("К1").current.state == "serving"
    assert appeals() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "refused"}, "outcome"),
        ({"topics": "heating"}, "topics"),
        ({"topics": ["heating"] * 11}, "topics"),
        ({"note": "a" * 2001}, "note"),
        ({"name": "Айгүл"}, "name"),
    ],
)
def test_finish_names_a_wrong_field(api, refused, body, field):
    api.issue("К")
    api.desk("К1", "next", "start")
    assert field in refused(api.post("/desks/К1/finish", body), "invalid_body").detail
    assert api.desk("К1").current.state == "serving"


def test_no_show_frees_the_desk_and_keeps_the_ticket(api):
    api.issue("К")
    desk = api.desk("К1", "next", "no-show")
    assert desk.current is None
    assert desk.absent == ["К-001"]
    assert desk.waiting == 0
    assert api.journal()[-1].type == "TicketMissed"


def test_verbs_that_take_no_words_refuse_them(api, refused):
    api.issue("К")
    api.desk("К1", "next")
    for verb in ("next", "recall", "start", "no-show", "resume"):
        assert "note" in refused(api.post(f"/desks/К1/{verb}", {"note": "x"}), "invalid_body").detail
    assert api.desk("К1").current.attempt == 1


def test_a_whole_talk_in_the_journal(api):
    api.issue("К")
    head = api.board().seq
    api.desk("К1", "next", "recall", "start", "finish", role="operator К1")
    entries = api.journal(head)
    assert [one.type for one in entries] == ["TicketCalled", "TicketRecalled", "TicketStarted", "TicketFinished"]
    assert {one.actor for one in entries} == {"operator:К1"}
    assert {one.day for one in entries} == {"2023-07-28"}


@pytest.mark.parametrize("verb", CURRENT_VERBS)
def test_a_verb_meant_for_another_ticket_changes_nothing(api, refused, verb):
    """A tap kept back while the tablet was cut off must not end somebody else's talk."""
    api.issue("К")
    api.issue("К")
    api.desk("К1", "next")
    if verb == "finish":
        api.desk("К1", "start")
    head = api.board().seq
    answer = refused(api.post(f"/desks/К1/{verb}", {"ticket": "К-002"}), "other_ticket")
    assert "desk К1 has К-001, not К-002" in answer.detail
    assert api.board().seq == head
    assert api.post(f"/desks/К1/{verb}", {"ticket": "К-001"}).status_code == 200


def test_a_held_ticket_is_listed_until_it_waits_again(api):
    api.issue("К")
    held = api.desk("К1", "next", "hold")
    assert (held.current, held.held, held.waiting) == (None, ["К-001"], 0)
    assert api.desk("Ж1").held == []
    api.post("/tickets/К-001/resume")
    after = api.desk("К1")
    assert (after.held, after.waiting) == ([], 1)
