"""Checkpoints inside a slip, for a line that does not show when the printer loses power.

On a serial line a printer that goes off and on again in the middle of a slip loses what it held and what comes while
it starts, prints the rest, and answers the fence at the end as if nothing had been. So GS r 1, which is answered in
its turn, is asked every two kilobytes: less than any printer holds, and less than a line brings while one starts. An
answer that is missing when the fence is answered tells of the loss.
"""

from typing import Final

from printer.interpret import Interpreter
from printer.status import PROCESSED

EVERY: Final = 2048


def add_checkpoints(blob: bytes) -> tuple[bytes, int]:
    """Return a slip with checkpoints between its commands, and how many there are."""
    pieces: list[bytes] = []
    count = since = 0
    for _, raw in Interpreter().feed(blob):
        pieces.append(raw)
        since += len(raw)
        if since >= EVERY:
            pieces.append(PROCESSED)
            count, since = count + 1, 0
    return b"".join(pieces), count
