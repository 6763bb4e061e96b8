"""The AAA servers as a terminal line asks them: what a request says of the line, and what its answer grants.

Rule: a login has a number of its own, by which `debug` tells it from others; the level comes from Cisco's
`shell:priv-lvl` or else from the service type. Source of the debug texts: published captures of logins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.aaa_login import HIGHEST, LOWEST, Granted, HandedOver
from iosemu.commands.aaa_port import port_attributes
from iosemu.commands.line_numbers import named

if TYPE_CHECKING:
    from iosemu.commands.aaa_servers import AaaServers
    from iosemu.commands.context import Device
    from iosemu.management.radius import Answer

_ADMINISTRATIVE = 6
_PRIVILEGE = "shell:priv-lvl="
AUTHENTICATION, AUTHORIZATION = "aaa authentication", "aaa authorization"


class LineServers:
    """What one line asks with; see `aaa_login.Servers`."""

    def __init__(self, device: Device, line: str) -> None:
        self._device = device
        self._line = named(device, line)
        self._number = 0

    async def authenticate(self, group: str, user: str, password: str) -> Granted | None:
        return await authenticate(
            self._device.aaa, group, user, password, tuple(port_attributes(self._device, self._line.text))
        )

    def picked(self, method_list: str) -> None:
        aaa = self._device.aaa
        if not self._number:
            self._number = aaa.new_session()
            aaa.debug(AUTHENTICATION, f"AAA/BIND({self._number:08X}): Bind i/f")
        aaa.debug(AUTHENTICATION, f"AAA/AUTHEN/LOGIN ({self._number:08X}): Pick method list '{method_list}'")

    def admitted(self, granted: Granted) -> None:
        self._device.aaa.authentic[self._line.text] = "RADIUS" if granted.by_server else "Local"

    def refused(self, user: str) -> None:
        from iosemu.commands.aaa_accounting import account_refusal

        account_refusal(self._device, self._line.text, user)

    def authorized(self, level: int, method_list: str, *, by_server: bool) -> None:
        debug, who = self._device.aaa.debug, f"AAA/AUTHOR/EXEC({self._number:08X})"
        if not by_server:
            debug(AUTHORIZATION, f"AAA/AUTHOR (0x{self._number:X}): Pick method list '{method_list}'")
            debug(AUTHORIZATION, f"{who}: processing AV cmd=")
        debug(AUTHORIZATION, f"{who}: processing AV priv-lvl={level}")
        debug(AUTHORIZATION, f"{who}: Authorization successful")


async def authenticate(
    aaa: AaaServers, group: str, user: str, password: str, attributes: tuple[tuple[str, object], ...] = ()
) -> Granted | None:
    """What a group says of a user; raises HandedOver where it says nothing."""
    from iosemu.management.radius import Kind  # most routers have no server

    asked = (("User-Name", user), ("User-Password", password), *attributes)
    answer = await aaa.ask(Kind.AUTHENTICATION, group, asked)
    if answer is None:
        raise HandedOver
    if not answer.accepted:
        return None
    level = granted_level(answer)
    return Granted(LOWEST, by_server=True, server_level=level)


def granted_level(answer: Answer) -> int | None:
    """The privilege level that a server gives with its answer; None where it does not speak of any."""
    for pair in answer.all("Cisco-AVPair"):
        # `=` makes it mandatory, `*` optional
        text = str(pair).replace("*", "=", 1)
        if text.startswith(_PRIVILEGE) and text.removeprefix(_PRIVILEGE).isdecimal():
            return min(HIGHEST, int(text.removeprefix(_PRIVILEGE)))
    return HIGHEST if _ADMINISTRATIVE in answer.all("Service-Type") else None
