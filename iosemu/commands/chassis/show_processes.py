"""`show processes [cpu [history] | memory]`, `show stacks`: what runs on the router's processor.

Rule: the emulated processor is idle; the tables tell the same processes in four ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.memory_pools import pools
from iosemu.commands.chassis.processes import processes
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

UTILIZATION = "CPU utilization for five seconds: 0%/0%; one minute: 0%; five minutes: 0%\n"
_TEXT_BASE, _TEXT_STEP = 0x604B2000, 0x2F30
"""Program counters are spread over the image's text: where a process waits is nobody's business but the table's."""


def processes_text(device: Device) -> str:
    """The text of `show processes`."""
    rows = [UTILIZATION, " PID QTy       PC Runtime (ms)    Invoked   uSecs    Stacks TTY Process\n"]
    for one in processes(device):
        counter = _TEXT_BASE + one.pid * _TEXT_STEP
        stacks = f"{one.stack - 400}/{one.stack + 108}"
        rows.append(
            f"{one.pid:>4} {one.state} {counter:8X} {one.runtime_ms:>12} {one.invoked:>10} {one.run_us:>7}"
            f" {stacks:>9} {one.line:>3} {one.name}\n"
        )
    return "".join(rows)


def cpu_text(device: Device) -> str:
    """The text of `show processes cpu`."""
    rows = [UTILIZATION, " PID Runtime(ms)   Invoked      uSecs   5Sec   1Min   5Min TTY Process \n"]
    for one in processes(device):
        rows.append(
            f"{one.pid:>4} {one.runtime_ms:>11} {one.invoked:>9} {one.run_us:>10}  0.00%  0.00%  0.00%"
            f" {one.line:>3} {one.name:<16} \n"
        )
    return "".join(rows)


def memory_text(device: Device) -> str:
    """The text of `show processes memory`: what all hold together is what the processor pool has in use."""
    pool = pools(device)[0]
    rows = [
        f"Total: {pool.total}, Used: {pool.used}, Free: {pool.free}\n",
        " PID TTY  Allocated      Freed    Holding    Getbufs    Retbufs Process\n",
    ]
    running = list(processes(device))
    rest = pool.used - sum(one.held for one in running)
    rows.append(_memory_row(0, 0, rest, "*Init*"))
    rows += [_memory_row(one.pid, one.line, one.held, one.name) for one in running]
    rows.append(f"{pool.used:>41} Total\n")
    return "".join(rows)


def _memory_row(pid: int, line: int, held: int, name: str) -> str:
    return f"{pid:>4} {line:>3} {held:>10} {0:>10} {held:>10} {0:>10} {0:>10} {name:<16}\n"


def stacks_text(device: Device) -> str:
    """The text of `show stacks`."""
    rows = ["Minimum process stacks:\n", " Free/Size   Name\n"]
    rows += [f"{one.stack - 400:>5}/{one.stack + 108:<6} {one.name}\n" for one in processes(device)]
    rows += ["\nInterrupt level stacks:\n", "Level    Called Unused/Size  Name\n"]
    ticks = int(device.uptime_s * 250)
    levels = ((1, 0, "Network interfaces"), (2, 0, "DMA/Timer Interrupt"), (3, 0, "PA Management Int Handler"))
    for level, called, name in (*levels, (4, 1, "Console Uart"), (5, 0, "OIR/Error Interrupt"), (7, ticks, "NMI")):
        rows.append(f"  {level}  {called:>10}   8600/9000  {name}\n")
    return "".join(rows)


@handlers.register("show_processes")
def _processes(call: Invocation[Device]) -> None:
    call.write(processes_text(call.device))


@handlers.register("show_processes_cpu")
def _cpu(call: Invocation[Device]) -> None:
    call.write(cpu_text(call.device))


# By period: how many are drawn, what one is, and what the figures are.
_PERIODS = (
    (60, "second", "seconds", ""),
    (60, "minute", "minutes", "* = maximum CPU%   # = average CPU%"),
    (72, "hour", "hours", "* = maximum CPU%   # = average CPU%"),
)
_LEVELS = 10


def history_text() -> str:
    """The text of `show processes cpu history`: three graphs of a processor that is idle.  # the form is recalled"""
    lines = [""]
    for count, unit, units, legend in _PERIODS:
        ticks = range(0, count + 1, 5)
        tens = "".join(f"{at // 10 or (0 if not at else 5)}...." if at <= 5 else f"{at // 10}...." for at in ticks)
        ones = "".join("     " if at <= 5 else f"{at % 10}    " for at in ticks)
        title = f"CPU% per {unit} (last {count} {units})"
        lines += [" " * (count + 3)] * 4
        lines += [f"{level:3}{'':{count}}" for level in range(100, 0, -100 // _LEVELS)]
        lines += [f"   {tens[:count]}", f"   {ones[:count]}", "", f"{'':15}{title}"]
        lines += [f"{'':14}{legend}"] if legend else []
        lines.append("")
    return "\n".join(lines) + "\n"


@handlers.register("show_processes_cpu_history")
def _history(call: Invocation[Device]) -> None:
    call.write(history_text())


@handlers.register("show_processes_memory")
def _memory(call: Invocation[Device]) -> None:
    call.write(memory_text(call.device))


@handlers.register("show_stacks")
def _stacks(call: Invocation[Device]) -> None:
    call.write(stacks_text(call.device))
