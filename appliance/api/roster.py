"""`/roster` and `/services`: who receives, and whose intake is open."""

from typing import Final

from flask import Blueprint

from appliance.api.operations import SUPERVISOR, Operation, Work, reads, writes
from appliance.contract import models as m
from appliance.domain.model import ServiceCode
from appliance.office import reception
from appliance.office import roster as office
from appliance.office.ports import Unit

blueprint: Final = Blueprint("roster", __name__)


@blueprint.get("/roster")
@reads(Operation("The roster in force", (SUPERVISOR,), None, m.Roster, 200, ()))
def show(unit: Unit) -> m.Roster:
    """Show the roster."""
    return office.to_wire(unit.house.roster())


@blueprint.put("/roster")
@writes(
    Operation(
        "Load a roster whole or not at all; issued tickets are kept",
        (SUPERVISOR,),
        m.Roster,
        m.RosterLoaded,
        200,
        ("roster_rejected", "service_in_use"),
    )
)
def load(work: Work[m.Roster]) -> m.RosterLoaded:
    """Load a roster."""
    return office.load(work.unit, office.from_wire(work.body), work.stamp)


def _intake(summary: str) -> Operation:
    return Operation(summary, (SUPERVISOR,), m.Reason, m.ServiceOnBoard, 200, ("unknown_service",))


@blueprint.post("/services/<code>/open")
@writes(_intake("Let the service take new tickets"))
def open_service(work: Work[m.Reason], code: str) -> m.ServiceOnBoard:
    """Open a service's intake."""
    return reception.set_service_open(work.unit, ServiceCode(code), work.body.reason, work.stamp, is_open=True)


@blueprint.post("/services/<code>/close")
@writes(_intake("Let the service take no new tickets; those who wait are still called"))
def close_service(work: Work[m.Reason], code: str) -> m.ServiceOnBoard:
    """Close a service's intake."""
    return reception.set_service_open(work.unit, ServiceCode(code), work.body.reason, work.stamp, is_open=False)
