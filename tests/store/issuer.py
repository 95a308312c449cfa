"""Issues tickets over the store until it is killed; a tool of `test_crash.py`.

For each line read it forks a child that prints its process id, then every number once it is committed. When the
child is dead, the parent prints `dead`. Forking spares twenty starts of Python.
"""

import os
import secrets
import sys
from pathlib import Path

from appliance.clock import Clock, parse_offset
from appliance.config import Config
from appliance.domain.model import ServiceCode, Stamp
from appliance.office import reception
from appliance.wiring import Place, open_store


def issue_for_ever(data: Path) -> None:
    """Issue visits of one to three tickets, printing what was committed, after it was."""
    clock = Clock(parse_offset("+05:00"))
    wanted = (("К",), ("Ж", "К"), ("А", "К", "Ж"))
    with open_store(Place(data, Config())) as store:
        while True:
            for services in wanted:
                order = reception.Order(tuple(map(ServiceCode, services)), secrets.token_urlsafe(9))
                with store.write() as unit:
                    visit = reception.issue(unit, order, Stamp(clock.now(), "issuer"))
                    unit.commit()
                say(" ".join(ticket.number for ticket in visit.tickets))


def say(line: str) -> None:
    """Write a line at once, past any buffer of Python's."""
    os.write(1, f"{line}\n".encode())


def main() -> None:
    """Fork an issuer for each line of standard input."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            say(str(os.getpid()))
            issue_for_ever(Path(sys.argv[1]))
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
