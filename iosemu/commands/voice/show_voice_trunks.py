"""`show voice busyout`, `show voice trunk-conditioning`, `show mgcp`: voice ports under somebody's supervision.

Rule: a port is in busyout where the configuration forces it, or where every interface that it monitors is down. No port
here is a permanent trunk, and no call agent answers. Forms: command reference; those of MGCP are recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import states
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block


def _monitored(device: Device, port: Block) -> list[str]:
    """The interfaces that a port watches, those of its voice class too."""
    lines = port.all("busyout monitor")
    tag = port.value("voice-class busyout", "tag")
    of_class = device.config.root.block("voice class busyout", tag=tag) if tag is not None else None
    if of_class is not None:
        lines += of_class.all("busyout monitor interface")
    return [str(line.values["interface"]) for line in lines if "interface" in line.values and not line.negated]


def _busyouts(device: Device, up: dict[str, bool]) -> Iterator[str]:
    for block in device.config.root.children("voice-port"):
        assert block.header is not None
        name, watched = str(next(iter(block.header.values.values()))), _monitored(device, block)
        if block.flag("busyout forced"):
            yield f"{name:<8}\tis forced into busyout state"
        elif watched and not any(up.get(one, False) for one in watched):
            by = watched[0] if len(watched) == 1 else "network interfaces"
            yield f"{name:<8}\tis in busyout state caused by {by}"


@handlers.register("show_voice_busyout")
def _busyout(call: Invocation[Device]) -> None:
    device = call.device
    up = {state.name: state.protocol == "up" for state in states(device)}
    watched = list(dict.fromkeys(n for b in device.config.root.children("voice-port") for n in _monitored(device, b)))
    if watched:
        call.write("If following network interfaces are down, voice port will be put into busyout state\n")
        call.write("".join(f"{name}\n" for name in watched))
    rows = list(_busyouts(device, up))
    if rows:
        call.write("The following voice ports are in busyout state\n" + "".join(f"{row}\n" for row in rows))


@handlers.register("show_voice_trunk_conditioning")
def _conditioning(call: Invocation[Device]) -> None:
    """Of ports that are shut down it says so; the others are no permanent trunks."""
    if call.match.tokens[3] == "signaling":
        ports = call.device.voice.ports.values()
        call.write("".join(f"{port.name} is shutdown\n" for port in ports if port.shutdown))
    else:
        call.write("SLOW SCAN\n\nFAST SCAN\n")


@handlers.register("show_mgcp")
def _mgcp(call: Invocation[Device]) -> None:
    root = call.device.config.root
    on = root.flag("mgcp")
    state = "ACTIVE" if on else "DOWN"
    agent = root.get("mgcp call-agent")
    where = " ".join(agent.tokens[2:]) if agent is not None and not agent.negated else "none"

    def able(command: str) -> str:
        return "ENABLED" if root.flag(command) else "DISABLED"

    call.write(
        # Nobody answers a gateway here: it stays down, trying.
        f"MGCP Admin State {state}, Oper State DOWN - Cause Code NONE\n"
        f"MGCP call-agent: {where} Initial protocol service is MGCP 0.1\n"
        f"MGCP block-newcalls {able('mgcp block-newcalls')}\n"
        "MGCP send SGCP RSIP, disabled\n"
        "MGCP quarantine mode discard/step\n"
        "MGCP quarantine of persistent events is ENABLED\n"
        "MGCP dtmf-relay for VoIP disabled for all codec types\n"
        "MGCP dtmf-relay for VoAAL2 disabled for all codec types\n"
        "MGCP voip modem passthrough mode: NSE, codec: g711ulaw, redundancy: DISABLED,\n"
        "MGCP TSE payload: 100\n"
        "MGCP T.38 Named Signalling Event (NSE) response timer: 200\n"
        "MGCP Network (IP/AAL2) Continuity Test timer: 200\n"
        "MGCP 'RTP stream loss' timer: 5\n"
        f"MGCP request timeout {root.value('mgcp request timeout', 'milliseconds', 500)}\n"
        "MGCP maximum exponential request timeout 4000\n"
        f"MGCP gateway port: {root.value('mgcp', 'port', 2427)}, MGCP maximum waiting delay 3000\n"
        f"MGCP restart delay 0, MGCP vad {able('mgcp vad')}\n"
        "MGCP rtrcac DISABLED\n"
        "MGCP system resource check DISABLED\n"
        "MGCP xpc-codec: DISABLED, MGCP persistent hookflash: DISABLED\n"
        "MGCP persistent offhook: ENABLED, MGCP persistent onhook: DISABLED\n"
        "MGCP piggyback msg ENABLED, MGCP endpoint offset DISABLED\n"
        "MGCP simple-sdp DISABLED\n"
        "MGCP codec type g711ulaw, MGCP packetization period 20\n"
        "MGCP JB threshold lwm 30, MGCP JB threshold hwm 150\n"
        "MGCP LAT threshold lwm 150, MGCP LAT threshold hwm 300\n"
        "MGCP PL threshold lwm 1000, MGCP PL threshold hwm 10000\n"
        "MGCP playout mode is adaptive 60, 4, 200 in msec\n"
        "MGCP IP ToS low delay disabled, MGCP IP ToS high throughput disabled\n"
        "MGCP IP ToS high reliability disabled, MGCP IP ToS low cost disabled\n"
        "MGCP IP RTP precedence 5, MGCP signaling precedence: 3\n"
        "MGCP default package: trunk-package\n"
        "MGCP supported packages: gm-package dtmf-package trunk-package line-package\n"
        "                         hs-package rtp-package as-package atm-package ms-package\n"
        "                         dt-package mo-package\n"
    )


@handlers.register("show_mgcp_statistics")
def _mgcp_statistics(call: Invocation[Device]) -> None:
    call.write(
        " UDP pkts rx 0, tx 0\n Unrecognized rx pkts 0, MGCP message parsing errors 0\n"
        " Duplicate MGCP ack tx 0, Invalid versions count 0\n"
        + "".join(f" {name} rx 0, successful 0, failed 0\n" for name in ("CreateConn", "DeleteConn", "ModifyConn"))
        + " DeleteConn tx 0, successful 0, failed 0\n NotifyRequest rx 0, successful 0, failed 0\n"
        " AuditConnection rx 0, successful 0, failed 0\n AuditEndpoint rx 0, successful 0, failed 0\n"
        " RestartInProgress tx 0, successful 0, failed 0\n Notify tx 0, successful 0, failed 0\n"
        " ACK tx 0, NACK tx 0\n ACK rx 0, NACK rx 0\n\n IP address based Call Agents statistics:\n"
        " No Call Agent message.\n"
    )
