"""The packaged catalogue: sound, complete in itself, and in the order in which routers print."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.chassis import platform as platforms
from iosemu.cli import catalogue
from iosemu.cli.own import OWN
from iosemu.commands.loading import load
from iosemu.commands.registry import FAMILIES, handlers
from iosemu.config import nvgen
from tests.commands.routers import User, device

EXAMPLES = Path(__file__).parents[2] / "examples" / "t37-lab"
CONFIGURATIONS = [("as5300", "vdtl-5300-7a.cfg"), ("as5350", "vdtl-5350-8a.cfg")]

# Every T.37 command of a gateway, in the order in which 12.2(15)T prints it.
GLOBAL_LINES = """\
fax receive called-subscriber $d$
fax send transmitting-subscriber $s$
fax send left-header $a$
fax send center-header widget $s$
fax send right-header Page $p$
fax send coverpage enable
fax send coverpage e-mail-controllable
fax send coverpage show-detail
fax send coverpage comment XYZ Fax Services
fax send max-speed 9600
fax interface-type fax-mail
mta send server xyz.example.com
mta send server 10.0.0.25
mta send subject fax attachment
mta send origin-prefix "Cisco-Powered Fax System"
mta send postmaster fax-admin@example.com
mta send mail-from hostname [15.80.7.11]
mta send mail-from username $s$
mta send return-receipt-to hostname server.com
mta send return-receipt-to username xyz
mta send filename abcd.123 date
mta receive aliases seattle-fax-offramp.example.com
mta receive aliases [15.80.7.107]
mta receive maximum-recipients 1024
mta receive generate-mdn
mmoip aaa global-password password
mmoip aaa method fax accounting list3
mmoip aaa method fax authentication xyz
mmoip aaa receive-accounting enable
mmoip aaa receive-authentication enable
mmoip aaa receive-id primary redialer-dnis
mmoip aaa receive-id secondary gateway
mmoip aaa send-accounting enable
mmoip aaa send-authentication enable
mmoip aaa send-id primary envelope-to
mmoip aaa send-id secondary account-id
"""
PEERS = """\
dial-peer voice 1 pots
 description faxes from the PSTN
 huntstop
 preference 2
 application onramp
 incoming called-number 5551...
 answer-address +1408555....
 destination-pattern 9[2-5].......T
 information-type fax
 max-conn 10
 direct-inward-dial
 no digit-strip
 port 0:D
 forward-digits all
 prefix 9,,1
 fax rate disable
!
dial-peer voice 2147483647 mmoip
 description mails
 shutdown
 application offramp
 application fax_on_vfc_onramp_app out-bound
 incoming called-number 555....
 destination-pattern 57108..
 information-type fax
 session target mailto:$d$@mail-server.example.com
 image encoding mmr
 image resolution superfine
 mdn
 dsn success
 dsn failure
 dsn delay
!
"""


def test_it_compiles_without_a_fault_and_every_word_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.main([]) == 0
    assert capsys.readouterr().out.endswith(" files, 0 errors, 0 words without help\n")


def test_every_handler_is_there_and_none_is_spare() -> None:
    packaged = catalogue.load().for_platform(release=None)
    commands = [command for name in packaged.modes for command in packaged.mode(name).commands]
    named = {name for command in commands for name in (command.run, command.check, command.apply) if name}
    listed = {name for names in FAMILIES.values() for name in names.split()}
    assert named - set(OWN) - listed == set()
    assert listed - named == set()
    assert [name for name in listed if handlers.get(name) is None] == []


def test_platforms_of_commands_are_names_of_platforms_or_families() -> None:
    known = {name for platform in map(platforms.load, platforms.names()) for name in (platform.name, platform.family)}
    packaged = catalogue.load()
    named = {name for mode in packaged.modes for command in packaged.mode(mode).commands for name in command.platforms}
    assert named <= known


@pytest.mark.parametrize(("platform", "file"), CONFIGURATIONS)
def test_an_example_configuration_comes_back_byte_for_byte(platform: str, file: str) -> None:
    text = (EXAMPLES / file).read_text("utf-8")
    user = User(device(platform))
    assert user.configure(*text.splitlines()) == ""
    building, blank, size, first, *shown = user.type("show running-config").split("\n")
    assert (building, blank, first) == ("Building configuration...", "", "!")
    assert "\n".join(shown) == f"{text}\n"
    assert size == f"Current configuration : {len(text) + 3} bytes"


@pytest.mark.parametrize(("platform", "file"), CONFIGURATIONS)
def test_an_example_configuration_pasted_twice_changes_nothing(platform: str, file: str) -> None:
    router = device(platform)
    text = (EXAMPLES / file).read_text("utf-8")
    assert load(router, text) == load(router, text) == []
    assert nvgen.render(router.config) == text


def test_the_fax_and_mail_lines_stand_together_in_their_order() -> None:
    router = device()
    shuffled = sorted(GLOBAL_LINES.splitlines(), key=lambda line: (line[::-1], line))
    servers = [
        line for line in GLOBAL_LINES.splitlines() if line.startswith(("mta send server", "mta receive aliases"))
    ]
    assert load(router, "\n".join([*servers, *shuffled])) == []
    assert f"\n!\n!\n{GLOBAL_LINES}!\n" in nvgen.render(router.config)


def test_every_line_can_be_taken_back() -> None:
    router = device()
    before = nvgen.render(router.config)
    assert load(router, GLOBAL_LINES) == []
    assert load(router, "\n".join(f"no {line}" for line in GLOBAL_LINES.splitlines())) == []
    assert nvgen.render(router.config) == before


def test_dial_peers_print_what_they_were_given() -> None:
    router = device()
    load(router, "controller T1 0\n pri-group timeslots 1-24")
    assert load(router, PEERS) == []
    assert PEERS in nvgen.render(router.config)


@pytest.mark.parametrize("platform", ["as5300", "as5350", "3660"])
def test_a_blank_router_prints_a_configuration_that_it_takes(platform: str) -> None:
    router = device(platform)
    text = nvgen.render(router.config)
    assert load(router, text) == []
    assert nvgen.render(router.config) == text
    assert text.startswith("version 12.2\nservice timestamps debug uptime\n")
    assert text.endswith("\nend\n")


def test_the_order_of_a_whole_configuration_is_that_of_a_router() -> None:
    text = (EXAMPLES / "vdtl-5300-7a.cfg").read_text("utf-8")
    landmarks = [
        "version 12.2",
        "hostname ",
        "enable secret",
        "ip subnet-zero",
        "ip domain name",
        "ip name-server",
        "isdn switch-type",
        "voice call carrier",
        "no voice hpi capture buffer",
        "fax interface-type fax-mail",
        "mta receive maximum-recipients",
        "controller T1 0",
        "interface Ethernet0",
        "interface Serial0:23",
        "interface FastEthernet0",
        "ip classless",
        "ip route",
        "no ip http server",
        "call rsvp-sync",
        "call application voice",
        "voice-port 0:D",
        "mgcp profile default",
        "dial-peer cor custom",
        "dial-peer voice 1",
        "line con 0",
        "line vty 0 4",
        "end",
    ]
    places = [text.index(f"\n{landmark}" if landmark != "version 12.2" else landmark) for landmark in landmarks]
    assert places == sorted(places)


def test_help_lists_words_in_order_with_their_texts() -> None:
    user = User(device())
    assert user.session.help("debug foip ") == ("  off-ramp  off-ramp faxmail\n  on-ramp   on-ramp faxmail\n\n")
    user.session.configure()
    assert [line.split()[0] for line in user.session.help("mta send ").splitlines() if line] == [
        "filename",
        "mail-from",
        "origin-prefix",
        "postmaster",
        "return-receipt-to",
        "server",
        "subject",
        "success-fax-only",
        "with-subject",
    ]
    assert "  <0-1024>  Number of recipients" in user.session.help("mta receive maximum-recipients ")
