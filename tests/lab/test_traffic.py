"""The packets of a lab: all of them in the capture file, those of a call by its name; tshark reads them."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iosemu.clock import ManualClock
from iosemu.fax.render import load_octets
from iosemu.lab import traffic
from iosemu.lab.ladder import Ladders
from iosemu.lab.operations import operations
from iosemu.lab.run import Lab
from iosemu.lab.traffic import Traffic, pcapng
from tests.fax.tshark import find
from tests.lab.labs import fax
from tests.lab.test_lab import Run, box, mail, running, until

HERE, THERE = ("15.80.7.11", 16384), ("15.80.7.11", 16386)
TEXT = "A fax of one page.\n"


def test_the_oldest_go_as_new_ones_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "MAX_OCTETS", 2 * traffic.PACKET_OCTETS + 10)
    kept = Traffic(ManualClock(), Ladders(None))  # type: ignore[arg-type]
    for letter in (b"a", b"b", b"c", b"d"):
        kept.packet(1.0, HERE, THERE, letter * 4)
    assert [packet.payload for packet in kept.all()] == [b"cccc", b"dddd"]
    octets = pcapng(kept.all(), "")
    assert octets.startswith(b"\x0a\x0d\x0d\x0a")
    assert octets.count(b"cccc") == octets.count(b"dddd") == 1
    assert b"bbbb" not in octets


def tshark_reads(tshark: str, capture: Path) -> list[dict[str, Any]]:
    """The layers of every packet; nothing may be malformed or out of order."""
    command = [tshark, "-r", str(capture), "-T", "json", "--no-duplicate-keys", "-d", "udp.port==16384-32767,t38"]
    command += ["-o", "t38.use_pre_corrigendum_asn1_specification:FALSE"]
    command += ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    packets: list[dict[str, Any]] = [packet["_source"]["layers"] for packet in json.loads(done.stdout)]
    text = json.dumps(packets)
    for bad in ("malformed", "tcp.analysis.lost_segment", "tcp.analysis.retransmission", "tcp.analysis.out_of_order"):
        assert bad not in text.lower(), bad
    for layer in ("ip", "tcp", "udp"):
        assert set(find(packets, f"{layer}.checksum.status")) <= {"1"}, layer  # 1 is good
    assert find(packets, "ip.checksum.status")
    return packets


async def two_ways(lab: Lab) -> None:
    """A fax becomes mail, a mail becomes a fax."""
    assert (await fax(lab, load_octets(TEXT.encode(), "a.txt"), "555-0199")).ok
    await until(lambda: box(lab))
    await mail(lab, "FAX=9-555-8354@15.80.7.107", TEXT)
    await until(lambda: lab.tray.jobs())


@pytest.mark.peer
def test_the_capture_file_holds_both_protocols_of_both_ways(
    need: Callable[[str], str], tmp_path: Path, run: Run
) -> None:
    tshark, capture = need("tshark"), tmp_path / "lab.pcapng"

    async def scenario() -> None:
        async with running(tmp_path, capture=capture) as lab:
            await two_ways(lab)

    run(scenario())
    packets = tshark_reads(tshark, capture)
    commands = find(packets, "smtp.req.command")
    assert {"EHLO", "MAIL", "RCPT", "DATA"} <= set(commands)
    assert "image/tiff" in json.dumps(packets)
    assert find(packets, "t30.FacsimileControl")
    mails = {tuple(find(packet, "ip.addr")) for packet in packets if "smtp" in packet}
    assert len(mails) == 4  # both ways between two pairs of hosts
    times = [float(time) for packet in packets for time in find(packet, "frame.time_epoch") if "." in time]
    assert times == sorted(times)


@pytest.mark.peer
def test_a_call_is_written_by_its_name(need: Callable[[str], str], tmp_path: Path, run: Run) -> None:
    tshark = need("tshark")

    async def scenario() -> None:
        async with running(tmp_path) as lab:
            await two_ways(lab)
            written: list[set[Any]] = []
            names = [name for name, _ in lab.ladders.names()]
            assert len(names) == 2
            for name in names:
                found = await operations(lab)["call.capture"]({"call": name}, lambda _: None)
                file = tmp_path / "call.pcapng"
                file.write_bytes(base64.b64decode(found["data"]))
                packets = tshark_reads(tshark, file)
                assert len(packets) == found["packets"]
                assert find(packets, "t30.FacsimileControl")
                assert find(packets, "smtp.req.command").count("MAIL") == 1
                written.append({tuple(find(packet, "ip.addr")) for packet in packets if "smtp" in packet})
            assert not written[0] & written[1]

    run(scenario())
