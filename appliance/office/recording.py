"""State and journal change together, here and nowhere else."""

from appliance.domain.lifecycle import Command, decide, evolve
from appliance.domain.model import Stamp, Visit
from appliance.office.ports import Unit


def carry_out(unit: Unit, visit: Visit, command: Command, stamp: Stamp) -> Visit:
    """Decide the command, journal its fact, store the ticket and return the visit after it.

    Raises what `decide` refuses; then nothing was written.
    """
    event = decide(visit, command)
    seq = unit.journal.append((event,), stamp)
    after = evolve(visit, event, stamp.at, seq)
    unit.queue.save_ticket(after.ticket(event.number))
    return after
