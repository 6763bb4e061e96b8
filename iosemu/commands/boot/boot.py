"""A router that starts: its configuration from NVRAM, its console's text at its pace, the first messages of its log.

Rule: making a `Boot` is the start itself, so the router is configured when it is made; the rest is for those who look
on. Who looks on sees all of it, however late he came. The clock is the lab's: at an instant pace it takes no time.
Where no image is started, its console is in the ROM monitor and nobody else gets in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from iosemu.commands import factory
from iosemu.commands.boot.config_register import BREAK_DISABLED, IGNORE_NVRAM
from iosemu.commands.boot.images import Start, choose
from iosemu.commands.chassis import codec_complexity
from iosemu.commands.config import private_config
from iosemu.commands.loading import merge
from iosemu.commands.system import router_time
from iosemu.commands.voice import fax_interface

if TYPE_CHECKING:
    from iosemu.clock import Timer
    from iosemu.commands.boot.rommon import Monitor
    from iosemu.commands.boot.setup_dialogue import Console
    from iosemu.commands.boot.text import Message, Piece
    from iosemu.commands.context import Device

READY = "\n\nPress RETURN to get started!\n\n\n"
"""What a console shows when the router has started and nothing is left to ask."""
BREAKABLE_S = 60.0
"""How long after its start Break stops a router whatever its register says."""
_ABORTED = '\nmonitor: command "boot" aborted due to user interrupt\n'
_TRAPPED = (
    "\n*** System received an abort due to Break Key ***\nsignal= 0x3, code= 0x0, context= {}\nPC = {}, Cause = 0x20\n"
)
_INTO_CODE = 0x1D4A8
"""Where in the image a router is that waits (inferred)."""


class Boot:
    """One start of one router."""

    def __init__(self, device: Device, start: Start) -> None:
        """Set the register, choose the image, and read the startup configuration unless the register says not to.

        Raises OSError where NVRAM cannot be read.
        """
        self._device = device
        self._start = start
        self._wanted: Start | None = None
        device.booted_s = device.clock.now()
        kept = device.files.config_register
        default = int(device.chassis.platform.configuration_register, 16)
        device.register = kept if kept is not None else default
        self._choice = choose(device, start)
        device.image_file = self._choice.image or device.chassis.platform.image_file
        ignored = device.register & IGNORE_NVRAM or self._choice.image is None
        startup = None if ignored else device.files.startup_config
        if startup is not None:
            factory.open_interfaces(device.config, startup)
        self._refused = merge(device, startup) if startup is not None else []
        if startup is not None:
            private_config.restore(device)
        fax_interface.started(device)
        fax_interface.watch(device)
        codec_complexity.follow(device)
        device.unmodified_generation = device.config.generation
        self.configured = startup is not None
        """Was it given a configuration, by NVRAM or by whoever made it? If not, its console asks for one."""
        self.monitor = _monitor(device) if self._choice.image is None else None
        """The ROM monitor, where it has started no image."""
        self._showing = False
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
        from iosemu.commands.boot.text import console_pieces  # what only a router needs that somebody looks at

        self._showing = True
        self._pieces = console_pieces(self._device, self._start, self._choice, self._refused)
        self._next()

    @property
    def over(self) -> bool:
        """Has it started, with nothing more to come on the console?"""
        return not self._showing and self.monitor is None

    def show(self, console: Console) -> None:
        """Write to this console what was shown so far, and what is still to come."""
        for text in self._shown:
            console.write(text)
        self._viewers.append(console)

    async def attend(self, console: Console) -> bool:
        """Have a console until the router waits for Return there: the start, then the ROM monitor or the question of a
        router that has no configuration. False where there was nothing to say."""
        if not self.over and not self._sees(console):
            self.show(console)
        if self._showing:
            await self._end()
        if self.monitor is not None:
            self.restart(await self.monitor.serve(console))
            return True
        if self._asks:
            await self._ask(console)
            return True
        return self._sees(console)

    def announce(self, *, at_once: bool = False) -> None:
        """Log what a router logs when it has started, once, in its order, and from then on what happens to its links;
        `at_once` without the pauses."""
        if self._announced or self.monitor is not None:
            return
        self._announced = True
        from iosemu.commands.boot.text import log_messages
        from iosemu.commands.interfaces.link_messages import watch

        self._unwatch = watch(self._device)
        for message in log_messages(self._device, configured=self.configured):
            if at_once:
                self._log(message)
            else:
                self._later(message.after_s, self._logging(message))

    def pass_unseen(self) -> None:
        """It has started before anybody could look on, as the routers of a lab."""
        self.announce(at_once=True)

    def broken_off(self) -> bool:
        """Somebody pressed Break on its console: in its first minute, or where its register says so, that stops it in
        the ROM monitor. False where Break has no effect."""
        device = self._device
        if self.monitor is not None:
            return True
        if device.register & BREAK_DISABLED and device.uptime_s > BREAKABLE_S:
            return False
        if self._showing:
            self.restart(Start(device.reload_reason, stopped=_ABORTED))
        else:
            base = int(device.chassis.platform.text_base, 16)
            counter, context = f"0x{base + _INTO_CODE:x}", device.chassis.platform.data_base.lower()
            self.restart(Start(f"abort at PC {counter}", stopped=_TRAPPED.format(context, counter)))
        return True

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
    def next_start(self) -> Start:
        """How the router starts when it is told to start again now."""
        at = f" at {router_time.moment_text(self._device)}" if self._device.time_is_set else ""
        return self._wanted or Start(f"reload{at}")

    def restart(self, start: Start) -> None:
        """Start again in that way."""
        self._wanted = start
        if self._device.on_reload is not None:
            self._device.on_reload()

    @property
    def _asks(self) -> bool:
        return not self.configured and not self._asked and self.monitor is None

    def _sees(self, console: Console) -> bool:
        return any(viewer is console for viewer in self._viewers)

    async def _ask(self, console: Console) -> None:
        """Ask once; a user who hangs up leaves the question to the next."""
        from iosemu.commands.boot.setup_dialogue import at_power_on
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
        self._showing = False
        if self.over and not self._asks:
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


def _monitor(device: Device) -> Monitor:
    from iosemu.commands.boot.rommon import Monitor  # hardly a router ever needs it

    return Monitor(device)
