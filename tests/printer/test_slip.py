"""The layout: what stands on a slip, in which order, and that nothing is ever clipped."""

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from appliance.contract.models import Names, Range
from appliance.contract.words import say
from printer import raster, slip
from printer.errors import BadPaperWidth, SlipUnprintable
from printer.lines import Style, balance, wrap

WIDTHS = [slip.WIDE, slip.NARROW]


def by_letter(text: str, style: Style) -> int:
    """Measure as if every letter were as wide as high."""
    return len(text) * style.size


def texts(blocks) -> list[str]:
    """Return every line on the slip, from top to bottom."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, slip.Number):
            lines.append(block.text)
        elif isinstance(block, slip.Row):
            lines += [block.number, *block.lines]
        elif isinstance(block, slip.Text | slip.Band):
            lines += block.lines
    return lines


def flat(blocks) -> str:
    return " ".join(texts(blocks)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(params=WIDTHS)
def width(request):
    return request.param


def lay_out(facts, width, *, copy=False):
    return slip.lay_out(facts, copy=copy, width=width, measure=raster.measure)


def test_a_slip_says_everything_in_kazakh_and_russian(make_slip, width):
    facts = make_slip(tickets=3)
    said = flat(lay_out(facts, width))
    for language in ("kk", "ru"):
        assert say("people_ahead", language, n=12) in said
        assert say("wait_about", language, a=25, b=45) in said
        assert say("place_kept", language) in said
        assert getattr(facts.names, language) in said
        assert getattr(facts.event.title, language) in said
        assert say("your_tickets", language) in said
    assert say("place_kept", "en") not in said
    assert "К1 · К2 · К3" in said
    assert all(line.number in said for line in facts.tickets)
    assert said.endswith("22.11.2026 09:31")


def test_the_order_is_number_service_desk_wait_tickets_kept_qr_event_time(make_slip, width):
    facts = make_slip(tickets=2)
    blocks = lay_out(facts, width)
    said = flat(blocks)
    order = [
        facts.number,
        facts.names.kk,
        "К1 · К2",
        say("people_ahead", "kk", n=12),
        say("your_tickets", "kk"),
        say("place_kept", "kk"),
        facts.event.title.kk,
        "22.11.2026 09:31",
    ]
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    qr = next(index for index, block in enumerate(blocks) if isinstance(block, slip.Qr))
    assert say("place_kept", "ru") in flat(blocks[:qr])
    assert facts.event.title.kk in flat(blocks[qr:])


def test_english_is_added_for_whoever_chose_it(make_slip, width):
    facts = make_slip(language="en", tickets=2)
    said = flat(lay_out(facts, width))
    assert facts.names.en in said
    assert facts.names.kk in said
    assert facts.names.ru in said
    assert say("place_kept", "en") in said


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_list_of_tickets_speaks_the_chosen_language(make_slip, width, language):
    facts = make_slip(language=language, tickets=4)
    rows = [block for block in lay_out(facts, width) if isinstance(block, slip.Row)]
    assert [" ".join(row.lines) for row in rows] == [getattr(line.names, language) for line in facts.tickets]


def test_a_single_ticket_is_not_listed(make_slip, width):
    blocks = lay_out(make_slip(), width)
    assert not [block for block in blocks if isinstance(block, slip.Row)]
    assert say("your_tickets", "kk") not in flat(blocks)


def test_what_is_not_known_is_not_promised(make_slip, width):
    facts = make_slip(wait=None, url=None, desks=[])
    blocks = lay_out(facts, width)
    assert "мин" not in flat(blocks)
    assert say("people_ahead", "ru", n=12) in flat(blocks)
    assert not [block for block in blocks if isinstance(block, slip.Qr)]


def test_one_desk_is_the_visitors_desk(make_slip, width):
    said = flat(lay_out(make_slip(desks=["Б1"]), width))
    assert say("your_desk", "kk") in said
    assert "Б1" in said


def test_copy_and_rehearsal_are_bands_on_top_in_three_languages(make_slip, width):
    blocks = lay_out(make_slip(rehearsal=True), width, copy=True)
    bands = [block for block in blocks[:4] if isinstance(block, slip.Band)]
    assert [band.pattern for band in bands] == ["striped", "inverted"]
    for key, band in zip(("rehearsal", "copy"), bands, strict=True):
        assert all(say(key, language) in " ".join(band.lines) for language in ("kk", "ru", "en"))


def test_a_plain_slip_has_no_band(make_slip, width):
    assert not [block for block in lay_out(make_slip(), width) if isinstance(block, slip.Band)]


def test_the_number_is_the_largest_and_there_are_four_sizes(make_slip, width):
    facts = make_slip(tickets=4, language="en", rehearsal=True)
    blocks = lay_out(facts, width, copy=True)
    sizes = {slip.NUMBER.size}
    for block in blocks:
        if isinstance(block, slip.Text | slip.Band):
            sizes.add(block.style.size)
        if isinstance(block, slip.Row):
            sizes |= {block.scale.strong.size, block.scale.small.size}
    assert max(sizes) == slip.NUMBER.size
    assert len(sizes) <= 4


def test_every_name_of_the_roster_fits_on_both_papers(make_slip, departments, width):
    for names in departments:
        facts = make_slip(names=names, tickets=2)
        for block in lay_out(facts, width):
            if isinstance(block, slip.Text):
                assert all(raster.measure(line, block.style) <= width - 2 * slip.MARGIN for line in block.lines)
        said = flat(lay_out(facts, width)).replace(" ", "")
        assert names.kk.replace(" ", "") in said
        assert names.ru.replace(" ", "") in said


@given(
    text=some.text(some.characters(codec="utf-8", exclude_categories=["C"]), max_size=120),
    width=some.sampled_from([200, 384, 576]),
)
def test_wrapping_keeps_every_letter_and_clips_none(text, width):
    style = Style(20)
    for wrapped in (wrap(text, width, style, by_letter), balance(text, width, style, by_letter)):
        assert "".join("".join(wrapped).split(" ")) == text.replace(" ", "")
        assert all(by_letter(line, style) <= width for line in wrapped)


@given(some.lists(some.text("абвгд", min_size=1, max_size=9), min_size=1, max_size=12))
def test_balanced_lines_are_as_few_as_wrapped_ones(words):
    text, style = " ".join(words), Style(10)
    wrapped = wrap(text, 200, style, by_letter)
    assert len(balance(text, 200, style, by_letter)) == len(wrapped)


@given(name=some.text(some.characters(codec="utf-8", exclude_categories=["C"]), max_size=300))
def test_names_of_any_length_are_laid_out_within_the_paper(make_slip, name):
    names = Names(kk=name, ru=name[::-1])
    for width in WIDTHS:
        facts = make_slip(names=names, tickets=2)
        for block in lay_out(facts, width):
            if isinstance(block, slip.Text):
                assert all(raster.measure(line, block.style) <= width - 2 * slip.MARGIN for line in block.lines)


def test_many_desks_break_between_desks(make_slip, width):
    desks = [f"К{number}" for number in range(1, 20)]
    lines = [line for line in texts(lay_out(make_slip(desks=desks), width)) if line.startswith("К1 ")]
    assert lines
    said = [desk for line in texts(lay_out(make_slip(desks=desks), width)) for desk in line.split(" · ")]
    assert [each for each in said if each in desks] == desks


def test_figures_stay_with_their_word(make_slip, width):
    facts = make_slip(ahead=112, wait=Range(low=125, high=245))
    lines = texts(lay_out(facts, width))
    assert any("112\N{NO-BREAK SPACE}адам" in line for line in lines)
    assert sum("125–245\N{NO-BREAK SPACE}мин" in line for line in lines) == 2


@pytest.mark.parametrize("paper", [0, 57, 79, 576])
def test_other_paper_is_refused(paper):
    with pytest.raises(BadPaperWidth, match="80 or 58"):
        slip.dots_across(paper)


def test_a_time_that_is_none_is_refused(make_slip):
    with pytest.raises(SlipUnprintable, match="ISO 8601"):
        lay_out(make_slip(issued_at="noon"), slip.WIDE)


def test_utc_becomes_the_appliances_own_time(make_slip, monkeypatch):
    monkeypatch.setenv("TZ", "ALMT-5")
    time.tzset()
    try:
        said = flat(lay_out(make_slip(issued_at="2026-11-22T04:31:05+00:00"), slip.WIDE))
        assert said.endswith("22.11.2026 09:31")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_layout_is_a_function_of_the_facts(make_slip, width):
    facts = make_slip(tickets=3)
    again = msgspec.json.decode(msgspec.json.encode(facts), type=type(facts))
    assert lay_out(facts, width) == lay_out(again, width)


def test_the_first_in_line_reads_that_he_is_next(make_slip, width):
    said = flat(lay_out(make_slip(ahead=0), width))
    assert say("you_are_next", "kk") in said
    assert say("you_are_next", "ru") in said
    assert say("people_ahead", "kk", n=0) not in said
