"""DHCP: `show ip dhcp ...` of the server, `show dhcp lease|server` of the client.

Rule: manual bindings are those of the configuration; nobody in this network asks for an address, so there are no
others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import states
from iosemu.commands.registry import handlers
from iosemu.commands.routing.table import Network

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

# 12.2(15)T tells of users; before it a binding took one line.
_HEADING = """\
IP address          Client-ID/              Lease expiration        Type
                    Hardware address/
                    User name
"""
_RECEIVED = ("BOOTREQUEST", "DHCPDISCOVER", "DHCPREQUEST", "DHCPDECLINE", "DHCPRELEASE", "DHCPINFORM")
_SENT = ("BOOTREPLY", "DHCPOFFER", "DHCPACK", "DHCPNAK")


def _manual(device: Device) -> list[tuple[str, str]]:
    """Address and client of the bindings that the configuration makes."""
    found = []
    for block in device.config.root.children("ip dhcp pool"):
        host = block.value("host", "address")
        client = block.value("client-identifier", "identifier") or block.value("hardware-address", "address")
        if host and client:
            found.append((str(host), str(client)))
    return found


@handlers.register("show_ip_dhcp_binding")
def _binding(call: Invocation[Device]) -> None:
    wanted = call.values.get("address")
    rows = [(address, client) for address, client in _manual(call.device) if wanted in (None, address)]
    if wanted is not None and not rows:
        call.write(f"% The binding for {wanted} was not found.\n")  # inferred
        return
    call.write(_HEADING + "".join(f"{address:<20}{client:<24}{'Infinite':<24}Manual\n" for address, client in rows))


@handlers.register("show_ip_dhcp_conflict")
def _conflict(call: Invocation[Device]) -> None:
    call.write("IP address        Detection method   Detection time\n")


@handlers.register("show_ip_dhcp_database")
def _database(call: Invocation[Device]) -> None:
    for line in call.device.config.root.all("ip dhcp database"):
        delay, timeout = line.values.get("delay", 300), line.values.get("timeout", 300)
        call.write(
            f"URL       :  {line.values['url']}\nRead      :  Never\nWritten   :  Never\n"
            f"Status    :  Agent information is not yet read\n"  # inferred
            f"Delay     :  {delay} seconds\nTimeout   :  {timeout} seconds\nFailures  :  0\nSuccesses :  0\n"
        )


def _pool_text(block: Block, name: str) -> str:
    from iosemu.cli import internet4

    lines = [
        f"Pool {name} :",
        " Utilization mark (high/low)    : 100 / 0",
        " Subnet size (first/next)       : 0 / 0 ",
    ]
    network = block.get("network")
    manual = block.value("host", "address") is not None
    total = leased = 1 if manual else 0
    rows = []
    if network is not None and not network.negated:
        mask = str(network.values.get("mask", ""))
        if mask:
            of_it = Network.of(str(network.values["address"]), mask)
        else:
            length = int(str(network.values["prefix"]).lstrip("/"))
            of_it = Network(internet4.number(str(network.values["address"])), length)
        total = max((1 << 32 - of_it.length) - 2, 0)
        first, last = internet4.text(of_it.address + 1), internet4.text(of_it.address + total)
        rows = [f" {first:<21}{first:<17} - {last:<20}0"]
    lines += [
        f" Total addresses                : {total}",
        f" Leased addresses               : {leased}",
        " Pending event                  : none",
    ]
    if rows:
        heading = " Current index        IP address range                    Leased addresses"
        lines += [" 1 subnet is currently in the pool :", heading, *rows]
    return "\n".join(lines) + "\n"


@handlers.register("show_ip_dhcp_pool")
def _pool(call: Invocation[Device]) -> None:
    wanted = call.values.get("name")
    for block in call.device.config.root.children("ip dhcp pool"):
        assert block.header is not None
        name = str(block.header.values["name"])
        if wanted in (None, name):
            call.write(_pool_text(block, name) + "\n")


@handlers.register("show_ip_dhcp_server_statistics")
def _statistics(call: Invocation[Device]) -> None:
    root = call.device.config.root
    pools, agents = len(root.children("ip dhcp pool")), len(root.all("ip dhcp database"))
    figures = {
        # What the server takes at rest, and for each pool: recalled.
        "Memory usage": 8024 + 1744 * pools,
        "Address pools": pools,
        "Database agents": agents,
        "Automatic bindings": 0,
        "Manual bindings": len(_manual(call.device)),
        "Expired bindings": 0,
        "Malformed messages": 0,
    }
    call.write("".join(f"{name:<21}{figure}\n" for name, figure in figures.items()))
    for way, messages in (("Received", _RECEIVED), ("Sent", _SENT)):
        call.write(f"\n{'Message':<21}{way}\n" + "".join(f"{message:<21}0\n" for message in messages))


@handlers.register("show_dhcp_server")
def _servers(call: Invocation[Device]) -> None:
    servers = [str(line.values["address"]) for line in call.device.config.root.all("ip dhcp-server")]
    for server in servers or ["255.255.255.255"]:
        # recalled
        call.write(
            f"   DHCP server: {'ANY ' if server == '255.255.255.255' else ''}({server})\n"
            "    Leases:   0\n    Offers:   0      Requests: 0     Acks: 0     Naks: 0\n"
            "    Declines: 0      Releases: 0     Bad:  0\n"
        )


@handlers.register("show_dhcp_lease")
def _lease(call: Invocation[Device]) -> None:
    """The interfaces that ask for an address: nobody has answered them."""
    for state in states(call.device):
        line = state.block.get("ip address")
        if line is None or "dhcp" not in line.tokens or state.shutdown:
            continue
        # recalled
        call.write(
            f"Temp IP addr: 0.0.0.0  for peer on Interface: {state.name}\n"
            "Temp  sub net mask: 0.0.0.0\n"
            "   DHCP Lease server: 0.0.0.0, state: 1 Selecting\n"
            "   Lease: 0 secs,  Renewal: 0 secs,  Rebind: 0 secs\n"
            "   Next timer fires after: 00:00:03\n"
        )
