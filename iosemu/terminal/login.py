"""Who is there: the dialogue of a line before its EXEC starts.

Rule: three tries, thirty seconds each, then the line closes; the texts are those that routers send (service probes and
automation clients match them literally).
"""

from __future__ import annotations

import asyncio

from iosemu.terminal.line_settings import LineSettings, Login
from iosemu.terminal.vty import Interrupted, Vty

TRIES = 3
# `timeout login response` of a line with nothing configured.
ANSWER_TIMEOUT_S = 30.0


async def log_in(vty: Vty, settings: LineSettings) -> bool:
    """Hold the dialogue; True where the user may go on, `vty.user` and `vty.privilege` tell who that is."""
    vty.privilege = settings.privilege
    if settings.banner:
        vty.write("\n" + settings.banner)
    if settings.login is Login.NONE:
        return True
    if settings.login_banner:
        vty.write("\n" + settings.login_banner)
    if settings.check is None:
        vty.write("\n\nPassword required, but none set\n")
        return False
    vty.write("\n\nUser Access Verification\n\n")
    for _ in range(TRIES):
        try:
            if await _try(vty, settings):
                return True
        except Interrupted:
            continue
        if settings.login is Login.LOCAL:
            vty.write("% Login invalid\n\n")
    if settings.login is Login.PASSWORD:
        vty.write("% Bad passwords\n")
    return False


async def _try(vty: Vty, settings: LineSettings) -> bool:
    assert settings.check is not None
    user = await _ask(vty, "Username: ") if settings.login is Login.LOCAL else ""
    password = await _ask(vty, "Password: ", secret=True)
    privilege = settings.check(user, password)
    if privilege is None:
        return False
    vty.user, vty.privilege = user, max(privilege, settings.privilege)
    return True


async def _ask(vty: Vty, prompt: str, *, secret: bool = False) -> str:
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            return await vty.read_line(prompt, secret=secret)
    except TimeoutError:
        vty.write(f"\n% {prompt}timeout expired!\n")
        raise EOFError("nobody answered") from None
