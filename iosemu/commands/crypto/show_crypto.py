"""`show crypto ...`: policies, transform sets and maps as configured, and the router's own key.

Rule: no peer ever answers, so there are no security associations. Forms: published output of 12.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.commands.interfaces.state import states
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_CIPHERS = {
    "des": "DES - Data Encryption Standard (56 bit keys).",
    "3des": "Three key triple DES",
    "aes": "AES - Advanced Encryption Standard ({} bit keys).",
}
_HASHES = {"sha": "Secure Hash Standard", "md5": "Message Digest 5"}
_METHODS = {
    "rsa-sig": "Rivest-Shamir-Adleman Signature",
    "rsa-encr": "Rivest-Shamir-Adleman Encryption",
    "pre-share": "Pre-Shared Key",
}
_GROUPS = {"1": "#1 (768 bit)", "2": "#2 (1024 bit)", "5": "#5 (1536 bit)"}
_OCTETS_A_LINE, _OCTETS_A_WORD = 32, 4


def _suite(block: Block | None) -> Iterator[str]:
    def value(command: str, name: str, default: str) -> str:
        return default if block is None else str(block.value(command, name, default))

    cipher = value("encr", "algorithm", "") or value("encryption", "algorithm", "des")
    bits = value("encr", "bits", "") or value("encryption", "bits", "128")
    yield f"        encryption algorithm:   {_CIPHERS[cipher].format(bits)}"
    yield f"        hash algorithm:         {_HASHES[value('hash', 'algorithm', 'sha')]}"
    yield f"        authentication method:  {_METHODS[value('authentication', 'method', 'rsa-sig')]}"
    yield f"        Diffie-Hellman group:   {_GROUPS[value('group', 'number', '1')]}"
    yield f"        lifetime:               {value('lifetime', 'seconds', '86400')} seconds, no volume limit"


@handlers.register("show_crypto_isakmp_policy")
def _policy(call: Invocation[Device]) -> None:
    policies = []
    for block in call.device.config.root.children("crypto isakmp policy"):
        assert block.header is not None
        policies.append((int(str(block.header.values["priority"])), block))
    lines = []
    for priority, block in sorted(policies, key=lambda one: one[0]):
        lines += [f"Protection suite of priority {priority}", *_suite(block)]
    call.write("\n".join([*lines, "Default protection suite", *_suite(None)]) + "\n")


@handlers.register("show_crypto_isakmp_sa")
def _associations(call: Invocation[Device]) -> None:
    call.write("dst             src             state           conn-id    slot\n")


@handlers.register("show_crypto_isakmp_key")
def _preshared(call: Invocation[Device]) -> None:
    call.write("Hostname/Address      Preshared Key\n")
    for line in call.device.config.root.all("crypto isakmp key"):
        values = line.values
        where = str(values.get("address", values.get("hostname")))
        call.write(f"{where:<22}{values.get('clear', values.get('key'))}\n")


@handlers.register("show_crypto_lifetime")
def _lifetimes(call: Invocation[Device]) -> None:
    said = {"kilobytes": "4608000", "seconds": "3600"}
    for line in call.device.config.root.all("crypto ipsec security-association lifetime"):
        said |= {unit: str(line.values[unit]) for unit in said if unit in line.values}
    times = f"{said['kilobytes']} kilobytes/{said['seconds']} seconds"
    call.write(f"Security association lifetime: {times}\n")


@handlers.register("show_crypto_ipsec_sa")
def _ipsec(call: Invocation[Device]) -> None:
    """An interface with a crypto map, and that it has no association."""
    for state in states(call.device):
        name = state.block.value("crypto map", "name")
        if name:
            call.write(f"\ninterface: {state.name}\n    Crypto map tag: {name}, local addr. {state.address}\n")


@handlers.register("show_crypto_transform_set")
def _transforms(call: Invocation[Device]) -> None:
    wanted = call.values.get("name")
    for block in call.device.config.root.children("crypto ipsec transform-set"):
        assert block.header is not None
        name, words = str(block.header.values["name"]), block.header.tokens[4:]
        if wanted in (None, name):
            mode = str(block.value("mode", "how", "tunnel")).capitalize()
            call.write(f"Transform set {name}: {{ {' '.join(words)}  }} \n   will negotiate = {{ {mode},  }}, \n   \n")


def _lifetime(block: Block) -> str:
    said = {"kilobytes": "4608000", "seconds": "3600"}
    for line in block.all("set security-association lifetime") + block.all("set security-association"):
        said |= {unit: str(line.values[unit]) for unit in said if unit in line.values}
    return f"{said['kilobytes']} kilobytes/{said['seconds']} seconds"


def _map(device: Device, block: Block) -> Iterator[str]:
    assert block.header is not None
    name, words = str(block.header.values["name"]), block.header.tokens
    yield f'Crypto Map "{name}" {" ".join(words[3:5])}'
    peers = [line.tokens[2] for line in block.all("set peer")]
    yield from (f"        Peer = {peer}" for peer in peers)
    match = block.get("match address")
    if match is not None and not match.negated:
        yield f"        Extended IP access list {match.tokens[2]}"
    if peers:
        yield f"        Current peer: {peers[0]}"
    yield f"        Security association lifetime: {_lifetime(block)}"
    yield f"        PFS (Y/N): {'Y' if block.flag('set pfs') else 'N'}"
    sets = block.get("set transform-set")
    yield (
        "        Transform sets={ " + "".join(f"{one}, " for one in (sets.tokens[2:] if sets is not None else ())) + "}"
    )
    used = [state.name for state in states(device) if state.block.value("crypto map", "name") == name]
    yield f"        Interfaces using crypto map {name}:"
    yield from (f"                {one}" for one in used)


@handlers.register("show_crypto_map")
def _maps(call: Invocation[Device]) -> None:
    wanted = call.values.get("name")
    blocks = call.device.config.root.children("crypto map")
    shown = [b for b in blocks if b.header is not None and wanted in (None, b.header.values["name"])]
    if not shown:
        call.write("No crypto maps found.\n")
    for block in shown:
        call.write("\n".join(_map(call.device, block)) + "\n\n")


@handlers.register("show_crypto_key")
def _own_key(call: Invocation[Device]) -> None:
    """The public half of the pair that `crypto key generate rsa` made."""
    private = call.device.keys.private
    if private is None:
        return
    try:
        import asyncssh
    except ImportError:  # without the extra there is no pair either, but an old one may lie there
        return
    pair = asyncssh.import_private_key(private)
    octets = pair.export_public_key("pkcs8-der")
    call.write(f"% Key pair was generated at: {_kept_since(call.device)}\n")
    call.write(f"Key name: {pair.get_comment()}\n Usage: General Purpose Key\n Key Data:\n")
    for start in range(0, len(octets), _OCTETS_A_LINE):
        line = octets[start : start + _OCTETS_A_LINE].hex().upper()
        words = (line[at : at + 2 * _OCTETS_A_WORD] for at in range(0, len(line), 2 * _OCTETS_A_WORD))
        call.write(f"  {' '.join(words)} \n")


def _kept_since(device: Device) -> str:
    from iosemu.commands.system.router_time import moment_text

    return moment_text(device, device.uptime_s)
