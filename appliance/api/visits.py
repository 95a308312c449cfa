"""`/visits`: issuing tickets, and what the holder of a slip may see."""

import secrets
from typing import Final

from flask import Blueprint

from appliance.api.operations import DEVICE, OPERATOR, SUPERVISOR, Operation, Work, reads, writes
from appliance.contract import models as m
from appliance.domain.model import ServiceCode
from appliance.office import reception
from appliance.office.ports import Unit

blueprint: Final = Blueprint("visits", __name__)
SECRET_BYTES: Final = 9
"""72 random bits: short enough for a small QR, too many to guess within a day."""


@blueprint.post("/visits")
@writes(
    Operation(
        "Issue one ticket for each service",
        (DEVICE, OPERATOR, SUPERVISOR),
        m.IssueRequest,
        m.Visit,
        201,
        (
            "unknown_service",
            "service_closed",
            "service_without_desks",
            "duplicate_service",
            "numbers_exhausted",
            "roster_empty",
        ),
    )
)
def issue(work: Work[m.IssueRequest]) -> m.Visit:
    """Issue tickets."""
    order = reception.Order(
        services=tuple(ServiceCode(code) for code in work.body.services),
        secret=secrets.token_urlsafe(SECRET_BYTES),
        language=work.body.language,
        category=work.body.category,
        kiosk=work.body.kiosk,
    )
    return reception.issue(work.unit, order, work.stamp)


@blueprint.get("/visits/<secret>")
@reads(Operation("Where each ticket of a slip's holder stands", (), None, m.Visit, 200, ("unknown_visit",)))
def show(unit: Unit, secret: str) -> m.Visit:
    """Show a visit."""
    return reception.visit_by_secret(unit, secret)
