"""What the visitor asked and what became of it: the end of a talk."""

from appliance.contract import models as m
from appliance.domain.errors import DeskIdle, UnknownTopic
from appliance.domain.lifecycle import Finish
from appliance.domain.model import DeskId, Number, Stamp
from appliance.office.calling import act_on_current, meant_in
from appliance.office.ports import Appeal, Unit


def finish(unit: Unit, desk_id: DeskId, ending: m.FinishRequest, stamp: Stamp) -> m.Desk:
    """End the talk at a desk and put its appeal on record. The note stays out of the journal: it may be personal.

    Raises UnknownDesk, DeskIdle, OtherTicket, UnknownTopic, NotAllowed.
    """
    desk = unit.house.desk(desk_id)
    if desk.current is None:
        raise DeskIdle(f"desk {desk.id} has no ticket; call the next one first")
    topics = _known_topics(unit, ending.topics)

    def command(number: Number) -> Finish:
        return Finish(number, topics, ending.outcome)

    after = act_on_current(unit, desk_id, meant_in(ending), command, stamp)
    unit.desktop.add_appeal(Appeal(desk.current, desk.id, topics, ending.outcome, ending.note), stamp.at)
    return after


def _known_topics(unit: Unit, codes: list[str]) -> tuple[str, ...]:
    known = {topic.code for topic in unit.house.roster().topics}
    for code in codes:
        if code not in known:
            raise UnknownTopic(f"there is no topic {code!r} in the roster")
    return tuple(dict.fromkeys(codes))
