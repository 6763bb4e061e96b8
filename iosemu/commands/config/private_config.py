"""`nvram:private-config`: what is saved with the configuration and shown nowhere, the users of SNMP version 3.

Rule: written when the configuration is saved, read when the router starts, gone when NVRAM is erased. A line is the
command that made a user. Passwords are there as they were given, so what keeps NVRAM keeps them as it keeps the
startup-config.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.management.snmp.users import User

if TYPE_CHECKING:
    from iosemu.commands.context import Device

PRIVATE = "private-config"
_NVRAM = "nvram"


def save(device: Device) -> None:
    """Keep what is private; raises OSError where NVRAM cannot be written."""
    text = "".join(f"{_line(user)}\n" for user in device.snmp_users.values())
    volume = device.files.volume(_NVRAM)
    if text:
        volume.write(PRIVATE, text.encode())
    elif any(entry.name == PRIVATE for entry in volume.entries()):
        volume.remove(PRIVATE)


def restore(device: Device) -> None:
    """Take what was kept; a line that says nothing known is left out."""
    try:
        text = device.files.volume(_NVRAM).read(PRIVATE).decode("utf-8", "replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        user = _user(line.split())
        if user is not None:
            device.snmp_users[user.name] = user


def _line(user: User) -> str:
    words = ["snmp-server", "user", user.name, user.group, "v3"]
    if user.authentication:
        words += ["auth", user.authentication, user.password]
    if user.privacy_password:
        words += ["priv", "des56", user.privacy_password]
    if user.access_list:
        words += ["access", user.access_list]
    return " ".join(words)


def _user(words: list[str]) -> User | None:
    if words[:2] != ["snmp-server", "user"] or words[4:5] != ["v3"]:
        return None
    rest = iter(words[5:])
    said: dict[str, str] = {}
    for word in rest:  # a password may be any word, so each is read in its place
        if word == "auth":
            said["authentication"], said["password"] = next(rest, ""), next(rest, "")
        elif word == "priv":
            said["privacy_password"] = (next(rest, ""), next(rest, ""))[1]
        elif word == "access":
            said["access_list"] = next(rest, "")
    return User(words[2], words[3], **said)
