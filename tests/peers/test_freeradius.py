"""A real RADIUS server lets users in and keeps records of them: FreeRADIUS, reached over the lab's network."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.fax.render import load_octets
from iosemu.lab.network import Host, VirtualNetwork
from iosemu.lab.run import Lab
from iosemu.lab.topology import load
from iosemu.router import Router
from tests.lab import telnet_user
from tests.lab.labs import fax, running_lab
from tests.lab.telnet_user import Terminal, Visit
from tests.peers import freeradius

pytestmark = pytest.mark.peer

SERVER = "172.18.106.40"
USERS = """
tom Cleartext-Password := "tiger"
    Cisco-AVPair = "shell:priv-lvl=15"
ann Cleartext-Password := "apple"
    Service-Type = NAS-Prompt-User
$enab15$ Cleartext-Password := "boss"
"""
CONFIGURATION = f"""
hostname gw
username bob privilege 5 password 0 home
aaa new-model
aaa authentication login default group radius local
aaa authentication enable default group radius
aaa authorization exec default group radius local
aaa accounting exec default start-stop group radius
interface FastEthernet0
 ip address 15.80.7.11 255.255.255.0
 no shutdown
radius-server host {SERVER} auth-port 1812 acct-port 1813 timeout 1 retransmit 0
radius-server key 0 {freeradius.SECRET}
line vty 0 4
"""


def visited(server: freeradius.FreeRadius | None, visit: Visit, configuration: str = CONFIGURATION) -> Router:
    """A router whose telnet port somebody visits; without a server nobody is at its address."""

    return asyncio.run(visiting(server, visit, configuration, {}))


async def visiting(
    server: freeradius.FreeRadius | None, visit: Visit, configuration: str, tcp: dict[int, tuple[str, int]]
) -> Router:
    """The same; the machine of the server has these ports besides."""
    network = VirtualNetwork()
    if server is not None:
        ports = {1812: ("127.0.0.1", server.authentication), 1813: ("127.0.0.1", server.accounting)}
        network.add(Host("radius", lambda: [SERVER], tcp, datagrams=ports))
    return await telnet_user.visited(network, configuration, visit)


def test_a_server_lets_users_in_at_their_levels(need: Callable[[str], str], tmp_path: Path) -> None:
    async def tom(terminal: Terminal) -> None:
        assert (await terminal.log_in("tom", "tiger")).endswith("gw#")

    async def ann(terminal: Terminal) -> None:
        failed = await terminal.log_in("ann", "wrong", "failed")
        assert "% Authentication failed" in failed
        assert (await terminal.log_in("ann", "apple")).endswith("gw>")
        terminal.type("enable")
        await terminal.until("Password: ")
        terminal.type("boss")
        await terminal.until("gw#")

    async def bob(terminal: Terminal) -> None:
        """The router knows him, but the server, which is asked first, does not."""
        await terminal.log_in("bob", "home", "failed")

    with freeradius.running(need("freeradius"), tmp_path, USERS) as server:
        for visit in (tom, ann, bob):
            visited(server, visit)


def test_a_server_that_does_not_answer_hands_over(need: Callable[[str], str], tmp_path: Path) -> None:
    async def bob(terminal: Terminal) -> None:
        assert (await terminal.log_in("bob", "home")).endswith("gw#")

    visited(None, bob)
    other = CONFIGURATION.replace(freeradius.SECRET, "another")
    with freeradius.running(need("freeradius"), tmp_path, USERS) as server:
        visited(server, bob, other)  # whose answers cannot be proven with that key


def test_a_session_is_accounted(need: Callable[[str], str], tmp_path: Path) -> None:
    async def tom(terminal: Terminal) -> None:
        await terminal.log_in("tom", "tiger")
        terminal.type("exit")
        with pytest.raises(AssertionError, match="closed"):
            await terminal.until("nothing")

    with freeradius.running(need("freeradius"), tmp_path, USERS) as server:
        visited(server, tom)
        start, stop = server.records(2, "tom")
    assert (start["Acct-Status-Type"], stop["Acct-Status-Type"]) == ("Start", "Stop")
    assert start["Acct-Session-Id"] == stop["Acct-Session-Id"]
    assert stop["Acct-Terminate-Cause"] == "User-Request"
    assert start["Calling-Station-Id"] == "127.0.0.1"
    assert (start["NAS-IP-Address"], start["NAS-Port-Type"], start["NAS-Port"]) == ("15.80.7.11", "Virtual", "2")


BESIDE_THE_MAIL = "172.18.106.36"
"""The lab's mail server, whose machine serves RADIUS as well."""
FAX_USERS = """
5550100 Cleartext-Password := "faxes"
vdtl-5350-8a.testlab-t37.com Cleartext-Password := "faxes"
"""
FAX_AAA = f"""
aaa new-model
aaa authentication login faxes group radius
aaa accounting connection faxes start-stop group radius
aaa accounting connection h323 start-stop group radius
gw-accounting h323 vsa
radius-server vsa send
gw-accounting syslog
logging buffered 65535
radius-server host {BESIDE_THE_MAIL} auth-port 1812 acct-port 1813 timeout 2
radius-server key {freeradius.SECRET}
mmoip aaa global-password faxes
mmoip aaa method fax authentication faxes
mmoip aaa method fax accounting faxes
"""
ON_RAMP_AAA = """
mmoip aaa receive-id primary ani
mmoip aaa receive-authentication enable
mmoip aaa receive-accounting enable
"""
OFF_RAMP_AAA = """
mmoip aaa send-id primary account-id
mmoip aaa send-id secondary gateway
mmoip aaa send-authentication enable
mmoip aaa send-accounting enable
"""
ON_RAMP, OFF_RAMP = "vdtl-5300-7a", "vdtl-5350-8a"


def in_the_lab(
    server: freeradius.FreeRadius, folder: Path, configurations: dict[str, str], case: Callable[[Lab], Awaitable[None]]
) -> None:
    async def main() -> None:
        source = packaged_lab()
        async with running_lab(folder, load(source), source) as lab:
            ports = {1812: ("127.0.0.1", server.authentication), 1813: ("127.0.0.1", server.accounting)}
            host = lab.network.owner(BESIDE_THE_MAIL)
            assert host is not None
            host.datagrams.update(ports)
            for name, text in configurations.items():
                assert lab.routers[name].router.load(FAX_AAA + text) == []
            await asyncio.wait_for(case(lab), 30)
            for _ in range(20):  # the last records are on their way
                await asyncio.sleep(0.02)

    asyncio.run(main())


def test_a_fax_is_authenticated_and_accounted_on_its_way_to_mail(need: Callable[[str], str], tmp_path: Path) -> None:
    logged: list[str] = []

    async def case(lab: Lab) -> None:
        sent = await fax(lab, load_octets(b"hello\n", "x.txt"), "555-0199")
        assert sent.ok
        logged.extend(lab.routers[ON_RAMP].router.device.log.buffer)

    with freeradius.running(need("freeradius"), tmp_path, FAX_USERS) as server:
        in_the_lab(server, tmp_path, {ON_RAMP: ON_RAMP_AAA}, case)
        records = server.records(4, "5550100")
    start, stop = (record for record in records if "Cisco-Fax-Auth-Status" in record)
    assert (start["Acct-Status-Type"], stop["Acct-Status-Type"]) == ("Start", "Stop")
    assert start["Acct-Session-Id"] == stop["Acct-Session-Id"]
    assert (start["Calling-Station-Id"], start["Called-Station-Id"]) == ("5550100", "5550199")
    assert (start["Cisco-Fax-Account-Id-Origin"], start["Cisco-Fax-Auth-Status"]) == ("ani", "success")
    assert (stop["Cisco-Fax-Pages"], stop["Cisco-Fax-Process-Abort-Flag"]) == ("1", "false")
    assert (stop["Cisco-Email-Server-Address"], stop["Cisco-Email-Server-Ack-Flag"]) == ("172.18.106.36", "true")
    assert int(stop["Acct-Input-Octets"]) > 100
    legs = [record for record in records if "h323-conf-id" in record]
    assert {record["h323-call-type"] for record in legs} == {"h323-call-type=Telephony"}
    history = [line for line in logged if "%VOIPAAA-5-VOIP_CALL_HISTORY: CallLegType" in line]
    assert len(history) == 2


def test_a_fax_of_a_stranger_is_not_answered(need: Callable[[str], str], tmp_path: Path) -> None:
    async def case(lab: Lab) -> None:
        sent = await fax(lab, load_octets(b"hello\n", "x.txt"), "555-0199")
        assert (sent.pages, sent.cause) == (0, "call rejected")

    with freeradius.running(need("freeradius"), tmp_path, USERS) as server:
        in_the_lab(server, tmp_path, {ON_RAMP: ON_RAMP_AAA}, case)


def test_a_mail_is_authenticated_and_accounted_on_its_way_to_fax(need: Callable[[str], str], tmp_path: Path) -> None:
    async def case(lab: Lab) -> None:
        port = lab.routers[OFF_RAMP].smtp[1]
        await asyncio.to_thread(mail_to, port, "FAX=9-555-8354@vdtl-5350-8a.testlab-t37.com")

    with freeradius.running(need("freeradius"), tmp_path, FAX_USERS) as server:
        in_the_lab(server, tmp_path, {OFF_RAMP: OFF_RAMP_AAA}, case)
        records = server.records(2, "vdtl-5350-8a.testlab-t37.com")
    start, stop = (record for record in records if "Cisco-Fax-Auth-Status" in record)
    assert (start["Acct-Status-Type"], stop["Acct-Status-Type"]) == ("Start", "Stop")
    assert (start["Cisco-Call-Type"], start["Cisco-Fax-Account-Id-Origin"]) == ("Fax Send", "gateway")
    assert (stop["Cisco-Fax-Pages"], stop["Cisco-Fax-Process-Abort-Flag"]) == ("1", "false")


def mail_to(port: int, recipient: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, "pc.example.com", timeout=20) as smtp:
        smtp.sendmail("tom@example.com", recipient, "Subject: x\r\n\r\nhello\r\n")


PRIVATE = f"""
aaa group server radius own
 server-private {SERVER} auth-port 1812 acct-port 1813 timeout 1 retransmit 0 key {freeradius.SECRET}
 exit
no radius-server host {SERVER} auth-port 1812 acct-port 1813
no radius-server key
aaa authentication login default group own
aaa accounting system default start-stop group own
aaa accounting connection default start-stop group own
"""


def test_a_group_has_a_server_of_its_own_which_hears_of_the_system_and_of_connections(
    need: Callable[[str], str], tmp_path: Path
) -> None:
    async def tom(terminal: Terminal) -> None:
        await terminal.log_in("tom", "tiger")
        terminal.type(f"telnet {SERVER} 7")
        await terminal.until(f"Connection to {SERVER} closed by foreign host")

    async def scenario(server: freeradius.FreeRadius) -> None:
        async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"goodbye\r\n")
            await asyncio.sleep(0.1)
            writer.close()

        listener = await asyncio.start_server(served, "127.0.0.1", 0)
        async with listener:
            await visiting(server, tom, CONFIGURATION + PRIVATE, {7: listener.sockets[0].getsockname()})

    with freeradius.running(need("freeradius"), tmp_path, USERS) as server:
        asyncio.run(scenario(server))
        start, stop = (record for record in server.records(2, "tom") if record["Service-Type"] == "Login-User")
        up = server.records(1, "")
    assert [record["Acct-Status-Type"] for record in (start, stop, *up)] == ["Start", "Stop", "Accounting-On"]
    assert (start["Login-IP-Host"], start["Login-TCP-Port"], start["Login-Service"]) == (SERVER, "7", "Telnet")
    assert start["Acct-Session-Id"] == stop["Acct-Session-Id"]
