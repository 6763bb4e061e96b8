"""What is configured and has no life of its own: `show key chain|time-range|location|whoami|context|modemcap|archive|
template|rtr|snapshot`.

Rule: the configuration read back; a time range is active when the router's clock says so. Forms: published output of
12.2, those marked are recalled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.ip.time_ranges import is_active
from iosemu.commands.registry import handlers
from iosemu.commands.system import router_time

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_ALWAYS = "(always valid) - (always valid) [valid now]"
# The modems that an image knows by itself.
_MODEMS = (
    "default codex_3260 usr_courier usr_sportster hayes_optima global_village viva telebit_t3000 microcom_hdms "
    "microcom_server nec_v34 nec_v110 nec_piafs cisco_v110 mica"
)


def _blocks(call: Invocation[Device], command: str, name: str = "name") -> Iterator[tuple[str, Block]]:
    wanted = call.values.get("name")
    for block in call.device.config.root.children(command):
        assert block.header is not None
        said = str(block.header.values[name])
        if wanted is None or str(wanted) == said:
            yield said, block


def _lifetime(block: Block, command: str) -> str:
    line = block.get(command)
    if line is None or line.negated:
        return _ALWAYS
    words = line.tokens[1:]
    start, end = " ".join(words[:4]), " ".join(words[4:]).removeprefix("duration ")
    return f"({start}) - ({end})"


@handlers.register("show_key_chain")
def _keys(call: Invocation[Device]) -> None:
    for name, block in _blocks(call, "key chain"):
        call.write(f"Key-chain {name}:\n")
        for key in block.children("key"):
            assert key.header is not None
            secret = key.value("key-string", "text") or key.value("key-string", "hidden", "")
            call.write(
                f'    key {key.header.values["number"]} -- text "{secret}"\n'
                f"        accept lifetime {_lifetime(key, 'accept-lifetime')}\n"
                f"        send lifetime {_lifetime(key, 'send-lifetime')}\n"
            )


@handlers.register("show_time_range")
def _time_ranges(call: Invocation[Device]) -> None:
    for name, block in _blocks(call, "time-range"):
        state = "active" if is_active(block, router_time.now(call.device)) else "inactive"
        call.write(f"time-range entry: {name} ({state})\n")
        call.write("".join(f"   {line.text}\n" for line in block.lines))


@handlers.register("show_location")
def _location(call: Invocation[Device]) -> None:
    from iosemu.commands.lines.lines import configured
    from iosemu.commands.lines.numbers import named

    device = call.device
    call.write(f"{configured(device, named(device, call.session.line)).location}\n")


@handlers.register("show_whoami")
def _whoami(call: Invocation[Device]) -> None:
    from iosemu.commands.lines.lines import configured
    from iosemu.commands.lines.numbers import named

    device = call.device
    line = named(device, call.session.line)
    speed = "9600" if line.text.startswith("con") else "0"
    place = configured(device, line).location
    call.write(f'Comm Server "{device.hostname}", Line {line.absolute} at {speed}bps.  Location: "{place}"\n\n')


@handlers.register("show_context")
def _context(call: Invocation[Device]) -> None:
    """Nothing crashed: why the image was started last."""
    from iosemu.commands.chassis.show_version import banner_lines

    device = call.device
    call.write(f"System was restarted by {device.reload_reason}\n")
    call.write("".join(f"{line}\n" for line in banner_lines(device)[1:4]))


@handlers.register("show_modemcap")
def _modemcap(call: Invocation[Device]) -> None:
    root = call.device.config.root
    own = [str(line.values["name"]) for line in root.all("modemcap entry") + root.all("modemcap edit")]
    call.write("".join(f"{name}\n" for name in dict.fromkeys([*_MODEMS.split(), *own])))


@handlers.register("show_archive")
def _archive(call: Invocation[Device]) -> None:
    """`archive` keeps nothing here: what it would keep it as."""
    archives = call.device.config.root.children("archive")
    path = archives[0].value("path", "url") if archives else None
    if not path:
        call.write(" Archive feature not enabled\n")
        return
    call.write(
        f"There are currently 0 archive configurations saved.\nThe next archive file will be named {path}-1\n"
        " Archive #  Name\n" + "".join(f"   {number:<9}\n" for number in range(15))
    )


@handlers.register("show_template")
def _template(call: Invocation[Device]) -> None:
    call.write("Template           Use count       Source\n")
    for name, block in _blocks(call, "template"):
        del block
        call.write(f"{name:<19}{0:<16}User\n")


@handlers.register("show_rtr")
def _rtr(call: Invocation[Device]) -> None:
    """`show rtr application|configuration|operational-state`."""
    root, what = call.device.config.root, call.match.tokens[2]
    entries = root.children("rtr")
    if what == "application":
        call.write(
            "        Response Time Reporter\nVersion: 2.2.0 Round Trip Time MIB\n"
            "Max Packet Data Size (ARR and Data): 16384\n"
            f"Number of Entries configured:{len(entries)}\n"
            f"    Number of active Entries:0\n    Number of pending Entries:{len(entries)}\n"
            "    Number of inactive Entries:0\n"
        )
        return
    wanted = call.values.get("number")
    for block in entries:
        assert block.header is not None
        number = block.header.values["number"]
        if wanted is not None and str(wanted) != str(number):
            continue
        if what == "operational-state":
            call.write(f"Entry number: {number}\nModification time: None\nNumber of operations attempted: 0\n")
            call.write("Current seconds left in Life: 0\nOperational state of entry: pending\n")
            continue
        kind = next((line.text.removeprefix("type ") for line in block.lines if line.tokens[0] == "type"), "")
        call.write(
            f"\tComplete Configuration Table (includes defaults)\nEntry number: {number}\n"
            f"Owner: {block.value('owner', 'text', '')}\nTag: {block.value('tag', 'text', '')}\n"
            f"Type of operation to perform: {kind or 'none'}\n"
            f"Operation timeout (milliseconds): {block.value('timeout', 'milliseconds', 5000)}\n"
            f"Operation frequency (seconds): {block.value('frequency', 'seconds', 60)}\n"
        )
