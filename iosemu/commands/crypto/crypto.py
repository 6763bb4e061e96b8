"""RSA keys and what hangs on them: `crypto key generate rsa`, `crypto key zeroize rsa`, `show ip ssh`, `show ssh`.

Rule: a pair is named after the router and its domain, so both must be set; making it opens the SSH port, removing it
closes it. Keys go to their own place at once and are no part of the configuration. Read from a file, the command asks
nothing, prints nothing, and leaves keys that are there alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.cli.terminal import Transcript
from iosemu.commands.questions import said_yes
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.terminal.ssh import LoginLimits

SMALLEST, LARGEST, USUAL = 360, 2048, 512
# Below this, no client of today takes a key: the router's is then longer than was asked for.
SMALLEST_SERVED = 1024
# What the server speaks; the emulated release itself knew only 1.5, which no client of today speaks.
VERSION = "2.0"

_SIZE_QUESTION = (
    f"Choose the size of the key modulus in the range of {SMALLEST} to {LARGEST} for your\n"
    "  General Purpose Keys. Choosing a key modulus greater than 512 may take\n"
    "  a few minutes.\n"
    "\n"
)


def login_limits(device: Device) -> LoginLimits:
    """How long and how often an SSH client may try."""
    from iosemu.terminal.ssh import LoginLimits

    root = device.config.root
    seconds, tries = root.value("ip ssh time-out", "seconds"), root.value("ip ssh authentication-retries", "retries")
    return LoginLimits(timeout_s=float(str(seconds)), tries=int(str(tries)))


@handlers.register("crypto_key_generate")
async def _generate(call: Invocation[Device]) -> None:
    if call.negated or call.defaulted:
        raise Refused("% Use 'crypto key zeroize rsa' to delete signature keys.")
    device = call.device
    name = _pair_name(device)
    read_from_file = call.session not in device.sessions
    if device.keys.private is not None:
        if read_from_file:
            return
        call.write(f"% You already have RSA keys defined named {_name_in(device.keys.private) or name}.\n")
        if not await said_yes(call, "% Do you really want to replace them?"):
            return
    if not read_from_file:
        call.write(f"The name for the keys will be: {name}\n")
    bits = call.values.get("bits")
    size = int(str(bits)) if bits is not None else await _ask_size(call)
    if not read_from_file:
        call.terminal.write(f"% Generating {size} bit RSA keys ...")
    private = await _new_pair(call, name, size)
    try:
        device.keys.save(private)
    except OSError:
        raise Refused("% The keys could not be saved.") from None
    if not read_from_file:
        call.write("[OK]\n\n")
    device.log.event("SSH", 5, "ENABLED", f"SSH {VERSION} has been enabled")


def _pair_name(device: Device) -> str:
    domain = device.config.root.value("ip domain name", "name")
    if device.hostname == "Router":
        raise Refused("% Please define a hostname other than Router.")
    if not domain:
        raise Refused("% Please define a domain-name first.")
    return f"{device.hostname}.{domain}"


async def _ask_size(call: Invocation[Device]) -> int:
    call.write(_SIZE_QUESTION)
    while True:
        typed = (await call.terminal.read_line(f"How many bits in the modulus [{USUAL}]: ")).strip()
        if not typed:
            return USUAL
        if typed.isascii() and typed.isdigit() and SMALLEST <= int(typed) <= LARGEST:
            return int(typed)
        call.write(f"% Invalid input.  Please enter a number between {SMALLEST} and {LARGEST}.\n")


async def _new_pair(call: Invocation[Device], name: str, size: int) -> bytes:
    """A private key; made beside the event loop where a user waits for it."""
    try:
        import asyncssh
    except ImportError:
        raise Refused("% RSA keys need the SSH extra of the emulator: pip install 'iosemu[ssh]'") from None

    def make() -> bytes:
        key = asyncssh.generate_private_key("ssh-rsa", comment=name, key_size=max(size, SMALLEST_SERVED))
        return key.export_private_key("openssh")

    if isinstance(call.session.terminal, Transcript):
        return make()
    import asyncio

    return await asyncio.to_thread(make)


@handlers.register("crypto_key_zeroize")
async def _zeroize(call: Invocation[Device]) -> None:
    device = call.device
    private = device.keys.private
    if private is None:
        raise Refused("% No Signature RSA Keys found in configuration.")
    call.write(f"% Keys to be removed are named {_name_in(private) or call.device.hostname}.\n")
    if await said_yes(call, "Do you really want to remove these keys?"):
        device.keys.erase()
        device.log.event("SSH", 5, "DISABLED", f"SSH {VERSION} has been disabled")


def _name_in(private: bytes) -> str:
    """The name that a pair was given; "" where it cannot be read, for it can still be removed."""
    try:
        import asyncssh

        return asyncssh.import_private_key(private).get_comment() or ""
    except (ImportError, ValueError):
        return ""


@handlers.register("show_ip_ssh")
def _show_ip_ssh(call: Invocation[Device]) -> None:
    limits = login_limits(call.device)
    if call.device.keys.private is None:
        call.write(
            f"SSH Disabled - version {VERSION}\n"
            "%Please create RSA keys to enable SSH (and of atleast 768 bits for SSH v2).\n"
        )
    else:
        call.write(f"SSH Enabled - version {VERSION}\n")
    call.write(f"Authentication timeout: {limits.timeout_s:.0f} secs; Authentication retries: {limits.tries}\n")


@handlers.register("show_ssh")
def _show_ssh(call: Invocation[Device]) -> None:
    sessions = call.device.ssh_sessions()
    if sessions:
        call.write("Connection Version Mode Encryption  Hmac         State                 Username\n")
    for session in sessions:
        for mode, (cipher, mac) in (("IN", session.inward), ("OUT", session.outward)):
            line = f"{session.line:<11}{VERSION:<8}{mode:<5}{cipher:<12}{mac:<12} {'Session started':<22}{session.user}"
            call.write(line + "\n")
    call.write("%No SSHv1 server connections running.\n")
    if not sessions:
        call.write("%No SSHv2 server connections running.\n")
