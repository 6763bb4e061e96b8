"""The on-ramp's message is, byte for byte, the one that real gateways sent."""

from __future__ import annotations

import base64
import email
from datetime import UTC, datetime, timedelta, timezone

import pytest

from iosemu.mail.ids import IdSource
from iosemu.mail.message import FaxCall, MessageIds, compose, file_name, return_path
from iosemu.mail.settings import Identity, SendSettings, SubjectNumbers

MOSCOW_2011 = timezone(timedelta(hours=4))
IMAGE = bytes(range(256)) * 2

AS5350 = """\
Received:  by as1.noc.ud9.ru for <fax@ud9.ru> (with Cisco NetWorks); Fri, 18 Nov 2011 16:16:41 +0400
To: "fax" <fax@ud9.ru>
Message-ID: <91672011161641926@as1.noc.ud9.ru>
Date: Fri, 18 Nov 2011 16:16:41 +0400
Subject: Cisco has received a fax message
X-Mailer: IOS (tm) 5350 Software (C5350-JS-M)
MIME-Version: 1.0
Content-Type: multipart/fax-message;
 boundary="yradnuoB=_91662011161641738.as1.noc.ud9.ru"
From: "" <FAX=3412900100@as1.noc.telsi.net>
X-Account-Id: 0

--yradnuoB=_91662011161641738.as1.noc.ud9.ru
Content-ID: <91682011161708926@as1.noc.ud9.ru>
Content-Type: image/tiff; name="Cisco_fax.tif"; application=faxbw
Content-Disposition: attachment
Content-Transfer-Encoding: base64

BASE64
--yradnuoB=_91662011161641738.as1.noc.ud9.ru--
"""

ROUTER_2006 = """\
Received:  by iaburouter3.datcon.co.uk for <FAX=273@mbox.datcon.co.uk> (with Cisco NetWorks); \
Mon, 13 Nov 2006 14:33:03 +0000
To: "273" <FAX=273@mbox.datcon.co.uk>
Message-ID: <00322006143303358@iaburouter3.datcon.co.uk>
Date: Mon, 13 Nov 2006 14:33:03 +0000
Subject: Fax (2 pages)
X-Mailer: Technical Support: http://www.cisco
MIME-Version: 1.0
Content-Type: multipart/fax-message;
 boundary="yradnuoB=_00312006143303130.iaburouter3.datcon.co.uk"
From: "01316621345" <fax-admin@mbox.datcon.co.uk>
X-Account-Id: 0
"""


def moment(text: str, zone: timezone) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=zone)


def wire(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_an_as5350_message_is_rebuilt_byte_for_byte() -> None:
    opened = moment("2011-11-18 16:16:41.738", MOSCOW_2011)
    written = moment("2011-11-18 16:16:41.926", MOSCOW_2011)
    part = moment("2011-11-18 16:17:08.926", MOSCOW_2011)
    message = compose(
        SendSettings(mail_from_hostname="as1.noc.telsi.net"),
        Identity("as1", "noc.ud9.ru", "IOS (tm) 5350 Software (C5350-JS-M), Version 12.4(24)T"),
        FaxCall(calling="3412900100", called="100"),
        ["fax@ud9.ru"],
        IMAGE,
        MessageIds.take(IdSource(0x9166), opened, written, part),
        written,
    )
    image = base64.encodebytes(IMAGE).decode()
    assert message.read().decode() == wire(AS5350.replace("BASE64\n", image + "\n"))


def test_the_header_of_a_2006_router_is_rebuilt_byte_for_byte() -> None:
    written = moment("2006-11-13 14:33:03.358", UTC)
    message = compose(
        SendSettings(subject="Fax (2 pages)", mail_from_username="fax-admin", mail_from_hostname="mbox.datcon.co.uk"),
        Identity("iaburouter3", "datcon.co.uk", "Technical Support: http://www.cisco.com/techsupport"),
        FaxCall(calling="01316621345", called="273"),
        ["FAX=273@mbox.datcon.co.uk"],
        IMAGE,
        MessageIds("00312006143303130", "00322006143303358", "00332006143327371"),
        written,
    )
    assert message.read().decode().partition("\r\n\r\n")[0] + "\r\n" == wire(ROUTER_2006)


def composed(
    settings: SendSettings,
    identity: Identity | None = None,
    call: FaxCall | None = None,
    to: tuple[str, ...] = ("john@example.com",),
    **more: bool,
) -> str:
    message = compose(
        settings,
        identity or Identity("gw", "example.com", "IOS (tm) C2600 Software (C2600-IS-M), Version 12.2(15)T9"),
        call or FaxCall("5551010", "5552020", slot=1, port=15),
        to,
        IMAGE,
        MessageIds("a", "b", "c"),
        moment("2002-03-05 12:10:01.0", timezone(timedelta(hours=-5))),
        **more,
    )
    return message.read().decode()


def test_the_attachment_decodes_to_the_image() -> None:
    part = email.message_from_string(composed(SendSettings())).get_payload(0)
    assert part.get_payload(decode=True) == IMAGE
    assert part.get_filename() == "Cisco_fax.tif"
    assert len(part.get_all("Content-Type")) == 1


def test_all_of_several_recipients_stand_in_to_and_one_in_received() -> None:
    parsed = email.message_from_string(composed(SendSettings(), to=("john@example.com", "FAX=9@example.com")))
    assert parsed["To"].splitlines() == ['"john" <john@example.com>,', ' "9" <FAX=9@example.com>']
    assert " for <john@example.com> (" in parsed["Received"]


def test_an_origin_prefix_goes_into_received_with_slot_and_port() -> None:
    first = composed(SendSettings(origin_prefix="Cisco-Powered Fax System")).splitlines()[0]
    assert first == (
        "Received: (Cisco-Powered Fax System, slot 1 port 15) by gw.example.com for <john@example.com> "
        "(with Cisco NetWorks); Tue, 05 Mar 2002 12:10:01 -0500"
    )


def test_x_mailer_is_cut_at_35_characters() -> None:
    assert "\r\nX-Mailer: IOS (tm) C2600 Software (C2600-IS-M\r\n" in composed(SendSettings())


def test_a_router_without_a_domain_name_keeps_the_dot_in_received_and_content_id() -> None:
    message = composed(SendSettings(), Identity("faxe"))
    assert " by faxe. for " in message
    assert "Content-ID: <c@faxe.>" in message
    assert "Message-ID: <b@faxe>" in message


def test_the_senders_tsi_is_the_display_name_and_cannot_break_the_header() -> None:
    call = FaxCall("5551010", "5552020", remote_id='1 "A"\r\nBcc: x@y')
    message = composed(SendSettings(), call=call)
    assert 'From: "1 \\"A\\" Bcc: x@y" <FAX=5551010@gw.example.com>' in message
    assert "\nBcc" not in message


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (SendSettings(), "FAX=5551010@gw.example.com"),
        (SendSettings(postmaster="admin@example.com"), "admin@example.com"),
        (
            SendSettings(postmaster="admin@example.com", mail_from_hostname="fax.example.com"),
            "FAX=5551010@fax.example.com",
        ),
        (SendSettings(mail_from_username="$s$", mail_from_hostname="[10.0.0.1]"), "5551010@[10.0.0.1]"),
        (SendSettings(mail_from_username="faxes"), "faxes@gw.example.com"),
    ],
)
def test_the_return_path_follows_mail_from_and_then_postmaster(settings: SendSettings, expected: str) -> None:
    assert return_path(settings, Identity("gw", "example.com"), "5551010") == expected


@pytest.mark.parametrize(
    ("name", "date", "expected"),
    [
        ("", False, "Cisco_fax.tif"),
        ("abcd", False, "abcd.tif"),
        ("abcd.123", False, "abcd.123"),
        ("abcd", True, "abcd_20020704.tif"),
        ("abcd.123", True, "abcd_20020704.123"),
        ("", True, "Cisco_fax_20020704.tif"),
    ],
)
def test_file_names_are_those_of_the_command_reference(name: str, date: bool, expected: str) -> None:
    assert file_name(SendSettings(filename=name, filename_date=date), datetime(2002, 7, 4)) == expected


def test_numbers_follow_the_subject_when_asked() -> None:
    settings = SendSettings(subject="Fax", with_subject=SubjectNumbers.BOTH)
    assert "\r\nSubject: Fax 5552020 5551010\r\n" in composed(settings)


def test_an_mdn_is_asked_for_only_with_an_address_for_it() -> None:
    settings = SendSettings(return_receipt_username="$s$", return_receipt_hostname="example.com")
    assert "Disposition-Notification-To: <5551010@example.com>" in composed(settings, mdn=True)
    assert "Disposition" not in composed(settings).partition("\r\n\r\n")[0]
    assert "Disposition" not in composed(SendSettings(), mdn=True).partition("\r\n\r\n")[0]
    by_postmaster = composed(SendSettings(postmaster="fax@example.com"), mdn=True)
    assert "\r\nDisposition-Notification-To: <fax@example.com>\r\n" in by_postmaster


def test_the_id_counter_wraps_after_four_hex_digits() -> None:
    ids = IdSource(0xFFFF)
    at = datetime(2011, 11, 18, 16, 16, 41, 926999)
    assert [ids.take(at), ids.take(at)] == ["FFFF2011161641926", "00002011161641926"]
