"""What can become of a slip, and who is told of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from appliance.contract.models import PrinterStatus, Proof

Tell = Callable[[PrinterStatus], None]
"""Takes the printer's status whenever it was looked at."""
Ending = Callable[[], bool]
"""Whether the process is to end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a slip. `untouched`: not a byte went out."""

    kind: Literal["printed", "sent", "uncertain", "untouched"]
    proof: Proof | None = None
    detail: str = ""
