"""What each process holds in memory after a little work, with a TV, a panel and a printer connected."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from press import Hand
from processes import free_port, prepared, running, wait_for


def measure_memory(data: Path) -> Iterator[tuple[str, float, float]]:
    """Yield (process, resident MiB, proportional MiB)."""
    with prepared(data):
        port = free_port()
    with ExitStack() as stack:
        serve = ("serve", "--data", str(data), "--port", str(port))
        parts = {"serve": stack.enter_context(running(*serve))}
        wait_for(port)
        at = ("--data", str(data), "--server", f"http://127.0.0.1:{port}")
        parts["buttons"] = stack.enter_context(running("buttons", *at, "--stand-in"))
        parts["printer"] = stack.enter_context(running("printer", *at))
        parts["display 1920x1080"] = stack.enter_context(running("display", *at, "--headless", "--size", "1920x1080"))
        hand = stack.enter_context(Hand(data / "panel.sock"))
        hand.wait()
        for service in "КЖБДЕГӘСПОМРЦТА":
            hand.press(service)
        time.sleep(5)
        for name, process in parts.items():
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            sizes = {line.split(":")[0]: line.split() for line in rollup.splitlines() if ":" in line}
            yield name, int(sizes["Rss"][1]) / 1024, int(sizes["Pss"][1]) / 1024
