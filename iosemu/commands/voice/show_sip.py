"""`show sip-ua`: the user agent as it is configured, what it counted and carries.

Rule: every figure is that of the `sip-ua` block, or its default; the shape is that of the release. Source: published
output of 12.2(13)T, 12.2(15)T and 12.3; the default maps are those of the command reference, its gaps recalled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands.chassis.show_version import release
from iosemu.commands.interfaces.state import states
from iosemu.commands.registry import handlers
from iosemu.voice.legs import LegRecord, Origin, Voip
from iosemu.voice.sip_causes import CAUSES, DEFAULT_CAUSE, DEFAULT_STATUS, STATUSES

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_STATUSES_SHOWN = (
    *range(400, 411), 413, 414, 415, 420, *range(480, 489), *range(500, 506), 580, 600, 603, 604, 606,
)  # fmt: skip
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
    usual = {cause: STATUSES.get(cause, DEFAULT_STATUS) for cause in _CAUSES_SHOWN}
    return _map_text("PSTN-Cause", "SIP-Status", [(key, said.get(key, value), value) for key, value in usual.items()])


def status_map_text(device: Device) -> str:
    """The text of `show sip-ua map sip-pstn`."""
    said = _Agent(device).configured("set sip-status", "status", "cause")
    usual = {status: CAUSES.get(status, DEFAULT_CAUSE) for status in _STATUSES_SHOWN}
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


@handlers.register("show_sip_service")
def _service(call: Invocation[Device]) -> None:
    """`shutdown` of the service holds for all of VoIP, `call service stop` for SIP alone."""
    for service in call.device.config.root.children("voice service"):
        for block, command, where in (
            (service, "shutdown", "globally\nunder 'voice service voip'"),
            *(
                (sip, "call service stop", "\nunder 'voice service voip', 'sip' submode")
                for sip in service.children("sip")
            ),
        ):
            line = block.get(command)
            if line is not None and not line.negated:
                forced = "forced " if "forced" in line.tokens else ""
                call.write(f"SIP service is {forced}shut {where}\n".replace(" \n", "\n"))
                return
    call.write("SIP Service is up\n")


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
    legs = [leg for leg in call.device.voice.control.active if isinstance(leg.detail, Voip) and leg.detail.sip]
    for title, short, origin in (("SIP UAC", "UAC", Origin.ORIGINATE), ("SIP UAS", "UAS", Origin.ANSWER)):
        mine = [leg for leg in legs if leg.origin is origin]
        call.write(f"{title} CALL INFO\n")
        for number, leg in enumerate(mine, 1):
            assert isinstance(leg.detail, Voip)
            call.write("".join(f"{line}\n" for line in call_lines(number, leg, leg.detail)))
        call.write(f"   Number of {short} calls: {len(mine)}\n" + ("\n" if short == "UAC" else ""))


def call_lines(number: int, leg: LegRecord, voip: Voip) -> Iterator[str]:
    """One call of `show sip-ua calls`; recalled."""
    state = "STATE_ACTIVE (6)" if leg.connect_s is not None else "STATE_CONNECTING (4)"
    kind = "voice-only (0)" if voip.speech else "t38 (6)"
    yield f"Call {number}"
    yield f"SIP Call ID                : {voip.protocol_call_id}"
    yield f"   State of the call       : {state}"
    yield "   Substate of the call    : SUBSTATE_NONE (0)"
    yield f"   Calling Number          : {voip.calling}"
    yield f"   Called Number           : {voip.called}"
    yield f"   Source IP Address (Sig ): {voip.own}"
    yield f"   Destn SIP Req Addr:Port : {voip.remote}:{voip.remote_port}"
    yield f"   Destn SIP Resp Addr:Port: {voip.remote}:{voip.remote_port}"
    yield f"   Destination Name        : {voip.remote}"
    yield "   Number of Media Streams : 1"
    yield f"   Number of Active Streams: {int(leg.connect_s is not None)}"
    yield "   Media Stream 1"
    yield f"     State of the stream      : {'STREAM_ACTIVE' if leg.connect_s is not None else 'STREAM_ADDING'}"
    yield f"     Stream Call ID           : {leg.call_id}"
    yield f"     Stream Type              : {kind}"
    yield f"     Negotiated Codec         : {voip.codec} ({voip.codec_octets} bytes)"
    yield "     Negotiated Dtmf-relay    : inband-voice (0)"
    yield f"     Media Source IP Addr:Port: {voip.own}:{voip.own_port}"
    yield f"     Media Dest IP Addr:Port  : {voip.media}:{voip.media_port}"
    yield ""


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


def _counts(names: str, indent: str, figure: Callable[[str], str]) -> str:
    return (
        ",\n".join(indent + ", ".join(f"{name} {figure(name)}" for name in row.split()) for row in names.split("|"))
        + "\n"
    )


@handlers.register("show_sip_statistics")
def _statistics(call: Invocation[Device]) -> None:
    running, counted = release(call.device), call.device.voice.voip.statistics

    def both(name: str) -> str:
        return f"{counted.received[name]}/{counted.sent[name]}"

    def inbound(name: str) -> str:
        return str(counted.received[name])

    def global_failure(name: str) -> str:
        return both(f"{name}.6xx" if name == "NotAcceptable" else name)

    call.write("SIP Response Statistics (Inbound/Outbound)\n")
    for heading, names in _responses(running).items():
        figure = inbound if "only" in heading else global_failure if "Global" in heading else both
        call.write(f"    {heading}:\n{_counts(names, ' ' * 6, figure)}")
    call.write(f"\nSIP Total Traffic Statistics (Inbound/Outbound)\n{_counts(_traffic(running), ' ' * 4, both)}")
    call.write(f"\nRetry Statistics\n{_counts(_RETRIES, ' ' * 4, lambda name: str(counted.again[name]))}")
    call.write(
        f"\nSDP application statistics:\n Parses: {counted.sdp_parsed},  Builds {counted.sdp_built}\n"
        " Invalid token order: 0,  Invalid param: 0\n Not SDP desc: 0,  No resource: 0\n"
    )
