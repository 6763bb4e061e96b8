"""`show voice port`: every setting of a voice port, and what it does at the moment.

Rule: settings are those in force in the port's block of the configuration, state is that of its channels. The lines are
those that releases around 12.2(15)T print, off published output of the voice command reference and, where that is of
later releases, recalled. Nothing is measured on a line, so rings and seizures follow from whether a call is up.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iosemu.commands.registry import handlers
from iosemu.commands.voice.voice_text import signalling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block
    from iosemu.voice.ports import VoicePort

# By kind: the name in the first line, the type, and the attenuation of what goes out unless configured.
_KINDS = {
    "PRI": ("ISDN", "ISDN-VOICE", 0),
    "BRI": ("ISDN", "ISDN-VOICE", 0),
    "FXS": ("Foreign Exchange Station", "FXS", 3),
    "FXO": ("Foreign Exchange Office", "FXO", 3),
    "E&M": ("recEive And transMit", "E&M", 0),
    "R2": ("R2", "R2", 0),  # recalled
}
_POSITION = re.compile(r"(\d+)/(\d+)[/:](\d+)")
# Countries whose networks code voice by the mu law; everywhere else it is the A law.
_MU_LAW = ("US", "CA", "JP", "HK", "TW")


def port_text(port: VoicePort, block: Block) -> str:
    """One port as `show voice port` prints it."""
    lines = [*_heading(port), *_common(port, block)]
    if port.digital:
        lines += [f" {_station(block)}", *_channels(port)]
    else:
        lines += ["", *(f" {line}" for line in _analog(port, block)), "", " Voice card specific Info Follows:"]
        card = {"FXS": _station_port, "FXO": _office_port, "E&M": _tie_port}[port.kind]
        lines += [f" {line}" for line in card(port, block)]
    return "\n".join(lines) + "\n\n"


def _heading(port: VoicePort) -> Iterator[str]:
    name, kind, _ = _KINDS[port.kind]
    found = _POSITION.fullmatch(port.name)
    place = f" Slot is {found[1]}, Sub-unit is {found[2]}, Port is {found[3]}" if found else ""
    yield f"{name} {port.name}{place}"
    yield f" Type of VoicePort is {kind}"


def _common(port: VoicePort, block: Block) -> Iterator[str]:
    busy = any(not channel.idle for channel in port.channels)
    state = "DOWN" if not port.in_service else "UP" if busy else "DORMANT"
    cause = "The Last Interface Down Failure Cause is Administrative Shutdown"
    yield f" Operation State is {state}"
    yield f" Administrative State is {'DOWN' if port.shutdown else 'UP'}"
    yield f" {cause if port.shutdown else 'No Interface Down Failure'}"
    yield f" Description is {block.value('description', 'text', 'not set')}"
    yield f" Noise Regeneration is {_able(block, 'comfort-noise')}"
    yield f" Non Linear Processing is {_able(block, 'non-linear')}"
    yield f" Music On Hold Threshold is Set to {block.value('music-threshold', 'decibels')} dBm"
    yield f" In Gain is Set to {block.value('input gain', 'decibels', 0)} dB"
    yield f" Out Attenuation is Set to {block.value('output attenuation', 'decibels', _KINDS[port.kind][2])} dB"
    yield f" Echo Cancellation is {_able(block, 'echo-cancel enable')}"
    yield f" Echo Cancel Coverage is set to {block.value('echo-cancel coverage', 'time')} ms"
    yield f" Echo Cancel worst case ERL is set to {block.value('echo-cancel erl worst-case', 'decibels')} dB"
    yield f" Playout-delay Mode is set to {block.value('playout-delay mode', 'mode', 'default')}"
    yield f" Playout-delay Nominal is set to {block.value('playout-delay nominal', 'milliseconds', 60)} ms"
    yield f" Playout-delay Maximum is set to {block.value('playout-delay maximum', 'milliseconds', 200)} ms"
    yield " Playout-delay Minimum mode is set to default, value 40 ms "
    yield " Playout-delay Fax is set to 300 ms"
    mode, number = _connection(block)
    yield f" Connection Mode is {mode}"
    yield f" Connection Number is {number}"
    for name, command in (("Initial", "initial"), ("Interdigit", "interdigit"), ("Call Disconnect", "call-disconnect")):
        yield f" {name} Time Out is set to {_timeout(block, command)}"
    for name, command in (("Ringing", "ringing"), ("Wait Release", "wait-release")):
        yield f" {name} Time Out is set to {_timeout(block, command)}"
    region = block.value("cptone", "locale")
    yield f" Companding Type is {block.value('compand-type', 'law', 'u-law' if region in _MU_LAW else 'A-law')}"
    yield f" Region Tone is set for {region}"


def _able(block: Block, command: str) -> str:
    return "enabled" if block.flag(command) else "disabled"


def _timeout(block: Block, which: str) -> str:
    seconds = block.value(f"timeouts {which}", "seconds")
    return f"{seconds} s" if seconds is not None else "infinity"


def _connection(block: Block) -> tuple[str, str]:
    for command in ("plar", "plar opx", "tie-line", "trunk"):
        digits = block.value(f"connection {command}", "digits")
        if digits is not None:
            return command, str(digits)
    return "normal", "not set"


def _station(block: Block) -> str:
    name, number = block.value("station-id name", "text"), block.value("station-id number", "number")
    return f"Station name {name}, Station number {number}"


def _channels(port: VoicePort) -> Iterator[str]:
    """The time slots of a digital port."""
    yield ""
    yield "DS0 channel specific status info:"
    yield f"{'':38}IN      OUT"
    yield "    PORT       CH  SIG-TYPE    OPER STATUS   STATUS    TIP     RING"
    for channel in port.channels:
        oper = "down" if not port.in_service else "dorm" if channel.idle else "up"
        yield f"    {port.name:<11}{channel.number:02d}  {signalling(port):<10}  {oper:<4} none     none{'':23}"


def _busy(port: VoicePort) -> bool:
    return not port.channels[0].idle


def _analog(port: VoicePort, block: Block) -> Iterator[str]:
    yield "Analog Info Follows:"
    yield f"Currently processing {'Fax' if _busy(port) else 'none'}"  # inferred
    yield "Maintenance Mode Set to None (not in mtc mode)"
    yield "Number of signaling protocol errors are 0"
    yield f"Impedance is set to {block.value('impedance', 'impedance')} Ohm"
    yield _station(block)


def _hook(port: VoicePort) -> str:
    return f"Hook Status is {'Off' if _busy(port) else 'On'} Hook"


def _timing(block: Block, which: str, default: int | None = None) -> str:
    return str(block.value(f"timing {which}", "milliseconds", default))


def _digits(block: Block) -> Iterator[str]:
    yield f"Digit Duration Timing is set to {_timing(block, 'digit')} ms"
    yield f"InterDigit Duration Timing is set to {_timing(block, 'interdigit')} ms"


def _pulses(block: Block) -> Iterator[str]:
    yield f"Pulse Rate Timing is set to {block.value('timing pulse', 'rate')} pulses/second"
    yield f"InterDigit Pulse Duration Timing is set to {_timing(block, 'pulse-interdigit')} ms"


def _station_port(port: VoicePort, block: Block) -> Iterator[str]:
    """What stands in the text of an FXS port only."""
    yield f"Signal Type is {block.value('signal', 'how', 'loopStart')}"
    yield f"Ring Frequency is {block.value('ring frequency', 'hertz', 25)} Hz"
    yield _hook(port)
    yield "Ring Active Status is inactive"
    yield "Ring Ground Status is inactive"
    yield "Tip Ground Status is inactive"
    yield from _digits(block)
    yield f"{'D' if block.flag('disconnect-ack') else 'No d'}isconnect acknowledge"
    cadence = block.get("ring cadence")
    if cadence is None:
        yield "Ring Cadence is defined by CPTone Selection"
        yield "Ring Cadence are [20 40] * 100 msec"
    else:
        yield f"Ring Cadence is defined by {' '.join(cadence.tokens[2:])}"  # inferred


def _office_port(port: VoicePort, block: Block) -> Iterator[str]:
    """What stands in the text of an FXO port only."""
    yield f"Signal Type is {block.value('signal', 'how', 'loopStart')}"
    yield f"Battery-Reversal is {_able(block, 'battery-reversal')}"
    yield f"Number Of Rings is set to {block.value('ring number', 'rings')}"
    yield f"Supervisory Disconnect is {'signal' if block.flag('supervisory disconnect') else 'disabled'}"
    yield "Answer Supervision is inactive"
    yield _hook(port)
    yield "Ring Detect Status is inactive"
    yield "Ring Ground Status is inactive"
    yield "Tip Ground Status is inactive"
    yield f"Dial Out Type is {block.value('dial-type', 'type')}"
    yield from _digits(block)
    yield from _pulses(block)
    yield f"Percent Break of Pulse is {block.value('timing percentbreak', 'percent')} percent"
    yield f"GuardOut timer is {_timing(block, 'guard-out')} ms"


def _tie_port(port: VoicePort, block: Block) -> Iterator[str]:
    """What stands in the text of an E&M port only."""
    seized = "active" if _busy(port) else "inactive"
    yield f"Signal Type is {block.value('signal', 'how', 'wink-start')}"
    yield f"Operation Type is {block.value('operation', 'kind')}"
    yield f"E&M Type is {block.value('type', 'number')}"
    yield f"Dial Type is {block.value('dial-type', 'type')}"
    yield f"In Seizure is {seized}"
    yield f"Out Seizure is {seized}"
    yield from _digits(block)
    yield from _pulses(block)
    for name, which, default in (
        ("Clear Wait Duration", "clear-wait", None),
        ("Wink Wait Duration", "wink-wait", None),
        ("Wink Duration", "wink-duration", 200),
        ("Delay Start", "delay-start", None),
        ("Delay Duration", "delay-duration", None),
    ):
        yield f"{name} Timing is set to {_timing(block, which, default)} ms"


@handlers.register("show_voice_port")
def _ports(call: Invocation[Device]) -> None:
    ports = call.device.voice.ports
    wanted = call.values.get("unit")
    if wanted is not None and str(wanted) not in ports:
        raise call.invalid("unit")
    for port in ports.values() if wanted is None else [ports[str(wanted)]]:
        block = call.device.config.root.block("voice-port", port=port.name)
        if block is not None:
            call.write(port_text(port, block))
