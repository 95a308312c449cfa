"""What a ticket's number looks like: the service's letter and three digits, `К-045`."""

from typing import Final

from appliance.domain.errors import NumbersExhausted
from appliance.domain.model import Number, ServiceCode

LAST: Final = 999


def format_number(service: ServiceCode, count: int) -> Number:
    """Return the number of the `count`-th ticket (from 1) of a service's day. Raises NumbersExhausted past 999."""
    if not 1 <= count <= LAST:
        raise NumbersExhausted(f"service {service} has issued all {LAST} numbers of the day; open a new day")
    return Number(f"{service}-{count:03d}")
