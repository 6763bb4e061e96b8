"""`show snmp` and what is under it, and the users of version 3, which only `show snmp user` shows.

Rule: read from the configuration and from what the agent has counted; needs no library. The forms are those of the
command reference, and marked where they are recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.release import Release
from iosemu.commands.chassis.show_version import release
from iosemu.commands.registry import handlers
from iosemu.commands.snmp import settings as snmp_settings
from iosemu.management.snmp.users import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_OFF = "%SNMP agent not enabled\n"
_QUEUE = 10
_WORDY = Release.of("12.3(2)T")
"""From here on a user's protocols and group are told."""
_STANDARD = (
    ("v1default", "internet", "included"),
    *(("v1default", f"internet.6.3.{n}", "excluded") for n in (15, 16, 18)),
)


def snmp_text(device: Device) -> str:
    """The text of `show snmp`."""
    if not snmp_settings.enabled(device):
        return _OFF
    count, lines = device.snmp_counters, []
    for title, command in (("Chassis", "chassis-id"), ("Contact", "contact"), ("Location", "location")):
        if told := snmp_settings.said(device, command):
            lines.append(f"{title}: {told}")
    lines += [
        f"{count.in_packets} SNMP packets input",
        f"    {count.bad_versions} Bad SNMP version errors",
        f"    {count.bad_communities} Unknown community name",
        f"    {count.bad_uses} Illegal operation for community name supplied",
        f"    {count.parse_errors} Encoding errors",
        f"    {count.requested} Number of requested variables",
        f"    {count.altered} Number of altered variables",
        f"    {count.gets} Get-request PDUs",
        f"    {count.nexts} Get-next PDUs",
        f"    {count.sets} Set-request PDUs",
        f"{count.out_packets} SNMP packets output",
        f"    {count.too_big} Too big errors (Maximum packet size {snmp_settings.packet_size(device)})",
        f"    {count.no_such_names} No such name errors",
        f"    {count.bad_values} Bad values errors",
        f"    {count.general_errors} General errors",
        f"    {count.responses} Response PDUs",
        f"    {count.traps} Trap PDUs",
        "",
    ]
    hosts = list(snmp_settings.hosts(device))
    lines.append(f"SNMP logging: {'enabled' if hosts else 'disabled'}")
    size = device.config.root.value("snmp-server queue-length", "length", _QUEUE)
    for host in hosts:
        key = host.host, host.port
        sent, lost = count.told[key], count.dropped[key]
        lines.append(f"    Logging to {host.host}.{host.port}, 0/{size}, {sent} sent, {lost} dropped.")
    if any(host.inform for host in hosts):  # recalled
        lines.append(f"SNMP Manager-role output packets\n    {device.snmp_informs.waiting} Inform request PDUs pending")
    return "\n".join(lines) + "\n"


def engine_text(device: Device) -> str:
    """The text of `show snmp engineID`."""
    lines = [f"Local SNMP engineID: {snmp_settings.engine_id(device).hex().upper()}"]
    lines.append("Remote Engine ID          IP-addr    Port")
    for line in snmp_settings.lines(device, "engineID remote"):
        values = line.values
        lines.append(f"{values['identifier']:<25} {values['address']:<10} {values.get('port', snmp_settings.PORT)}")
    return "\n".join(lines) + "\n"


def group_text(device: Device) -> str:
    """The text of `show snmp group`: each community is a group of its own in versions 1 and 2c."""
    blocks = []
    for line in snmp_settings.lines(device, "community"):
        values = line.values
        read = str(values.get("view") or "v1default")
        write = read if values["access"] == "RW" else ""
        for model in ("v1", "v2c"):
            blocks.append(_group(str(values["community"]), model, read, write, "", values.get("list")))
    for line in snmp_settings.lines(device, "group"):
        values, level = line.values, line.values.get("level")
        model = f"v3 {level}" if level else next(word for word in line.tokens[3:] if word in ("v1", "v2c"))
        views = (str(values.get(name, "")) for name in ("read", "write", "notify"))
        read, write, notify = views
        blocks.append(_group(str(values["group"]), model, read or "v1default", write, notify, values.get("list")))
    return "".join(blocks)


def _group(name: str, model: str, read: str, write: str, notify: str, access_list: object) -> str:
    unsaid = {kind: f"<no {kind}view specified>" for kind in ("write", "notify")}
    state = "row status: active" + (f"\taccess-list: {access_list}" if access_list else "")
    return (
        f"groupname: {name:<33}security model:{model} \n"
        f"readview :{read:<33} writeview: {write or unsaid['write']:<33}\n"
        f"notifyview: {notify or unsaid['notify']}\n{state}\n\n"
    )


def user_text(device: Device) -> str:
    """The text of `show snmp user`."""
    return "".join(f"{block}\n" for block in _users(device))


def _users(device: Device) -> Iterator[str]:
    engine = snmp_settings.engine_id(device).hex().upper()
    for user in device.snmp_users.values():
        lists = f"\taccess-list: {user.access_list}" if user.access_list else ""
        yield f"User name: {user.name}\nEngine ID: {engine}\nstorage-type: nonvolatile\t active{lists}"
        if release(device) >= _WORDY:
            privacy = "DES" if user.privacy_password else "None"
            yield f"Authentication Protocol: {user.authentication.upper() or 'None'}"
            yield f"Privacy Protocol: {privacy}\nGroup-name: {user.group}"
        yield ""


def view_text(device: Device) -> str:
    """The text of `show snmp view`: the views that are configured, then the one that is always there."""  # recalled
    rows = [
        (str(line.values["view"]), str(line.values["tree"]), str(line.values["how"]), "nonvolatile")
        for line in snmp_settings.lines(device, "view")
    ]
    rows += [(*row, "permanent") for row in _STANDARD]
    return "".join(f"{view} {tree} - {how} {kept} active\n" for view, tree, how, kept in rows)


def community_text(device: Device) -> str:
    """The text of `show snmp community`."""  # recalled
    text = ""
    for line in snmp_settings.lines(device, "community"):
        name, listed = line.values["community"], line.values.get("list")
        text += f"\nCommunity name: {name}\nCommunity Index: {name}\nCommunity SecurityName: {name}\n"
        text += "storage-type: nonvolatile\t active" + (f"\taccess-list: {listed}" if listed else "") + "\n\n"
    return text


@handlers.register("show_snmp")
def _snmp(call: Invocation[Device]) -> None:
    call.write(snmp_text(call.device))


@handlers.register("show_snmp_part")
def _part(call: Invocation[Device]) -> None:
    parts = {"engineID": engine_text, "group": group_text, "user": user_text, "view": view_text}
    part = {**parts, "community": community_text}[call.tokens[2]]
    call.write(part(call.device) if snmp_settings.enabled(call.device) else _OFF)


@handlers.register("snmp_user")
def _user(call: Invocation[Device]) -> None:
    """A user of version 3: kept beside the configuration; one of a remote engine or another version asks nothing."""
    device, values = call.device, call.values
    name = str(values["user"])
    if call.negated or call.defaulted:
        device.snmp_users.pop(name, None)
    elif "v3" in call.tokens and "remote" not in call.tokens:
        device.snmp_users[name] = User(
            name,
            str(values["group"]),
            str(values.get("method", "")),
            str(values.get("secret", "")),
            str(values.get("key", "")),
            str(values.get("list", "")),
        )
    device.snmp_changed()
