"""`iosemu mail`: the mailboxes of a running lab, and mail from its users."""

from __future__ import annotations

import argparse
import base64
import json
import smtplib
import sys
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path

from iosemu.app.errors import ToolError
from iosemu.app.files import read_octets
from iosemu.app.screen import screen
from iosemu.lab.control import ask
from iosemu.lab.state import find

# What a fax gateway prints as text, by the endings of file names; the rest is told by the content.
_ENRICHED = (".rtx", ".etf", ".enriched")
_TIFF_MARKS = (b"II*\0", b"MM\0*")
_MARKS = ((b"%PDF", "application", "pdf"), (b"\x89PNG", "image", "png"), (b"\xff\xd8\xff", "image", "jpeg"))
SMTP_TIMEOUT_S = 60


def list_messages(options: argparse.Namespace) -> int:
    """Print what lies in a mailbox."""
    messages = ask(find(options.lab), "mail.list", user=options.user)
    if options.json:
        print(json.dumps(messages))
        return 0
    from rich.table import Table

    table = Table("N", "From", "To", "Subject", "Date", "Octets")
    for message in messages:
        columns = ("number", "sender", "to", "subject", "date", "size")
        table.add_row(*(str(message[column]) for column in columns))
    screen().print(table if messages else f"The mailbox of {options.user} is empty.")
    return 0


def show(options: argparse.Namespace) -> int:
    """Print a message, octet for octet as it is stored."""
    octets = base64.b64decode(ask(find(options.lab), "mail.message", user=options.user, number=options.number))
    sys.stdout.buffer.write(octets)
    return 0


def send(options: argparse.Namespace) -> int:
    """Compose a message and hand it to the user's mail server; its refusal is told as it came."""
    files = [(path, read_octets(path)) for path in options.files]
    if not files and not options.text:
        raise ToolError("nothing to send: name a FILE or give --text")
    server = ask(find(options.lab), "mail.server", user=options.sender)
    message = compose(server["address"], options.to, options.subject, options.text, files)
    try:
        with smtplib.SMTP(server["host"], server["port"], "localhost", SMTP_TIMEOUT_S) as client:
            refused = client.sendmail(server["address"], options.to, message.as_bytes(policy=policy.SMTP))
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except smtplib.SMTPResponseException as error:
        raise ToolError(f"the mail server said: {error.smtp_code} {_text(error.smtp_error)}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise ToolError(f"the mail server does not answer: {error}") from None
    for address, (code, text) in refused.items():
        raise ToolError(f"mail to {address} was refused: {code} {_text(text)}")
    print(f"mail to {', '.join(options.to)} is on its way")
    return 0


def compose(
    sender: str, recipients: Sequence[str], subject: str, text: str | None, files: Sequence[tuple[Path, bytes]]
) -> EmailMessage:
    """A message of a text and files; a text file alone is the message itself. Raises ToolError for a bad header."""
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, ", ".join(recipients), subject
    except ValueError as error:
        raise ToolError(f"not a mail header: {error}") from None
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


def _attach(message: EmailMessage, path: Path, octets: bytes) -> None:
    main, sub = _kind(path, octets)
    if main == "text":
        message.add_attachment(octets.decode("utf-8", "replace"), subtype=sub, filename=path.name)
    else:
        message.add_attachment(octets, maintype=main, subtype=sub, filename=path.name)


def _kind(path: Path, octets: bytes) -> tuple[str, str]:
    """The media type of a file, by what it holds; enriched text by its name."""
    if octets.startswith(_TIFF_MARKS):
        return "image", "tiff"
    for mark, main, sub in _MARKS:
        if octets.startswith(mark):
            return main, sub
    if path.suffix.lower() in (".tif", ".tiff"):
        raise ToolError(f"{path}: not a TIFF file")
    if path.suffix.lower() in _ENRICHED:
        return "text", "enriched"
    if b"\0" in octets:
        return "application", "octet-stream"
    return "text", "plain"


def _text(reply: bytes | str) -> str:
    return " ".join((reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply).split())
