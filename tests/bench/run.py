"""`make bench`: how long issuing, calling and the board take, and how the rest of a ticket's way costs.

Prints tables and judges nothing. Every figure stands beside its limit from the same run on the same disk: a bare
one-row SQLite commit that reaches the disk, plus an empty POST on the same server.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from latency import Figures, measure_floor, measure_queue
from memory import measure_memory
from press import measure_press

OLD = (0, 10_000, 100_000)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="tickets a measurement")
    parser.add_argument("--folder", type=Path, help="where the databases are made; default the system's temp")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        root = Path(folder)
        commit, post = measure_floor(root, options.rounds)
        print("\nThe limit (ms)                    p50     p99")
        row("bare SQLite commit", commit)
        row("empty POST on waitress", post)
        limit = statistics.median(commit) + statistics.median(post)
        print(f"{'their sum':<28}{limit:>9.2f}\n")
        print("The queue (ms)                    p50     p99   p50/limit   growth")
        first: Figures | None = None
        for old in OLD:
            figures = measure_queue(root / f"old-{old}", old, options.rounds)
            first = first or figures
            for name in ("issue", "call", "board"):
                values, base = getattr(figures, name), getattr(first, name)
                p50 = statistics.median(values)
                growth = p50 / statistics.median(base)
                tail = f"{p50 / limit:>11.2f}{growth:>9.2f}"
                row(f"{name}, {old:,} old tickets", values, tail)
        press = measure_press(root / "press", options.rounds)
        print("\nPress to first raster byte at a TCP printer (ms)")
        row("press -> first byte", press)
        print("\nResident memory (MiB)             RSS     PSS")
        for name, rss, pss in measure_memory(root / "memory"):
            print(f"{name:<28}{rss:>9.1f}{pss:>8.1f}")


def row(name: str, values: list[float], tail: str = "") -> None:
    """Print the median and the 99th percentile of milliseconds."""
    p99 = statistics.quantiles(values, n=100)[98]
    print(f"{name:<28}{statistics.median(values):>9.2f}{p99:>8.2f}{tail}", flush=True)


if __name__ == "__main__":
    main()
