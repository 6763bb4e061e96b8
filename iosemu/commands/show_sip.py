"""`show sip-ua`: the user agent as it is configured, what it counted and carries.

Rule: every figure is that of the `sip-ua` block, or its default; the shape is that of the release. Source: published
output of 12.2(13)T, 12.2(15)T and 12.3; the default maps are those of the command reference, its gaps recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands.interface_state import states
from iosemu.commands.registry import handlers
from iosemu.commands.show_version import release

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_DEFAULT_CAUSE, _DEFAULT_STATUS = 127, 500
# By status: the cause, where it is not the default one.
_CAUSES = {
    401: 57, 402: 21, 403: 57, 404: 1, 407: 21, 408: 102, 409: 41, 410: 1, 415: 79, 480: 18, 483: 127, 484: 28,
    486: 17, 500: 41, 501: 79, 502: 38, 503: 63, 504: 102, 600: 17, 603: 21, 604: 1, 606: 58,
}  # fmt: skip
_STATUSES_SHOWN = (
    *range(400, 411), 413, 414, 415, 420, *range(480, 489), *range(500, 506), 580, 600, 603, 604, 606,
)  # fmt: skip
# By cause: the status, where it is not the default one.
_STATUSES = {
    1: 404, 2: 404, 3: 404, 17: 486, 18: 480, 19: 480, 20: 480, 21: 403, 22: 410, 26: 404, 27: 404, 28: 484, 29: 501,
    31: 404, 34: 503, 38: 503, 41: 503, 42: 503, 47: 503, 55: 403, 57: 403, 58: 501, 65: 501, 79: 501, 87: 503,
    88: 400, 102: 408, 111: 400,
}  # fmt: skip
_CAUSES_SHOWN = (
    *range(1, 10), *range(16, 32), 34, 35, *range(38, 48), 49, 50, *range(53, 59), 62, 63, 65, 66, 69, 70, 79,
    *range(81, 92), *range(95, 104), 110, 111, 126, 127,
)  # fmt: skip


class _Agent:
    """The `sip-ua` block, or what holds without one."""

    def __init__(self, device: Device) -> None:
        blocks = device.config.root.children("sip-ua")
        self._block: Block | None = blocks[0] if blocks else None

    def value(self, command: str, name: str, default: object) -> object:
        return default if self._block is None else self._block.value(command, name, default)

    def flag(self, command: str, default: bool) -> bool:
        return default if self._block is None or self._block.get(command) is None else self._block.flag(command)

    def configured(self, command: str, key: str, value: str) -> dict[int, int]:
        """What lines of a command map."""
        lines = [] if self._block is None else self._block.all(command)
        return {int(str(line.values[key])): int(str(line.values[value])) for line in lines if not line.negated}


def _able(on: bool) -> str:
    return "ENABLED" if on else "DISABLED"


def _bound(device: Device, what: str) -> str:
    """`bind control|media|all source-interface` of `voice service voip`, `sip`: the address that is used."""
    for service in device.config.root.children("voice service"):
        for sip in service.children("sip"):
            for line in sip.all("bind"):
                if {what, "all"} & set(line.tokens):
                    name = str(line.values.get("interface"))
                    address = next((state.address for state in states(device) if state.name == name), "")
                    return f"ENABLED {address}".rstrip()
    return "DISABLED"


def status_lines(device: Device) -> Iterator[str]:
    """The lines of `show sip-ua status`."""
    agent, running = _Agent(device), release(device)
    later = running >= Release.of("12.3")
    yield "SIP User Agent Status"
    yield "SIP User Agent for UDP : ENABLED"
    yield "SIP User Agent for TCP : ENABLED"
    yield f"SIP User Agent bind status(signaling): {_bound(device, 'control')}"
    yield f"SIP User Agent bind status(media): {_bound(device, 'media')}"
    if running >= Release.of("12.2(13)T"):
        yield f"SIP early-media for 180 responses with SDP: {_able(not agent.flag('disable-early-media', False))}"
    yield f"SIP max-forwards : {agent.value('max-forwards', 'hops', 70)}"
    version = str(agent.value("srv version", "number", "2"))
    yield f"SIP DNS SRV version: {version} (rfc {'2782' if version == '2' else '2052'})"
    if running >= Release.of("12.2(13)T"):
        yield "NAT Settings for the SIP-UA"
        yield f"Role in SDP: {str(agent.value('nat symmetric', 'role', 'none')).upper()}"
        yield f"Check media source packets: {_able(agent.flag('nat symmetric check-media-src', False))}"
        longest = agent.value("notify telephone-event max-duration", "milliseconds", 2000)
        yield f"Maximum duration for a telephone-event in NOTIFYs: {longest} ms"
        yield f"SIP support for ISDN SUSPEND/RESUME: {_able(agent.flag('suspend-resume', True))}"
        yield f"Redirection (3xx) message handling: {_able(agent.flag('redirection', True))}"
    if later:
        override = _able(agent.flag("reason-header override", False))
        yield f"Reason Header will override Response/Request Codes: {override}"
    yield "SDP application configuration:"
    yield " Version line (v=) required"
    yield " Owner line (o=) required"
    if running < Release.of("12.2(13)T"):
        yield " Session name line (s=) required"
    yield " Timespec line (t=) required"
    yield " Media supported: audio image "
    yield " Network types supported: IN "
    yield " Address types supported: IP4 "
    yield " Transport types supported: RTP/AVP udptl "


def timers_text(device: Device) -> str:
    """The text of `show sip-ua timers`."""
    agent = _Agent(device)

    def timer(name: str, default: int = 500) -> str:
        return f"{name} {agent.value(f'timers {name}', 'milliseconds', default)}"

    lines = [
        "SIP UA Timer Values (millisecs)",
        ", ".join([timer("trying"), timer("expires", 180000), timer("connect"), timer("disconnect")]),
    ]
    if release(device) < Release.of("12.3"):
        lines.append(", ".join(timer(name) for name in ("comet", "prack", "rel1xx", "notify")))
    else:
        lines.append(", ".join(timer(name) for name in ("comet", "prack", "rel1xx", "notify", "refer")) + ",")
        lines.append(f"hold {agent.value('timers hold', 'minutes', 2880)} minutes, {timer('buffer-invite')}")
    return "\n".join(lines) + "\n"


def retry_text(device: Device) -> str:
    """The text of `show sip-ua retry`."""
    agent = _Agent(device)

    def retry(name: str, default: int, said: str = "") -> str:
        return f"{said or name} retry count = {agent.value(f'retry {name}', 'count', default)}"

    reliable = retry("rel1xx", 6, "reliable 1xx").replace("retry count", "count")
    return (
        "SIP UA Retry Values\n"
        f"{retry('invite', 6)} {retry('response', 6)}\n"
        f"{retry('bye', 10)} {retry('cancel', 10)}\n"
        f"{retry('prack', 10)} {retry('comet', 10)}\n"
        f"{reliable} {retry('notify', 10)}\n"
    )


_SECOND = {"SIP-Status": 17, "PSTN-Cause": 16}
"""By what a map leads to: how far its two columns are apart."""


def _map_text(left: str, right: str, rows: list[tuple[int, int, int]]) -> str:
    head = f"{left:<13}{'Configured':<18}Default\n{'':<13}{right:<{_SECOND[right]}}{right}\n"
    return head + "".join(f"{key:<16}{now:<16}{usual}\n" for key, now, usual in rows)


def cause_map_text(device: Device) -> str:
    """The text of `show sip-ua map pstn-sip`."""
    said = _Agent(device).configured("set pstn-cause", "cause", "status")
    usual = {cause: _STATUSES.get(cause, _DEFAULT_STATUS) for cause in _CAUSES_SHOWN}
    return _map_text("PSTN-Cause", "SIP-Status", [(key, said.get(key, value), value) for key, value in usual.items()])


def status_map_text(device: Device) -> str:
    """The text of `show sip-ua map sip-pstn`."""
    said = _Agent(device).configured("set sip-status", "status", "cause")
    usual = {status: _CAUSES.get(status, _DEFAULT_CAUSE) for status in _STATUSES_SHOWN}
    return _map_text("SIP-Status", "PSTN-Cause", [(key, said.get(key, value), value) for key, value in usual.items()])


@handlers.register("show_sip_status")
def _status(call: Invocation[Device]) -> None:
    call.write("\n".join(status_lines(call.device)) + "\n")


@handlers.register("show_sip_timers")
def _timers(call: Invocation[Device]) -> None:
    call.write(timers_text(call.device))


@handlers.register("show_sip_retry")
def _retry(call: Invocation[Device]) -> None:
    call.write(retry_text(call.device))


@handlers.register("show_sip_map")
def _map(call: Invocation[Device]) -> None:
    way = call.match.tokens[3]
    if way == "pstn-sip":
        call.write(cause_map_text(call.device))
    elif way == "sip-pstn":
        call.write(status_map_text(call.device))
    else:
        call.write(_map_text("SIP-Status", "PSTN-Cause", []) + f"{'CANCEL':<16}{16:<16}{16}\n")


@handlers.register("show_sip_min_se")
def _min_se(call: Invocation[Device]) -> None:
    seconds: object = 1800
    for service in call.device.config.root.children("voice service"):
        for sip in service.children("sip"):
            seconds = sip.value("min-se", "seconds", seconds)
    call.write(f"SIP UA MIN-SE Value (seconds)\nMin-SE: {seconds}\n")


@handlers.register("show_sip_register")
def _register(call: Invocation[Device]) -> None:
    """Registrations that a `registrar` asks for: of the numbers of analog ports, none of which it has confirmed."""
    device = call.device
    blocks = device.config.root.children("sip-ua")
    registrar = next((block.get("registrar") for block in blocks if block.get("registrar") is not None), None)
    if registrar is None:
        call.write("Registrar is not configured\n")
        return
    call.write("Line peer  expires(sec) registered\n")
    expires = registrar.values.get("seconds", 3600)
    for peer in device.voice.settings.plan.peers:
        number, port = (
            peer.destination.text if peer.destination else "",
            device.voice.ports.get(peer.port) if peer.port else None,
        )
        if number and number.isdigit() and port is not None and port.kind == "FXS":
            call.write(f"{number:<4} {peer.tag:<5} {expires!s:<11} no\n")


@handlers.register("show_sip_calls")
def _calls(call: Invocation[Device]) -> None:
    call.write("SIP UAC CALL INFO\n   Number of UAC calls: 0\n\nSIP UAS CALL INFO\n   Number of UAS calls: 0\n")


_GENERAL = "BadRequest Unauthorized|PaymentRequired Forbidden|NotFound MethodNotAllowed|NotAcceptable ProxyAuthReqd|"
_RETRIES = "Invite Bye Cancel Response|Prack Comet Reliable1xx Notify"


def _responses(running: Release) -> dict[str, str]:
    """By class of responses: what is counted, line by line; the outbound figure of a redirection is not."""
    events = running >= Release.of("12.2(13)T")
    subscribed = "|OkSubscribe OkNotify|OkInfo 202Accepted" if events else "|OkNotify 202Accepted"
    answers = "OkInvite OkBye|OkCancel OkOptions|OkPrack OkPreconditionMet" + subscribed
    if running >= Release.of("12.3"):
        moved = "MultipleChoice MovedPermanently|MovedTemporarily UseProxy|AlternateService"
        client = (
            "ReqTimeout Conflict Gone|ReqEntityTooLarge ReqURITooLarge|UnsupportedMediaType BadExtension|"
            "TempNotAvailable CallLegNonExistent|LoopDetected TooManyHops|AddrIncomplete Ambiguous|"
            "BusyHere RequestCancel|NotAcceptableMedia BadEvent"
        )
    else:
        moved = "MultipleChoice MovedPermanently|MovedTemporarily SeeOther|UseProxy AlternateService"
        client = (
            "ReqTimeout Conflict Gone|LengthRequired ReqEntityTooLarge|ReqURITooLarge UnsupportedMediaType|"
            "BadExtension TempNotAvailable|CallLegNonExistent LoopDetected|TooManyHops AddrIncomplete|"
            "Ambiguous BusyHere|RequestCancel NotAcceptableMedia"
        )
    return {
        "Informational": "Trying Ringing|Forwarded Queued|SessionProgress",
        "Success": answers,
        "Redirection (Inbound only)": moved,
        "Client Error": _GENERAL + client,
        "Server Error": (
            "InternalError NotImplemented|BadGateway ServiceUnavail|GatewayTimeout BadSipVer|PreCondFailure"
        ),
        "Global Failure": "BusyEverywhere Decline|NotExistAnywhere NotAcceptable",
    }


def _traffic(running: Release) -> str:
    events = running >= Release.of("12.2(13)T")
    return "Invite Ack Bye|Cancel Options|Prack Comet|" + ("Subscribe Notify|Refer Info" if events else "Notify Refer")


def _counts(names: str, indent: str, figure: str) -> str:
    return ",\n".join(indent + ", ".join(f"{name} {figure}" for name in row.split()) for row in names.split("|")) + "\n"


@handlers.register("show_sip_statistics")
def _statistics(call: Invocation[Device]) -> None:
    """No message of SIP has come or gone: all stand at nought."""
    running = release(call.device)
    call.write("SIP Response Statistics (Inbound/Outbound)\n")
    for heading, names in _responses(running).items():
        figure = "0" if "only" in heading else "0/0"
        call.write(f"    {heading}:\n{_counts(names, ' ' * 6, figure)}")
    call.write(f"\nSIP Total Traffic Statistics (Inbound/Outbound)\n{_counts(_traffic(running), ' ' * 4, '0/0')}")
    call.write(f"\nRetry Statistics\n{_counts(_RETRIES, ' ' * 4, '0')}")
    call.write(
        "\nSDP application statistics:\n Parses: 0,  Builds 0\n Invalid token order: 0,  Invalid param: 0\n"
        " Not SDP desc: 0,  No resource: 0\n"
    )
