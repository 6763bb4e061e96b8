"""A start as those see it who are connected to the router."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.pace import LoopClock, Pace
from iosemu.router import Router, Services

OPEN_VTYS = "hostname lab1\nline vty 0 4\n privilege level 15\n no login\nend\n"
WAIT_S = 10.0


class Client:
    """Somebody who is connected to a console or a vty."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.seen = b""

    async def expect(self, text: bytes) -> bytes:
        """Read on up to `text`; gives all that came before it."""
        async with asyncio.timeout(WAIT_S):
            while text not in self.seen:
                octets = await self._reader.read(65536)
                if not octets:
                    raise EOFError(self.seen)
                self.seen += octets
        before, _, self.seen = self.seen.partition(text)
        return before

    async def ended(self) -> bool:
        """Was the connection closed by the other side?"""
        async with asyncio.timeout(WAIT_S):
            try:
                while octets := await self._reader.read(65536):
                    self.seen += octets
            except ConnectionResetError:
                pass
        return True

    def type(self, text: bytes) -> None:
        self._writer.write(text)

    def close(self) -> None:
        self._writer.close()


class Clients:
    """Those who are connected to the router of a scenario."""

    def __init__(self) -> None:
        self._open: list[Client] = []

    async def connected(self, endpoint: tuple[str, int] | None) -> Client:
        assert endpoint is not None
        client = Client(*await asyncio.open_connection(*endpoint))
        self._open.append(client)
        return client

    def leave(self) -> None:
        while self._open:
            self._open.pop().close()


_clients = Clients()
connected = _clients.connected


def serving(pace: Pace, startup: str | None, scenario: Callable[[Router, Services], Awaitable[None]]) -> None:
    async def run() -> None:
        store = FileStore(None)
        if startup is not None:
            store.save_startup_config(startup)
        router = Router("3640", clock=LoopClock(pace), network=NoNetwork(), store=store)
        services = await router.start_services(console=("127.0.0.1", 0), telnet=("127.0.0.1", 0))
        try:
            await scenario(router, services)
        finally:
            _clients.leave()
            await router.stop()

    asyncio.run(run())


def test_a_reload_from_a_vty_ends_it_and_is_seen_on_the_console() -> None:
    async def scenario(router: Router, services: Services) -> None:
        console, user = await connected(services.console), await connected(services.telnet)
        await console.expect(b"Press RETURN to get started.")
        await user.expect(b"lab1#")
        user.type(b"reload\r")
        await user.expect(b"Proceed with reload? [confirm]")
        user.type(b"\r")
        assert await user.ended()
        await console.expect(b"%SYS-5-RELOAD: Reload requested")
        shown = await console.expect(b"Press RETURN to get started!")
        assert b"System Bootstrap, Version" in shown
        assert b"initial configuration dialog" not in shown
        await console.expect(b"%SYS-5-CONFIG_I: Configured from memory by console")
        console.type(b"\r")
        await console.expect(b"lab1>")
        assert router.reloads == 1
        again = await connected(services.telnet)
        await again.expect(b"lab1#")

    serving("instant", OPEN_VTYS, scenario)


def test_nobody_gets_in_while_a_console_is_shown_the_start() -> None:
    async def scenario(router: Router, services: Services) -> None:
        console = await connected(services.console)
        await console.expect(b"Press RETURN to get started.")
        router.reload()
        await console.expect(b"System Bootstrap")
        user = await connected(services.telnet)
        assert await user.ended()
        assert b"lab1" not in user.seen

    serving("line", OPEN_VTYS, scenario)


def test_an_erased_router_asks_on_the_console_and_goes_on_after_no() -> None:
    async def scenario(router: Router, services: Services) -> None:
        console = await connected(services.console)
        await console.expect(b"Press RETURN to get started.")
        router.device.files.erase_startup_config()
        router.reload()
        await console.expect(b"initial configuration dialog? [yes/no]: ")
        console.type(b"\r\r")
        await console.expect(b"% Please answer 'yes' or 'no'.")
        console.type(b"no\r")
        await console.expect(b"Press RETURN to get started!")
        await console.expect(b"%SYS-5-RESTART: System restarted --")
        console.type(b"\r")
        await console.expect(b"Router>")

    serving("instant", OPEN_VTYS, scenario)


def test_ctrl_c_in_the_dialogue_of_a_console() -> None:
    async def scenario(router: Router, services: Services) -> None:
        console = await connected(services.console)
        await console.expect(b"initial configuration dialog? [yes/no]: ")
        console.type(b"yes\r")
        await console.expect(b"basic management setup? [yes/no]: ")
        console.type(b"\x03")
        await console.expect(b"Press RETURN to get started!")
        console.type(b"\r")
        await console.expect(b"Router>")

    serving("instant", None, scenario)
