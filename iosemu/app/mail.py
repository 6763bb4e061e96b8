"""`iosemu mail`: the mailboxes of a running lab, and mail from its users."""

from __future__ import annotations

import argparse
import base64
import json
import sys

from iosemu.app.errors import ToolError
from iosemu.app.files import read_octets
from iosemu.app.screen import screen
from iosemu.lab.control import ask
from iosemu.lab.state import find


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
    """Have the lab compose a message and hand it to the user's mail server; a refusal is told as it came."""
    files = [{"name": str(path), "data": base64.b64encode(read_octets(path)).decode("ascii")} for path in options.files]
    text = options.text or ""
    if not files and not text:
        raise ToolError("nothing to send: name a FILE or give --text")
    values = {"user": options.sender, "to": options.to, "subject": options.subject, "text": text, "files": files}
    ask(find(options.lab), "mail.send", **values)
    print(f"mail to {', '.join(options.to)} is on its way")
    return 0
