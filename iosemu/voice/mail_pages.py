"""The pages of a mail that goes out as a fax: its parts, header line and cover page as `fax send *` says.

Rule: TIFF parts go out untouched; header line and cover page belong to text. The cover page: `enable` alone means
always; with `e-mail-controllable` the address has the last word (`/cover=yes|no`), and without `enable` only it can
ask for one. Source: command reference, `fax send coverpage *`, `fax send *-header`, `fax send transmitting-
subscriber`.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parseaddr

from iosemu.fax.cover_page import CoverPage
from iosemu.fax.dmsp import DocToFax, EnrichedText, PlainText, TiffFile
from iosemu.fax.dmsp import Part as Sheet
from iosemu.fax.document import Document
from iosemu.fax.header_line import HeaderLine, HeaderValues
from iosemu.mail.envelope import FaxMail, Part, PartKind
from iosemu.mail.mime import decoded_header
from iosemu.voice.settings import FaxSettings, VoiceSettings

_NUMBER = re.compile(r"(?i)(?:FAX=)?\+?[0-9][0-9 .()-]*")


def document_of(mail: FaxMail, settings: VoiceSettings, number: str, when: datetime) -> Document:
    """The fax that `mail` makes; raises DocumentError where it holds nothing that can be faxed."""
    fax = settings.fax
    values = HeaderValues(sender=sender_name(mail), destination=number, when=when)
    header = HeaderLine(fax.left_header, fax.center_header, fax.right_header)
    cover = _cover(mail, fax) if wants_cover(fax, mail.recipient.address.cover) else None
    return DocToFax([_sheet(part) for part in mail.content.parts], values, header, cover).document


def wants_cover(fax: FaxSettings, asked: bool | None) -> bool:
    """Whether a text mail gets a cover page; `asked` is what the address says, None where it says nothing."""
    if fax.cover_page_by_mail and asked is not None:
        return asked
    return fax.cover_page


def sender_name(mail: FaxMail) -> str:
    """The sender as header line and cover page show it: the name of From, else its address, else the envelope's."""
    name, address = _sender(mail)
    return name or address or mail.sender


def display_name(mail: FaxMail) -> str:
    """The name in From, empty where there is none: the peer address of a mail leg, as real output shows it."""
    return _sender(mail)[0]


def sender_number(mail: FaxMail) -> str:
    """The telephone number that the sender gives: a From name or a FAX= address that is one; else nothing."""
    name, address = _sender(mail)
    for text in (name, address.rpartition("@")[0], mail.sender.rpartition("@")[0]):
        found = _NUMBER.fullmatch(text.strip())
        if found is not None:
            return re.sub(r"[^0-9+]", "", text.partition("=")[2] or text)
    return ""


def _sender(mail: FaxMail) -> tuple[str, str]:
    name, address = parseaddr(decoded_header(mail.content.header("From")))
    return name, address


def _cover(mail: FaxMail, fax: FaxSettings) -> CoverPage:
    details = tuple(f"{name}: {decoded_header(value)}" for name, value in mail.content.headers)
    return CoverPage(
        comment=fax.cover_page_comment,
        subject=decoded_header(mail.content.header("Subject")),
        details=details if fax.cover_page_detail else (),
    )


def _sheet(part: Part) -> Sheet:
    if part.kind is PartKind.TIFF:
        return TiffFile(part.data)
    return EnrichedText(part.text) if part.kind is PartKind.ENRICHED else PlainText(part.text)
