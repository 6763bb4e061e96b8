"""What a router shows while it starts, and what it logs when it has."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from iosemu.chassis.platform import names
from iosemu.cli.terminal import Transcript
from iosemu.clock import ManualClock
from iosemu.commands.boot.boot import READY
from iosemu.commands.boot.images import Start, choose
from iosemu.commands.boot.text import console_pieces, log_messages
from iosemu.commands.chassis.show_version import version_text
from iosemu.commands.context import Device
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from iosemu.terminal.vty import Interrupted
from tests.commands.routers import User, device

TRANSCRIPTS = Path(__file__).parents[4] / "shared" / "corpus" / "transcripts"


def made(platform: str = "3640", startup: str | None = None) -> Router:
    store = FileStore(None)
    if startup is not None:
        store.save_startup_config(startup)
    return Router(platform, clock=ManualClock(), network=NoNetwork(), store=store)


def clock_of(router: Router) -> ManualClock:
    assert isinstance(router.device.clock, ManualClock)
    return router.device.clock


def logged(router: Router) -> list[str]:
    """All that the console's log gets from now on."""
    lines: list[str] = []
    router.attach_log(lines.append)
    return lines


def started(router: Device) -> str:
    """What the console of that router is shown of its power-on."""
    return "".join(text for _, text in console_pieces(router, Start(), choose(router, Start()), ()))


def attended(router: Router, console: Transcript, until_s: float = 60.0) -> bool:
    """Have that console look on until the router waits for Return."""

    async def scenario() -> bool:
        attending: asyncio.Task[bool] = asyncio.ensure_future(_as_coroutine(router, console))
        await asyncio.sleep(0)
        clock_of(router).run(until_s=until_s)
        return await attending

    return asyncio.run(scenario())


def _as_coroutine(router: Router, console: Transcript) -> Coroutine[Any, Any, bool]:
    return router.boot.attend(console)


@pytest.mark.parametrize("platform", names())
def test_a_start_tells_what_show_version_tells(platform: str) -> None:
    router = device(platform)
    shown = started(router)
    rom, _, rest = shown.strip().partition("\n\nprogram load complete, entry point: 0x")
    assert rom.splitlines()[0] == router.chassis.platform.rom
    assert "{" not in rom
    assert " of main memory" in rom
    banner, _, hardware = rest.partition("Cisco Internetwork Operating System Software \n")[2].partition("\n\n")
    version = version_text(router)
    assert banner in version
    assert hardware.rstrip() in version
    assert "K bytes of " in hardware.rstrip().splitlines()[-1]


def test_the_lines_of_a_captured_boot_are_there() -> None:
    file = TRANSCRIPTS / "copy-tftp-flash-reload-boot__3640-12.2-23a.txt"
    if not file.exists():
        pytest.skip("the captured boot is not here")
    captured = file.read_text().partition("Proceed with reload? [confirm]")[2]
    shown = started(device("3640"))
    for line in captured[captured.index("System Bootstrap") : captured.index("Self decompressing")].splitlines():
        assert line.strip() in shown
    for words in ("Self decompressing the image : ###", "[OK]", "2 FastEthernet", "X.25 software, Version 3.0.0."):
        assert words in shown


def test_a_2621_whose_packet_memory_was_set_says_so_in_the_lines_of_a_captured_one() -> None:
    file = TRANSCRIPTS / "boot-reload-erase__2621-12.1-3-XI.txt"
    if not file.exists():
        pytest.skip("the captured boot is not here")
    captured = [line.strip() for line in file.read_text().partition("program load complete")[2].splitlines()]
    wanted = captured[captured.index("Smart Init is disabled.") : captured.index("Restricted Rights Legend") + 1]
    router = made("2621", "memory-size iomem 25\nend\n")
    shown = [line.strip() for line in started(router.device).splitlines()]
    assert [line for line in shown if line in wanted] == wanted
    assert not any("Smart Init" in line for line in started(device("2621")).splitlines())


def test_the_start_takes_a_few_seconds_and_leaves_the_console_waiting_for_return() -> None:
    router = made(startup="hostname lab1\nend\n")
    router.boot.begin()
    clock = clock_of(router)
    early, late = Transcript(), Transcript()
    router.boot.show(early)
    clock.run(until_s=1.0)
    assert "System Bootstrap" in early.text
    assert READY not in early.text
    router.boot.show(late)
    clock.run(until_s=8.0)
    assert router.boot.over
    assert early.text == late.text
    assert early.text.endswith(READY)


def test_an_instant_clock_leaves_the_pauses_out() -> None:
    router = made(startup="end\n")
    console = Transcript()
    router.boot.begin()
    router.boot.show(console)
    clock_of(router).run()
    assert console.text.count("#") == 200


def test_lines_of_the_startup_configuration_that_are_refused_are_shown_with_their_caret() -> None:
    router = made(startup="hostname lab1\ninterface FastEthernet0/0\n zzz\nend\n")
    console = Transcript()
    router.boot.begin()
    router.boot.show(console)
    clock_of(router).run()
    assert console.text.endswith("\n\n zzz\n ^\n% Invalid input detected at '^' marker.\n\n" + READY)
    assert router.device.hostname == "lab1"


def test_the_log_follows_from_the_configuration() -> None:
    startup = (
        "interface FastEthernet0/0\n!\ninterface FastEthernet0/1\n shutdown\n!\n"
        "interface Loopback0\n ip address 192.0.2.1 255.255.255.255\nend\n"
    )
    router = made("3660", startup)
    lines = logged(router)
    router.boot.begin()
    clock_of(router).run()
    told = [line.partition("%")[2].partition("\n")[0] for line in lines]
    assert told == [
        "LINK-3-UPDOWN: Interface FastEthernet0/0, changed state to up",
        "LINK-3-UPDOWN: Interface FastEthernet0/1, changed state to up",
        "LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/0, changed state to up",
        "LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/1, changed state to up",
        "LINK-3-UPDOWN: Interface Loopback0, changed state to up",
        "SYS-5-CONFIG_I: Configured from memory by console",
        "SYS-5-RESTART: System restarted --",
        "LINK-5-CHANGED: Interface FastEthernet0/1, changed state to administratively down",
        "LINEPROTO-5-UPDOWN: Line protocol on Interface Loopback0, changed state to up",
        "LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet0/1, changed state to down",
    ]
    restart = next(line for line in lines if "%SYS-5-RESTART" in line)
    assert "\nIOS (tm) 3600 Software (C3660-JS-M), Version 12.2(15)T9,  RELEASE SOFTWARE (fc2)\n" in restart


def test_a_cabled_trunk_comes_up_with_its_d_channel() -> None:
    router = device("as5300")
    user = User(router)
    user.configure("isdn switch-type primary-ni", "controller T1 0", "pri-group timeslots 1-24")
    silent = [message.text for message in log_messages(router, configured=True)]
    assert not any("T1 0" in text for text in silent)
    router.voice.plug("T1 0", lambda *arguments: None)  # type: ignore[arg-type]
    told = [(message.facility, message.text) for message in log_messages(router, configured=True)]
    assert ("CONTROLLER", "Controller T1 0, changed state to up") in told
    assert ("LINK", "Interface Serial0:23, changed state to up") in told
    assert not any("T1 1" in text for _, text in told)


def test_the_log_of_a_start_that_nobody_looked_at_is_there_at_once() -> None:
    router = made(startup="logging buffered\nend\n")
    router.boot.announce(at_once=True)
    shown = User(router.device).type("show logging")
    assert "%SYS-5-RESTART: System restarted --" in shown
    router.boot.announce(at_once=True)
    assert User(router.device).type("show logging").count("%SYS-5-RESTART") == 1


def test_an_empty_router_asks_on_its_console_once() -> None:
    router = made()
    lines = logged(router)
    router.boot.begin()
    first, second = Transcript(("no",)), Transcript()
    assert attended(router, first)
    assert "Would you like to enter the initial configuration dialog? [yes/no]: no\n" + READY in first.text
    assert first.text.count("Press RETURN") == 1
    clock_of(router).run()
    assert any("%SYS-5-RESTART" in line for line in lines)
    assert not any("CONFIG_I" in line for line in lines)
    assert not attended(router, second)
    assert second.text == ""


def test_who_hangs_up_leaves_the_question_to_the_next() -> None:
    router = made()
    with pytest.raises(EOFError):
        attended(router, Transcript(("",)))
    later = Transcript(("no",))
    assert attended(router, later)
    assert "initial configuration dialog" in later.text


def test_ctrl_c_leaves_everything_as_it_was() -> None:
    class Breaking(Transcript):
        async def read_line(self, prompt: str, *, secret: bool = False) -> str:
            if prompt.startswith("  Enter enable secret"):
                raise Interrupted
            return await super().read_line(prompt, secret=secret)

    router = made()
    console = Breaking(("yes", "yes", "r1"))
    assert attended(router, console)
    assert console.text.endswith("\n" + READY)
    assert router.device.hostname == "Router"


def test_a_router_that_was_given_a_configuration_asks_nothing() -> None:
    for router in (made(startup="hostname lab1\nend\n"), made()):
        router.load("hostname lab1\n")
        console = Transcript()
        assert not attended(router, console)
        assert console.text == ""


def test_a_blank_router_has_its_interfaces_shut_and_one_that_was_configured_those_that_nobody_named() -> None:
    def closed(router: Router) -> list[str]:
        return [line.split()[0] for line in brief(router) if "administratively down" in line]

    def brief(router: Router) -> list[str]:
        return User(router.device).type("show ip interface brief").splitlines()

    blank = made("3660")
    assert closed(blank) == ["FastEthernet0/0", "FastEthernet0/1"]
    User(blank.device).configure("interface FastEthernet0/1", "no shutdown")
    assert closed(blank) == ["FastEthernet0/0"]
    User(blank.device).type("write memory")
    blank.reload()
    assert closed(blank) == ["FastEthernet0/0"]
    assert closed(made("3660", "interface FastEthernet0/0\nend\n")) == ["FastEthernet0/1"]
    pasted = made("3660")
    pasted.load("interface fa0/1\n ip address 192.0.2.1 255.255.255.0\ninterface FastEthernet 0/0\n shutdown\n")
    assert closed(pasted) == ["FastEthernet0/0"]


def test_what_a_user_types_or_copies_opens_no_interface() -> None:
    router = made("3660")
    user = User(router.device, "")
    user.configure("interface FastEthernet0/0", "ip address 192.0.2.1 255.255.255.0")
    assert "FastEthernet0/0            192.0.2.1       YES manual administratively down" in user.type(
        "show ip interface brief"
    )
    assert " ip address 192.0.2.1 255.255.255.0\n shutdown\n" in user.type("show running-config")


def test_a_whole_configuration_that_is_pasted_opens_the_interfaces_that_it_names() -> None:
    router = made("3660")
    user = User(router.device)
    user.configure("version 12.2", "interface FastEthernet0/0", "ip address 192.0.2.1 255.255.255.0")
    shown = user.type("show running-config")
    assert " ip address 192.0.2.1 255.255.255.0\n duplex auto\n" in shown
    assert "interface FastEthernet0/1\n no ip address\n shutdown\n" in shown


def test_uptime_counts_from_the_start() -> None:
    router = made(startup="hostname lab1\nend\n")
    clock_of(router).run(until_s=7200)
    assert "lab1 uptime is 2 hours, 0 minutes\nSystem returned to ROM by power-on\n" in version_text(router.device)
    router.reload()
    clock_of(router).run(until_s=7260)
    assert "lab1 uptime is 1 minute\nSystem returned to ROM by reload\n" in version_text(router.device)


def test_a_reload_cuts_the_start_before_it_and_what_was_scheduled() -> None:
    router = made(startup="hostname lab1\nend\n")
    console = Transcript()
    User(router.device, "\r").type("reload in 10")
    router.boot.begin()
    router.boot.show(console)
    clock_of(router).run(until_s=1.0)
    router.reload()
    clock_of(router).run(until_s=3600.0)
    assert READY not in console.text
    assert router.reloads == 1
