"""Which causes send a call on to the next dial peer of its number.

Rule: every cause does unless the configuration says `no voice hunt` with its word, but for a called party that is busy
or does not answer: they are hunted for only where it says so. Source: Cisco IOS Voice Command Reference, `voice hunt`,
`huntstop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.voice.circuit import Cause

if TYPE_CHECKING:
    from iosemu.config.tree import Block

_WORDS = {
    "call-reject": Cause.REJECTED,
    "dest-out-of-order": Cause.OUT_OF_ORDER,
    "dest-unroutable": Cause.NO_ROUTE,
    "interworking": Cause.INTERWORKING,
    "invalid-number": Cause.INVALID_NUMBER,
    "no-answer": Cause.NO_ANSWER,
    "no-circuit": Cause.NO_CIRCUIT,
    "no-resource": Cause.NO_RESOURCE,
    "no-response": Cause.NO_USER_RESPONDING,
    "normal-call-clear": Cause.NORMAL,
    "normal-unspecified": Cause.NORMAL_UNSPECIFIED,
    "temp-fail": Cause.TEMPORARY_FAILURE,
    "unassigned-number": Cause.UNALLOCATED,
    "user-busy": Cause.USER_BUSY,
}


def hunt_causes(root: Block) -> frozenset[Cause]:
    """The causes after which a call that was never answered tries the next peer."""
    causes = set(Cause)
    if not root.flag("voice hunt all"):
        causes -= {Cause.USER_BUSY, Cause.NO_ANSWER}
    for line in root.all("voice hunt"):
        cause = _WORDS.get(str(line.values.get("cause")))
        if cause is not None:
            (causes.discard if line.negated else causes.add)(cause)
    return frozenset(causes)
