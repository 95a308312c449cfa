"""`kezek roster show`: the roster in lines."""

from dataclasses import replace

from appliance.domain.roster import Roster
from appliance.roster import describe, sample_roster


def test_a_roster_in_lines(small):
    assert describe(small) == (
        "   desks      min  service\n"
        "А  А1           8  Облыс әкімі\n"
        "                   Аким области\n"
        "                   topics: roads, water\n"
        "К  К1 К2 К3    10  Энергетика басқармасы\n"
        "                   Управление энергетики\n"
        "                   topics: water\n"
        "\n"
        "topics by group\n"
        "roads\n"
        "   roads  Жолдар / Дороги\n"
        "utilities\n"
        "   water  Су / Вода\n"
        "\n"
        "2 services, 4 desks, 2 topics in 2 groups\n"
    )


def test_many_desks_are_shown_as_first_and_last(small):
    many = replace(small.services[1], desks=12, topics=())
    text = describe(Roster((many,)))
    assert "К  К1 to К12    10  Энергетика басқармасы\n" in text
    assert "topics" not in text.splitlines()[1]
    assert text.endswith("1 service, 12 desks, 0 topics in 0 groups\n")


def test_topics_of_one_group_stand_together(small):
    roads, water = small.topics
    text = describe(replace(small, topics=(roads, water, replace(roads, code="transit"))))
    assert text.index("transit") < text.index("utilities")


def test_the_sample_fits_a_terminal():
    text = describe(sample_roster())
    assert max(map(len, text.splitlines())) <= 100
    assert text.endswith("15 services, 20 desks, 28 topics in 18 groups\n")
