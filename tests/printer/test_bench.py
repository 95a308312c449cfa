"""How long a slip takes to draw and how many bytes it is: printed with `-s -m bench`, not judged."""

import secrets
import statistics
import time

import pytest

from appliance.contract.models import Range
from printer import raster, slip


@pytest.mark.bench
@pytest.mark.parametrize("tickets", [1, 4])
@pytest.mark.parametrize("paper", [80, 58])
def test_slips_are_drawn_and_counted(make_slip, departments, paper, tickets):
    width = slip.dots_across(paper)
    raster.warm_up(width)
    times, sizes = [], []
    for number in range(150):
        facts = make_slip(
            f"К-{number:03d}",
            tickets=tickets,
            names=departments[number % len(departments)],
            ahead=number,
            wait=Range(low=number, high=number + 20),
            url=f"http://192.168.10.1:8080/v/{secrets.token_urlsafe(9)}",
            issued_at=f"2026-11-22T{9 + number // 60:02d}:{number % 60:02d}:00+05:00",
        )
        start = time.perf_counter()
        sizes.append(len(raster.make_bytes(facts, copy=False, width=width)))
        times.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(times, n=100)
    print(
        f"\n{paper} mm, {tickets} tickets: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, "
        f"{statistics.median(sizes) / 1000:.0f} kB ({min(sizes) / 1000:.0f} to {max(sizes) / 1000:.0f})"
    )
