"""Every platform takes a fax in and sends one out, over the line that its hardware has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest

from iosemu.chassis import platform as platforms
from iosemu.chassis.hardware import Chassis
from iosemu.fax.render import load_octets
from iosemu.lab.fax_machine import SendResult
from iosemu.lab.letter import compose
from iosemu.lab.topology import load
from tests.lab.labs import fax, running_lab

Run = Callable[..., None]
TEXT = b"A line of text.\n" * 5

LAB = """
name = "one"
[[router]]
name = "gate"
platform = "{platform}"
address = "10.0.0.1"
config = "gate.cfg"
[[trunk]]
router = "gate"
{jack}
numbers = ["555-0199"]
[[fax]]
number = "555-0100"
[[fax]]
number = "555-8354"
[[mail]]
name = "mail"
address = "10.0.0.2"
domain = "example.com"
users = {{ tom = "tom" }}
[zone]
"gate.example.com" = "10.0.0.1"
"""

CONFIG = """
hostname gate
ip domain name example.com
ip name-server 10.0.0.2
{trunk}
fax interface-type fax-mail
mta send server 10.0.0.2
mta send mail-from hostname gate.example.com
mta send mail-from username fax
mta receive aliases gate.example.com
mta receive aliases [10.0.0.1]
mta receive maximum-recipients 10
call application voice onramp flash:onramp.tcl
call application voice offramp flash:app_libretto_offramp5.tcl
dial-peer voice 1 pots
 application onramp
 incoming called-number 5550199
 direct-inward-dial
 port {port}
dial-peer voice 2 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 5550199
 information-type fax
 session target mailto:tom@example.com
dial-peer voice 3 pots
 destination-pattern 9T
 port {port}
 prefix 9
dial-peer voice 4 mmoip
 application offramp
 incoming called-number 9T
 information-type fax
"""


def written(folder: Path, name: str) -> Path:
    """A lab file with one router of that platform, its first trunk or analog port cabled to the exchange."""
    chassis = Chassis(platforms.load(name))
    if chassis.controllers:
        trunk = chassis.controllers[0]
        port, jack = chassis.voice_port_for(trunk), f'controller = "{trunk.name}"'
        lines = f"isdn switch-type primary-ni\ncontroller {trunk.name}\n pri-group timeslots 1-24"
    else:
        port = chassis.analog_ports[0].unit
        jack = f'port = "{port}"'
        # A loop-start line only rings: what was dialled is told to nobody, and the port dials for the caller.
        lines = f"voice-port {port}\n connection plar 5550199\n supervisory disconnect anytone"
    (folder / "gate.cfg").write_text(CONFIG.format(trunk=lines, port=port))
    file = folder / "lab.toml"
    file.write_text(LAB.format(platform=name, jack=jack))
    return file


@pytest.mark.parametrize("name", platforms.names())
def test_a_fax_in_and_a_fax_out(name: str, tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        file = written(tmp_path, name)
        async with running_lab(tmp_path, load(file), file) as lab:
            assert lab.refused == []
            assert await fax(lab, load_octets(TEXT, "a.txt"), "555-0199") == SendResult(1, "")
            accounts = lab.mail["mail"].accounts
            (entry,) = accounts.contents("tom")
            message: Any = message_from_bytes(accounts.message("tom", entry.number), policy=policy.default)
            assert [part.get_content_type() for part in message.iter_attachments()] == ["image/tiff"]

            out = compose("tom@example.com", ["FAX=9-555-8354@[10.0.0.1]"], "Fax", TEXT.decode(), [])
            host, at = lab.mail["mail"].endpoint
            async with aiosmtplib.SMTP(hostname=host, port=at, start_tls=False) as client:
                await client.sendmail(
                    "tom@example.com", ["FAX=9-555-8354@[10.0.0.1]"], out.as_bytes(policy=policy.SMTP)
                )
            tray = lab.machine("555-8354").tray
            while not tray.jobs():  # noqa: ASYNC110  nobody tells this test when it has come
                await asyncio.sleep(0.01)

    run(scenario())
