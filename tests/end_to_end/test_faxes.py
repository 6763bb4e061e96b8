"""A fax becomes a mail and a mail becomes a fax, seen from outside only."""

from __future__ import annotations

import email
import email.policy
import io
import re
import smtplib
import subprocess
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageSequence

from .running import RunningLab

ONRAMP = "555-0199"
BRANCH = "555-0100"
FRONT_DESK = "9-555-8354"
OFFRAMP = "vdtl-5350-8a"
FAX_ADDRESS = f"FAX={FRONT_DESK}@15.80.7.107"


def drawn_pages(count: int) -> list[Image.Image]:
    """Pages that differ, with fine detail in each."""
    pages = []
    for number in range(1, count + 1):
        page = Image.new("1", (1728, 800 + 50 * number), 1)
        pen = ImageDraw.Draw(page)
        pen.rectangle((100, 100, 1600, 700), outline=0, width=number * 3)
        for x in range(100, 1600, 7 + number):
            pen.line((x, 100, 1700 - x, 700), fill=0)
        pages.append(page)
    return pages


def save_tiff(pages: list[Image.Image], file: Path) -> Path:
    pages[0].save(file, save_all=True, append_images=pages[1:], compression="group3", dpi=(204, 196))
    return file


def pixels(tiff: bytes) -> list[tuple[tuple[int, int], bytes]]:
    """Size and black and white of each page."""
    with Image.open(io.BytesIO(tiff)) as image:
        return [(page.size, page.convert("1").tobytes()) for page in ImageSequence.Iterator(image)]


def arrival(lab: RunningLab, user: str, before: int, patience_s: float = 60) -> EmailMessage:
    """The newest message of a user's mailbox once there are more than `before`."""
    deadline = time.monotonic() + patience_s
    while len(messages := lab.mailbox(user)) <= before:
        assert time.monotonic() < deadline, f"no mail for {user}"
        time.sleep(0.2)
    text = lab.iosemu("mail", "show", user, str(messages[-1]["number"])).stdout
    message = email.message_from_string(text, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def fax_to(lab: RunningLab, count: int, patience_s: float = 60) -> str:
    """The job of the newest fax, once more than `count` have been received."""
    deadline = time.monotonic() + patience_s
    while len(jobs := lab.received()) <= count:
        assert time.monotonic() < deadline, "no fax arrived"
        time.sleep(0.2)
    return str(jobs[-1]["job"])


def pages_of(lab: RunningLab, job: str, folder: Path) -> list[Image.Image]:
    lab.iosemu("fax", "pages", job, "--out", folder)
    return [Image.open(file) for file in sorted(folder.glob("*.png"))]


def test_a_three_page_tiff_reaches_tom_bit_for_bit(lab: RunningLab, tmp_path: Path) -> None:
    pages = drawn_pages(3)
    before = len(lab.mailbox("tom"))
    lab.iosemu("fax", "send", "--from", BRANCH, "--to", ONRAMP, save_tiff(pages, tmp_path / "three.tif"))
    message = arrival(lab, "tom", before)
    (part,) = message.iter_attachments()
    tiff = part.get_payload(decode=True)
    assert isinstance(tiff, bytes)
    assert pixels(tiff) == [(page.size, page.tobytes()) for page in pages]


def test_the_mail_has_the_headers_and_the_tiff_the_tags_of_a_real_gateway(lab: RunningLab, tmp_path: Path) -> None:
    before = len(lab.mailbox("tom"))
    lab.iosemu("fax", "send", "--from", BRANCH, "--to", "5550199", save_tiff(drawn_pages(1), tmp_path / "one.tif"))
    message = arrival(lab, "tom", before)
    own = [name for name in message if name != "Return-Path"]
    received = [str(value) for name, value in message.items() if name == "Received"]
    host = r"vdtl-5300-7a\.testlab-t37\.com"
    assert re.search(rf"by {host} for <tom@testlab-t37\.com> \(with Cisco NetWorks\); \w{{3}}, ", received[-1])
    assert own[-9:] == [
        "Received", "To", "Message-ID", "Date", "Subject", "X-Mailer", "MIME-Version", "Content-Type", "From",
    ] or own[-10:] == [
        "Received", "To", "Message-ID", "Date", "Subject", "X-Mailer", "MIME-Version", "Content-Type", "From",
        "X-Account-Id",
    ]  # fmt: skip
    assert re.fullmatch(rf"<[0-9A-F]{{4}}\d{{13}}@{host}>", str(message["Message-ID"]))
    assert message["X-Mailer"] == "IOS (tm) 5300 Software (C5300-JS-M)"
    assert message.get_content_type() == "multipart/fax-message"
    (part,) = message.iter_attachments()
    tiff = part.get_payload(decode=True)
    assert isinstance(tiff, bytes)
    with Image.open(io.BytesIO(tiff)) as image:
        tags = dict(image.tag_v2)  # type: ignore[attr-defined]
    assert (tags[254], tags[259], tags[262], tags[266], tags[292]) == (2, 3, 0, 1, 4)
    assert (tags[270], tags[305]) == ("Fax Image", "Cisco NetWorks Software TIFF-F Engine")
    assert (tags[326], tags[327], tags[328]) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["pdf", "txt", "png"])
def test_a_fax_machine_sends_what_a_user_has(lab: RunningLab, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"letter.{kind}"
    if kind == "txt":
        file.write_text("A letter\n" * 20)
    elif kind == "pdf":
        pages = [page.convert("L") for page in drawn_pages(2)]
        pages[0].save(file, save_all=True, append_images=pages[1:], resolution=200)
    else:
        drawn_pages(1)[0].save(file)
    before = len(lab.mailbox("tom"))
    lab.iosemu("fax", "send", "--from", BRANCH, "--to", ONRAMP, file)
    (part,) = arrival(lab, "tom", before).iter_attachments()
    tiff = part.get_payload(decode=True)
    assert isinstance(tiff, bytes)
    assert len(pixels(tiff)) == (2 if kind == "pdf" else 1)


def test_a_mailed_tiff_comes_out_of_the_fax_machine_as_it_was(lab: RunningLab, tmp_path: Path) -> None:
    pages, count = drawn_pages(2), len(lab.received())
    tiff = save_tiff(pages, tmp_path / "two.tif")
    lab.iosemu("mail", "send", "--from", "tom", "--to", FAX_ADDRESS, tiff)
    got = pages_of(lab, fax_to(lab, count), tmp_path / "out")
    assert [page.convert("1").tobytes() for page in got] == [page.tobytes() for page in pages]


@pytest.mark.parametrize("subtype", ["plain", "enriched"])
def test_mailed_text_is_printed_with_a_header_line(lab: RunningLab, tmp_path: Path, subtype: str) -> None:
    count = len(lab.received())
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "tom@testlab-t37.com", FAX_ADDRESS, "Hello"
    text = "Dear front desk,\n\nthe parcel is on its way.\n"
    message.set_content(text if subtype == "plain" else f"<bold>{text}</bold>", subtype=subtype)
    with smtplib.SMTP(*lab.smtp()) as server:
        server.send_message(message)
    (page,) = pages_of(lab, fax_to(lab, count), tmp_path / "out")
    ink = page.convert("L").point(lambda level: 255 - level)
    assert page.width == 1728
    header = ink.crop((0, 0, page.width, 60)).getbbox()
    body = ink.crop((0, 60, page.width, page.height)).getbbox()
    assert header is not None, "no header line"
    assert header[0] < 500, "the left header is missing"
    assert header[2] > 1300, "the right header is missing"
    assert body is not None, "no text"


def test_the_command_line_mails_text_too(lab: RunningLab) -> None:
    count = len(lab.received())
    lab.iosemu("mail", "send", "--from", "tom", "--to", FAX_ADDRESS, "--text", "A few words")
    fax_to(lab, count)


@pytest.mark.parametrize("number", ["9-555-9999", "8-555-8354"])
def test_a_number_that_does_not_exist_brings_a_notification_to_the_sender(lab: RunningLab, number: str) -> None:
    before = len(lab.mailbox("tom"))
    lab.iosemu("mail", "send", "--from", "tom", "--to", f"FAX={number}@15.80.7.107", "--text", "anybody there?")
    message = arrival(lab, "tom", before)
    assert message.get_content_type() == "multipart/report"
    assert number.replace("-", "") in message.as_string().replace("-", "")


def test_a_busy_fax_machine_does_not_take_the_mail(lab: RunningLab) -> None:
    with smtplib.SMTP(*lab.router(OFFRAMP, "smtp")) as server, pytest.raises(smtplib.SMTPDataError) as refusal:
        server.sendmail("tom@testlab-t37.com", ["FAX=9-555-8355@[15.80.7.107]"], b"Subject: x\r\n\r\nhello\r\n")
    assert 400 <= refusal.value.smtp_code < 500


def test_the_gateway_takes_mail_from_any_smtp_client(lab: RunningLab) -> None:
    count = len(lab.received())
    with smtplib.SMTP(*lab.router(OFFRAMP, "smtp")) as server:
        server.sendmail("john@testlab-t37.com", [FAX_ADDRESS], b"Subject: direct\r\n\r\nstraight to the gateway\r\n")
    fax_to(lab, count)


def test_the_gateway_relays_for_nobody(lab: RunningLab) -> None:
    with smtplib.SMTP(*lab.router(OFFRAMP, "smtp")) as server:
        server.helo("there")
        server.mail("tom@testlab-t37.com")
        assert server.rcpt("john@testlab-t37.com")[0] == 550
        assert server.rcpt("FAX=9-555-8354@elsewhere.example.com")[0] == 550


@pytest.mark.peer
def test_swaks_sends_a_fax(lab: RunningLab, need: Callable[[str], str]) -> None:
    count = len(lab.received())
    host, port = lab.router(OFFRAMP, "smtp")
    done = subprocess.run(
        [need("swaks"), "--server", host, "--port", str(port), "--from", "tom@testlab-t37.com", "--to", FAX_ADDRESS],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    fax_to(lab, count)


@pytest.mark.peer
def test_tiffinfo_reads_the_mailed_tiff(lab: RunningLab, need: Callable[[str], str], tmp_path: Path) -> None:
    before = len(lab.mailbox("tom"))
    lab.iosemu("fax", "send", "--from", BRANCH, "--to", ONRAMP, save_tiff(drawn_pages(3), tmp_path / "three.tif"))
    (part,) = arrival(lab, "tom", before).iter_attachments()
    tiff = part.get_payload(decode=True)
    assert isinstance(tiff, bytes)
    file = tmp_path / "mailed.tif"
    file.write_bytes(tiff)
    done = subprocess.run([need("tiffinfo"), file], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.count("Cisco NetWorks Software TIFF-F Engine") == 3
    assert done.stderr == ""


@pytest.mark.peer
def test_tshark_decodes_the_capture(lab: RunningLab, need: Callable[[str], str], tmp_path: Path) -> None:
    lab.iosemu("fax", "send", "--from", BRANCH, "--to", ONRAMP, save_tiff(drawn_pages(1), tmp_path / "one.tif"))
    options = ["-d", "udp.port==16384-32766,t38", "-o", "t38.use_pre_corrigendum_asn1_specification:FALSE"]
    fields = ["-T", "fields", "-e", "_ws.col.Protocol", "-e", "_ws.col.Info", "-e", "_ws.malformed"]
    done = subprocess.run(
        [need("tshark"), "-r", lab.capture, *options, *fields], capture_output=True, text=True, timeout=120, check=True
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert {"T.38", "SMTP"} <= {row[0] for row in rows} <= {"T.38", "SMTP", "SMTP/IMF", "TCP"}
    assert not [row for row in rows if row[2]], "a malformed packet"
    told = " ".join(row[1] for row in rows)
    for message in ("DIS", "DCS", "TSI", "CSI", "CFR", "EOP", "MCF", "DCN"):
        assert message in told, f"no {message} among the T.30 messages"
