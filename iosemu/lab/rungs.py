"""What ladders are made of: the steps between the nodes of a lab, and the calls that they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from iosemu.lab.steps import Kind


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: between two lanes, or at `source` alone where `target` is "". `serial` grows by one."""

    serial: int
    at: datetime
    thread: str
    kind: Kind
    source: str
    target: str
    label: str
    detail: str


@dataclass(slots=True)
class Call:
    """One call. `router` is "" until it has reached one, whose `connection` (the `<ID>` of its call history) it then
    is; `ended` is None while it lasts; `datagrams` counts T.38 by way, as "DSP to FMSP" inside the router."""

    number: int
    began: datetime
    calling: str = ""
    called: str = ""
    router: str = ""
    connection: int = 0
    ended: datetime | None = None
    threads: list[str] = field(default_factory=list)
    datagrams: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is asked for by, as "gw:1A"."""
        return f"{self.router}:{self.connection:X}"

    @property
    def title(self) -> str:
        return f"{self.calling or 'unknown'} to {self.called or 'unknown'}"

    def join(self, thread: str) -> None:
        if thread not in self.threads:
            self.threads.append(thread)


class Places(Protocol):
    """What the ladders ask of their lab."""

    def now(self) -> datetime: ...

    def machine(self, number: str) -> str | None:
        """The fax machine that a number reaches, by the number that the lab file gives it."""
        ...

    def host(self, address: str) -> str | None:
        """The node that has an emulated address."""
        ...
