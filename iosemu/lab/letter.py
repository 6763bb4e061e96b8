"""A mail from a user of the lab: composed of a text and files, handed to the user's mail server.

Rule: a text file alone is the message itself, as people write to a fax gateway; a file's kind is told by what it
holds. A refusal of the server is told as it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from pathlib import PurePath

from iosemu.lab.errors import LabError

# What a fax gateway prints as text, by the endings of file names; the rest is told by the content.
_ENRICHED = (".rtx", ".etf", ".enriched")
_TIFF_MARKS = (b"II*\0", b"MM\0*")
_MARKS = ((b"%PDF", "application", "pdf"), (b"\x89PNG", "image", "png"), (b"\xff\xd8\xff", "image", "jpeg"))
SMTP_TIMEOUT_S = 60


def compose(
    sender: str, recipients: Sequence[str], subject: str, text: str | None, files: Sequence[tuple[PurePath, bytes]]
) -> EmailMessage:
    """A message of a text and files; raises LabError for a bad header or a file that is not what its name says."""
    try:
        return _built(sender, recipients, subject, text, files)
    except LabError:
        raise
    except Exception as error:  # the header parser of the standard library stumbles over some malformed addresses
        raise LabError(f"not a mail header: {_flat(str(error))}") from None


def _built(
    sender: str, recipients: Sequence[str], subject: str, text: str | None, files: Sequence[tuple[PurePath, bytes]]
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, ", ".join(recipients), subject
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    parts = list(files)
    if text:
        message.set_content(text)
    elif len(parts) == 1 and (kind := _kind(*parts[0]))[0] == "text":
        message.set_content(parts.pop()[1].decode("utf-8", "replace"), subtype=kind[1])
    for path, octets in parts:
        _attach(message, path, octets)
    return message


def _attach(message: EmailMessage, path: PurePath, octets: bytes) -> None:
    main, sub = _kind(path, octets)
    if main == "text":
        message.add_attachment(octets.decode("utf-8", "replace"), subtype=sub, filename=path.name)
    else:
        message.add_attachment(octets, maintype=main, subtype=sub, filename=path.name)


def _kind(path: PurePath, octets: bytes) -> tuple[str, str]:
    """The media type of a file, by what it holds; enriched text by its name."""
    if octets.startswith(_TIFF_MARKS):
        return "image", "tiff"
    for mark, main, sub in _MARKS:
        if octets.startswith(mark):
            return main, sub
    if path.suffix.lower() in (".tif", ".tiff"):
        raise LabError(f"{path}: not a TIFF file")
    if path.suffix.lower() in _ENRICHED:
        return "text", "enriched"
    if b"\0" in octets:
        return "application", "octet-stream"
    return "text", "plain"


async def post(server: tuple[str, int], sender: str, recipients: Sequence[str], message: EmailMessage) -> None:
    """Hand a message to the mail server that listens at `server`; raises LabError with the server's own words."""
    import aiosmtplib

    client = aiosmtplib.SMTP(
        hostname=server[0], port=server[1], local_hostname="localhost", start_tls=False, timeout=SMTP_TIMEOUT_S
    )
    try:
        async with client:
            refused, _ = await client.sendmail(sender, list(recipients), message.as_bytes(policy=policy.SMTP))
    except aiosmtplib.SMTPRecipientsRefused as error:
        one = error.recipients[0]
        raise LabError(f"mail to {one.recipient} was refused: {one.code} {_flat(one.message)}") from None
    except aiosmtplib.SMTPResponseException as error:
        raise LabError(f"the mail server said: {error.code} {_flat(error.message)}") from None
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise LabError(f"the mail server does not answer: {_flat(str(error))}") from None
    for address, (code, text) in refused.items():
        raise LabError(f"mail to {address} was refused: {code} {_flat(text)}")


def _flat(reply: str) -> str:
    return " ".join(reply.split())
