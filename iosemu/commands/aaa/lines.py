"""The AAA servers as a terminal line asks them: what a request says of the line, and what its answer grants.

Rule: a login has a number of its own, by which `debug` tells it from others; the level comes from Cisco's
`shell:priv-lvl` or else from the service type. Source of the debug texts: published captures of logins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.aaa.login import HIGHEST, LOWEST, Granted, HandedOver, MethodName
from iosemu.commands.aaa.port import port_attributes
from iosemu.commands.aaa.protocols import RADIUS, TACACS
from iosemu.commands.lines.numbers import named

if TYPE_CHECKING:
    from iosemu.commands.aaa.servers import AaaServers
    from iosemu.commands.context import Device
    from iosemu.management.radius import Answer
    from iosemu.management.tacacs import Subject

SERVER_USER = "$enab{}$"
"""The user whom a RADIUS server is asked for when somebody enables a level."""
_ADMINISTRATIVE = 6
_PRIVILEGE = "shell:priv-lvl="
AUTHENTICATION, AUTHORIZATION = "aaa authentication", "aaa authorization"


class LineServers:
    """What one line asks with; see `login.Servers`."""

    def __init__(self, device: Device, line: str) -> None:
        self._device = device
        self._line = named(device, line)
        self._number = 0

    async def authenticate(
        self, name: MethodName, user: str, password: str, enables: int | None = None
    ) -> Granted | None:
        if name.word == TACACS:
            from iosemu.commands.aaa import tacacs

            return await tacacs.authenticate(self._device.aaa, name.group, self._subject(user), password, enables)
        asked_for = user if enables is None else SERVER_USER.format(enables)
        return await authenticate(
            self._device.aaa, name.group, asked_for, password, tuple(port_attributes(self._device, self._line.text))
        )

    async def shell_level(self, name: MethodName, user: str) -> int | None:
        from iosemu.commands.aaa import tacacs

        return await tacacs.shell_level(self._device.aaa, name.group, self._subject(user))

    def _subject(self, user: str) -> Subject:
        from iosemu.commands.aaa.port import subject

        return subject(self._device, self._line.text, user)

    def picked(self, method_list: str) -> None:
        aaa = self._device.aaa
        if not self._number:
            self._number = aaa.new_session()
            aaa.debug(AUTHENTICATION, f"AAA/BIND({self._number:08X}): Bind i/f")
        aaa.debug(AUTHENTICATION, f"AAA/AUTHEN/LOGIN ({self._number:08X}): Pick method list '{method_list}'")

    def admitted(self, granted: Granted) -> None:
        self._device.aaa.authentic[self._line.text] = "RADIUS" if granted.protocol == RADIUS else "Local"

    def refused(self, user: str) -> None:
        from iosemu.commands.aaa.accounting import account_refusal

        account_refusal(self._device, self._line.text, user)

    def authorized(self, level: int, method_list: str, protocol: str) -> None:
        debug, who = self._device.aaa.debug, f"AAA/AUTHOR/EXEC({self._number:08X})"
        if protocol != RADIUS:
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
    return Granted(LOWEST, RADIUS, level)


def granted_level(answer: Answer) -> int | None:
    """The privilege level that a server gives with its answer; None where it does not speak of any."""
    for pair in answer.all("Cisco-AVPair"):
        # `=` makes it mandatory, `*` optional
        text = str(pair).replace("*", "=", 1)
        if text.startswith(_PRIVILEGE) and text.removeprefix(_PRIVILEGE).isdecimal():
            return min(HIGHEST, int(text.removeprefix(_PRIVILEGE)))
    return HIGHEST if _ADMINISTRATIVE in answer.all("Service-Type") else None
