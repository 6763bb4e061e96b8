"""What a lab file says of SIP trunks: telephone exchanges elsewhere that the lab's own is joined to."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from iosemu.lab.network_nodes import Name

_Digits = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^\+?[0-9.*#() -]+$")]


class SipAddress(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the SIP of a trunk is: `listen` here, `peer` there, both `[HOST:]PORT` of UDP."""

    listen: str
    peer: str


class TrunkNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trunk to a real exchange, gateway or adapter. It has `numbers`, and all that begin with one of `prefixes` and
    that nobody in the lab has; a `.` stands for any digit. What the peer calls is a number of the lab. Calls begin with
    G.711, the best of `codecs` first; a `fax` goes over to T.38 of at most `t38_version`, or goes on as "sound" (which
    needs libspandsp), or does so where the peer has no T.38 ("either"). With `asks = false` the peer alone asks for
    T.38. An adapter may register here."""

    name: Name
    sip: SipAddress
    numbers: list[_Digits] = []
    prefixes: list[_Digits] = []
    codecs: Annotated[tuple[Literal["g711ulaw", "g711alaw"], ...], Meta(min_length=1)] = ("g711ulaw", "g711alaw")
    fax: Literal["t38", "sound", "either"] = "t38"
    asks: bool = True
    t38_version: Annotated[int, Meta(ge=0, le=3)] = 0
    fec: bool = False
