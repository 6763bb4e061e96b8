"""The lab file: a TOML text that names routers, the telephone network, mail servers and the DNS zone, checked as it
is read.

Rule: what is wrong is told with file and place before anything starts. Unknown keys are errors, because a misspelt
key that is silently ignored costs its author an evening.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from iosemu.chassis.schema import LEAST_MEMORY_MB, MOST_MEMORY_MB
from iosemu.lab import link_checks, objective, phone_book
from iosemu.lab.endpoints import is_address, is_endpoint, parse_endpoint
from iosemu.lab.errors import TopologyError
from iosemu.lab.network_nodes import Dns, HostNode, Link, Name
from iosemu.lab.objective import Objective
from iosemu.lab.trunk_nodes import TrunkNode

__all__ = ["Topology", "digits", "load", "parse", "parse_endpoint", "schema"]

Number = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^\+?[0-9.*#() -]+$")]
Seconds = Annotated[float, Meta(gt=0, le=864_000)]


class RouterNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One emulated router; `config` is relative to the lab file, and tells the `release` ("12.3(9)", or "12.3") unless
    that is given; the image has the platform's `features` unless it is to have others ("IS"); `memory` is in megabytes.
    Ports are `[HOST:]PORT` of this machine, 0 = any. `address` is where it is reached in a lab without links; with them
    only what is configured counts."""

    name: Name
    platform: str
    address: str = ""
    config: str = ""
    modules: dict[str, str] = {}
    memory: Annotated[int, Meta(ge=LEAST_MEMORY_MB, le=MOST_MEMORY_MB)] | None = None
    release: str = ""
    features: str = ""
    console: str = "127.0.0.1:0"
    telnet: str = "127.0.0.1:0"
    ssh: str = "127.0.0.1:0"
    snmp: str = "127.0.0.1:0"
    ntp: str = "127.0.0.1:0"
    smtp: str = "127.0.0.1:0"


class Trunk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the exchange to a router's controller (`T1 0`) or analog voice port (`2/0`); `numbers` ring there, a
    `.` stands for any digit. `switch_type` is the ISDN that the exchange speaks there, by its name in IOS (default:
    whatever the router speaks)."""

    router: str
    controller: str = ""
    port: str = ""
    numbers: list[Number] = []
    switch_type: str = ""

    @property
    def jack(self) -> str:
        """Where the line is plugged in."""
        return self.controller or self.port


class FaxNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fax machine on a line of the exchange. `tsi` is what it calls itself (default: its number's digits).

    It answers after so many `rings`, everybody, or the callers in `only_from`, while it has `paper` (sheets; without
    the key it never ends) and none of it is stuck: page `jams_at` of a fax jams. One that `lies` confirms pages that it
    throws away, or refuses every page that it has. An old one is known by the `finest` density that it prints, by the
    `scan_ms` that it wants for a line, and by its `max_rate`; a large one by its `width`.
    """

    number: Number
    name: str = ""
    tsi: Annotated[str, Meta(max_length=20)] = ""
    rings: Annotated[int, Meta(ge=0, le=20)] = 1
    max_rate: Annotated[int, Meta(ge=2400, le=14400)] = 14400
    ecm: bool = True
    finest: Literal["standard", "fine", "superfine"] = "superfine"
    scan_ms: Literal[0, 5, 10, 20, 40] = 0
    width: Literal["A4", "B4", "A3"] = "A4"
    busy: bool = False
    answers: bool = True
    only_from: list[Number] = []
    paper: Annotated[int, Meta(ge=0)] | None = None
    jams_at: Annotated[int, Meta(ge=0)] = 0
    lies: Literal["", "confirms", "refuses"] = ""


class T38Address(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the T.38 of a line is: `listen` here, `peer` there, both `[HOST:]PORT`. Version 0 is what terminals speak
    that have agreed on nothing."""

    listen: str
    peer: str
    version: Annotated[int, Meta(ge=0, le=3)] = 0


HangUp = Literal["", "answer", "negotiation", "training", "page", "confirmation", "disconnect"]


class PstnLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The line of a number: how bad it is, where it belongs to a fax machine; or that it ends in T.38 (`t38`), whose
    terminal, when it begins to speak, `calls` a number.

    `bit_error_rate` is a share of all bits. Bursts, in which half the bits are wrong, and dropouts, in which nothing is
    heard, come at random, on the average after `..._every_s` seconds, and last `..._s`. `delay_s` is one way. With
    `echo_s` who speaks hears himself so much later, where the far end is silent. `hang_up` names the phase in which the
    call is cut. The same `seed` gives the same damage. On a line with `audio` both ends modulate and demodulate 8 kHz
    samples, and what damages it is noise of `noise_dbm0` (carriers have -14 dBm0).
    """

    number: Number
    seed: int = 1
    bit_error_rate: Annotated[float, Meta(ge=0, le=0.5)] = 0.0
    burst_every_s: Annotated[float, Meta(ge=0)] = 0.0
    burst_s: Annotated[float, Meta(gt=0, le=60)] = 0.01
    dropout_every_s: Annotated[float, Meta(ge=0)] = 0.0
    dropout_s: Annotated[float, Meta(gt=0, le=60)] = 0.2
    delay_s: Annotated[float, Meta(ge=0, le=2)] = 0.0
    echo_s: Annotated[float, Meta(ge=0, le=2)] = 0.0
    hang_up: HangUp = ""
    audio: bool = False
    noise_dbm0: Annotated[float, Meta(ge=-90, le=0)] | None = None
    t38: T38Address | None = None
    calls: Annotated[str, Meta(max_length=32, pattern=r"^[0-9*#() .+-]*$")] = ""


class Pstn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The exchange: the digit that a private branch dials for an outside line, how long it lets a number ring, and the
    lines that are not simply good ones, and its trunks to exchanges elsewhere."""

    access_digit: Annotated[str, Meta(pattern=r"^[0-9]?$")] = "9"
    no_answer_s: Seconds = 60.0
    line: list[PstnLine] = []
    trunk: list[TrunkNode] = []


class MailNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mail server: users and their passwords, distribution `lists` (of users, other lists, addresses elsewhere, fax
    numbers among them), and how its relay queue behaves, which holds so many `sessions` at a time. `tftp` is the
    `[HOST:]PORT` of a TFTP server of this machine, which routers then reach at the mail server's address. `prefix` and
    `gateway` are of its address, in a lab with links. `external` is the `[HOST:]PORT` of a real mail server that stands
    here instead of the lab's own. `imap` and `pop3` are `[HOST:]PORT` of this machine where users of the lab's own read
    their mail, as far as Dovecot is installed; "" is nowhere."""

    name: Name
    address: str
    domain: Name
    users: dict[Name, str] = {}
    lists: dict[Name, list[str]] = {}
    smtp: str = "127.0.0.1:0"
    external: str = ""
    imap: str = "127.0.0.1:0"
    pop3: str = "127.0.0.1:0"
    tftp: str = ""
    prefix: Annotated[int, Meta(ge=1, le=32)] = 24
    gateway: str = ""
    retry_s: Seconds = 60.0
    expire_s: Seconds = 3600.0
    sessions: Annotated[int, Meta(ge=1, le=1000)] = 32

    @property
    def hostname(self) -> str:
        return f"{self.name}.{self.domain}"

    @property
    def readers(self) -> dict[str, str]:
        """Where mail is read, by protocol; a real server has its own ways."""
        ports = {"imap": self.imap, "pop3": self.pop3}
        return {protocol: text for protocol, text in ports.items() if text and not self.external}


class Topology(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole lab as its file says it."""

    name: Name
    pstn: Pstn = Pstn()
    router: list[RouterNode]
    trunk: list[Trunk] = []
    fax: list[FaxNode] = []
    phone_book: dict[str, str | list[str]] = {}
    mail: list[MailNode] = []
    link: list[Link] = []
    host: list[HostNode] = []
    dns: Dns = Dns()
    zone: dict[str, str | list[str]] = {}
    objective: list[Objective] = []

    def records(self) -> dict[str, list[str]]:
        """The zone as name -> addresses."""
        return {name: [value] if isinstance(value, str) else list(value) for name, value in self.zone.items()}


def digits(number: str) -> str:
    """A telephone number without the punctuation that people write into it."""
    return "".join(character for character in number if character.isdigit() or character in "*#")


def schema() -> bytes:
    """The JSON Schema of lab files, by which an editor completes and checks them."""
    whole = msgspec.json.schema(Topology)
    for part in whole["$defs"].values():
        if "description" in part:  # a docstring, whose indentation some Pythons keep
            part["description"] = inspect.cleandoc(part["description"])
    return msgspec.json.format(msgspec.json.encode(whole)) + b"\n"


def load(path: Path) -> Topology:
    """Read and check a lab file; raises TopologyError whose text starts with the file's name."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TopologyError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    return parse(data, path)


def parse(data: bytes, path: Path) -> Topology:
    """Check the text of a lab file that lives (or would live) at `path`; raises TopologyError."""
    try:
        topology = msgspec.toml.decode(data, type=Topology)
    except UnicodeDecodeError:
        raise TopologyError(f"{path}: not a text file") from None
    except (msgspec.DecodeError, ValueError) as error:  # ValueError: what tomllib itself raises
        raise TopologyError(f"{path}: {_one_line(str(error))}") from None
    for problem in _problems(topology, path.parent):
        raise TopologyError(f"{path}: {problem}")
    return topology


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _problems(lab: Topology, folder: Path) -> list[str]:
    """What the types alone cannot tell: references, addresses and numbers that clash."""
    found: list[str] = []
    if not lab.router:
        found.append("a lab needs at least one [[router]]")
    nodes = _nodes(lab)
    found += _clashes("name", [*(name for name, _ in nodes), *(host.name for host in lab.host)])
    addresses = [address.partition("/")[0] for host in lab.host for address in host.addresses]
    found += _clashes("address", [*(address for _, address in nodes if address), *addresses])
    found += _clashes("telephone number", [digits(fax.number) for fax in lab.fax])
    found += _line_problems(lab)
    found += [f"{at}: {text!r} is not an IPv4 address" for at, text in _addresses(lab) if not is_address(text)]
    found += [f"{at}: {text!r} is not [HOST:]PORT" for at, text in _endpoints(lab) if not is_endpoint(text)]
    routers = {node.name for node in lab.router}
    found += [f"trunk {line.jack}: no router {line.router!r}" for line in lab.trunk if line.router not in routers]
    for line in lab.trunk:
        if bool(line.controller) == bool(line.port):
            found.append(f"a trunk of router {line.router!r} needs a controller or a port")
    found += _clashes("trunk", [f"{trunk.router} {trunk.jack}" for trunk in lab.trunk])
    found += _clashes("trunk", [trunk.name for trunk in lab.pstn.trunk])
    for node in lab.router:
        if node.config and not (folder / node.config).is_file():
            found.append(f"router {node.name}: no file {node.config!r}")
    return [*found, *link_checks.problems(lab), *objective.problems(lab), *phone_book.problems(lab.phone_book)]


def _line_problems(lab: Topology) -> list[str]:
    machines = {digits(fax.number) for fax in lab.fax}
    found = _clashes("line", [digits(line.number) for line in lab.pstn.line])
    for line in lab.pstn.line:
        if line.t38 is None and digits(line.number) not in machines:
            found.append(f"line {line.number!r}: no fax machine has this number")
        if line.t38 is not None and digits(line.number) in machines:
            found.append(f"line {line.number!r}: a fax machine has this number")
        if line.t38 is None and line.calls:
            found.append(f"line {line.number!r}: only a line with t38 calls by itself")
        if line.audio and (line.bit_error_rate or line.echo_s):
            found.append(f"line {line.number!r}: a line with audio has noise_dbm0, neither bit_error_rate nor echo_s")
        if line.noise_dbm0 is not None and not line.audio:
            found.append(f"line {line.number!r}: only a line with audio has noise_dbm0")
    return found


def _clashes(what: str, values: list[str]) -> list[str]:
    twice = sorted({value for value in values if values.count(value) > 1})
    return [f"{what} {value!r} is used twice" for value in twice]


def _nodes(lab: Topology) -> list[tuple[str, str]]:
    """Name and address of everything that has both."""
    nodes: tuple[RouterNode | MailNode, ...] = (*lab.router, *lab.mail)
    return [(node.name, node.address) for node in nodes]


def _addresses(lab: Topology) -> list[tuple[str, str]]:
    zone = [(f"zone {name}", address) for name, addresses in lab.records().items() for address in addresses]
    return [(name, address) for name, address in _nodes(lab) if address] + zone


def _endpoints(lab: Topology) -> list[tuple[str, str]]:
    ports = [
        (node.name, text)
        for node in lab.router
        for text in (node.console, node.telnet, node.ssh, node.snmp, node.ntp, node.smtp)
    ]
    for trunk in lab.pstn.trunk:
        ports += [(f"trunk {trunk.name}", text) for text in (trunk.sip.listen, trunk.sip.peer)]
    for line in lab.pstn.line:
        if line.t38 is not None:
            ports += [(f"line {line.number}", text) for text in (line.t38.listen, line.t38.peer)]
    for node in lab.mail:
        ports += [(node.name, text) for text in (node.smtp, node.tftp or "0", node.external or "0")]
        ports += [(node.name, text) for text in node.readers.values()]
    return ports
