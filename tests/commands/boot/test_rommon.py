"""The ROM monitor: how a router gets into it, what it answers, and how it gets out again."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from iosemu.chassis.platform import names
from iosemu.cli.session import run_now
from iosemu.cli.terminal import Transcript
from iosemu.clock import ManualClock
from iosemu.commands.boot.images import Start, choose
from iosemu.commands.boot.rommon import Monitor
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router, Services
from tests.commands.routers import User, device
from tests.commands.test_boot_on_consoles import OPEN_VTYS, connected, serving

TRANSCRIPT = Path(__file__).parents[4] / "shared" / "corpus" / "transcripts" / "rommon-boot-break__2610.txt"
SUMMARY = """

    Configuration Summary
enabled are:
load rom after netboot fails
console baud: 9600
boot: the ROM Monitor

"""


def answer(monitor: Monitor, *lines: str, answers: tuple[str, ...] = ()) -> tuple[str, Start | None]:
    """What is printed for these lines, and how the router is to start after the last."""
    console = Transcript(answers)
    start = None
    for line in lines:
        start = run_now(monitor.execute(line, console))
    return console.text, start


def router_with(register: int, startup: str = "end\n", platform: str = "3640") -> Router:
    store = FileStore(None)
    store.save_config_register(register)
    store.save_startup_config(startup)
    return Router(platform, clock=ManualClock(), network=NoNetwork(), store=store)


def shown(router: Router) -> str:
    """What its console shows up to where it waits."""
    assert isinstance(router.device.clock, ManualClock)
    console = Transcript()
    router.boot.begin()
    router.boot.show(console)
    router.device.clock.run(until_s=router.device.clock.now() + 30)
    return console.text


def test_a_boot_field_of_zero_stays_in_the_monitor_and_reads_no_configuration() -> None:
    router = router_with(0x2100, "hostname lab1\nend\n")
    text = shown(router)
    assert "System Bootstrap, Version" in text
    assert "Self decompressing" not in text
    assert router.boot.monitor is not None
    assert router.boot.monitor.prompt == "rommon 1 > "
    assert router.device.hostname == "Router"
    assert not router.boot.over


@pytest.mark.parametrize("platform", names())
def test_every_platform_stops_at_the_same_prompt_and_boots_from_it(platform: str) -> None:
    router = router_with(0x2100, "hostname lab1\nend\n", platform)
    monitor = router.boot.monitor
    assert monitor is not None
    text, start = answer(monitor, "dir flash:", "boot")
    file = router.device.chassis.platform.image_file
    assert file.partition(":")[2] in text
    assert start == Start("power-on", image=file)
    router.boot.restart(start)
    router.reload()
    assert router.device.hostname == "lab1"
    assert "Self decompressing" in shown(router)


def test_a_line_counts_and_an_empty_one_does_not() -> None:
    monitor = Monitor(device("3640"))
    answer(monitor, "dev", "", "nonsense")
    assert monitor.prompt == "rommon 3 > "


def test_an_unknown_word_is_told_and_words_are_not_abbreviated() -> None:
    monitor = Monitor(device("3640"))
    assert answer(monitor, "xyzzy 1")[0] == 'monitor: command "xyzzy" not found\n'
    assert answer(monitor, "conf 0x2142")[0] == 'monitor: command "conf" not found\n'


def test_confreg_with_a_number_as_captured() -> None:
    router = device("2610")
    text, _ = answer(Monitor(router), "confreg 0x2142")
    assert router.files.config_register == 0x2142
    assert text == "\nYou must reset or power cycle for new config to take effect\n"
    if TRANSCRIPT.exists():
        assert text.strip() in TRANSCRIPT.read_text()
    assert "usage: confreg" in answer(Monitor(router), "confreg 0x12345")[0]
    assert router.files.config_register == 0x2142


def test_confreg_asks_for_each_bit_and_tells_what_came_of_it() -> None:
    router = router_with(0x2100, platform="2610").device
    answers = ("y", "", "", "n", "", "y", "y", "y", "7", "y", "2", "n")
    text, _ = answer(Monitor(router), "confreg", answers=answers)
    assert text.startswith(SUMMARY + "do you wish to change the configuration? y/n  [n]:  y\n")
    assert 'enable  "diagnostic mode"? y/n  [n]:  \n' in text
    assert 'disable "load rom after netboot fails"? y/n  [n]:  n\n' in text
    assert "    [0]:  2\n" in text
    assert "break/abort has effect\nignore system config info\nconsole baud: 115200\n" in text
    assert "boot: image specified by the boot system commands\n      or default to: cisco2-C2600\n" in text
    assert text.endswith("You must reset or power cycle for new config to take effect\n")
    assert router.files.config_register == 0x3862
    assert "You must reset" not in answer(Monitor(router), "confreg", answers=("n",))[0]


def test_what_the_monitor_tells_of_the_hardware_follows_from_it() -> None:
    router = device("as5350")
    monitor = Monitor(router)
    memory, _ = answer(monitor, "meminfo")
    assert "Main memory size: 192 MB." in memory
    assert "NVRAM size: 512KB" in memory
    assert re.findall(r"^ *(\w+):  ", answer(monitor, "dev")[0], re.MULTILINE) == ["flash", "bootflash", "eprom"]
    files, _ = answer(monitor, "dir flash:")
    assert re.search(r"^  31457280 bytes \(0x1e00000\) +0x[0-9a-f]{4}    c5350-js-mz\S+$", files, re.MULTILINE)
    assert answer(monitor, "dir flash")[0] == "bad device name\nusage: dir <device>\n"
    assert answer(monitor, "dir slot9:")[0] == "bad device name\nusage: dir <device>\n"


def test_variables_are_kept_once_they_are_synced() -> None:
    router = device("3640")
    monitor = Monitor(router)
    answer(monitor, "IP_ADDRESS=192.0.2.1", "A=1", "unset A")
    assert "IP_ADDRESS=192.0.2.1\n" in answer(monitor, "set")[0]
    assert "A=" not in answer(monitor, "set")[0]
    assert "IP_ADDRESS" not in answer(Monitor(router), "set")[0]
    answer(monitor, "sync")
    assert "IP_ADDRESS=192.0.2.1\n" in answer(Monitor(router), "set")[0]
    answer(monitor, "PS1=boot!>")
    assert monitor.prompt.startswith("boot")


def test_history_repeat_and_aliases() -> None:
    monitor = Monitor(device("3640"))
    answer(monitor, "dev", 'alias x="dir flash:"')
    assert "1       dev\n2       alias" in answer(monitor, "h")[0]
    assert answer(monitor, "x")[0] == answer(monitor, "dir flash:")[0]
    assert "Devices in device table" in answer(monitor, "repeat dev")[0]
    assert "unset a monitor variable" in answer(monitor, "?")[0] == answer(monitor, "help")[0]
    answer(monitor, "unalias x")
    assert "not found" in answer(monitor, "x")[0]


def test_tftpdnld_says_what_it_needs() -> None:
    monitor = Monitor(device("3640"))
    assert "REQUIRED to be set for tftpdnld" in answer(monitor, "tftpdnld")[0]
    names = ("IP_ADDRESS", "IP_SUBNET_MASK", "DEFAULT_GATEWAY", "TFTP_SERVER", "TFTP_FILE")
    answer(monitor, *(f"{name}=192.0.2.1" for name in names))
    text, _ = answer(monitor, "tftpdnld", answers=("y",))
    assert "          IP_ADDRESS: 192.0.2.1\n" in text
    assert "Do you wish to continue? y/n:  [n]:  y\n" in text
    assert text.endswith("TFTP: Operation terminated.\n")
    assert choose(monitor._device, Start()).image is not None  # what was in flash is still there


class OneFile(asyncio.DatagramProtocol):
    """A TFTP server whose every file is one short block of zeros, which an image of this world is."""

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if data.startswith(b"\0\1"):
            self.transport.sendto(b"\0\3\0\1" + bytes(400), addr)


def test_tftpdnld_puts_an_image_into_an_empty_flash_which_then_starts() -> None:
    async def scenario() -> str:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(OneFile, local_addr=("127.0.0.1", 0))
        server: tuple[str, int] = transport.get_extra_info("sockname")

        class Wire(NoNetwork):
            def datagrams(self, source: str, destination: str, port: int) -> tuple[str, int]:
                assert (source, destination, port) == ("192.0.2.9", "192.0.2.1", 69)
                return server

        router.network = Wire()
        console = Transcript(("y",))
        try:
            for line in (*variables, "tftpdnld"):
                await monitor.execute(line, console)
        finally:
            transport.close()
        return console.text

    router = device("3640")
    router.files.volume("flash").clear()
    monitor = Monitor(router)
    assert answer(monitor, "boot")[1] is None
    variables = ["IP_ADDRESS=192.0.2.9", "IP_SUBNET_MASK=255.255.255.0", "DEFAULT_GATEWAY=192.0.2.1"]
    variables += ["TFTP_SERVER=192.0.2.1", "TFTP_FILE=images/c3640-js-mz.bin"]
    text = asyncio.run(scenario())
    assert "\nReceiving images/c3640-js-mz.bin from 192.0.2.1 !\nFile reception completed.\n" in text
    assert answer(monitor, "boot")[1] == Start("power-on", image="flash:c3640-js-mz.bin")


def test_boot_lines_are_tried_in_their_order_and_then_what_is_in_flash() -> None:
    router = router_with(0x2102, "boot system flash nothing.bin\nboot system flash:neither\nhostname lab1\nend\n")
    text = shown(router)
    assert 'boot: cannot open "flash:nothing.bin"\nboot: cannot open "flash:neither"\n' in text
    assert text.index("cannot open") < text.index("Self decompressing")
    assert router.device.hostname == "lab1"


def test_an_image_that_a_boot_line_names_is_the_one_that_runs() -> None:
    router = router_with(0x2102, "boot system flash nothing.bin\nboot system flash c3640-other.bin\nend\n")
    router.device.files.volume("flash").write("c3640-other.bin", bytes(1000))
    router.reload()
    assert 'System image file is "flash:c3640-other.bin"' in User(router.device).type("show version")
    assert "size: 0x2a4\n" in shown(router)


def test_a_router_without_an_image_ends_in_the_monitor() -> None:
    router = router_with(0x2102, "boot system flash nothing.bin\nhostname lab1\nend\n")
    router.device.files.volume("flash").clear()
    router.reload()
    text = shown(router)
    assert 'boot: cannot open "flash:nothing.bin"\n' in text
    assert 'boot: cannot determine first file name on device "flash:"\n' in text
    assert router.boot.monitor is not None
    assert text.count("System Bootstrap") == 2
    told, start = answer(router.boot.monitor, "boot flash:x")
    assert (told, start) == ('boot: cannot open "flash:x"\n', None)


def test_what_is_no_image_is_not_started() -> None:
    router = device("3640")
    router.files.volume("flash").write("lab.cfg", b"hostname lab1\n")
    told, start = answer(Monitor(router), "boot flash:lab.cfg")
    assert start is None
    assert told == 'loadprog: bad file magic number:      0x686f7374\nboot: cannot load "flash:lab.cfg"\n'


def broken(router: Router) -> bool:
    """Press Break; the router starts again where that has an effect."""
    stopped = router.boot.broken_off()
    if stopped:
        router.reload()
    return stopped


def test_break_has_an_effect_for_a_minute() -> None:
    router = router_with(0x2102)
    clock = router.device.clock
    assert isinstance(clock, ManualClock)
    router.boot.begin()
    clock.run(until_s=1.0)
    assert broken(router)
    assert shown(router) == '\nmonitor: command "boot" aborted due to user interrupt\n'
    assert router.boot.monitor is not None
    late = router_with(0x2102)
    assert isinstance(late.device.clock, ManualClock)
    late.device.clock.run(until_s=61)
    assert not broken(late)


def test_break_is_always_heeded_where_the_register_says_so() -> None:
    router = router_with(0x2002)
    assert isinstance(router.device.clock, ManualClock)
    router.device.clock.run(until_s=3600)
    assert broken(router)
    assert "*** System received an abort due to Break Key ***" in shown(router)
    assert router.boot.monitor is not None
    _, start = answer(router.boot.monitor, "reset")
    assert start is not None
    assert start.reason.startswith("abort at PC 0x600")


def test_a_forgotten_password_is_recovered_over_the_console() -> None:
    startup = "hostname lab1\nenable secret lost\ninterface FastEthernet0/0\n ip address 192.0.2.1 255.255.255.0\nend\n"

    async def scenario(router: Router, services: Services) -> None:
        console = await connected(services.console)
        vty = await connected(services.telnet)
        await console.expect(b"Press RETURN to get started.")
        console.type(b"\xff\xf3")  # Break
        await console.expect(b"rommon 1 > ")
        assert await vty.ended()
        assert await (await connected(services.telnet)).ended()
        console.type(b"confreg 0x2142\r")
        await console.expect(b"You must reset or power cycle for new config to take effect\r\nrommon 2 > ")
        console.type(b"reset\r")
        assert b"System Bootstrap" in await console.expect(b"initial configuration dialog? [yes/no]: ")
        console.type(b"no\r")
        await console.expect(b"Press RETURN to get started!")
        console.type(b"\r")
        await console.expect(b"Router>")
        console.type(b"enable\rshow ip interface brief\r")
        assert b"administratively down" in await console.expect(b"FastEthernet0/1")
        console.type(b"copy startup-config running-config\r\r")
        await console.expect(b"bytes copied")
        await console.expect(b"lab1#")
        console.type(b"configure terminal\renable secret found\rinterface FastEthernet0/0\rno shutdown\rexit\r")
        console.type(b"config-register 0x2102\rend\r")
        await console.expect(b"%SYS-5-CONFIG_I")
        console.type(b"write memory\r")
        await console.expect(b"[OK]")
        console.type(b"reload\r")
        await console.expect(b"[confirm]")
        console.type(b"\r")
        await console.expect(b"Press RETURN to get started!")
        console.type(b"\renable\r")
        await console.expect(b"Password: ")
        console.type(b"found\rshow ip interface brief\r")
        await console.expect(b"lab1#")
        seen = await console.expect(b"FastEthernet0/1")
        assert re.search(rb"FastEthernet0/0 +192\.0\.2\.1 +YES \w+ +up", seen)

    serving("instant", startup, scenario)


def test_a_user_who_hangs_up_leaves_the_router_in_the_monitor() -> None:
    async def scenario(router: Router, services: Services) -> None:
        first = await connected(services.console)
        first.type(b"\xff\xf3")
        await first.expect(b"rommon 1 > ")
        first.type(b"dev\r")
        await first.expect(b"rommon 2 > ")
        first.type(b"bo\x03")
        await first.expect(b"\r\nrommon 2 > ")
        first.close()
        second = await connected(services.console)
        await second.expect(b"rommon 2 > ")
        second.type(b"boot\r")
        await second.expect(b"Press RETURN to get started!")
        await (await connected(services.telnet)).expect(b"lab1#")

    serving("instant", OPEN_VTYS, scenario)


def test_the_monitor_can_be_awaited_by_more_than_one_console() -> None:
    async def scenario(router: Router, services: Services) -> None:
        first, second = await connected(services.console), await connected(services.console)
        first.type(b"\xff\xf3")
        await asyncio.gather(first.expect(b"rommon 1 > "), second.expect(b"rommon 1 > "))
        second.type(b"reset\r")
        await asyncio.gather(first.expect(b"get started!"), second.expect(b"get started!"))

    serving("instant", OPEN_VTYS, scenario)
