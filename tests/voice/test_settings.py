"""Typed views of the running-config."""

from __future__ import annotations

from typing import Any

import pytest

from iosemu.mail.settings import SubjectNumbers
from iosemu.voice.applications import Application, Applications, Treatment
from iosemu.voice.dial_plan import Dsn, ImageEncoding, ImageResolution, PeerType
from iosemu.voice.settings import FaxSettings


def test_defaults_of_an_empty_router(on_ramp: Any) -> None:
    on_ramp.configure("no mta send server 10.0.0.25\nno fax receive called-subscriber\nno hostname\nno ip domain name")
    settings = on_ramp.voice.settings
    assert settings.fax == FaxSettings()
    assert settings.send.servers == ()
    assert settings.receive.maximum_recipients == 0
    assert (settings.identity.name, settings.identity.x_mailer) == ("Router", "IOS (tm) 5300 Software (C5300-JS-M)")


def test_fax_and_mta_lines_are_read(on_ramp: Any) -> None:
    on_ramp.configure(
        "fax send transmitting-subscriber $s$\nfax send left-header Date:$a$\nfax send max-speed 9600\n"
        "fax send coverpage enable\nfax send coverpage comment Fax from the gateway\n"
        "mta send server backup.example.com\nmta send subject Fax message\nmta send filename fax date\n"
        "mta send return-receipt-to $s$\nmta send return-receipt-to hostname gw\n"
        'mta send origin-prefix "two words"\nmta send with-subject both\nmta send success-fax-only\n'
        "mta receive aliases gw.example.com\nmta receive aliases [10.0.0.1]\nmta receive maximum-recipients 24"
    )
    settings = on_ramp.voice.settings
    assert settings.fax.transmitting_subscriber == "$s$"
    assert (settings.fax.left_header, settings.fax.max_rate_bps) == ("Date:$a$", 9600)
    assert (settings.fax.cover_page, settings.fax.cover_page_comment) == (True, "Fax from the gateway")
    send = settings.send
    assert send.servers == ("10.0.0.25", "backup.example.com")
    assert (send.subject, send.filename, send.filename_date) == ("Fax message", "fax", True)
    assert (send.return_receipt_username, send.return_receipt_hostname) == ("$s$", "gw")
    assert send.origin_prefix == "two words"
    assert (send.with_subject, send.success_fax_only) == (SubjectNumbers.BOTH, True)
    assert settings.receive.aliases == ("gw.example.com", "[10.0.0.1]")
    assert settings.receive.maximum_recipients == 24


def test_dial_peers_are_read_in_their_order(on_ramp: Any) -> None:
    on_ramp.configure(
        "num-exp 5.... 1555....\n"
        "dial-peer voice 9 mmoip\n application x out-bound\n application y\n session target mailto:$d$@m\n"
        " image encoding mmr\n image resolution standard\n mdn\n dsn success\n dsn delay\n max-conn 5\n"
        "dial-peer voice 8 pots\n forward-digits 4\n no digit-strip\n prefix 9,\n preference 3\n huntstop\n shutdown\n"
        " destination-pattern 9T\n"
        "dial-peer voice 7 pots\n forward-digits extra"
    )
    plan = on_ramp.voice.settings.plan
    mail, line, extra = plan.peer(9), plan.peer(8), plan.peer(7)
    assert [peer.tag for peer in plan.peers] == [1, 2, 9, 8, 7]
    assert (mail.type, mail.application_in, mail.application_out) == (PeerType.MMOIP, "y", "x")
    assert (mail.image_encoding, mail.image_resolution) == (ImageEncoding.MMR, ImageResolution.STANDARD)
    assert (mail.dsn, mail.mdn, mail.max_connections) == ({Dsn.SUCCESS, Dsn.DELAY}, True, 5)
    assert mail.session_target == "mailto:$d$@m"
    assert (line.forward_digits, line.digit_strip, line.prefix) == ("4", False, "9,")
    assert (line.preference, line.huntstop, line.shutdown) == (3, True, True)
    assert not line.reachable
    assert extra.forward_digits == "extra"
    assert plan.expand("51234") == "15551234"


def test_a_change_is_seen_by_the_next_look_and_history_limits_at_once(on_ramp: Any) -> None:
    before = on_ramp.voice.settings
    assert on_ramp.voice.settings is before
    on_ramp.configure("dial-control-mib max-size 7\ndial-control-mib retain-timer 3")
    assert on_ramp.voice.settings is not before
    history = on_ramp.voice.control.history
    assert (history.max_size, history.retain_minutes) == (7, 3)


def test_ports_follow_the_configuration(on_ramp: Any) -> None:
    assert list(on_ramp.voice.ports) == ["0:D"]
    assert len(on_ramp.voice.ports["0:D"].channels) == 23
    on_ramp.configure("controller T1 2\n pri-group timeslots 1-4,24\nvoice-port 0:D\n timeouts ringing 45")
    assert list(on_ramp.voice.ports) == ["0:D", "2:D"]
    assert [channel.number for channel in on_ramp.voice.ports["2:D"].channels] == [1, 2, 3, 4]
    assert on_ramp.voice.ports["0:D"].ringing_s == 45
    on_ramp.configure("controller T1 0\n no pri-group")
    assert list(on_ramp.voice.ports) == ["2:D"]


def test_a_cable_goes_only_into_a_controller_that_is_there(on_ramp: Any) -> None:
    machine = on_ramp.machine()
    with pytest.raises(KeyError):
        on_ramp.voice.plug("T1 9", machine)
    on_ramp.voice.plug("T1 0", machine)
    assert on_ramp.voice.ports["0:D"].up
    on_ramp.voice.plug("T1 0", None)
    assert not on_ramp.voice.ports["0:D"].up


@pytest.mark.parametrize(
    ("location", "treatment"),
    [
        ("flash:app_libretto_onramp9.tcl", Treatment.ON_RAMP),
        ("tftp://10.0.0.5/app_faxmail_offramp.2.0.1.1.tcl", Treatment.OFF_RAMP),
        ("flash:app_voicemail_offramp.tcl", Treatment.OFF_RAMP),
        ("flash:app_fax_detect.tcl", Treatment.FAX_DETECT),
        ("flash:fax_rollover_on_busy.tcl", Treatment.ROLLOVER),
        ("flash:clid_4digits_npw_3_cli.tcl", Treatment.OTHER),
    ],
)
def test_a_script_is_known_by_its_file_name(location: str, treatment: Treatment) -> None:
    assert Applications((Application("x", location),)).treatment("X") is treatment


def test_built_in_applications_need_no_loading() -> None:
    applications = Applications()
    assert applications.treatment("fax_on_vfc_onramp_app") is Treatment.ON_RAMP
    assert applications.treatment("lib_off_app") is Treatment.OFF_RAMP
    assert applications.treatment("onramp") is Treatment.OTHER
    assert applications.treatment("") is Treatment.OTHER
