"""The roster's rules, however it came: every fault with where it is, what is wrong and what would be right."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import Fault
from appliance.domain.roster import (
    LETTERS,
    MAX_SERVICES,
    Names,
    Place,
    Roster,
    ServicePlan,
    Topic,
    at_json,
    validate,
)
from appliance.roster import sample_roster

TOPIC = Topic("roads", Names("Жолдар", "Дороги"), "roads")
SERVICE = ServicePlan("А", Names("Облыс әкімі", "Аким области"), 1, 8, ("roads",))


def faults_with(**changes) -> list[Fault]:
    return list(validate(Roster((replace(SERVICE, **changes),), (TOPIC,))))


def topic_faults(**changes) -> list[Fault]:
    return list(validate(Roster((replace(SERVICE, topics=()),), (replace(TOPIC, **changes),))))


def test_the_sample_has_no_faults():
    assert validate(sample_roster()) == ()


def test_desk_ids_are_the_prefix_and_a_number():
    assert replace(SERVICE, prefix="К", desks=3).desk_ids == ("К1", "К2", "К3")


def test_an_empty_roster_is_a_fault():
    (fault,) = validate(Roster(()))
    assert fault == Fault(
        "services", "there are no services", "List at least one service: prefix, names, desks, minutes"
    )


@pytest.mark.parametrize("letter", LETTERS)
def test_every_russian_and_kazakh_capital_is_a_prefix(letter):
    assert faults_with(prefix=letter) == []


@pytest.mark.parametrize(("latin", "cyrillic"), list(zip("ABCEHKMOPTXYIkaoƏË", "АВСЕНКМОРТХУІКАОӘЁ", strict=True)))
def test_a_latin_prefix_is_refused_and_its_cyrillic_twin_named(latin, cyrillic):
    assert faults_with(prefix=latin) == [
        Fault(
            "services[0].prefix",
            f'the prefix "{latin}" is a Latin letter, not a Cyrillic one',
            f"Write the Cyrillic letter {cyrillic}, which looks like it",
        )
    ]


ONE_LETTER = "Write one upper-case Cyrillic letter, Russian or Kazakh, for example "


@pytest.mark.parametrize(
    ("prefix", "problem", "remedy"),
    [
        ("", "the prefix is missing", ONE_LETTER + "А"),
        ("  ", "the prefix is missing", ONE_LETTER + "А"),
        ("қ", 'the prefix "қ" is not one upper-case letter', "Write Қ"),
        ("К ", 'the prefix "К " is not one upper-case letter', "Write К"),
        ("И\u0306", 'the prefix "И\u0306" is not one upper-case letter', "Write Й"),
        ("КБ", 'the prefix "КБ" is 2 characters long', ONE_LETTER + "К"),
        ("1К", 'the prefix "1К" is 2 characters long', ONE_LETTER + "К"),
        ("3", "the prefix 3 is a digit", "Write the Cyrillic letter З"),
        ("0", "the prefix 0 is a digit", "Write the Cyrillic letter О"),
        ("7", 'the prefix "7" is not a Cyrillic letter', ONE_LETTER + "А"),
        ("W", 'the prefix "W" is not a Cyrillic letter', ONE_LETTER + "А"),
        ("Ў", 'the prefix "Ў" is not a Cyrillic letter', ONE_LETTER + "А"),
    ],
)
def test_what_is_no_prefix(prefix, problem, remedy):
    assert faults_with(prefix=prefix) == [Fault("services[0].prefix", problem, remedy)]


def test_a_duplicate_prefix_names_both_rows_and_a_free_letter():
    twin = replace(SERVICE, names=Names("Полиция", "Полиция"))
    (fault,) = validate(Roster((SERVICE, twin), (TOPIC,)))
    assert fault.where == "services[1].prefix"
    assert fault.problem == 'the prefix "А" is already taken by services[0].prefix'
    assert fault.remedy == "Give one of the two another letter, for example П"


@pytest.mark.parametrize(
    ("names", "field", "language"),
    [(Names("", "Аким"), "kk", "Kazakh"), (Names("Әкім", " "), "ru", "Russian")],
)
def test_a_missing_name(names, field, language):
    assert faults_with(names=names) == [
        Fault(
            f"services[0].names.{field}",
            f"the {language} name is missing",
            f"Write the name in {language}: it is shown and spoken",
        )
    ]


def test_english_may_be_missing():
    assert faults_with(names=Names("Әкім", "Аким", "")) == []


@pytest.mark.parametrize(
    ("name", "problem", "remedy"),
    [
        (
            "Жолдap басқармасы",
            'the word "Жолдap" hides Latin letters: a (letter 5), p (letter 6)',
            'Write "Жолдар" all in Cyrillic letters',
        ),
        ("Oтдел", 'the word "Oтдел" hides a Latin letter: O (letter 1)', 'Write "Отдел" all in Cyrillic letters'),
        ("Көлiк", 'the word "Көлiк" hides a Latin letter: i (letter 4)', 'Write "Көлік" all in Cyrillic letters'),
        (
            "Мəдениет",
            'the word "Мəдениет" hides a Latin letter: ə (letter 2)',
            'Write "Мәдениет" all in Cyrillic letters',
        ),
        ("Работа c людьми", 'the word "c" hides a Latin letter: c (letter 1)', 'Write "с" all in Cyrillic letters'),
    ],
)
def test_latin_letters_hidden_in_a_cyrillic_word(name, problem, remedy):
    assert faults_with(names=Names(name, "Аким")) == [Fault("services[0].names.kk", problem, remedy)]
    assert faults_with(names=Names("Әкім", name)) == [Fault("services[0].names.ru", problem, remedy)]


@pytest.mark.parametrize("name", ["IT-департамент", "Отдел SMS", "SMSтер", "Спорт BMX", "COVID-19 орталығы", "e-Gov"])
def test_latin_that_was_meant_is_left_alone(name):
    assert faults_with(names=Names(name, name)) == []


def test_a_name_too_long():
    (fault,) = faults_with(names=Names("Ә" * 201, "Аким"))
    assert fault.where == "services[0].names.kk"
    assert fault.problem.startswith("the name has 201 characters and begins")
    assert fault.remedy == "Shorten it to 200 characters at most"
    assert faults_with(names=Names("Ә" * 200, "Аким")) == []


@pytest.mark.parametrize("name", ["са?тау", "?кім", "бас?армасы", "Денсаулы? сақтау", "бас\ufffdармасы"])
def test_letters_lost_in_saving(name):
    (fault,) = faults_with(names=Names(name, "Аким"))
    assert fault.where == "services[0].names.kk"
    assert fault.problem == f'letters of the name "{name}" were lost in saving'
    assert fault.remedy == "Type the name again and save the file as .xlsx or as CSV in UTF-8"


def test_a_question_is_not_a_lost_letter():
    assert topic_faults(names=Names("Қайда бару керек?", "Куда идти? Кто поможет?")) == []


def test_control_characters_cannot_be_shown():
    (fault,) = faults_with(names=Names("Әкім\x07", "Аким"))
    assert "holds a character that cannot be shown" in fault.problem


@pytest.mark.parametrize(
    ("desks", "problem"),
    [
        (0, "there are no desks"),
        (-1, "there cannot be -1 desks"),
        (31, "there cannot be 31 desks"),
        (2.5, "there cannot be 2.5 desks"),
        (float("nan"), "there cannot be that many desks"),
        (10**400, "there cannot be that many desks"),
    ],
)
def test_desks_are_a_whole_number_from_1_to_30(desks, problem):
    assert faults_with(desks=desks) == [
        Fault("services[0].desks", problem, "Write a whole number from 1 to 30"),
    ]


@pytest.mark.parametrize("desks", [1, 30, 3.0])
def test_desks_in_range(desks):
    assert faults_with(desks=desks) == []


@pytest.mark.parametrize(("minutes", "shown"), [(0, "0"), (0.5, "0.5"), (241, "241"), (float("inf"), "that many")])
def test_minutes_are_from_1_to_240(minutes, shown):
    assert faults_with(minutes=minutes) == [
        Fault(
            "services[0].minutes",
            f"a talk cannot be planned at {shown} minutes",
            "Write a number from 1 to 240, for example 10",
        ),
    ]


@pytest.mark.parametrize("minutes", [1, 240, 7.5])
def test_minutes_in_range(minutes):
    assert faults_with(minutes=minutes) == []


def test_an_unknown_topic_suggests_the_nearest():
    assert faults_with(topics=("roads", "rods", "zzz")) == [
        Fault(
            "services[0].topics[1]",
            'the topic "rods" is not in the list of topics',
            "Did you mean roads? If not, add rods to the list",
        ),
        Fault(
            "services[0].topics[2]",
            'the topic "zzz" is not in the list of topics',
            "Take a code from the list of topics, or add zzz to the list",
        ),
    ]


def test_a_topic_named_twice():
    assert faults_with(topics=("roads", "roads")) == [
        Fault("services[0].topics[1]", 'the topic "roads" is named twice', "Name it once")
    ]


def test_topics_without_a_list_are_one_fault():
    (fault,) = validate(Roster((SERVICE, replace(SERVICE, prefix="Б"))))
    assert (fault.where, fault.problem) == (
        "topics",
        "the services name topics, but there is no list of topics",
    )


RULE = "Use small Latin letters, digits, - and _, a letter first, 40 characters at most"


@pytest.mark.parametrize(
    ("code", "problem", "remedy"),
    [
        ("", "the topic code is missing", "Write a short code in small Latin letters, for example roads"),
        ("Roads", 'the topic code "Roads" is badly formed', f"{RULE}: roads"),
        ("rоаds", 'the topic code "rоаds" has Cyrillic letters (а, о)', f"{RULE}: roads"),
        ("big roads", 'the topic code "big roads" is badly formed', f"{RULE}: big_roads"),
        ("1st", 'the topic code "1st" is badly formed', RULE),
        ("дороги", 'the topic code "дороги" has Cyrillic letters (г, д, и, о, р)', RULE),
    ],
)
def test_badly_formed_codes(code, problem, remedy):
    assert topic_faults(code=code) == [Fault("topics[0].code", problem, remedy)]
    assert faults_with(topics=(code,)) == [Fault("services[0].topics[0]", problem, remedy)]


def test_a_duplicate_topic_code_names_both_rows():
    (fault,) = validate(Roster((SERVICE,), (TOPIC, TOPIC)))
    assert fault == Fault(
        "topics[1].code",
        'the topic code "roads" is already taken by topics[0].code',
        "Give each topic its own code, or delete the repeated row",
    )


def test_a_topic_without_group():
    assert topic_faults(group=" ") == [
        Fault("topics[0].group", "the topic has no group", "Write the group it is counted in, for example utilities")
    ]


def test_groups_that_would_be_counted_apart():
    (fault,) = validate(Roster((SERVICE,), (TOPIC, replace(TOPIC, code="water", group="Roads"))))
    assert fault == Fault(
        "topics[1].group",
        'the group "Roads" differs only in capitals from "roads" of topics[0].group',
        "Write roads in both, or they are counted apart",
    )


def test_a_topic_needs_both_names():
    assert [fault.where for fault in topic_faults(names=Names("", ""))] == [
        "topics[0].names.kk",
        "topics[0].names.ru",
    ]


def test_the_panel_has_24_buttons():
    services = tuple(replace(SERVICE, prefix=letter) for letter in LETTERS[: MAX_SERVICES + 2])
    (fault,) = validate(Roster(services, (TOPIC,)))
    assert fault == Fault(
        "services[24]",
        "this is service 25 of 26, and the panel has 24 buttons",
        "Keep 24 services at most: join two, or leave one out",
    )
    assert validate(Roster(services[:MAX_SERVICES], (TOPIC,))) == ()


def test_all_faults_come_at_once_in_order():
    bad = ServicePlan("A", Names("", "Жолдap"), 0, 0, ("nope",))
    where = [fault.where for fault in validate(Roster((bad, bad), (replace(TOPIC, group=""),)))]
    fields = ["prefix", "names.kk", "names.ru", "desks", "minutes", "topics[0]"]
    assert where == [
        *(f"services[0].{field}" for field in fields),
        "services[1].prefix",
        *(f"services[1].{field}" for field in fields),
        "topics[0].group",
    ]


def test_a_locator_may_keep_a_place_silent():
    bad = Roster((replace(SERVICE, desks=0, minutes=0),), (TOPIC,))
    (fault,) = validate(bad, lambda place: None if place.field == "desks" else at_json(place))
    assert fault.where == "services[0].minutes"


def test_a_duplicate_of_a_silent_place_still_reads_well():
    bad = Roster((SERVICE, SERVICE), (TOPIC,))
    (fault,) = validate(bad, lambda place: None if place.row == 0 else at_json(place))
    assert fault.problem == 'the prefix "А" is already taken by another service'


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("services"), "services"),
        (Place("services", 6, "desks"), "services[6].desks"),
        (Place("services", 6, "topics", 2), "services[6].topics[2]"),
        (Place("topics", 0, "name_kk"), "topics[0].names.kk"),
    ],
)
def test_places_in_json(place, words):
    assert at_json(place) == words


NAMES = st.builds(Names, st.text(), st.text(), st.text())
ANY_ROSTER = st.builds(
    Roster,
    st.lists(
        st.builds(
            ServicePlan,
            st.text(max_size=3),
            NAMES,
            st.integers(),
            st.floats() | st.integers(),
            st.lists(st.text()).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
    st.lists(st.builds(Topic, st.text(), NAMES, st.text()), max_size=4).map(tuple),
)


@given(ANY_ROSTER)
def test_validate_never_raises(roster):
    for fault in validate(roster):
        assert fault.where
        assert fault.problem
        assert fault.remedy
