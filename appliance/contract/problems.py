"""Every error code the API can answer with, its HTTP status and a short title. The one place to look them up.

A code never changes its meaning; the prose of `detail` may.
"""

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """How a code is answered."""

    status: int
    title: str


PROBLEMS: Final[dict[str, Kind]] = {
    # asked wrongly
    "malformed_json": Kind(400, "The body is not JSON"),
    "invalid_body": Kind(422, "A field of the body is wrong"),
    "invalid_parameter": Kind(400, "A parameter of the address is wrong"),
    "unsupported_media_type": Kind(415, "The body must be application/json"),
    "body_too_large": Kind(413, "The body is too large"),
    "not_found": Kind(404, "There is nothing at this address"),
    "method_not_allowed": Kind(405, "This address does not take this method"),
    "bad_request": Kind(400, "The request could not be read"),
    # who asks
    "unauthorized": Kind(401, "A bearer token is needed"),
    "wrong_role": Kind(403, "This token may not do that"),
    # idempotency
    "idempotency_key_invalid": Kind(400, "The Idempotency-Key is not usable"),
    "idempotency_key_reused": Kind(422, "The Idempotency-Key was used for another request"),
    # what is named does not exist
    "unknown_service": Kind(404, "There is no such service"),
    "unknown_desk": Kind(404, "There is no such desk"),
    "unknown_ticket": Kind(404, "There is no such ticket today"),
    "unknown_visit": Kind(404, "There is no such visit"),
    "unknown_topic": Kind(422, "There is no such topic"),
    "unknown_printer": Kind(404, "There is no such printer"),
    "unknown_job": Kind(404, "There is no such print job"),
    "unknown_day": Kind(404, "There was no such reception day"),
    # the rules say no
    "not_allowed": Kind(409, "The ticket's state does not allow this"),
    "nobody_waiting": Kind(409, "Nobody who is free waits for this desk"),
    "desk_busy": Kind(409, "The desk already has a ticket"),
    "desk_idle": Kind(409, "The desk has no ticket"),
    "other_ticket": Kind(409, "The desk has another ticket than the one meant"),
    "desk_paused": Kind(409, "The desk is paused"),
    "desk_not_paused": Kind(409, "The desk is not paused"),
    "wrong_desk": Kind(409, "This desk does not give the ticket's service"),
    "visitor_busy": Kind(409, "The visitor is at another desk"),
    "service_closed": Kind(409, "The service is closed"),
    "service_without_desks": Kind(409, "No desk gives this service"),
    "duplicate_service": Kind(422, "A service is named twice"),
    "already_has_ticket": Kind(409, "The visitor already has a ticket for this service"),
    "numbers_exhausted": Kind(409, "All numbers of this service are used today"),
    "job_not_claimed": Kind(409, "The print job is not in this printer's hands"),
    # the roster
    "roster_rejected": Kind(422, "The roster has errors; nothing was loaded"),
    "service_in_use": Kind(409, "People wait for a service or desk that the roster would remove"),
    "day_in_use": Kind(409, "A new day would leave people or real tickets behind"),
    "roster_empty": Kind(409, "No roster is loaded"),
    # the house
    "too_many_streams": Kind(503, "Too many event streams are open"),
    "store_unavailable": Kind(503, "The database cannot be written"),
    "internal": Kind(500, "Kezek failed; the request was not carried out"),
}
