"""Quality of service: `show class-map|policy-map|queue|queueing|traffic-shape`.

Rule: classes, policies and queues are those of the configuration; no packet here waits for another, so nothing was
queued, dropped or delayed. A serial interface has fair queueing unless it is told otherwise. Forms: published output of
12.2; what a class does but bandwidth and priority is told in the words of the configuration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import states
from iosemu.commands.interfaces.text import speed_and_mtu
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.commands.interfaces.state import InterfaceState
    from iosemu.config.tree import Block, Line

_FAIR_BPS = 2_048_000
_DEFAULT_CLASS = "class-default"


def _named(device: Device, command: str) -> dict[str, Block]:
    """The blocks of a command by their names, in alphabetical order."""
    blocks = device.config.root.children(command)
    return dict(sorted((str(block.header.values["name"]), block) for block in blocks if block.header is not None))


def _kind(block: Block) -> str:
    assert block.header is not None
    return str(block.header.values.get("kind", "match-all"))


def _match(line: Line) -> str:
    """What a class looks for, as it is shown."""
    words = " ".join(line.tokens[1:])
    return words.replace("access-group name", "access-group name ").replace("  ", " ")


@handlers.register("show_class_map")
def _class_map(call: Invocation[Device]) -> None:
    wanted = call.values.get("name")
    if wanted in (None, _DEFAULT_CLASS):
        call.write(f" Class Map match-any {_DEFAULT_CLASS} (id 0)\n   Match any \n\n")
    # The names that `class-map NAME` and `class-map match-any NAME` make are of one kind.
    for number, (name, block) in enumerate(_named(call.device, "class-map").items(), 1):
        if wanted in (None, name):
            lines = [f"   Match {_match(line)} " for line in block.lines if line.tokens[0] == "match"]
            rows = [f" Class Map {_kind(block)} {name} (id {number})", *(lines or ["   Match none "])]
            call.write("\n".join(rows) + "\n\n")


def _actions(block: Block) -> Iterator[str]:
    """What a policy does with a class."""
    limit = block.value("queue-limit", "packets", 64)
    for line in block.lines:
        values, words = line.values, line.tokens
        if line.negated:
            continue
        if words[0] == "priority":
            yield "Strict Priority"
            if "percent" in values:
                yield f"Bandwidth {values['percent']} (%)"
            else:
                kilobits = int(str(values["kilobits"]))
                # A burst is what comes in 200 ms.
                yield f"Bandwidth {kilobits} (kbps) Burst {values.get('burst', kilobits * 25)} (Bytes)"
        elif words[0] == "bandwidth":
            share = values.get("remaining", values.get("percent"))
            said = f"{share} (%)" if share is not None else f"{values['kilobits']} (kbps)"
            yield f"Bandwidth {'remaining ' if 'remaining' in values else ''}{said} Max Threshold {limit} (packets)"
        elif words[0] == "fair-queue":
            yield "Flow based Fair Queueing"
            yield f"Bandwidth 0 (kbps) Max Threshold {limit} (packets)"
        elif words[0] != "queue-limit":
            yield " ".join(words)


@handlers.register("show_policy_map")
def _policy_map(call: Invocation[Device]) -> None:
    wanted = call.values.get("name")
    for name, block in _named(call.device, "policy-map").items():
        if wanted not in (None, name):
            continue
        call.write(f"  Policy Map {name}\n")
        for of_class in block.children("class"):
            assert of_class.header is not None
            call.write(f"    Class {of_class.header.values['name']}\n")
            call.write("".join(f"      {action}\n" for action in _actions(of_class)))
        call.write("\n")


@handlers.register("show_policy_map_interface")
def _policy_map_interface(call: Invocation[Device]) -> None:
    wanted, policies = call.values.get("interface"), _named(call.device, "policy-map")
    for state in states(call.device):
        lines = [line for line in state.block.all("service-policy") if str(line.values["name"]) in policies]
        if not lines or (wanted is not None and str(wanted) != state.name):
            continue
        call.write(f" {state.name} \n")
        for line in sorted(lines, key=lambda line: str(line.values["way"])):
            call.write(f"\n  Service-policy {line.values['way']}: {line.values['name']}\n")
            for text in _applied(call.device, policies[str(line.values["name"])]):
                call.write(f"{text}\n")


def _applied(device: Device, policy: Block) -> Iterator[str]:
    """The classes of a policy that stands on an interface; those without a line of their own go to the default one."""
    known = _named(device, "class-map")
    classes = {str(one.header.values["name"]): one for one in policy.children("class") if one.header is not None}
    ordered = [name for name in classes if name != _DEFAULT_CLASS]
    for name in [*ordered, _DEFAULT_CLASS]:
        block = known.get(name)
        kind = "match-any" if block is None else _kind(block)
        yield ""
        yield f"    Class-map: {name} ({kind})"
        yield "      0 packets, 0 bytes"
        yield "      5 minute offered rate 0 bps, drop rate 0 bps"
        matches = [_match(line) for line in block.lines if line.tokens[0] == "match"] if block is not None else ["any"]
        yield from (f"      Match: {match} " for match in matches)
        actions = list(_actions(classes[name])) if name in classes else []
        if any(action.startswith(("Strict", "Bandwidth", "Flow")) for action in actions):
            yield "      Queueing"
            yield from (f"        {action}" for action in actions)
            yield "        (pkts matched/bytes matched) 0/0"
            yield "        (depth/total drops/no-buffer drops) 0/0/0"
        else:
            yield from (f"      {action}" for action in actions)


# Queues of interfaces.

_LEVELS = ("high", "medium", "normal", "low")


def _is_fair(state: InterfaceState) -> bool:
    """Has the interface fair queueing, as a slow serial one has by itself?"""
    line = state.block.get("fair-queue")
    if line is not None:
        return not line.negated
    slow = state.kind == "Serial" and ":" not in state.name and speed_and_mtu(state)[0] <= _FAIR_BPS
    others = ("priority-group", "custom-queue-list", "random-detect", "service-policy")
    return slow and not any(state.block.all(command) for command in others)


_FAIR_HEADING = """\
Current fair queue configuration:

  Interface           Discard    Dynamic  Reserved  Link    Priority
                      threshold  queues   queues    queues  queues
"""


def _fair(device: Device) -> str:
    rows = []
    for state in states(device):
        if _is_fair(state):
            value = state.block.value
            threshold, dynamic = value("fair-queue", "threshold", 64), value("fair-queue", "dynamic", 256)
            reserved = value("fair-queue", "reservable", 0)
            rows.append(f"  {state.name:<20}{threshold!s:<11}{dynamic!s:<9}{reserved!s:<10}{8:<8}1\n")
    return _FAIR_HEADING + "".join(rows) + "\n"


def _lists(device: Device, command: str, heading: str) -> str:
    rows = []
    for line in device.config.root.all(command):
        # Which queue stands behind what goes there.
        where = next((word for word in reversed(line.tokens) if word in _LEVELS or word.isdigit()), "")
        rows.append(
            f"{line.values['list']!s:<7}{where:<7}{' '.join(word for word in line.tokens[2:] if word != where)}"
        )
    return "\n".join([heading, *(["", "List   Queue  Args", *rows] if rows else [])]) + "\n"


@handlers.register("show_queueing")
def _queueing(call: Invocation[Device]) -> None:
    device, kind = call.device, call.match.tokens[2] if len(call.match.tokens) > 2 else ""
    if kind in ("", "fair"):
        call.write(_fair(device))
    if not kind:
        call.write("Current DLCI priority queue configuration:\n")
    if kind in ("", "priority"):
        call.write(_lists(device, "priority-list", "Current priority queue configuration:"))
    if kind in ("", "custom"):
        call.write(_lists(device, "queue-list", "Current custom queue configuration:"))
    if kind in ("", "random-detect"):
        call.write("Current random-detect configuration:\n")
        for state in states(device):
            if state.block.flag("random-detect"):
                call.write(f"  {state.name}\n    Queueing strategy: random early detection (WRED)\n")


@handlers.register("show_queue")
def _queue(call: Invocation[Device]) -> None:
    wanted = str(call.values["interface"])
    state = next((state for state in states(call.device) if state.name == wanted), None)
    if state is None or not _is_fair(state):
        call.write("'Show queue' not supported with FIFO queueing.\n")
        return
    threshold = state.block.value("fair-queue", "threshold", 64)
    call.write(
        "  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0\n  Queueing strategy: weighted fair\n"
        f"  Output queue: 0/1000/{threshold}/0 (size/max total/threshold/drops) \n"
        "     Conversations  0/0/256 (active/max active/max total)\n"
        "     Reserved Conversations 0/0 (allocated/max allocated)\n"
        f"     Available Bandwidth {speed_and_mtu(state)[0] * 3 // 4000} kilobits/sec\n"
    )


_SHAPE = """
       Access Target    Byte   Sustain   Excess    Interval  Increment Adapt
VC     List   Rate      Limit  bits/int  bits/int  (ms)      (bytes)   Active
"""
_SHAPE_COUNTS = """\
                  Acc. Queue Packets   Bytes     Packets   Bytes     Shaping
I/F               List Depth                     Delayed   Delayed   Active
"""


def _shaped(device: Device) -> Iterator[tuple[InterfaceState, Line]]:
    for state in states(device):
        for command in ("traffic-shape rate", "traffic-shape group"):
            for line in state.block.all(command):
                if not line.negated:
                    yield state, line


@handlers.register("show_traffic_shape")
def _shape(call: Invocation[Device]) -> None:
    shown = ""
    for state, line in _shaped(call.device):
        if state.name != shown:
            call.write(f"\nInterface   {state.name}{_SHAPE}")
            shown = state.name
        values = line.values
        rate = int(str(values["rate"]))
        # Without a burst, what comes in 125 ms, and as much in excess.
        burst = int(str(values.get("burst", rate // 8)))
        excess = int(str(values.get("excess", burst)))
        interval = burst * 1000 // rate if rate else 0
        numbers = f"{rate:<10}{(burst + excess) // 8:<7}{burst:<10}{excess:<10}{interval:<10}{burst // 8:<10}-"
        call.write(f"-      {values.get('list', ''):<7}{numbers}\n")


@handlers.register("show_traffic_shape_statistics")
def _shape_statistics(call: Invocation[Device]) -> None:
    call.write(_SHAPE_COUNTS)
    for state, line in _shaped(call.device):
        head = f"{state.name:<18}{line.values.get('list', ''):<5}"
        call.write(f"{head}0     0         0         0         0         no\n")
