"""The whole picture as a list of draw items: a pure function of what is seen, the screen and the font's measure.

Left three fifths: calls. Right: next in line. Across the top what must be said first; along the foot clock, title
and promise. An upright screen stacks the same parts.
"""

from appliance.contract.words import say
from display import look
from display.bands import bands, foot
from display.board import View
from display.calls import calls_side
from display.draw import Draw
from display.look import Frame
from display.metrics import Measure
from display.services import services_side
from display.typeset import Box, Ink, Sizes, Typesetter

LEFT_SHARE = 0.62
UPPER_SHARE = 0.56
FOOT_SHARE = 0.17
FOOT_SHARE_UPRIGHT = 0.15


def layout(view: View, frame: Frame, measure: Measure) -> tuple[Draw, ...]:
    """Return what is drawn for `view` on `frame`, in painting order."""
    typesetter = Typesetter(measure)
    above, rest = bands(view, frame, typesetter)
    if view.board is None:
        return (*above, *_nothing_yet(view, rest, frame, typesetter))
    foot_height = round(frame.height * (FOOT_SHARE_UPRIGHT if frame.portrait else FOOT_SHARE))
    body = Box(rest.x, rest.y, rest.w, rest.h - foot_height).inset(frame.gap, frame.gap)
    bottom = rest.below(rest.h - foot_height).inset(frame.gap * 3 // 2, frame.gap // 2)
    if frame.portrait:
        calls = body.top(round(body.h * UPPER_SHARE))
        services = body.below(calls.h + 2 * frame.gap).inset(frame.gap // 2)
    else:
        calls = body.left(round(body.w * LEFT_SHARE))
        services = body.right_of(calls.w + 2 * frame.gap).inset(frame.gap // 2)
    return (
        *above,
        *calls_side(view, calls, frame, typesetter),
        *services_side(view, services, frame, typesetter),
        *foot(view, bottom, frame, typesetter),
    )


def _nothing_yet(view: View, box: Box, frame: Frame, typesetter: Typesetter) -> tuple[Draw, ...]:
    """Before the first board: ask for patience; the band above says when the server is away."""
    words = (say("please_wait", "kk"), say("please_wait", "ru"))
    inner = box.inset(frame.gap * 2, frame.gap * 2)
    block = typesetter.block(words, inner, Sizes(frame.large, frame.large // 2))
    ink = Ink(look.QUIET if view.as_of else look.WHITE, align="centre")
    return typesetter.place(block, inner, ink, middle=True)
