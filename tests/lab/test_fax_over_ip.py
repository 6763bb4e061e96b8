"""A fax from machine to machine through two gateways and the network between: relayed, passed through, or spoiled."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from iosemu.cli.terminal import Transcript
from iosemu.fax import t4
from iosemu.fax.document import Coding, PageFormat
from iosemu.fax.pages import PagedDocument, StoredPage
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.ladder_text import draw
from iosemu.lab.network_nodes import Link
from iosemu.lab.run import Lab
from iosemu.lab.topology import FaxNode, Topology, parse
from iosemu.voice.circuit import Cause
from iosemu.voice.events import RelayDatagram, SignallingMessage
from iosemu.voice.legs import LegRecord, Telephony, Voip
from tests.fax_documents.samples import page
from tests.lab.labs import fax, running_lab

Run = Callable[..., None]
FORMAT = PageFormat(coding=Coding.MH)
PAGES = (page(30, seed=1), page(20, seed=2))
DOCUMENT = PagedDocument([StoredPage(t4.encode(bitmap, FORMAT)) for bitmap in PAGES])
SIP = " session protocol sipv2"
T38 = " fax protocol t38 ls-redundancy 2 hs-redundancy 1"

GATEWAY = """
hostname gw{own}
interface {ethernet}
 ip address 10.0.0.{own} 255.255.255.0
 no shutdown
controller T1 {trunk}
 pri-group timeslots 1-24
voice-port {trunk}:D
voice service voip
dial-peer voice 1 pots
 incoming called-number .
 destination-pattern {exchange}....
 direct-inward-dial
 prefix 555
 port {trunk}:D
dial-peer voice 2 voip
 incoming called-number .
 destination-pattern {other_exchange}....
 session target ipv4:10.0.0.{other}
"""
LAB = """
name = "over-ip"
[[router]]
name = "gw1"
platform = "as5300"
config = "gw1.cfg"
address = "10.0.0.1"
[[router]]
name = "gw2"
platform = "{platform}"
config = "gw2.cfg"
address = "10.0.0.2"
[[trunk]]
router = "gw1"
controller = "T1 0"
numbers = ["822...."]
[[trunk]]
router = "gw2"
controller = "T1 {trunk}"
numbers = ["811...."]
[[fax]]
number = "555-0100"
[[fax]]
number = "555-0200"
[[fax]]
number = "555-0201"
busy = true
"""


def topology(folder: Path, near: str, far: str, platform: str = "as5300") -> Topology:
    """What is dialled as 822-0200 goes through both gateways to 555-0200; `near` and `far` are of their VoIP peers."""
    far_names = {"as5300": ("Ethernet0", "0"), "as5350": ("FastEthernet0/0", "3/0"), "3660": ("FastEthernet0/0", "1/0")}
    ethernet, trunk = far_names[platform]
    numbers = {"own": 1, "other": 2, "exchange": "811", "other_exchange": "822"}
    (folder / "gw1.cfg").write_text(GATEWAY.format(ethernet="Ethernet0", trunk="0", **numbers) + near + "\n")
    numbers = {"own": 2, "other": 1, "exchange": "822", "other_exchange": "811"}
    text = GATEWAY.format(ethernet=ethernet, trunk=trunk, **numbers).replace(f"{trunk}:D", _port(platform))
    (folder / "gw2.cfg").write_text(text + far + "\n")
    return parse(LAB.format(platform=platform, trunk=trunk).encode(), folder / "lab.toml")


def _port(platform: str) -> str:
    return {"as5300": "0:D", "as5350": "3/0:D", "3660": "1/0:23"}[platform]


def legs(lab: Lab, router: str) -> dict[type, LegRecord]:
    """The legs of a router's last call, by kind."""
    control = lab.routers[router].router.voice.control
    return {type(entry.leg.detail): entry.leg for entry in control.history.entries(control.uptime())}


async def at_rest(lab: Lab) -> None:
    """Wait until nothing is held any more."""
    voices = [router.router.voice for router in lab.routers.values()]
    for _ in range(200):
        busy = [
            channel
            for voice in voices
            for port in voice.ports.values()
            for channel in port.channels
            if not channel.idle
        ]
        if not any(
            (busy, *(voice.control.active for voice in voices), *(voice.chassis.dsp.in_use for voice in voices))
        ):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("something is still held")


def received(lab: Lab) -> list[Any]:
    (job,) = lab.tray.jobs()
    assert (job.machine, job.cause) == ("5550200", "")
    return [image.coded(FORMAT).bitmap() for image in read_tiff(lab.tray.document(job.job).read_bytes())]


WAYS = [
    # What both peers say, the codec and the rate at the end.
    (f"{SIP}\n{T38}", "t38", 7200),
    (f"{SIP}\n{T38}\n codec g711ulaw", "t38", 14400),
    (f"{SIP}\n{T38}\n fax rate 9600\n fax-relay ecm-disable", "t38", 9600),
    (f"{SIP}\n fax protocol t38 nse\n fax rate 14400", "t38", 14400),
    (f"{SIP}\n fax protocol pass-through g711alaw", "g711alaw", 14400),
    (f"{SIP}\n fax rate disable\n codec g711alaw", "g711alaw", 14400),
    (T38, "t38", 7200),
    ("", "cisco", 7200),
    (" fax rate 12000", "cisco", 12000),
    (" fax rate disable\n modem passthrough nse codec g711ulaw", "g711ulaw", 14400),
    (" fax protocol pass-through g711ulaw", "g711ulaw", 14400),
    (f"{T38}\n fax rate 14400\n modem passthrough nse codec g711ulaw", "t38", 14400),
]


@pytest.mark.parametrize(("peer", "codec", "rate"), WAYS)
def test_a_fax_arrives(run: Run, tmp_path: Path, peer: str, codec: str, rate: int) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, topology(tmp_path, peer, peer), tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            await at_rest(lab)
            assert received(lab) == list(PAGES)
            assert lab.tray.jobs()[0].rate_bps == rate
            relayed = codec in ("t38", "cisco")
            for router, far in (("gw1", "10.0.0.2"), ("gw2", "10.0.0.1")):
                over_ip, line = legs(lab, router)[Voip], legs(lab, router)[Telephony]
                assert isinstance(over_ip.detail, Voip)
                assert isinstance(line.detail, Telephony)
                assert (over_ip.detail.codec, over_ip.detail.media) == (codec, far)
                assert (over_ip.detail.speech, line.detail.speech) == (not relayed, not relayed)
                assert over_ip.connection == line.connection
                assert over_ip.tx_packets > 10
                assert over_ip.rx_packets > 10
                if relayed:
                    assert (line.detail.rate_bps, line.detail.pages, line.detail.remote_id != "") == (rate, 2, True)

    run(scenario())


@pytest.mark.parametrize("platform", ["as5350", "3660"])
def test_a_gateway_of_another_platform(run: Run, tmp_path: Path, platform: str) -> None:
    async def scenario() -> None:
        peer = f"{SIP}\n{T38}"
        async with running_lab(tmp_path, topology(tmp_path, peer, peer, platform), tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            assert received(lab) == list(PAGES)

    run(scenario())


@pytest.mark.parametrize(
    "peer", [" fax rate disable", " fax protocol none", f"{SIP}\n fax protocol none\n codec g723r63"]
)
def test_a_codec_for_voices_spoils_a_fax(run: Run, tmp_path: Path, peer: str) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, topology(tmp_path, peer, peer), tmp_path / "lab.toml") as lab:
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(0, "T30 training failed")
            await at_rest(lab)
            assert lab.tray.jobs() == []
            over_ip = legs(lab, "gw1")[Voip].detail
            assert isinstance(over_ip, Voip)
            assert over_ip.speech

    run(scenario())


@pytest.mark.parametrize("asks", [T38, f"{T38}".replace("t38", "t38 nse")])
@pytest.mark.parametrize(
    ("near", "codec"),
    [
        (f"{SIP}\n fax protocol none\n codec g711ulaw", "g711ulaw"),
        (f"{SIP}\n fax protocol pass-through g711ulaw", "g711ulaw"),
        (f"{SIP}\n fax protocol cisco", "cisco"),
    ],
)
def test_what_the_far_gateway_refuses_has_a_fallback(
    run: Run, tmp_path: Path, near: str, codec: str, asks: str
) -> None:
    """The far gateway, where the fax answers, wishes for T.38; the near one has none."""
    fallback = {"cisco": "cisco", "g711ulaw": "pass-through g711ulaw"}[codec]
    voice = "\n codec g711ulaw" if "codec" in near else ""
    far = f"{SIP}\n{asks} fallback {fallback}{voice}"

    async def scenario() -> None:
        async with running_lab(tmp_path, topology(tmp_path, near, far), tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            assert received(lab) == list(PAGES)
            await at_rest(lab)
            over_ip = legs(lab, "gw2")[Voip].detail
            assert isinstance(over_ip, Voip)
            assert over_ip.codec == codec

    run(scenario())


def test_a_service_speaks_for_its_peers(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        lab_file = topology(tmp_path, SIP, SIP)
        for name in ("gw1.cfg", "gw2.cfg"):
            text = (tmp_path / name).read_text()
            (tmp_path / name).write_text(text.replace("voice service voip\n", f"voice service voip\n{T38}\n"))
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            await at_rest(lab)
            over_ip = legs(lab, "gw1")[Voip].detail
            assert isinstance(over_ip, Voip)
            assert over_ip.codec == "t38"

    run(scenario())


@pytest.mark.parametrize("protocol", [SIP, ""])
@pytest.mark.parametrize(
    ("number", "cause"), [("822-0201", "user busy"), ("822-9999", "unassigned number"), ("822-0200", "")]
)
def test_a_refusal_comes_back(run: Run, tmp_path: Path, protocol: str, number: str, cause: str) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, topology(tmp_path, protocol, protocol), tmp_path / "lab.toml") as lab:
            if not cause:  # nobody is at home
                await lab.routers["gw2"].router.stop()
                assert await fax(lab, DOCUMENT, number) == SendResult(0, "no route to destination")
            else:
                assert await fax(lab, DOCUMENT, number) == SendResult(0, cause)
                await at_rest(lab)

    run(scenario())


@pytest.mark.parametrize(("protocol", "cause"), [(SIP, "call rejected"), ("", "user busy")])
def test_sip_ua_maps_statuses_to_causes(run: Run, tmp_path: Path, protocol: str, cause: str) -> None:
    """Of SIP calls; H.323 has no statuses."""

    async def scenario() -> None:
        lab_file = topology(tmp_path, protocol, protocol)
        with (tmp_path / "gw1.cfg").open("a") as config:
            config.write("sip-ua\n set sip-status 600 pstn-cause 21\n")
        with (tmp_path / "gw2.cfg").open("a") as config:
            config.write("sip-ua\n set pstn-cause 17 sip-status 600\n")
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            assert await fax(lab, DOCUMENT, "822-0201") == SendResult(0, cause)

    run(scenario())


def test_a_gateway_without_voip_peers_takes_calls_by_default(run: Run, tmp_path: Path) -> None:
    """By dial peer 0, which has Cisco's relay and any codec."""

    async def scenario() -> None:
        lab_file = topology(tmp_path, " codec g711alaw", "")
        text = (tmp_path / "gw2.cfg").read_text()
        (tmp_path / "gw2.cfg").write_text(text[: text.index("dial-peer voice 2 voip")])
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            await at_rest(lab)
            over_ip = legs(lab, "gw2")[Voip]
            assert over_ip.tag == 0
            assert isinstance(over_ip.detail, Voip)
            assert over_ip.detail.codec == "cisco"

    run(scenario())


@pytest.mark.parametrize(
    ("target", "more"),
    [
        ("dns:far", "ip host far 10.0.0.2"),
        ("ipv4:10.0.0.2:5060", ""),
        ("sip-server", "sip-ua\n sip-server ipv4:10.0.0.2"),
    ],
)
def test_targets(run: Run, tmp_path: Path, target: str, more: str) -> None:
    async def scenario() -> None:
        lab_file = topology(tmp_path, f"{SIP}\n{T38}", f"{SIP}\n{T38}")
        text = (tmp_path / "gw1.cfg").read_text()
        (tmp_path / "gw1.cfg").write_text(text.replace("ipv4:10.0.0.2", target) + f"{more}\n")
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")

    run(scenario())


@pytest.mark.parametrize("target", ["ipv4:10.0.0.9", "dns:nowhere", "ras", "ipv4:10.0.0.2:5061"])
def test_a_way_that_leads_nowhere_is_hunted_past(run: Run, tmp_path: Path, target: str) -> None:
    """The next peer of the number is one of POTS."""

    async def scenario() -> None:
        lab_file = topology(tmp_path, SIP, SIP)
        text = (tmp_path / "gw1.cfg").read_text()
        second = "dial-peer voice 3 pots\n destination-pattern 822....\n preference 5\n prefix 555\n port 0:D\n"
        (tmp_path / "gw1.cfg").write_text(text.replace("ipv4:10.0.0.2", target) + second)
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            await at_rest(lab)
            control = lab.routers["gw1"].router.voice.control
            ended = [entry.leg for entry in control.history.entries(control.uptime())]
            assert [leg.tag for leg in ended] == [2, 3, 1]
            assert ended[0].cause is Cause.NO_ROUTE

    run(scenario())


def over_a_bad_link(folder: Path, peer: str, *, ecm: bool = False, **quality: float) -> Topology:
    """The gateways, joined by one cable."""
    lab = topology(folder, peer, peer)
    link = Link(ends=["gw1 Ethernet0", "gw2 Ethernet0"], **quality)  # type: ignore[arg-type]
    machines = [msgspec.structs.replace(machine, ecm=ecm) for machine in lab.fax]
    return msgspec.structs.replace(lab, link=[link], fax=machines)


@pytest.mark.parametrize(
    ("peer", "ecm", "whole"),
    [
        (f"{SIP}\n fax protocol t38 ls-redundancy 5 hs-redundancy 2\n fax rate 14400", False, True),
        (f"{SIP}\n fax protocol t38\n fax rate 14400", True, True),
        (f"{SIP}\n fax protocol t38\n fax rate 14400", False, False),
        (f"{SIP}\n fax rate disable\n codec g711ulaw", False, False),
    ],
)
def test_a_link_that_loses_datagrams(run: Run, tmp_path: Path, peer: str, ecm: bool, whole: bool) -> None:
    """Copies make the losses good, or error correction does; without either, and in G.711, pages suffer."""

    async def scenario() -> None:
        lab_file = over_a_bad_link(tmp_path, peer, ecm=ecm, loss=0.05)
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            assert lab.refused == []
            result = await fax(lab, DOCUMENT, "822-0200")
            await at_rest(lab)
            pages = received(lab) if result.ok else []
            assert (pages == list(PAGES)) is whole

    run(scenario())


@pytest.mark.parametrize("peer", [f"{SIP}\n{T38}\n fax rate 14400", f"{SIP}\n fax rate disable\n codec g711ulaw"])
def test_a_link_that_takes_its_time(run: Run, tmp_path: Path, peer: str) -> None:
    async def scenario() -> None:
        took = []
        for delay_s in (0.0, 0.3):
            folder = tmp_path / f"{delay_s}"
            folder.mkdir()
            lab_file = over_a_bad_link(folder, peer, delay_s=delay_s)
            async with running_lab(folder, lab_file, folder / "lab.toml") as lab:
                assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
                took.append(lab.clock.now())
                assert received(lab) == list(PAGES)
                terminal = Transcript(())
                await lab.routers["gw1"].router.open_session(terminal, privilege=15).execute("ping 10.0.0.2")
                assert "!!!!" in terminal.take()
        assert 0.3 * 8 < took[1] - took[0] < 0.3 * 40

    run(scenario())


def test_twenty_faxes_at_a_time(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        peer = f"{SIP}\n{T38}\n fax rate 14400"
        numbers = range(20)
        lab_file = topology(tmp_path, peer, peer)
        lab_file = msgspec.structs.replace(
            lab_file, fax=[FaxNode(number=f"555-{side}1{at:02}") for side in (1, 2) for at in numbers]
        )
        async with running_lab(tmp_path, lab_file, tmp_path / "lab.toml") as lab:
            ended: list[asyncio.Future[SendResult]] = []
            for at in numbers:
                future: asyncio.Future[SendResult] = asyncio.get_running_loop().create_future()
                ended.append(future)

                def watch(event: object, future: asyncio.Future[SendResult] = future) -> None:
                    if isinstance(event, SendResult):
                        future.set_result(event)

                lab.machine(f"555-11{at:02}").send(DOCUMENT, f"822-21{at:02}", watch)
            assert [await future for future in ended] == [SendResult(2, "")] * 20
            await at_rest(lab)
            for job in lab.tray.jobs():
                got = read_tiff(lab.tray.document(job.job).read_bytes())
                assert [image.coded(FORMAT).bitmap() for image in got] == list(PAGES)

    run(scenario())


def test_codecs_that_do_not_meet(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        near, far = f"{SIP}\n codec g711ulaw", f"{SIP}\n codec g729r8"
        async with running_lab(tmp_path, topology(tmp_path, near, far), tmp_path / "lab.toml") as lab:
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(0, "interworking, unspecified")
            await at_rest(lab)

    run(scenario())


def test_a_reload_in_the_middle_of_a_fax(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        peer = f"{SIP}\n{T38}"
        async with running_lab(tmp_path, topology(tmp_path, peer, peer), tmp_path / "lab.toml") as lab:
            far = lab.routers["gw2"].router
            terminal = Transcript(())
            await far.open_session(terminal, privilege=15).execute("write memory")
            seen = 0

            def datagram(event: RelayDatagram) -> None:
                nonlocal seen
                seen += 1
                if seen == 40:
                    far.reload()

            lab.routers["gw1"].router.subscribe(lambda bus: bus.subscribe(RelayDatagram, datagram))
            result = await fax(lab, DOCUMENT, "822-0200")
            assert not result.ok
            await at_rest(lab)
            seen = 100
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")

    run(scenario())


def test_what_the_router_tells(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        peer = f"{SIP}\n{T38}\n fax rate 14400"
        async with running_lab(tmp_path, topology(tmp_path, peer, peer), tmp_path / "lab.toml") as lab:
            router = lab.routers["gw2"].router
            terminal = Transcript(())
            session = router.open_session(terminal, privilege=15)
            told: list[str] = []
            router.attach_log(told.append)
            router.device.debugs |= {"ccsip messages", "ccsip calls", "ccsip states", "fax relay t30 all"}
            during: list[str] = []

            def page_is_coming(event: RelayDatagram) -> None:
                if not during:
                    during.append("")
                    asyncio.get_running_loop().create_task(ask())

            async def ask() -> None:
                with lab.clock.hold():
                    await session.execute("show call active fax brief")
                    await session.execute("show sip-ua calls")
                during[0] = terminal.take()

            router.subscribe(lambda bus: bus.subscribe(RelayDatagram, page_is_coming))
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            await at_rest(lab)
            text = "\n".join(told) + "\n"
            starts = [line for line in text.splitlines() if "SIP/2.0" in line and "Via" not in line]
            said = [line.partition(" sip:")[0] for line in starts]
            assert said[:9] == [
                *("INVITE", "SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK", "ACK"),
                *("INVITE", "SIP/2.0 100 Trying", "SIP/2.0 200 OK", "ACK"),
            ]
            # Both machines hang up after the DCN, so either end may be the first, or both.
            assert said[9] == "BYE"
            assert set(said[10:]) <= {"BYE", "SIP/2.0 200 OK"}
            assert "Received: \nINVITE sip:8220200@10.0.0.2:5060 SIP/2.0\n" in text
            assert "Sent: \nINVITE sip:5550100@10.0.0.1:5060 SIP/2.0\n" in text
            assert "\nm=image 16384 udptl t38\na=T38FaxVersion:0\na=T38MaxBitRate:14400\n" in text
            assert " fr-entered (10ms)\n" in text
            relay = [line.split()[-2:] for line in text.splitlines() if " fr-msg-" in line]
            assert relay[:4] == [
                ["fr-msg-det", "CSI"],
                ["fr-msg-det", "DIS"],
                ["fr-msg-tx", "TSI"],
                ["fr-msg-tx", "DCS"],
            ]
            assert ["fr-msg-det", "MCF"] in relay
            assert " Negotiated Codec         : t38\n" in text
            states = re.findall(r"0x(\w+) : State change from \(STATE_(\w+), .*?\)  to \(STATE_(\w+),", text)
            assert len({block for block, _, _ in states}) == 1
            assert [after for _, _, after in states] == [
                *("RECD_INVITE", "SENT_ALERTING", "SENT_SUCCESS", "ACTIVE", "DISCONNECTING", "DEAD"),
            ]
            assert [before for _, before, _ in states] == ["IDLE", *(after for _, _, after in states[:-1])]
            assert "IP 10.0.0.1:16384 rtt:0ms pl:0/0ms lost:0/0/0\n  delay:0/0/0ms t38\n" in during[0]
            assert "SIP call-legs: 1\nH323 call-legs: 0\n" in during[0]
            assert "     Media Dest IP Addr:Port  : 10.0.0.1:16384\n\n   Number of UAS calls: 1\n" in during[0]
            await session.execute("show call history fax")
            history = terminal.take()
            assert "SessionProtocol=sipv2\n" in history
            assert "CoderTypeRate=t38\n" in history
            assert history.count("ImgPages=2\n") == 2
            await session.execute("show sip-ua statistics")
            counted = terminal.take()
            assert "Trying 1/1, Ringing 0/1,\n" in counted
            assert re.search("OkInvite 1/1, OkBye (0/1|1/0|1/1),\n", counted)
            assert "Invite 1/1, Ack 1/1, " in counted
            assert " Parses: 2,  Builds 2\n" in counted
            await session.execute("show call history voice brief")
            assert "5550100" not in terminal.take()

    run(scenario())


def test_what_stands_for_h323_is_not_sip(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running_lab(tmp_path, topology(tmp_path, "", ""), tmp_path / "lab.toml") as lab:
            router, messages = lab.routers["gw1"].router, []
            router.subscribe(lambda bus: bus.subscribe(SignallingMessage, messages.append))
            told: list[str] = []
            router.attach_log(told.append)
            router.device.debugs |= {"ccsip messages", "ccsip calls"}
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            await at_rest(lab)
            assert {(event.sip, event.peer) for event in messages} == {(False, ("10.0.0.2", 1720))}
            assert "SIP" not in "".join(told)
            terminal = Transcript(())
            session = router.open_session(terminal, privilege=15)
            await session.execute("show call history fax")
            assert "SIP call-legs: 0\nH323 call-legs: 1\n" in terminal.take()

    run(scenario())


def test_the_ladder_of_a_relayed_call(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        peer = f"{SIP}\n{T38}\n fax rate 14400"
        async with running_lab(tmp_path, topology(tmp_path, peer, peer), tmp_path / "lab.toml") as lab:
            assert await fax(lab, DOCUMENT, "822-0200") == SendResult(2, "")
            await at_rest(lab)
            texts = {}
            for name in ("gw1:1", "gw2:1"):
                call = lab.ladders.find(name)
                assert call.ended is not None
                texts[name] = draw(call, lab.ladders.rungs(call))
            assert lab.ladders.find("gw1:1").title == "555-0100 to 822-0200"
            near = [line[10:].strip() for line in texts["gw1:1"].splitlines()]
            for earlier, later in pairwise(
                [
                    "call: 5550100 calls 8220200, port 0:D -->",
                    "call over IP: SIP, 10.0.0.2, peer 2",
                    "INVITE: audio 16384 RTP/AVP 18 -->",
                    "<-- 180 Ringing",
                    "<-- answered",
                    "<-- INVITE: image 16384 udptl t38",
                    "fax relay begins",
                    "<-- DIS",
                    "DCS -->",
                    "<-- CFR",
                    "page 2 confirmed",
                    "sent 2 pages: all confirmed",
                ]
            ):
                assert near.index(earlier) < len(near) - 1 - near[::-1].index(later), (earlier, later)
            assert re.search(r"T.38 datagrams: to gw2 \d{3}\n", texts["gw1:1"])
            assert re.search(r"T.38 datagrams: to gw1 \d\d\n", texts["gw2:1"])
            assert "<-- INVITE: audio 16384 RTP/AVP 18\n" in texts["gw2:1"]

    run(scenario())
