"""`show aaa servers`, `show radius statistics`, `show tacacs`, `show accounting`: counters of clients, and accounts.

Rule: everything is since the router started. The layouts are those of published output; what this client has no queue
or buffer for stays at 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.aaa.protocols import RADIUS, TACACS
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.management.radius_client import Counters, ServerState

# By service: the line of `show accounting` that counts it.
_SERVICES = {
    "exec": "Exec",
    "network": "Network",
    "connection": "Connect",
    "commands": "Command",
    "resource": "Rsrc-mgmt",
    "system": "System",
}


@handlers.register("show_aaa_servers")
def _show_servers(call: Invocation[Device]) -> None:
    from iosemu.commands.aaa.servers import servers_of

    device = call.device
    client = device.aaa.client
    for number, server in enumerate(servers_of(device.config, RADIUS), 1):
        dead = client.is_dead(server)
        state, now = client.state(server), device.clock.now()
        ports = f"auth-port {server.auth_port}, acct-port {server.acct_port}"
        call.write(
            f"\nRADIUS: id {number}, priority {number}, host {server.address}, {ports}\n"
            f"     State: current {'DEAD' if dead else 'UP'}, duration {now - state.since_s:.0f}s,"
            f" previous duration {state.previous_s:.0f}s\n"
            f"     Dead: total time {state.dead_s + (now - state.since_s if dead else 0):.0f}s, count {state.deaths}\n"
        )
        call.write(_transactions(state))
        call.write(f"     Elapsed time since counters last cleared: {_elapsed(device.uptime_s)}\n")


def _transactions(state: ServerState) -> str:
    from iosemu.management.radius import Kind
    from iosemu.management.radius_client import Counters

    kinds = (
        ("Authen", state.counters[Kind.AUTHENTICATION]),
        ("Author", Counters()),  # comes with the authentication
        ("Account", state.counters[Kind.ACCOUNTING]),
    )
    return "".join(
        f"     {name}: request {counters.requests}, timeouts {counters.timeouts}\n"
        f"             Response: unexpected 0, server error 0, incorrect 0, time {_average_ms(counters)}ms\n"
        f"             Transaction: success {counters.responses}, failure {counters.unanswered}\n"
        for name, counters in kinds
    )


def _average_ms(*counters: Counters) -> int:
    responses = sum(each.responses for each in counters)
    return round(sum(each.response_s for each in counters) / responses * 1000) if responses else 0


def _elapsed(seconds: float) -> str:
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours}h{minutes}m" if hours else f"{minutes}m"


@handlers.register("show_radius_statistics")
def _show_statistics(call: Invocation[Device]) -> None:
    from iosemu.management.radius import Kind

    states = list(call.device.aaa.client.states.values())
    columns: list[list[Counters]] = [[state.counters[kind] for state in states] for kind in Kind]
    columns.append([counters for column in columns for counters in column])
    asked = any(counters.requests for counters in columns[-1])

    def row(title: str, *values: object) -> str:
        return f"{title:>36}:" + "".join(f"{value!s:>11}" for value in values) + "\n"

    def counted(title: str, attribute: str) -> str:
        return row(title, *(sum(getattr(counters, attribute) for counters in column) for column in columns))

    longest = (round(max((counters.longest_s for counters in column), default=0) * 1000) for column in columns)
    call.write(" " * 34 + "Auth.      Acct.       Both\n")
    for queue in ("inQ", "waitQ", "doneQ"):
        call.write(row(f"Maximum {queue} length", "NA", "NA", int(asked)))
    call.write(counted("Total responses seen", "responses"))
    call.write(counted("Packets with responses", "responses"))
    call.write(counted("Packets without responses", "unanswered"))
    call.write(row("Average response delay(ms)", *(_average_ms(*column) for column in columns)))
    call.write(row("Maximum response delay(ms)", *longest))
    call.write(counted("Number of Radius timeouts", "timeouts"))
    call.write(row("Duplicate ID detects", 0, 0, 0))


@handlers.register("show_tacacs")
def _show_tacacs(call: Invocation[Device]) -> None:
    from iosemu.commands.aaa.servers import tacacs_servers_of

    for server in tacacs_servers_of(call.device.config, TACACS):
        counted = call.device.aaa.tacacs.counted(server)
        rows = {
            "Socket opens": counted.opens,
            "Socket closes": counted.closes,
            "Socket aborts": counted.aborts,
            "Socket errors": counted.errors,
            "Socket Timeouts": counted.timeouts,
            "Failed Connect Attempts": counted.failed,
            "Total Packets Sent": counted.sent,
            "Total Packets Recv": counted.received,
            "Expected Replies": 0,  # a connection is waited for to its end
        }
        call.write(f"\nTacacs+ Server            : {server.address}/{server.port}\n")
        call.write("".join(f"{title:>26}: {value:>10}\n" for title, value in rows.items()))
        call.write("  No current connection\n")  # recalled


@handlers.register("show_accounting")
def _show_accounting(call: Invocation[Device]) -> None:
    device = call.device
    accounts = device.aaa.accounts
    for record in accounts.active.values():
        elapsed = int(device.clock.now() - record.began_s)
        minutes, seconds = divmod(elapsed, 60)
        hours, minutes = divmod(minutes, 60)
        call.write(
            f"Active Accounted actions on {record.where}, User {record.user or '(not logged in)'} "
            f"Priv {record.privilege}\n Task ID {record.task}, {_SERVICES[record.service]} Accounting record, "
            f"{hours:02}:{minutes:02}:{seconds:02} Elapsed\n task_id={record.task} service={record.service}\n"
        )
    call.write("Overall Accounting Traffic\n         Starts   Stops  Updates  Active  Drops\n")
    for service, name in _SERVICES.items():
        active = sum(record.service == service for record in accounts.active.values())
        call.write(
            f"{name:<9}{accounts.starts[service]:>6}{accounts.stops[service]:>8}{accounts.updates[service]:>9}{active:>8}"
            f"{accounts.drops[service]:>7}\n"
        )
    opened = device.aaa.last_session
    call.write(f"\nUser creates:{opened}, frees:{opened - len(accounts.active)}, Acctinfo mallocs:{opened}, frees:")
    call.write(f"{opened - len(accounts.active)}\nUsers freed with accounting unaccounted for:0\nQueue length:0\n")
