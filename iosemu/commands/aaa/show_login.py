"""`show login` and `show login failures`: what is watched of logins, and who failed (Login Enhancements, 12.3(4)T)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.lines.lines import login_watch
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device


@handlers.register("show_login")
def _show_login(call: Invocation[Device]) -> None:
    """What is watched, and whether anybody is kept out just now."""
    call.write("".join(f"     {line}\n" if line else "\n" for line in _login_lines(call.device)))


def _login_lines(device: Device) -> Iterator[str]:
    watch, root = login_watch(device), device.config.root
    limit, delay = root.get("login block-for"), root.get("login delay")
    if limit is None and delay is None:
        yield "No login delay has been applied."
    else:
        yield f"{'A default' if delay is None else 'A'} login delay of {watch.delay_s} seconds is applied."
    if watch.quiet_list:
        yield f"Quiet-Mode access list {watch.quiet_list} is applied."
    else:
        yield "No Quiet-Mode access list has been configured."
    for event, name in (("on-success", "successful"), ("on-failure", "failed")):
        if root.line("login", (event, "log")) is not None:
            yield f"All {name} login is logged."  # inferred: the documented text is of logs and traps together
    yield ""
    if limit is None:
        yield "Router NOT enabled to watch for login Attacks"
        return
    tries, window, seconds = (limit.values[name] for name in ("tries", "window", "seconds"))
    yield "Router enabled to watch for login Attacks."
    yield f"If more than {tries} login failures occur in {window} seconds or less,"
    yield f"logins will be disabled for {seconds} seconds."
    yield ""
    mode, left_s = ("Quiet-Mode", watch.quiet_s) if watch.quiet_s else ("Watch-Mode", watch.window_left_s)
    yield f"Router presently in {mode}, will remain in {mode} for {round(left_s)} seconds."
    if not watch.quiet_s:
        yield f"Present login failure count {watch.present_count}."
    elif watch.quiet_list:
        yield f"Denying logins from all sources except those of access list {watch.quiet_list}."  # inferred
    else:
        yield "Denying logins from all sources."


@handlers.register("show_login_failures")
def _show_failures(call: Invocation[Device]) -> None:
    """Who failed; kept only while logins are watched."""
    failures = login_watch(call.device).failures
    if not failures:
        call.write("*** No logged failed login attempts with the device.***\n")
        return
    call.write(
        "\nInformation about login failure's with the device\n\n"
        f"{'Username':<16}{'Source IPAddr':<16}{'lPort':<6}{'Count':<6}TimeStamp\n"
    )
    for one in failures:
        call.write(f"{one.user:<16}{one.source:<16}{one.port:<6}{one.count:<6}{one.last}\n")
