"""`GET /whoami`: what a token is for."""

import pytest


@pytest.mark.parametrize(
    ("role", "answer"),
    [
        ("device", {"role": "device", "desk": None}),
        ("operator К1", {"role": "operator", "desk": "К1"}),
        ("operator", {"role": "operator", "desk": None}),
        ("supervisor", {"role": "supervisor", "desk": None}),
    ],
)
def test_says_what_a_token_is_for(api, role, answer):
    found = api.get("/whoami", role)
    assert (found.status_code, found.json()) == (200, answer)


def test_a_stranger_is_told_nothing(api, refused):
    refused(api.get("/whoami", None), "unauthorized")
