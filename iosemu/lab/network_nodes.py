"""What a lab file says of its network: links, hosts that are no routers, the name service."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")]


class Link(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cable between two ports, or a switch with as many: `"r1 FastEthernet0/0"`, `"mail"`, `"backbone 10.0.0.1"`.

    A cable is dead while an end is shut down; what a `switch` joins (more than two ends always do) lives by itself. Of
    the datagrams that cross it a share is lost (`loss`), the others take `delay_s` and up to `jitter_s` more; the same
    `seed` gives the same losses. Connections of TCP do not suffer.
    """

    ends: Annotated[list[str], Meta(min_length=2)]
    switch: bool = False
    loss: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    delay_s: Annotated[float, Meta(ge=0, le=2)] = 0.0
    jitter_s: Annotated[float, Meta(ge=0, le=2)] = 0.0
    seed: int = 1


class HostNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A host that is no emulated router, with `addresses` such as `10.0.0.1/24`; one with several passes packets on.

    `tcp` and `udp` are its uplink: by port, the `[HOST:]PORT` of this machine that answers there. Only one that says
    `beyond` reaches further than this machine. One with `ntp` tells the lab's time, as a server of that stratum.
    """

    name: Name
    addresses: Annotated[list[str], Meta(min_length=1)]
    gateway: str = ""
    tcp: dict[str, str] = {}
    udp: dict[str, str] = {}
    ntp: Annotated[int, Meta(ge=1, le=15)] | None = None
    beyond: bool = False


class Dns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The name service: the `node` (a host or mail server) that answers for the zone inside the lab, and where it
    answers on this machine. Without a node whichever name server a router has answers."""

    node: str = ""
    listen: str = "127.0.0.1:0"
