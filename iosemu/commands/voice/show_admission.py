"""Call admission, and what calls find: `show call threshold|treatment|rsvp-sync|fallback|spike`, `show call
language|prompt-mem-usage|accounting-template`.

Rule: thresholds and treatments are those of the configuration, values those of the router at this moment; this gateway
reserves no bandwidth, probes no network and plays no prompt, so their counters stand at nought. Forms: command
references of 12.2 and 12.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block, Line

_COLUMNS = ("IF", "Type", "Value", "Low", "High", "Enable")
_WIDTHS = (16, 8, 8, 8, 0)
# Later releases have longer names of interfaces.  # since when is inferred
_NARROW, _WIDE, _LONG_NAMES = 16, 20, Release.of("12.4(20)T")


def _row(device: Device, cells: tuple[str, ...]) -> str:
    first = _WIDE if Release.of(device.chassis.platform.version) >= _LONG_NAMES else _NARROW
    return "".join(cell.ljust(width) for cell, width in zip(cells, (first, *_WIDTHS), strict=True)).rstrip()


def _now(device: Device, line: Line) -> int:
    """What a threshold is about, at this moment."""
    if "interface" in line.values:
        return 0
    trigger = str(line.values["trigger"])
    if trigger == "total-calls":
        return len({leg.connection.number for leg in device.voice.control.active})
    if trigger.startswith("cpu"):
        return 0
    from iosemu.commands.chassis.memory_pools import pools

    used = {pool.name: 100 * pool.used // pool.total for pool in pools(device)}
    return used["I/O" if trigger == "io-mem" else "Processor"]


def _thresholds(device: Device) -> Iterator[tuple[Line, int, int, int]]:
    """Each configured threshold, with its value, its low and its high mark."""
    for command in ("call threshold global", "call threshold interface"):
        for line in device.config.root.all(command):
            if not line.negated and "low" in line.values:
                low, high = int(str(line.values["low"])), int(str(line.values["high"]))
                yield line, _now(device, line), low, high


def _told(device: Device, cells: tuple[str, ...]) -> str:
    """A row of values: what is enabled stands one column behind its heading."""
    return _row(device, (*cells[:-1], f" {cells[-1]}"))


def _cells(line: Line, value: int, low: int, high: int) -> tuple[str, ...]:
    where = str(line.values.get("interface", "N/A"))
    kind = "int-calls" if "interface" in line.values else str(line.values["trigger"])
    busyout = "busy&treat" if {"busyout", "treatment"} <= set(line.tokens) else ""
    enable = busyout or next((word for word in ("busyout", "treatment") if word in line.tokens), "N/A")
    return (where, kind, str(value), str(low), str(high), enable)


@handlers.register("show_call_threshold")
def _threshold(call: Invocation[Device]) -> None:
    device, words = call.device, call.match.tokens
    rows = list(_thresholds(device))
    if words[3] == "config":
        polls = {
            str(line.values["kind"]): line.values["seconds"]
            for line in device.config.root.all("call threshold poll-interval")
            if not line.negated
        }
        call.write(
            "Some resource polling interval:\n"
            f"  CPU_AVG interval: {polls.get('cpu-average', 60)}\n  Memory interval: {polls.get('memory', 5):>2}\n\n"
        )
        heads = tuple("-" * max(len(name), 4) if name != "IF" else "-----" for name in _COLUMNS)
        call.write(
            "\n".join([_row(device, _COLUMNS), _row(device, heads), *(_told(device, _cells(*row)) for row in rows)])
            + "\n"
        )
    elif words[3] == "status":
        only = words[4:] == ("unavailable",)
        if only:
            call.write("Unavailable configured resources at the current time:\n")
            heading, rule = _row(device, _COLUMNS), _row(device, ("----", "----", "-----", "----", "-----", "-----"))
        else:
            heading = f"Status  {_row(device, _COLUMNS)}"
            rule = f"------  {_row(device, ('---', '------', '----', '----', '----', '-----'))}"
        call.write(f"{heading}\n{rule}\n")
        for row in rows:
            available = row[1] < row[3]
            if not only:
                call.write(f"{'Avail' if available else 'Unavail':<8}{_told(device, _cells(*row))}\n")
            elif not available:
                call.write(f"{_told(device, _cells(*row))}\n")
    else:
        call.write("Total resource check: 0\n successful: 0\n failed:   0\n")


@handlers.register("show_call_treatment")
def _treatment(call: Invocation[Device]) -> None:
    root = call.device.config.root
    if call.match.tokens[3] == "stats":
        call.write(
            "Call Treatment Statistics\n-------------------------\n"
            "Total Calls by call treatment: 0\nCalls accepted by call treatment: 0\n"
            "Calls rejected by call treatment: 0\nReason          Num. of calls rejected\n"
            "------          ----------------------\n"
            + "".join(
                f"{what:<16}0\n"
                for what in ("cpu-5sec:", "cpu-avg:", "total-mem:", "io-mem:", "proc-mem:", "total-calls:")
            )
        )
        return
    action = root.get("call treatment action")
    word = action.tokens[3].capitalize() if action is not None and not action.negated else "Reject"
    cause = root.value("call treatment cause-code", "cause", "no-resource")
    call.write(
        "Call Treatment Config\n---------------------\n"
        f"Call treatment is {'ON' if root.flag('call treatment on') else 'OFF'}.\n"
        f"Call treatment action is: {word}\n"
        f"Call treatment disconnect cause is: {cause}\n"
        f"Call treatment ISDN reject cause-code is: {root.value('call treatment isdn-reject', 'cause', 41)}\n"
    )


@handlers.register("show_call_rsvp_sync")
def _rsvp(call: Invocation[Device]) -> None:
    root = call.device.config.root
    if call.match.tokens[3] == "conf":
        call.write(
            "VoIP QoS:RSVP/Voice Signaling Synchronization config:\n\n"
            f"Overture Synchronization is {'ON' if root.flag('call rsvp-sync') else 'OFF'}\n\n"
            f"Reservation Timer is set to {root.value('call rsvp-sync resv-timer', 'seconds', 10)} seconds\n"
        )
        return
    call.write(
        "VoIP QoS:Statistics Information:\n"
        "Number of calls for which QoS was initiated   : 0\n"
        "Number of calls for which QoS was torn down   : 0\n"
        "Number of calls for which Reservation Success was notified : 0\n"
        "Total Number of PATH Errors encountered : 0\n"
        "Total Number of RESV Errors encountered : 0\n"
        "Total Number of Reservation Timeouts encountered : 0\n"
    )


@handlers.register("show_call_fallback")
def _fallback(call: Invocation[Device]) -> None:
    root, what = call.device.config.root, call.match.tokens[3]
    if what == "stats":
        call.write("VOIP Fallback Stats:\nTotal accepted calls:0\nTotal rejected calls:0\nTotal cache overflows:0\n")
    elif what == "cache":
        call.write(
            "Probe   IP Address      Codec   Delay   Loss    ICPIF   Reject  Accept\n"
            "-----   ----------      -----   -----   ----    -----   ------  ------\n"
            "0 active probes\n"
        )
    else:
        lines = [
            "VoIP fallback config:",
            f"Fallback is {'ON' if root.flag('call fallback active') else 'OFF'}",
            *_fallback_threshold(root),
            f"Number of packets in a probe:{root.value('call fallback jitter-probe num-packets', 'packets', 15)}",
            f"IP precedence of probe packets:{root.value('call fallback jitter-probe precedence', 'precedence', 2)}",
            f"Fallback cache size:{root.value('call fallback cache-size', 'entries', 128)} entries",
            f"Fallback cache timeout:{root.value('call fallback cache-timeout', 'seconds', 600)} seconds",
            f"Instantaneous value weight:{root.value('call fallback instantaneous-value-weight', 'percent', 66)}",
            f"MD5 Keychain:{root.value('call fallback key-chain', 'name', '<none>')}",
        ]
        call.write("\n".join(lines) + "\n")


def _fallback_threshold(root: Block) -> Iterator[str]:
    line = root.get("call fallback threshold delay")
    if line is not None and not line.negated:
        yield "Using delay/loss threshold:"  # this form is inferred
        yield f"        Delay threshold:{line.values['milliseconds']}"
        yield f"        Loss threshold:{line.values['percent']}"
        return
    yield "Using ICPIF threshold:"
    yield f"        ICPIF value timeout:{root.value('call fallback probe-timeout', 'seconds', 30)} seconds"
    yield f"        ICPIF threshold:{root.value('call fallback threshold icpif', 'threshold', 5)}"


@handlers.register("show_call_spike")
def _spike(call: Invocation[Device]) -> None:
    root, tag = call.device.config.root, call.values.get("peer")
    if tag is not None:
        block = root.block("dial-peer voice", tag=tag)
        line = block.get("call spike") if block is not None else None
        said = "YES" if line is not None and not line.negated else "NO"
        call.write(
            "TAG        CONFIG    SPIKED TOTAL REJECTED CALLS    REJECTED CALLS\n"
            f"{tag!s:<11}{said:<10}NO        0                       0\n"
        )
        return
    line = root.get("call spike")
    if line is None or line.negated:
        call.write("Call Spiking:Disabled\n")
        return
    call.write("Call Spiking:Configured\n Call spiking :NOT TRIGGERED\n total call count in sliding window ::0\n")


@handlers.register("show_call_language")
def _language(call: Invocation[Device]) -> None:
    """The languages that an image has, and those that are configured."""
    rows = [(name, "fixed") for name in ("sp", "ch", "en")]
    rows += [
        (str(line.values["language"]), str(line.values["location"]))
        for line in call.device.config.root.all("call language voice")
        if not line.negated
    ]
    call.write("name       url\n" + "".join(f"{name:<11}{where}\n" for name, where in rows))


@handlers.register("show_call_prompts")
def _prompts(call: Invocation[Device]) -> None:
    line = call.device.config.root.get("ivr prompt memory")
    said = line.values if line is not None and not line.negated else {}
    octets, files = 1024 * int(str(said.get("kilobytes", 2048))), int(str(said.get("files", 200)))
    call.write(
        "Prompt memory usage:\n             config'd      wait    active      free     mc total    ms total\n"
        f"    file(s)      {files:04}      0000      0000     {files:05}        00000      00000\n"
        f"    memory   {octets:08}  00000000  00000000  {octets:08}     00000000\n"
        " Prompt load counts: (counters reset 0)\n"
        "    success 0(1st try) 0(2nd try), failure 0\n"
        " Other mem block usage:\n            mcDynamic   mcReader\n    gauge       00000      00000\n"
        "Number of prompts playing: 0\nNumber of start delays   : 0\n"
    )


@handlers.register("show_call_accounting_template")
def _templates(call: Invocation[Device]) -> None:
    """A template of another machine is never had: its last load has failed."""
    lines = call.device.config.root.all("call accounting-template voice")
    named = {str(line.values["name"]): str(line.values["url"]) for line in lines if not line.negated}
    if "summary" in call.match.tokens:
        call.write(f"{'name':<13}{'url':<39}last_load  is_running\n{'=' * 73}\n")
        call.write("".join(f"{name:<13}{url:<39}{'fail':<11}is not running\n" for name, url in named.items()))
        return
    wanted = call.values.get("name")
    for name, url in named.items():
        if wanted in (None, name):
            call.write(f"CDR template {name} is not running\nurl: {url}\nThe last load was not successful.\n")
