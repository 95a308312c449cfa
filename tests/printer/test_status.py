"""Answers told apart, and what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from printer import status as st

NOW = some.integers(0, 255).map(lambda bits: bits & ~0x93 | 0x12)
DONE = some.integers(0, 255).map(lambda bits: bits & ~0x90)
MARK = some.lists(some.sampled_from(st.LETTERS), min_size=4, max_size=4).map(bytes)
ANSWER = some.one_of(
    NOW.map(lambda bits: (bytes([bits]), st.RealTime(bits))),
    DONE.map(lambda bits: (bytes([bits]), st.Processed(bits))),
    MARK.map(lambda mark: (b"\x37\x22" + mark + b"\x00", st.Echo(mark))),
    some.binary(min_size=3, max_size=3).map(lambda rest: (b"\x10" + rest, None)),
)


@given(some.lists(ANSWER, max_size=20), some.lists(some.integers(1, 9), min_size=200, max_size=200))
def test_answers_of_all_kinds_are_told_apart_in_any_order_and_pieces(answers, sizes):
    data = b"".join(raw for raw, _ in answers)
    receiver = st.Receiver()
    heard: list[st.Heard] = []
    for size in sizes:
        heard += receiver.feed(data[:size])
        data = data[size:]
    heard += receiver.feed(data)
    assert heard == [answer for _, answer in answers if answer is not None]


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
