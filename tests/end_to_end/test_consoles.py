"""Telnet into the routers of a running lab, as a trainee would: bytes on a socket, no library."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest

from .running import RunningLab, iosemu, start, stop

EXAMPLES = Path(__file__).parents[2] / "examples" / "t37-lab"
PASSWORD = b"cisco"


class Telnet:
    """A client that answers no option, types, and waits for what it expects."""

    def __init__(self, endpoint: tuple[str, int]) -> None:
        self._wire = socket.create_connection(endpoint, timeout=20)
        self.seen = b""

    def __enter__(self) -> Telnet:
        return self

    def __exit__(self, *exc: object) -> None:
        self._wire.close()

    def expect(self, pattern: bytes) -> str:
        """Read until `pattern` matches; gives what came, up to the end of the match."""
        deadline = time.monotonic() + 20
        while (found := re.search(pattern, self.seen)) is None:
            assert time.monotonic() < deadline, f"{pattern!r} did not come: {self.seen!r}"
            octets = self._wire.recv(65536)
            assert octets, f"hung up before {pattern!r}: {self.seen!r}"
            self.seen += octets
        got, self.seen = self.seen[: found.end()], self.seen[found.end() :]
        return re.sub(rb"\xff[\xfb-\xfe].", b"", got).decode("latin-1").replace("\r\n", "\n")

    def type(self, text: str | bytes) -> None:
        self._wire.sendall(text if isinstance(text, bytes) else text.encode())

    def command(self, line: str, prompt: bytes = rb"[#>]$") -> str:
        """Type a line, wait for the next prompt; gives what was printed between."""
        self.type(f"{line}\r")
        return self.expect(rb"\n[\w.-]+(\([\w-]+\))?" + prompt).partition("\n")[2]

    def log_in(self) -> None:
        self.expect(b"Password: ")
        self.type(PASSWORD + b"\r")
        self.expect(b">")
        self.type(b"enable\r")
        self.expect(b"Password: ")
        self.type(PASSWORD + b"\r")
        self.expect(b"#")
        self.command("terminal length 0")


def running_config(text: str) -> str:
    """A configuration from its version line on: what is above it is size and time."""
    return text[text.index("version 12.2") :].rpartition("\nend")[0]


@pytest.mark.parametrize(("router", "platform"), [("vdtl-5300-7a", "as5300"), ("vdtl-5350-8a", "as5350")])
def test_pasting_an_example_into_a_blank_router_gives_it_back(tmp_path: Path, router: str, platform: str) -> None:
    example = (EXAMPLES / f"{router}.cfg").read_text()
    (tmp_path / "lab.toml").write_text(
        f'name = "blank"\n[[router]]\nname = "blank"\nplatform = "{platform}"\naddress = "15.80.7.1"\n'
    )
    lab = start(tmp_path, lab=tmp_path / "lab.toml")
    try:
        with Telnet(lab.router("blank", "console")) as console:
            console.expect(rb"initial configuration dialog\? \[yes/no\]: ")
            console.type(b"no\r")
            console.expect(b"RETURN to get started")
            console.type(b"\r")
            console.expect(b"Router>")
            console.command("enable")
            console.command("terminal length 0")
            assert "\n shutdown\n" in console.command("show running-config")
            console.command("configure terminal")
            console.type(example.replace("\n", "\r"))
            if "%LINEPROTO" not in console.expect(router.encode() + rb"#"):  # its interfaces come up a moment later
                console.expect(
                    rb"%LINEPROTO-5-UPDOWN: Line protocol on Interface FastEthernet\S+, changed state to up\r\n"
                )
            console.type(b"show running-config\r")
            shown = console.expect(rb"\nend\r\n")
    finally:
        assert stop(lab)[0] == 0
    assert running_config(shown) == running_config(example)


def test_a_trainee_finds_the_router_that_he_knows(lab: RunningLab) -> None:
    with Telnet(lab.router("vdtl-5300-7a", "telnet")) as telnet:
        telnet.log_in()
        assert "AS5300" in telnet.command("sh ver")
        assert '% Ambiguous command:  "c"' in telnet.command("c")
        assert "% Incomplete command." in telnet.command("show ip")
        assert "                 ^\n% Invalid input detected at '^' marker." in telnet.command("sh rnu")
        telnet.type(b"sh run | b dial-peer voice 2\r")
        assert "session target mailto:tom@testlab-t37.com" in telnet.expect(rb"\nend\r\n")
        telnet.expect(b"#")
        telnet.type(b"conf\tt\r")
        telnet.expect(rb"Enter configuration commands, one per line\.  End with CNTL/Z\.")
        telnet.expect(rb"\(config\)#")
        telnet.type(b"dial-peer voice 2 mmoip\r")
        telnet.expect(rb"\(config-dial-peer\)#")
        telnet.type(b"image ?")
        assert "encoding" in telnet.expect(rb"\(config-dial-peer\)#image $")
        telnet.type(b"\x15\x1a")
        telnet.expect(rb"7a#")
        telnet.type(b"exit\r")


def test_debug_shows_a_fax_as_it_comes_and_the_history_keeps_it(lab: RunningLab, tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("for the debug test\n")
    with Telnet(lab.router("vdtl-5300-7a", "telnet")) as telnet:
        telnet.log_in()
        telnet.command("terminal monitor")
        assert "debugging is on" in telnet.command("debug foip on-ramp")
        telnet.command("debug fmsp receive t30")
        telnet.command("debug mta send all")
        lab.iosemu("fax", "send", "--from", "555-0100", "--to", "555-0199", text)
        printed = telnet.expect(rb"context freed")
        assert "lapp_on" in printed
        assert "MAIL FROM" in printed.upper()
        assert "DCS" in printed
        telnet.command("undebug all")
        history = telnet.command("show call history fax brief")
    assert "pid:1 Answer 5550100" in history
    assert "pid:2 Originate tom@testlab-t37.com" in history


def test_the_tool_gives_a_configuration_back_that_it_was_given() -> None:
    for name, platform in (("vdtl-5300-7a", "as5300"), ("vdtl-5350-8a", "as5350")):
        file = EXAMPLES / f"{name}.cfg"
        assert running_config(iosemu("config", platform, file).stdout) == running_config(file.read_text())


def test_a_reload_brings_back_what_was_saved_and_drops_the_rest(own_lab: RunningLab) -> None:
    with Telnet(own_lab.router("vdtl-5300-7a", "console")) as console:
        console.expect(b"RETURN to get started")
        console.type(b"\r")
        console.expect(b">")
        console.type(b"enable\r")
        console.expect(b"Password: ")
        console.type(PASSWORD + b"\r")
        console.expect(b"#")
        console.command("terminal length 0")
        console.command("write memory")
        console.command("configure terminal")
        console.command("hostname unsaved")
        console.type(b"end\r")
        console.expect(rb"%SYS-5-CONFIG_I: Configured from console by console")
        console.type(b"reload\r")
        console.expect(rb"System configuration has been modified\. Save\? \[yes/no\]: ")
        console.type(b"no\r")
        console.expect(rb"Proceed with reload\? \[confirm\]")
        console.type(b"\r")
        console.expect(b"RETURN to get started")
        console.type(b"\r")
        console.expect(b"vdtl-5300-7a>")
        console.command("terminal length 0")
        assert "System returned to ROM by reload" in console.command("show version")
        console.type(b"enable\r")
        console.expect(b"Password: ")
        console.type(PASSWORD + b"\r")
        console.expect(b"#")
        console.command("configure terminal")
        console.type(b"end\r")
        console.expect(rb"%SYS-5-CONFIG_I: Configured from console by console")
