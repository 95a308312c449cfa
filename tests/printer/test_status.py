"""Answers told apart, and what they mean."""

from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from printer import status as st

NOW = some.integers(0, 255).map(lambda bits: bits & ~0x93 | 0x12)
DONE = some.integers(0, 255).map(lambda bits: bits & ~0x90)
MARK = some.lists(some.sampled_from(st.LETTERS), min_size=4, max_size=4).map(bytes)
AUTO = some.tuples(some.integers(0, 255).map(lambda bits: bits & ~0x93 | 0x10), DONE, DONE, DONE).map(bytes)
ANSWER = some.one_of(
    DONE.filter(lambda bits: bits != 0x37).map(lambda bits: (bytes([bits]), st.Processed(bits))),
    MARK.map(lambda mark: (b"\x37\x22" + mark + b"\x00", st.Echo(mark))),
    AUTO.map(lambda data: (data, st.Automatic(data))),
)
SIZES = some.lists(some.integers(1, 9), min_size=1, max_size=30)


@some.composite
def conversations(draw):
    """Bytes as a printer says them, and each kind of answer in its order.

    Real-time answers fall anywhere, automatic status also inside an echo, the rest one after the other.
    """
    said, meant = b"", []
    for raw, answer in draw(some.lists(ANSWER, max_size=12)):
        place = draw(some.integers(1, len(raw) - 1)) if isinstance(answer, st.Echo) else 0
        inside = draw(some.lists(AUTO, max_size=2)) if place else []
        said += raw[:place] + b"".join(inside) + raw[place:]
        meant += [st.Automatic(data) for data in inside] + [answer]
    for bits in draw(some.lists(NOW, max_size=12)):
        place = draw(some.integers(0, len(said)))
        said = said[:place] + bytes([bits]) + said[place:]
    return said, meant


def in_pieces(receiver: st.Receiver, data: bytes, sizes: list[int]) -> list[st.Heard]:
    heard: list[st.Heard] = []
    for size in cycle(sizes):
        if not data:
            return heard
        heard += receiver.feed(data[:size])
        data = data[size:]
    return heard


@given(conversations(), SIZES)
@settings(deadline=None)
def test_answers_of_all_kinds_are_told_apart_in_any_order_and_pieces(conversation, sizes):
    said, meant = conversation
    heard = in_pieces(st.Receiver(), said, sizes)
    assert [each for each in heard if not isinstance(each, st.RealTime)] == meant
    now = [each.bits for each in heard if isinstance(each, st.RealTime)]
    assert now == [bits for bits in said if bits & 0x93 == 0x12]


@given(some.binary(max_size=200), SIZES)
@settings(deadline=None)
def test_any_bytes_are_survived_and_where_they_are_cut_makes_no_difference(data, sizes):
    whole, pieces = st.Receiver(), st.Receiver()
    heard = whole.feed(data)
    assert in_pieces(pieces, data, sizes) == heard
    count = sum(len(getattr(each, "data", b"x")) + 6 * isinstance(each, st.Echo) for each in heard)
    assert count + sum(map(len, whole._open)) == len(data)


@given(MARK, some.integers(1, 6))
def test_no_piece_of_an_echo_passes_for_status(mark, start):
    rest = (b"\x37\x22" + mark + b"\x00")[start:]
    heard = st.Receiver().feed(rest)
    assert not [each for each in heard if isinstance(each, st.RealTime | st.Automatic | st.Echo)]


def test_automatic_status_and_the_answer_in_order_may_come_together():
    assert st.Receiver().feed(bytes.fromhex("10000000" + "00")) == [
        st.Automatic(bytes.fromhex("10000000")),
        st.Processed(0),
    ]


def test_half_an_automatic_status_swallows_no_answer_of_another_kind():
    heard = st.Receiver().feed(b"\x10\x00" + b"\x12" + b"\x37\x22QQQQ\x00")
    assert heard == [st.RealTime(0x12), st.Noise(b"\x10\x00"), st.Echo(b"QQQQ")]


@given(some.integers(0, 1 << 40))
def test_no_letter_of_a_fence_looks_like_another_answer(job):
    assert all(bits & 0x93 != 0x12 for bits in st.fence_mark(job))
    assert all(0x20 <= bits <= 0x7E for bits in st.fence_mark(job))


def test_neighbouring_jobs_have_different_fences():
    assert len({st.fence_mark(job) for job in range(1 << 16)}) == 1 << 16


def test_half_an_answer_is_forgotten_on_request():
    receiver = st.Receiver()
    assert receiver.feed(b"\x37\x22AB") == []
    receiver.clear()
    assert receiver.feed(b"\x12") == [st.RealTime(0x12)]


@pytest.mark.parametrize("noise", [b"\xff", b"\x80", b"\x93", b"\x37\x00"])
def test_noise_is_no_answer(noise):
    assert not [each for each in st.Receiver().feed(noise) if isinstance(each, st.RealTime | st.Echo)]


FINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


@pytest.mark.parametrize(
    ("answers", "state", "paper", "word"),
    [
        (FINE, "ready", "ok", ""),
        ({**FINE, 4: 0x1E}, "ready", "low", "low"),
        ({**FINE, 4: 0x72}, "blocked", "out", "paper"),
        ({**FINE, 2: 0x32}, "blocked", "out", "paper"),
        ({**FINE, 1: 0x1A, 2: 0x16}, "blocked", "ok", "cover"),
        ({**FINE, 3: 0x1A}, "blocked", "ok", "cutter"),
        ({**FINE, 3: 0x32}, "blocked", "ok", "service"),
        ({**FINE, 3: 0x52}, "blocked", "ok", "recovers"),
        ({**FINE, 1: 0x1A}, "blocked", "ok", "off line"),
        ({**FINE, 2: 0x52}, "blocked", "ok", "off line"),
        ({}, "unknown", "unknown", "does not answer"),
        ({1: 0x12}, "unknown", "unknown", "does not answer"),
        ({1: 0x12, 4: 0x12}, "unknown", "ok", "does not answer"),
        ({4: 0x7E}, "blocked", "out", "paper"),
    ],
)
def test_what_the_bits_mean(answers, state, paper, word):
    status = st.judge(answers)
    assert (status.state, status.paper) == (state, paper)
    assert word in status.detail


@given(some.dictionaries(some.sampled_from(st.QUESTIONS), NOW))
def test_a_missing_answer_is_never_a_good_one(answers):
    if len(answers) < len(st.QUESTIONS):
        assert st.judge(answers).state != "ready"


@pytest.mark.parametrize(
    ("bits", "state", "paper"),
    [(0x00, "ready", "ok"), (0x03, "ready", "low"), (0x0C, "blocked", "out"), (0x0F, "blocked", "out")],
)
def test_the_answer_in_order_tells_of_the_paper(bits, state, paper):
    status = st.judge_processed(bits)
    assert (status.state, status.paper) == (state, paper)
