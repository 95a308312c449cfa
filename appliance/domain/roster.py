"""The roster: who receives, at how many desks, and about what; its rules, and what loading another one changes.

The rules hold however a roster came, from a file or over the wire. A `Locator` turns a `Place` into words that the
sender understands (`roster.csv, row 7, column desks` or `services[6].desks`). All faults are given at once.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from typing import Final, Literal

from appliance.domain.errors import Fault, ServiceInUse

LETTERS: Final = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӘҒҚҢӨҰҮҺІ"
"""What a prefix may be: the Russian and the Kazakh capitals."""
TWINS: Final[Mapping[str, str]] = dict(
    zip("ABCEHIKMOPTXYËƏƟacehikopxyëəɵ", "АВСЕНІКМОРТХУЁӘӨасеһікорхуёәө", strict=True)
)
"""Latin letters and the Cyrillic ones that look the same."""
MAX_SERVICES: Final = 24
MAX_DESKS: Final = 30
MAX_MINUTES: Final = 240
MAX_NAME: Final = 200
MAX_CODE: Final = 40

_TOPIC_CODE: Final = re.compile(rf"[a-z][a-z0-9_-]{{0,{MAX_CODE - 1}}}")
_DIGIT_TWINS: Final[Mapping[str, str]] = {"3": "З", "0": "О"}
_FROM_TWINS: Final = str.maketrans({**TWINS, **_DIGIT_TWINS})
_TO_TWINS: Final = str.maketrans({cyrillic: latin for latin, cyrillic in TWINS.items()})
_WORD: Final = re.compile(r"[^\W\d_]+")
_LOST_LETTER: Final = re.compile(r"\?(?=\w)|(?<=\w)\?(?=\s+[а-яёәғқңөұүһі])|\ufffd")


@dataclass(frozen=True, slots=True)
class Names:
    """One name in the three languages; Kazakh and Russian are required, English may be empty."""

    kk: str
    ru: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service as planned: a one-letter prefix, 1..30 desks, minutes a talk is expected to take, topic codes."""

    prefix: str
    names: Names
    desks: int
    minutes: float
    topics: tuple[str, ...] = ()

    @property
    def desk_ids(self) -> tuple[str, ...]:
        """The stable ids of its desks: `К1`, `К2`. More desks add ids at the end, fewer take the last away."""
        return tuple(f"{self.prefix}{number}" for number in range(1, self.desks + 1))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a talk may be about; the day's report counts topics by `group`."""

    code: str
    names: Names
    group: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Who receives and about what, in the order in which it is shown."""

    services: tuple[ServicePlan, ...]
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a roster. Rows and items count from 0; no row is the whole table, no field the whole row.

    Fields: `prefix name_kk name_ru name_en desks minutes topics` of a service; `code name_kk name_ru name_en group`
    of a topic. `item` is a position within `topics`.
    """

    table: Literal["services", "topics"]
    row: int | None = None
    field: str = ""
    item: int | None = None


Locator = Callable[[Place], str | None]
"""Words for a place; None when its sender was already told of that place, so the fault is left out."""

_Flaw = tuple[Place, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two rosters; `detail` says it in plain words."""

    kind: Literal["added", "changed", "removed"]
    what: Literal["service", "desk", "topic"]
    code: str
    detail: str = ""


def at_json(place: Place) -> str:
    """Name a place as in the wire model: `services[6].desks`, `topics[0].names.kk`."""
    row = "" if place.row is None else f"[{place.row}]"
    field = f".{place.field.replace('name_', 'names.')}" if place.field else ""
    item = "" if place.item is None else f"[{place.item}]"
    return f"{place.table}{row}{field}{item}"


def validate(roster: Roster, at: Locator = at_json) -> tuple[Fault, ...]:
    """Give all faults of a roster at once, services first, row by row; none means that it may be loaded."""
    flaws = [*_check_services(roster, at), *_check_topics(roster, at)]
    return tuple(
        Fault(where, problem, remedy) for place, problem, remedy in flaws if (where := at(place)) is not None
    )


def _check_services(roster: Roster, at: Locator) -> Iterator[_Flaw]:
    if not roster.services:
        yield Place("services"), "there are no services", "List at least one service: prefix, names, desks, minutes"
    known = frozenset(topic.code for topic in roster.topics)
    if not known and any(service.topics for service in roster.services):
        remedy = "Add the list of topics (code, names, group), or leave the topics of all services empty"
        yield Place("topics"), "the services name topics, but there is no list of topics", remedy
    first: dict[str, int] = {}
    for row, service in enumerate(roster.services):
        place = Place("services", row)
        if row == MAX_SERVICES:
            problem = f"this is service {row + 1} of {len(roster.services)}, and the panel has {MAX_SERVICES} buttons"
            yield place, problem, f"Keep {MAX_SERVICES} services at most: join two, or leave one out"
        yield from _check_prefix(service.prefix, replace(place, field="prefix"))
        seen = first.setdefault(service.prefix, row)
        if seen != row and service.prefix.strip():
            earlier = at(Place("services", seen, "prefix")) or "another service"
            problem = f"the prefix {_quote(service.prefix)} is already taken by {earlier}"
            yield replace(place, field="prefix"), problem, _free_letter(service, roster)
        yield from _check_names(service.names, place)
        yield from _check_numbers(service, place)
        yield from _check_codes(service.topics, known, replace(place, field="topics"))


def _check_topics(roster: Roster, at: Locator) -> Iterator[_Flaw]:
    first: dict[str, int] = {}
    groups: dict[str, tuple[str, int]] = {}
    for row, topic in enumerate(roster.topics):
        place = Place("topics", row)
        if not _TOPIC_CODE.fullmatch(topic.code):
            yield replace(place, field="code"), *_code_trouble(topic.code)
        seen = first.setdefault(topic.code, row)
        if seen != row and topic.code.strip():
            earlier = at(Place("topics", seen, "code")) or "another topic"
            problem = f"the topic code {_quote(topic.code)} is already taken by {earlier}"
            yield replace(place, field="code"), problem, "Give each topic its own code, or delete the repeated row"
        yield from _check_names(topic.names, place)
        here = replace(place, field="group")
        group, group_row = groups.setdefault(topic.group.casefold(), (topic.group, row))
        if not topic.group.strip():
            yield here, "the topic has no group", "Write the group it is counted in, for example utilities"
        elif group != topic.group:
            earlier = at(Place("topics", group_row, "group")) or "another topic"
            problem = f"the group {_quote(topic.group)} differs only in capitals from {_quote(group)} of {earlier}"
            yield here, problem, f"Write {group} in both, or they are counted apart"
        yield from _check_spelling(topic.group, here)


def _check_prefix(prefix: str, place: Place) -> Iterator[_Flaw]:
    if len(prefix) == 1 and prefix in LETTERS:
        return
    meant = unicodedata.normalize("NFC", prefix.strip()).upper().translate(_FROM_TWINS)
    example = next((char for char in meant if char in LETTERS), "А")
    remedy = f"Write one upper-case Cyrillic letter, Russian or Kazakh, for example {example}"
    if not meant:
        yield place, "the prefix is missing", remedy
    elif len(meant) > 1 or meant not in LETTERS:
        length = f"is {len(meant)} characters long" if len(meant) > 1 else "is not a Cyrillic letter"
        yield place, f"the prefix {_quote(prefix)} {length}", remedy
    elif prefix.strip() in _DIGIT_TWINS:
        yield place, f"the prefix {prefix.strip()} is a digit", f"Write the Cyrillic letter {meant}"
    elif prefix.strip().upper() in TWINS:
        problem = f"the prefix {_quote(prefix)} is a Latin letter, not a Cyrillic one"
        yield place, problem, f"Write the Cyrillic letter {meant}, which looks like it"
    else:
        yield place, f"the prefix {_quote(prefix)} is not one upper-case letter", f"Write {meant}"


def _check_names(names: Names, place: Place) -> Iterator[_Flaw]:
    for language, field, name in (("Kazakh", "name_kk", names.kk), ("Russian", "name_ru", names.ru)):
        here = replace(place, field=field)
        if not name.strip():
            yield here, f"the {language} name is missing", f"Write the name in {language}: it is shown and spoken"
        yield from _check_spelling(name, here)
        yield from _check_letters(name, here)
    yield from _check_letters(names.en, replace(place, field="name_en"))


def _check_letters(name: str, place: Place) -> Iterator[_Flaw]:
    if len(name) > MAX_NAME:
        problem = f"the name has {len(name)} characters and begins {_quote(name)}"
        yield place, problem, f"Shorten it to {MAX_NAME} characters at most"
    if any(unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} for char in name):
        yield place, f"the name {_quote(name)} holds a character that cannot be shown", "Type the name again"
    if _LOST_LETTER.search(name):
        remedy = "Type the name again and save the file as .xlsx or as CSV in UTF-8"
        yield place, f"letters of the name {_quote(name)} were lost in saving", remedy


def _check_spelling(name: str, place: Place) -> Iterator[_Flaw]:
    """Find Latin letters that stand unseen within Cyrillic words: the voice would stumble, a search would miss."""
    cyrillic_name = any(_is_cyrillic(char) for char in name)
    for match in _WORD.finditer(name):
        word = match.group()
        hidden = _hidden_letters(word)
        if not hidden and cyrillic_name and len(word) == 1 and word.islower() and word in TWINS:
            hidden = [(1, word)]
        if hidden:
            listed = ", ".join(f"{char} (letter {position})" for position, char in hidden)
            fixed = "".join(TWINS[c] if (n, c) in hidden else c for n, c in enumerate(word, start=1))
            noun = "Latin letters" if len(hidden) > 1 else "a Latin letter"
            yield place, f'the word "{word}" hides {noun}: {listed}', f'Write "{fixed}" all in Cyrillic letters'


def _hidden_letters(word: str) -> list[tuple[int, str]]:
    """Positions (from 1) and letters of the Latin runs in a mixed word that could all pass for Cyrillic.

    A run with a letter that no Cyrillic one resembles was meant: SMSтер, but not Жолдap.
    """
    if not any(_is_cyrillic(char) for char in word):
        return []
    runs: list[list[tuple[int, str]]] = [[]]
    for position, char in enumerate(word, start=1):
        if _is_cyrillic(char):
            runs.append([])
        else:
            runs[-1].append((position, char))
    return [letter for run in runs if all(char in TWINS for _, char in run) for letter in run]


def _check_numbers(service: ServicePlan, place: Place) -> Iterator[_Flaw]:
    desks, minutes = service.desks, service.minutes
    if not (1 <= desks <= MAX_DESKS and desks == int(desks)):
        problem = "there are no desks" if desks == 0 else f"there cannot be {_number(desks)} desks"
        yield replace(place, field="desks"), problem, f"Write a whole number from 1 to {MAX_DESKS}"
    if not 1 <= minutes <= MAX_MINUTES:
        problem = f"a talk cannot be planned at {_number(minutes)} minutes"
        yield replace(place, field="minutes"), problem, f"Write a number from 1 to {MAX_MINUTES}, for example 10"


def _check_codes(codes: tuple[str, ...], known: frozenset[str], place: Place) -> Iterator[_Flaw]:
    for item, code in enumerate(codes):
        here = replace(place, item=item)
        if code in codes[:item]:
            yield here, f"the topic {_quote(code)} is named twice", "Name it once"
        elif code in known:
            continue
        elif not _TOPIC_CODE.fullmatch(code):
            yield here, *_code_trouble(code)
        elif known:
            near = get_close_matches(code, sorted(known), n=1)
            remedy = f"Did you mean {near[0]}? If not, add" if near else "Take a code from the list of topics, or add"
            yield here, f"the topic {_quote(code)} is not in the list of topics", f"{remedy} {code} to the list"


def _code_trouble(code: str) -> tuple[str, str]:
    if not code.strip():
        return "the topic code is missing", "Write a short code in small Latin letters, for example roads"
    meant = re.sub(r"[^\w-]+", "_", code.strip().translate(_TO_TWINS).lower())
    rule = f"small Latin letters, digits, - and _, a letter first, {MAX_CODE} characters at most"
    example = f": {meant}" if _TOPIC_CODE.fullmatch(meant) else ""
    cyrillic = sorted({char for char in code if _is_cyrillic(char)})
    why = f"has Cyrillic letters ({', '.join(cyrillic[:5])})" if cyrillic else "is badly formed"
    return f"the topic code {_quote(code)} {why}", f"Use {rule}{example}"


def _free_letter(service: ServicePlan, roster: Roster) -> str:
    taken = {plan.prefix for plan in roster.services}
    wanted = (service.names.ru + service.names.kk).upper() + LETTERS
    free = next((letter for letter in wanted if letter in LETTERS and letter not in taken), None)
    return "Give one of the two another letter" + (f", for example {free}" if free else "")


def _number(value: float) -> str:
    return f"{value:.12g}" if abs(value) < 10**12 else "that many"


def _is_cyrillic(char: str) -> bool:
    return "\u0400" <= char <= "\u052f"


def _quote(text: str) -> str:
    shown = text if len(text) <= MAX_CODE else f"{text[: MAX_CODE - 1]}…"
    return f'"{shown}"'


def diff(old: Roster, new: Roster) -> tuple[Change, ...]:
    """What loading `new` over a valid `old` changes; empty if and only if they are equal. Order counts."""
    before, after = {s.prefix: s for s in old.services}, {s.prefix: s for s in new.services}
    topics_before, topics_after = {t.code: t for t in old.topics}, {t.code: t for t in new.topics}
    changes: list[Change] = []
    for prefix in [*after, *(gone for gone in before if gone not in after)]:
        changes += _diff_service(before.get(prefix), after.get(prefix))
    changes += [Change("changed", "service", code, where) for code, where in _moved([*before], [*after])]
    for code in [*topics_after, *(gone for gone in topics_before if gone not in topics_after)]:
        changes += _diff_topic(topics_before.get(code), topics_after.get(code))
    changes += [Change("changed", "topic", code, where) for code, where in _moved([*topics_before], [*topics_after])]
    return tuple(changes)


def _diff_service(old: ServicePlan | None, new: ServicePlan | None) -> Iterator[Change]:
    had, has = (plan.desk_ids if plan else () for plan in (old, new))
    plan = new or old
    if plan is None or old == new:
        return
    if old is None or new is None:
        yield Change("added" if new else "removed", "service", plan.prefix, plan.names.ru)
    else:
        details = _diff_names(old.names, new.names)
        if old.minutes != new.minutes:
            details.append(f"minutes: {_number(old.minutes)} to {_number(new.minutes)}")
        if old.topics != new.topics:
            details.append(f"topics: {_listed(old.topics)} to {_listed(new.topics)}")
        if details:
            yield Change("changed", "service", new.prefix, "; ".join(details))
    for desk in has[len(had) :]:
        yield Change("added", "desk", desk, plan.names.ru)
    for desk in had[len(has) :]:
        yield Change("removed", "desk", desk, plan.names.ru)


def _diff_topic(old: Topic | None, new: Topic | None) -> Iterator[Change]:
    topic = new or old
    if topic is None or old == new:
        return
    if old is None or new is None:
        yield Change("added" if new else "removed", "topic", topic.code, topic.names.ru)
        return
    details = _diff_names(old.names, new.names)
    if old.group != new.group:
        details.append(f"group: {old.group} to {new.group}")
    yield Change("changed", "topic", new.code, "; ".join(details))


def _diff_names(old: Names, new: Names) -> list[str]:
    pairs = (("Kazakh", old.kk, new.kk), ("Russian", old.ru, new.ru), ("English", old.en, new.en))
    return [f'{language} name: "{was}" to "{now}"' for language, was, now in pairs if was != now]


def _moved(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Codes in both lists that changed places among those that stayed, each with its new neighbour."""
    stayed = [code for code in before if code in after]
    now = [code for code in after if code in before]
    kept: set[str] = set()
    for block in SequenceMatcher(None, stayed, now, autojunk=False).get_matching_blocks():
        kept.update(stayed[block.a : block.a + block.size])
    for place, code in enumerate(now):
        if code not in kept:
            yield code, f"moved: now after {now[place - 1]}" if place else "moved: now first"


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(codes) or "none"


def removals_in_use(
    old: Roster, new: Roster, in_use: frozenset[str], desks_in_use: frozenset[str]
) -> tuple[Fault, ...]:
    """Say which services with live tickets, and which desks with a current ticket, `new` would remove."""
    kept = {service.prefix for service in new.services}
    kept_desks = {desk for service in new.services for desk in service.desk_ids}
    faults: list[Fault] = []
    for service in old.services:
        if service.prefix in in_use and service.prefix not in kept:
            name = f"service {service.prefix} ({service.names.ru})"
            remedy = f"Keep {service.prefix} in the roster, or close it and let its tickets be finished or cancelled"
            faults.append(Fault(name, "people still hold its tickets, and the new roster has it no more", remedy))
        for desk in service.desk_ids:
            if desk in desks_in_use and desk not in kept_desks:
                remedy = f"Finish or return the ticket at {desk} first, or keep the desk"
                faults.append(Fault(f"desk {desk}", "it has a ticket, and the new roster has it no more", remedy))
    return tuple(faults)


def refuse_removals(old: Roster, new: Roster, in_use: frozenset[str], desks_in_use: frozenset[str]) -> None:
    """Raise `ServiceInUse`, naming each service and desk and what to do, if `new` would remove what is in use."""
    faults = removals_in_use(old, new, in_use, desks_in_use)
    if faults:
        raise ServiceInUse("; ".join(map(str, faults)))
