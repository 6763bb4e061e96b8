"""tshark as a judge of T.38 datagrams: writes them as UDP packets of a pcap file and gives back what it read."""

from __future__ import annotations

import json
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HOST_PORT, DSP_PORT = 16384, 16386
_HOST, _DSP = bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2))
_RAW_IP = 101


def _udp(octets: bytes, to_dsp: bool) -> bytes:
    """An IPv4 packet without checksums, which tshark does not ask for."""
    source, destination = (_HOST, _DSP) if to_dsp else (_DSP, _HOST)
    ports = (HOST_PORT, DSP_PORT) if to_dsp else (DSP_PORT, HOST_PORT)
    udp = struct.pack("!HHHH", *ports, 8 + len(octets), 0) + octets
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + source + destination + udp


def write_pcap(path: Path, datagrams: Iterable[tuple[float, bool, bytes]]) -> None:
    """`datagrams` are (time in s, whether it goes to the DSP, octets)."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, _RAW_IP))
        for at, to_dsp, octets in datagrams:
            packet = _udp(octets, to_dsp)
            seconds, fraction = divmod(at, 1)
            file.write(struct.pack("<IIII", int(seconds), int(fraction * 1_000_000), len(packet), len(packet)))
            file.write(packet)


def read_t38(tshark: str, capture: Path, *, version: int = 1) -> list[dict[str, Any]]:
    """The layers of every packet as tshark sees them, UDP of both ports decoded as T.38."""
    syntax = "TRUE" if version == 0 else "FALSE"
    command = [tshark, "-r", str(capture), "-T", "json", "--no-duplicate-keys"]
    command += ["-o", f"t38.use_pre_corrigendum_asn1_specification:{syntax}"]
    for port in (HOST_PORT, DSP_PORT):
        command += ["-d", f"udp.port=={port},t38"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return [packet["_source"]["layers"] for packet in json.loads(done.stdout)]


def find(layer: Any, name: str) -> list[str]:
    """Every value of a field, however deep it stands."""
    found: list[str] = []
    if isinstance(layer, dict):
        for key, value in layer.items():
            if key == name:
                found += value if isinstance(value, list) else [value]
            else:
                found += find(value, name)
    elif isinstance(layer, list):
        for value in layer:
            found += find(value, name)
    return found
