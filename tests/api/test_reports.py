"""`GET /reports/day.json` and `day.csv`: the day summed up."""

import csv
import io

import msgspec
import pytest

from appliance.office.day import begin_day, open_day
from appliance.wiring import event_info


@pytest.fixture
def talk(api, clock):
    """Let a desk call, talk for some seconds, and finish with topics and an outcome."""

    def hold_one(desk, seconds=60.0, outcome=None, topics=()):
        api.desk(desk, "next", "start")
        clock.advance(seconds)
        api.desk(desk, "finish", body={"topics": list(topics), "outcome": outcome})

    return hold_one


def report(api):
    return api.get("/reports/day.json").json()


def of_service(api, code):
    return next(one for one in report(api)["services"] if one["code"] == code)


def test_an_empty_day(api):
    found = report(api)
    nothing = {"mean": None, "median": None, "p95": None}
    assert {found[name] for name in ("visits", "tickets", "served", "absent", "cancelled", "open")} == {0}
    assert (found["first_issue"], found["last_finish"]) == (None, None)
    assert (found["top_groups"], found["outcomes"]) == ([], {})
    assert found["wait"] == nothing
    assert len(found["services"]) == 15
    assert found["services"][0]["service"] == nothing


def test_counts_what_became_of_each_ticket(api, talk):
    api.issue("К", "Ж", "А")
    for _ in range(4):
        api.issue("К")
    talk("К1", outcome="accepted")
    api.desk("К1", "next", "no-show")
    api.desk("К1", "next", "hold")
    api.desk("К1", "next")
    api.post("/tickets/К-005/cancel")
    found = report(api)
    counts = {name: found[name] for name in ("visits", "tickets", "served", "absent", "cancelled", "open")}
    assert counts == {"visits": 5, "tickets": 7, "served": 1, "absent": 1, "cancelled": 1, "open": 4}
    mine = of_service(api, "К")
    assert {name: mine[name] for name in list(counts)[1:]} == {
        "tickets": 5,
        "served": 1,
        "absent": 1,
        "cancelled": 1,
        "open": 2,
    }
    assert found["outcomes"] == {"accepted": 1}


def test_every_ticket_is_counted_in_exactly_one_way(api, talk):
    for code in "КЖАКЖ":
        api.issue(code)
    talk("К1")
    api.desk("Ж1", "next", "no-show")
    found = report(api)
    assert found["served"] + found["absent"] + found["cancelled"] + found["open"] == found["tickets"]
    assert sum(one["tickets"] for one in found["services"]) == found["tickets"]


def test_waits_are_from_issue_to_the_first_call_and_talks_from_arrival(api, clock):
    for seconds in (60, 120, 600):
        api.issue("К")
        clock.advance(seconds)
        api.desk("К1", "next")
        clock.advance(10)
        api.desk("К1", "recall")
        clock.advance(10)
        api.desk("К1", "start")
        clock.advance(seconds / 2)
        api.desk("К1", "finish")
    found = of_service(api, "К")
    assert found["wait"] == {"mean": 260.0, "median": 120.0, "p95": 600.0}
    assert found["service"] == {"mean": 130.0, "median": 60.0, "p95": 300.0}
    assert report(api)["wait"] == found["wait"]


def test_a_second_call_does_not_lengthen_the_wait(api, clock):
    """The hall kept its promise at the first call; that the visitor was away is his own time."""
    api.issue("К")
    clock.advance(60)
    api.desk("К1", "next", "no-show")
    api.post("/tickets/К-001/return")
    clock.advance(600)
    api.desk("К1", "next")
    assert of_service(api, "К")["wait"]["mean"] == 60.0


def test_spreads_take_the_nearest_rank(api, clock):
    """Of 1..20 the 95th percentile is the 19th, the median the 10th."""
    for _ in range(20):
        api.issue("Ж")
    for _ in range(20):
        clock.advance(1)
        api.desk("Ж1", "next", "no-show")
    assert of_service(api, "Ж")["wait"] == {"mean": 10.5, "median": 10.0, "p95": 19.0}


def test_spans_survive_a_jump_of_the_wall_clock(api, clock):
    api.issue("К")
    clock.jump(-86_400)
    clock.advance(30)
    api.desk("К1", "next")
    assert of_service(api, "К")["wait"]["mean"] == 30.0


def test_a_transferred_ticket_counts_where_it_went(api):
    api.issue("К")
    api.desk("К1", "next", "transfer", body={"service": "Ж"})
    assert of_service(api, "К")["tickets"] == 0
    assert of_service(api, "Ж")["tickets"] == 1
    assert report(api)["tickets"] == 1


def test_tells_the_first_issue_and_the_last_finish(api, talk, clock):
    api.issue("К")
    clock.advance(60)
    api.issue("К")
    talk("К1", 60)
    talk("К1", 60)
    found = report(api)
    assert found["first_issue"] == "2023-07-28T10:00:00+05:00"
    assert found["last_finish"] == "2023-07-28T10:03:00+05:00"
    assert found["made_at"] == "2023-07-28T10:03:00+05:00"


def test_a_group_counts_once_a_ticket_however_many_of_its_topics_it_had(api, talk):
    for _ in range(4):
        api.issue("К")
    talk("К1", topics=["heating", "water", "sewerage"])
    talk("К1", topics=["water", "roads"])
    talk("К1", topics=["roads"])
    talk("К1", topics=[])
    utilities, roads = report(api)["top_groups"]
    assert (utilities["group"], utilities["count"], utilities["share"]) == ("utilities", 2, 0.667)
    assert [(one["code"], one["count"]) for one in utilities["topics"]] == [
        ("water", 2),
        ("heating", 1),
        ("sewerage", 1),
    ]
    assert utilities["topics"][0]["names"]["en"] == "Water supply and the water main"
    assert (roads["group"], roads["count"], roads["share"]) == ("roads", 2, 0.667)


def test_the_five_most_frequent_groups_equals_in_the_rosters_order(api, talk):
    said = [["waste"], ["sport"], ["roads"], ["land"], ["heating"], ["schools"], ["waste"]]
    for topics in said:
        api.issue("К")
        talk("К1", topics=topics)
    groups = [(one["group"], one["count"]) for one in report(api)["top_groups"]]
    assert groups == [("environment", 2), ("utilities", 1), ("roads", 1), ("education", 1), ("land", 1)]


def test_topics_that_left_the_roster_keep_their_count(api, talk):
    api.issue("К")
    talk("К1", topics=["heating"])
    roster = api.get("/roster").json()
    roster["topics"] = [one for one in roster["topics"] if one["code"] != "heating"]
    roster["services"][1]["topics"].remove("heating")
    assert api.put("/roster", roster).status_code == 200
    [group] = report(api)["top_groups"]
    assert (group["group"], group["topics"][0]["code"]) == ("utilities", "heating")


def test_a_service_that_left_the_roster_is_still_counted(api, talk):
    api.issue("С")
    talk("С1")
    roster = api.get("/roster").json()
    roster["services"] = [one for one in roster["services"] if one["prefix"] != "С"]
    assert api.put("/roster", roster).status_code == 200
    assert of_service(api, "С")["served"] == 1


def test_is_of_the_open_day_only(api, talk, store, place, clock):
    api.issue("К")
    talk("К1", topics=["heating"])
    with store.write() as unit:
        open_day(unit, event_info(place, clock), clock.stamp())
        unit.commit()
    assert (report(api)["tickets"], report(api)["top_groups"]) == (0, [])


def rows(api):
    answer = api.get("/reports/day.csv")
    assert answer.status_code == 200
    return answer, list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_csv_is_for_a_spreadsheet(api, talk, clock):
    api.issue("К")
    clock.advance(90)
    talk("К1", 300)
    answer, found = rows(api)
    assert answer.content.startswith(b"\xef\xbb\xbf"), "without the BOM spreadsheets garble the Cyrillic"
    assert answer.content.count(b"\r\n") == 16
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kezek-2023-07-28.csv"'
    assert len(found) == 15
    assert found[1] == {
        "day": "2023-07-28",
        "rehearsal": "",
        "service": "К",
        "name_kk": "Энергетика және ТКШ басқармасы",
        "name_ru": "Управление энергетики и ЖКХ",
        "tickets": "1",
        "served": "1",
        "absent": "0",
        "cancelled": "0",
        "open": "0",
        "wait_mean_min": "1.5",
        "wait_median_min": "1.5",
        "wait_p95_min": "1.5",
        "service_mean_min": "5.0",
    }
    assert found[0]["wait_mean_min"] == ""


def test_a_rehearsals_csv_is_marked(api, store, place, clock):
    with store.write() as unit:
        fast = type(place)(place.data, place.config, speed=10.0)
        open_day(unit, event_info(fast, clock), clock.stamp())
        unit.commit()
    answer, found = rows(api)
    assert "REHEARSAL" in answer.headers["Content-Disposition"]
    assert {one["rehearsal"] for one in found} == {"REHEARSAL"}


def test_the_products_client_reads_the_report(api, client):
    api.issue("К")
    assert client("supervisor").report().tickets == 1


def test_an_earlier_day_is_summed_up_by_its_date(api, store, clock, refused):
    api.issue("К")
    date = api.board().event.day
    with store.write() as unit:
        event = msgspec.structs.replace(unit.house.today().event, day="2030-01-02")
        begin_day(unit, event, clock.stamp(), abandon=True)
        unit.commit()
    assert api.get("/reports/day.json").json()["tickets"] == 0
    earlier = api.get(f"/reports/day.json?day={date}").json()
    assert (earlier["tickets"], earlier["event"]["day"]) == (1, date)
    assert f"{date},,К" in api.get(f"/reports/day.csv?day={date}").text
    assert "there are 2030-01-02" in refused(api.get("/reports/day.json?day=1999-01-01"), "unknown_day").detail
