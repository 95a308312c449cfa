"""The appliance's clock: wall time with the hall's offset, and the monotonic clock of this boot.

`speed` N runs both N times faster, for rehearsals. The origin of a sped clock is stored, so that a restart goes on
where it was.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from appliance.domain.model import Instant

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sped clock began: at `wall` seconds (epoch) it showed `shown` seconds (epoch)."""

    wall: float
    shown: float


class Clock:
    """Tells the time. Instants of one boot can be subtracted by `domain.model.elapsed`."""

    def __init__(
        self,
        offset: timezone,
        *,
        speed: float = 1.0,
        origin: Origin | None = None,
        wall: Callable[[], float] = time.time,
        running: Callable[[], float] = time.monotonic,
        boot: str = "",
    ) -> None:
        self.speed = speed
        self._offset = offset
        self._wall = wall
        self._running = running
        self.origin = origin or Origin(wall(), wall())
        # Running times of two speeds cannot be subtracted, so each speed is a boot of its own.
        self.boot = (boot or read_boot()) + ("" if speed == 1.0 else f"@{speed:g}")

    def now(self) -> Instant:
        """Return this moment, `speed` times faster than the world's."""
        wall = self._wall()
        if self.speed != 1.0:
            wall = self.origin.shown + (wall - self.origin.wall) * self.speed
        shown = datetime.fromtimestamp(wall, UTC).astimezone(self._offset)
        return Instant(shown, self._running() * self.speed, self.boot)


def read_boot() -> str:
    """Return this boot's id from Linux, `unknown` elsewhere: durations then rely on one process's clock."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return "unknown"


def parse_offset(text: str) -> timezone:
    """Return `+05:00` as a timezone. Raises ValueError."""
    sign, hours, minutes = text[:1], text[1:3], text[4:6]
    if len(text) != len("+05:00") or sign not in "+-" or text[3] != ":":
        raise ValueError(f"{text!r} is not an offset like +05:00")
    delta = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-delta if sign == "-" else delta)
