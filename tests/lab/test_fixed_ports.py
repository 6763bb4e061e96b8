"""Ports that are known before a lab starts."""

from __future__ import annotations

import msgspec
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.lab.errors import LabError
from iosemu.lab.fixed_ports import with_ports
from iosemu.lab.topology import load

LAB = load(packaged_lab())


def test_each_node_has_ten() -> None:
    first, second = (changed := with_ports(LAB, "0.0.0.0", 2300)).router
    assert (first.console, first.telnet, first.smtp) == ("0.0.0.0:2300", "0.0.0.0:2301", "0.0.0.0:2304")
    assert (second.ssh, second.snmp) == ("0.0.0.0:2312", "0.0.0.0:2313")
    (mail,) = changed.mail
    assert (mail.smtp, mail.imap, mail.pop3) == ("0.0.0.0:2320", "0.0.0.0:2321", "0.0.0.0:2322")


def test_what_the_lab_file_says_stays() -> None:
    router = msgspec.structs.replace(LAB.router[0], telnet="127.0.0.1:23")
    lab = with_ports(msgspec.structs.replace(LAB, router=[router]), "::1", 2300)
    assert (lab.router[0].telnet, lab.router[0].ssh) == ("127.0.0.1:23", "[::1]:2302")
    silent = msgspec.structs.replace(LAB.mail[0], imap="")
    assert with_ports(msgspec.structs.replace(LAB, mail=[silent]), "::1", 2300).mail[0].imap == ""


@pytest.mark.parametrize(("first", "fits"), [(65510, True), (65515, True), (65530, False)])
def test_there_are_not_more_ports_than_there_are(first: int, fits: bool) -> None:
    lab = msgspec.structs.replace(LAB, router=LAB.router[:1], mail=[])
    if fits:
        assert with_ports(lab, "127.0.0.1", first).router[0].smtp == f"127.0.0.1:{first + 4}"
    else:
        with pytest.raises(LabError, match="too many nodes for the ports from 65530 on"):
            with_ports(msgspec.structs.replace(lab, router=LAB.router), "127.0.0.1", first)
