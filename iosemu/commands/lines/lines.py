"""Which lines a router has, what is in force on them, and who is there.

Rule: a session that is on a line has settings of its own; what is configured meanwhile is for the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.lines.blocks import TTY, number_of, vtys
from iosemu.commands.lines.line_config import line_settings
from iosemu.commands.lines.numbers import AUX, CONSOLE, TTY_KIND, VTY, LineName, named, relative
from iosemu.commands.system.router_time import moment_text

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation, Session
    from iosemu.commands.aaa.login_watch import LoginWatch
    from iosemu.commands.context import Device
    from iosemu.terminal.line_settings import LineSettings
    from iosemu.terminal.vty import Vty


def all_lines(device: Device) -> list[LineName]:
    """Every line that the router has, by number."""
    config = device.config
    ttys = sorted(number for block in config.root.children(TTY) if (number := number_of(block)) > 0)
    names = ["con 0", *(f"tty {number}" for number in ttys), "aux 0"]
    names += [f"vty {number_of(block)}" for block in vtys(config)]
    return [named(device, name) for name in names]


def asked_line(call: Invocation[Device]) -> LineName | None:
    """The line that `[LINE | console 0 | aux 0 | vty N]` of a command means, None where it names none.

    Raises InvalidInput where the router has no such line.
    """
    values = call.values
    if "line" not in values and "number" not in values:
        return None
    kinds = {"console": CONSOLE, AUX: AUX, VTY: VTY, TTY_KIND: TTY_KIND}
    kind = next((kinds[word] for word in call.tokens if word in kinds), "")
    if kind:
        wanted = named(call.device, f"{kind} {values['number']}")
    else:
        kind, number = relative(call.device, int(str(values["line"])))
        wanted = named(call.device, f"{kind} {number}")
    if wanted not in all_lines(call.device):
        raise call.invalid("number" if "number" in values else "line")
    return wanted


def settings_of(device: Device, session: Session[Device]) -> LineSettings:
    """What is in force on the line of a session: its terminal's own settings, else what is configured."""
    held: LineSettings | None = getattr(session.terminal, "settings", None)
    return held if held is not None else configured(device, named(device, session.line))


def configured(device: Device, line: LineName) -> LineSettings:
    """What the configuration says of a line."""
    from iosemu.commands.aaa.lines import LineServers

    servers = LineServers(device, line.text)
    settings = line_settings(device.config, line.kind, line.number, aux_line=device.chassis.aux_line, servers=servers)
    return login_watch(device).watched(settings, line.kind)


def login_watch(device: Device) -> LoginWatch:
    """Who counts the logins of this router."""
    from iosemu.commands.aaa.login_watch import LoginWatch

    if device.login_watch is None:
        device.login_watch = LoginWatch(device.clock, device.config, device.log, lambda: moment_text(device))
    return device.login_watch


def terminals(device: Device, line: LineName) -> list[Vty]:
    """The terminals at a line: none or one; at the console as many as look at it."""
    return [vty for vty in device.lines.open if vty.name == line.text]


def session_at(device: Device, line: LineName) -> Session[Device] | None:
    """The EXEC session on a line."""
    return next((session for session in device.sessions if session.line == line.text and not session.closed), None)
