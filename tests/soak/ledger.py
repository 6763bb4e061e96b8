"""What has arrived in a lab, read from its state directory, and the numbered mails and faxes that are sent into it.

Rule: a page tells its number in its pixels, a mail in a header, so that each is known again wherever it turns up.
"""

from __future__ import annotations

import json
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from pathlib import Path

from iosemu.app.lab_file import packaged_lab
from tests.soak.numbered_page import number, page

SENDER = "john@testlab-t37.com"
_ID = "X-Soak-Number"


def table(**figures: object) -> str:
    """Figures for people, one a line."""
    return "\n".join(f"{name.replace('_', ' '):<24}{value!s:>10}" for name, value in figures.items())


def numbered_mail(identity: int) -> bytes:
    """A mail with one page."""
    message = EmailMessage()
    message["From"], message["To"], message[_ID] = SENDER, "a fax machine", str(identity)
    message.add_attachment(page(identity), maintype="image", subtype="tiff", filename="page.tif")
    return message.as_bytes(policy=SMTP)


def lab_file(folder: Path, machines: list[str], *, expire_s: float, further: str = "") -> Path:
    """The packaged lab with more fax machines, whose mail server gives up after `expire_s` seconds."""
    source = packaged_lab()
    text = source.read_text().replace("expire_s = 1800.0", f"expire_s = {expire_s}")
    text += "".join(f'\n[[fax]]\nnumber = "{one}"\n' for one in machines) + further
    file = folder / "lab.toml"
    file.write_text(text)
    for configuration in source.parent.glob("*.cfg"):
        (folder / configuration.name).write_text(configuration.read_text())
    return file


class Ledger:
    """What is in the paper trays and mailboxes of the lab whose state is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, int] = {}

    def trays(self) -> Counter[int]:
        """The numbers of the pages that fax machines received whole."""
        for facts in (self._folder / "fax").glob("*.json"):
            if facts.stem not in self._read and not json.loads(facts.read_text())["cause"]:
                self._read[facts.stem] = number(facts.with_suffix(".tif").read_bytes())
        return Counter(self._read.values())

    def mailed(self, user: str) -> Counter[int]:
        """The numbers of the faxes that are in a user's mailbox."""
        return Counter(
            number(part.get_payload(decode=True) or b"")
            for mail in self._mailbox(user)
            for part in mail.walk()
            if part.get_content_type() == "image/tiff"
        )

    def returned(self) -> set[int]:
        """The numbers of the mails that came back to their sender for good: from the mail server, not a gateway's
        word about one try."""
        return {
            int(part[_ID])
            for mail in self._mailbox(SENDER.partition("@")[0])
            for part in mail.walk()
            if part is not mail and part[_ID] and "X-Mailer" not in mail  # which gateways have
        }

    def _mailbox(self, user: str) -> list[Message[str, str]]:
        new = self._folder / "mail" / "testlab-smtp" / "mailboxes" / user / "new"
        return [message_from_bytes(path.read_bytes()) for path in new.glob("*")]
