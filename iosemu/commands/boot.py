"""A router that starts: its configuration from NVRAM, its console's text at its pace, the first messages of its log.

Rule: making a `Boot` is the start itself, so the router is configured when it is made; the rest is for those who look
on. Who looks on sees all of it, however late he came. The clock is the lab's: at an instant pace it takes no time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from iosemu.commands.config_register import IGNORE_NVRAM
from iosemu.commands.loading import merge

if TYPE_CHECKING:
    from iosemu.clock import Timer
    from iosemu.commands.boot_text import Message, Piece
    from iosemu.commands.context import Device
    from iosemu.commands.setup_dialogue import Console

READY = "\n\nPress RETURN to get started!\n\n\n"
"""What a console shows when the router has started and nothing is left to ask."""


class Boot:
    """One start of one router."""

    def __init__(self, device: Device) -> None:
        """Set the register and read the startup configuration, unless the register says not to.

        Raises OSError where NVRAM cannot be read.
        """
        self._device = device
        device.booted_s = device.clock.now()
        kept = device.files.config_register
        default = int(device.chassis.platform.configuration_register, 16)
        device.register = kept if kept is not None else default
        startup = None if device.register & IGNORE_NVRAM else device.files.startup_config
        self._refused = merge(device, startup) if startup is not None else []
        device.unmodified_generation = device.config.generation
        self.configured = startup is not None
        """Was it given a configuration, by NVRAM or by whoever made it? If not, its console asks for one."""
        self.over = True
        """Is there nothing more to come on the console?"""
        self._asked = False
        self._pieces: Iterator[Piece] = iter(())
        self._shown: list[str] = []
        self._viewers: list[Console] = []
        self._waiting: list[Callable[[], object]] = []
        self._timers: list[Timer] = []
        self._announced = False
        self._unwatch: Callable[[], None] | None = None

    def begin(self) -> None:
        """Start the show; until it is over the router answers nobody but its console."""
        from iosemu.commands.boot_text import console_pieces  # what only a router needs that somebody looks at

        self.over = False
        self._pieces = console_pieces(self._device, self._refused)
        self._next()

    def show(self, console: Console) -> None:
        """Write to this console what was shown so far, and what is still to come."""
        for text in self._shown:
            console.write(text)
        self._viewers.append(console)

    async def attend(self, console: Console) -> bool:
        """Have a console until the router waits for Return there: the start, then the question of a router that has no
        configuration. False where there was nothing to say."""
        if not self.over:
            if not self._sees(console):
                self.show(console)
            await self._end()
        if self._asks:
            await self._ask(console)
            return True
        return self._sees(console)

    def announce(self, *, at_once: bool = False) -> None:
        """Log what a router logs when it has started, once, in its order, and from then on what happens to its links;
        `at_once` without the pauses."""
        if self._announced:
            return
        self._announced = True
        from iosemu.commands.boot_text import log_messages
        from iosemu.commands.link_messages import watch

        self._unwatch = watch(self._device)
        for message in log_messages(self._device, configured=self.configured):
            if at_once:
                self._log(message)
            else:
                self._later(message.after_s, self._logging(message))

    def pass_unseen(self) -> None:
        """It has started before anybody could look on, as the routers of a lab: nobody is asked for a configuration
        that a program may be about to paste."""
        self._asked = True
        self.announce(at_once=True)

    def cut(self) -> None:
        """The power goes: nothing more is shown or logged, and nothing that was scheduled happens."""
        for timer in self._timers:
            timer.cancel()
        if self._unwatch is not None:
            self._unwatch()
        if self._device.scheduled_reload is not None:
            self._device.scheduled_reload.cancel()
        self._tell()

    @property
    def _asks(self) -> bool:
        return not self.configured and not self._asked

    def _sees(self, console: Console) -> bool:
        return any(viewer is console for viewer in self._viewers)

    async def _ask(self, console: Console) -> None:
        """Ask once; a user who hangs up leaves the question to the next."""
        from iosemu.commands.setup_dialogue import at_power_on
        from iosemu.terminal.vty import Interrupted

        self._asked = True
        try:
            await at_power_on(self._device, console)
        except Interrupted:
            console.write("\n")
        except BaseException:
            self._asked = False
            raise
        console.write(READY)
        self.announce()

    async def _end(self) -> None:
        import asyncio

        over = asyncio.Event()
        self._waiting.append(over.set)
        await over.wait()

    def _next(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self._started()
        else:
            pause_s, text = piece
            self._later(pause_s, lambda: self._print(text))

    def _print(self, text: str) -> None:
        self._shown.append(text)
        for viewer in self._viewers:
            viewer.write(text)
        self._next()

    def _started(self) -> None:
        self.over = True
        if not self._asks:
            for viewer in self._viewers:
                viewer.write(READY)
        if not self._asks or not self._viewers:
            self.announce()
        self._tell()

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            told()

    def _later(self, delay_s: float, action: Callable[[], object]) -> None:
        self._timers.append(self._device.clock.call_later(delay_s, action))

    def _logging(self, message: Message) -> Callable[[], None]:
        return lambda: self._log(message)

    def _log(self, message: Message) -> None:
        self._device.log.event(message.facility, message.severity, message.mnemonic, message.text)
