"""MICA modems: cards with terminal lines that carry faxes where the configuration wants it, and tell what they did."""

from __future__ import annotations

import re

import pytest

from iosemu.chassis.dsp import Use
from iosemu.voice.circuit import CallSetup, Circuit
from tests.commands.interfaces.test_link_messages import Office
from tests.commands.routers import CARET, User, device
from tests.commands.test_show_voice_hardware import ON_RAMP, router_with

CONFIG = ON_RAMP.replace("T1 1/0", "T1 0").replace("1/0:23", "0:D")
ROW = re.compile(r"^([*C ]) (\d/\d+) +([\d:]{8})((?: +\d+){7}) +(\d+%)$", re.MULTILINE)


def shown(*commands: str) -> str:
    return User(device("as5300", {"1": "AS53-MICA-120", "2": "AS53-MICA-60"})).type(*commands)


def test_the_row_of_a_modem_is_that_of_a_real_one() -> None:
    real = "* 2/7   00:00:47       1      0      0      0       0        0       0    100%"
    ours = shown("show modem 2/7").splitlines()[-1]
    ends, wanted = ([found.end() for found in re.finditer(r"\S+", row.lstrip("*"))] for row in (ours[1:], real))
    assert ends == wanted


def test_lines_are_numbered_through_the_slots() -> None:
    """tty 128 is modem 2/7 of a real one with 120 modems in slot 1."""
    router = device("as5300", {"1": "AS53-MICA-120", "2": "AS53-MICA-60"})
    places = {line.number: line.place for line in router.chassis.terminal_lines}
    assert places[128] == "2/7"
    assert len(places) == 180
    text = User(router).type("show line")
    assert re.search(r"^    128 TTY ", text, re.MULTILINE)
    assert re.search(r"^    181 AUX ", text, re.MULTILINE)
    assert "\nline con 0\nline 1 180\nline aux 0\n" in User(router).type("show running-config")


def test_faxes_go_over_modems_where_the_configuration_wants_it() -> None:
    router = router_with("as5300", f"fax interface-type modem\n{CONFIG}", s2="AS53-MICA-60")
    User(router.device).type("write memory")
    router.reload()
    user = User(router.device)
    router.plug("T1 0", Office())
    circuit = Circuit(CallSetup("5551234", "4085550000"))
    router.offer("T1 0", circuit.called)
    (channel,) = router.device.chassis.dsp.in_use
    assert (channel.name, channel.use) == ("2/0", Use.FAX_MAIL)
    assert router.device.chassis.dsp.busy == 0
    assert ROW.findall(user.type("show modem 2/0"))[0][0] == "C"
    assert user.type("show csm modem 2/0").startswith(
        "MODEM_INFO: slot 2, port 0, unit 0, tone, modem_mask=0x0000, modem_port_offset=0\n"
        "modem_status(0x0002): VDEV_STATUS_ACTIVE_CALL.\ncsm_state(0x0205)="
    )
    circuit.calling.release()
    router.device.clock.run(until_s=router.device.clock.now() + 5)
    mark, _, held, counts, share = ROW.findall(user.type("show modem"))[0]
    assert (mark, held, counts.split(), share) == (" ", "00:00:00", ["0", "1", "0", "0", "0", "0", "0"], "0%")
    row = user.type("show modem summary").splitlines()[-1]
    assert row.split() == ["0%", "0", "1", "60", "0", "0", "60", "0", "0", "0", "0%"]
    assert re.search(r"^Total( +0){4} +1( +0){4}$", user.type("show modem call-stats"), re.MULTILINE)
    assert "\nring_no_answer=0, ic_failure=1, ic_complete=0\n" in user.type("show csm modem 2/0")
    user.type("clear csm-statistics modem 2/0")
    assert user.type("show csm modem 2/0") == user.type("show csm modem 2/1").replace(", port 1,", ", port 0,").replace(
        "STREAM(s2, c1)", "STREAM(s2, c0)"
    )


def test_an_access_server_with_modems_alone_faxes_over_them() -> None:
    router = router_with("as5300", CONFIG, s1="empty", s2="AS53-MICA-60")
    assert not router.device.chassis.dsp.fax_mail
    assert router.device.chassis.dsp.take(Use.FAX_MAIL) is not None
    assert router.device.chassis.dsp.take(Use.VOICE) is None


@pytest.mark.parametrize("command", ["show modem 2/60", "show modem operational-status 3/0"])
def test_a_modem_that_is_not_there_is_refused(command: str) -> None:
    assert shown(command).endswith(CARET)


def test_every_modem_is_on_a_module() -> None:
    rows = re.findall(r"^  (\d/\d+) +(\d+) ", shown("show modem version"), re.MULTILINE)
    assert len(rows) == 180
    assert (rows[119], rows[-1]) == (("1/119", "9"), ("2/59", "9"))
    assert "Parameter #5  Call Timer:  0 secs\n" in shown("show modem operational-status 1/0")


@pytest.mark.parametrize(("card", "last"), [("AS53-MICA-48", "7"), ("AS53-MICA-96", "7"), ("AS53-MICA-60", "9")])
def test_cards_with_more_than_sixty_modems_have_twelve_on_a_module(card: str, last: str) -> None:
    text = User(device("as5300", {"1": card, "2": "empty"})).type("show modem version")
    assert re.findall(r"^  1/\d+ +(\d+) ", text, re.MULTILINE)[-1] == last
