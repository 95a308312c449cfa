"""`/whoami`: what a bearer token is for, so that a tablet can open its desk by itself."""

from typing import Final

import msgspec
from flask import Blueprint, Response

from appliance.api.operations import DEVICE, OPERATOR, SUPERVISOR, Operation, authorise, describe
from appliance.contract import models as m

blueprint: Final = Blueprint("whoami", __name__)
_EVERYONE: Final = (DEVICE, OPERATOR, SUPERVISOR)


@blueprint.get("/whoami")
@describe(Operation("What this token is for", _EVERYONE, None, m.WhoAmI, 200, ()))
def whoami() -> Response:
    """Answer the token's role, and its desk when it is bound to one."""
    token = authorise(_EVERYONE)
    answer = m.WhoAmI(role=token.role, desk=token.desk)  # type: ignore[arg-type] # was checked when it was made
    return Response(msgspec.json.encode(answer), mimetype="application/json")
