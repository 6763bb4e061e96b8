"""Tries the objectives of a lab on a running one and grades it.

Rule: everything is done as the lab's other tools do it, over the control socket; a trial that cannot be made counts as
one that failed, with the reason. Trials follow one another, and only what comes after a trial began counts for it; a
report counts for the mail whose subject it tells.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from iosemu.lab.control import ask
from iosemu.lab.errors import LabError
from iosemu.lab.objective import FaxTrial, MailTrial, Objective
from iosemu.lab.state import RunningLab
from iosemu.lab.topology import digits

POLL_S = 0.1
DELIVERY_S = 10.0  # a gateway confirms a fax when the mail server has its mail
HANG_UP_S = 15.0  # somebody else's fax is not waited for
SECOND_REPORT_S = 2.0  # a gateway that refuses a mail and its mail server both tell the sender, one after the other
PAGE = "A page of iosemu lab check.\n"
_ACTION = re.compile(r"^action:\s*failed\b", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(r"^(?:diagnostic-code|status):\s*(.+)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Grade:
    """How an objective fared; `detail` says why it does not hold."""

    name: str
    points: int
    held: bool
    detail: str


class _Failed(Exception):
    """The trial came out wrong; `str()` says how."""


def grade(
    lab: RunningLab, objectives: Sequence[Objective], begin: Callable[[Objective], object] = lambda _: None
) -> Iterator[Grade]:
    """Try one objective after the other; `begin` is told before each."""
    for objective in objectives:
        begin(objective)
        try:
            _try(lab, objective)
        except (_Failed, LabError) as failed:
            yield Grade(objective.name, objective.points, False, str(failed))
        else:
            yield Grade(objective.name, objective.points, True, "")


def _try(lab: RunningLab, objective: Objective) -> None:
    _wait_for_machines(lab)
    deadline = time.monotonic() + objective.within_s
    if objective.fax is not None:
        _fax(lab, objective.fax, deadline, objective.within_s)
    elif objective.mail is not None:
        _mail(lab, objective.mail, deadline)
    else:
        _command(lab, objective)


def _wait_for_machines(lab: RunningLab) -> None:
    """The last page of a trial has come before the call of its fax is over: the next one finds the line free."""
    until = time.monotonic() + HANG_UP_S
    while time.monotonic() < until and any(one["in_call"] for one in ask(lab, "fax.machines")):
        time.sleep(POLL_S)


def _command(lab: RunningLab, objective: Objective) -> None:
    (shown,) = ask(
        lab, "router.execute", router=objective.router, commands=[objective.command], patience_s=objective.within_s
    )
    if objective.shows and re.search(objective.shows, shown, re.MULTILINE) is None:
        last = shown.strip().splitlines()[-1:] or ["nothing"]
        raise _Failed(f"{objective.command!r} does not show {objective.shows!r}; it ends with: {last[0].strip()}")
    if objective.absent and (found := re.search(objective.absent, shown, re.MULTILINE)):
        raise _Failed(f"{objective.command!r} shows {found.group().strip()!r}")


def _fax(lab: RunningLab, trial: FaxTrial, deadline: float, within_s: float) -> None:
    before = _count(lab, trial.mailbox)
    page = base64.b64encode(PAGE.encode()).decode()
    wanted = {"from": trial.sender, "to": trial.to, "name": "check.txt", "data": page}
    result = ask(lab, "fax.send", patience_s=within_s, **wanted)
    if result["cause"]:
        raise _Failed(f"the fax to {trial.to} failed: {result['cause']}")
    deadline = min(deadline, time.monotonic() + DELIVERY_S)
    while trial.mailbox and not any(
        _is_fax(lab, trial.mailbox, number) for number in range(before + 1, _count(lab, trial.mailbox) + 1)
    ):
        _wait(deadline, f"the fax was sent, but no mail came for {trial.mailbox}")


def _mail(lab: RunningLab, trial: MailTrial, deadline: float) -> None:
    seen, faxes = _count(lab, trial.sender), len(ask(lab, "fax.list"))
    subject = f"lab check {secrets.token_hex(4)}"
    ask(lab, "mail.send", user=trial.sender, to=[trial.to], subject=subject, text=PAGE, files=[])
    otherwise = "no fax came" if trial.arrives else "nothing came back"
    while True:
        for job in ask(lab, "fax.list")[faxes:] if trial.arrives else []:
            if job["machine"] == digits(trial.arrives):
                if job["cause"]:
                    raise _Failed(f"the fax broke off: {job['cause']}")
                return
        for number in range(seen + 1, _count(lab, trial.sender) + 1):
            seen = number
            report = _report(lab, trial.sender, number)
            if subject not in report:
                continue
            if trial.returns and re.search(trial.returns, report, re.MULTILINE):
                return
            if _ACTION.search(report):
                told = _DIAGNOSTIC.findall(report)
                otherwise = f"the mail came back: {' '.join(told[-1].split()) if told else subject}"
                deadline = min(deadline, time.monotonic() + SECOND_REPORT_S)
        _wait(deadline, otherwise)


def _is_fax(lab: RunningLab, user: str, number: int) -> bool:
    """Whether message `number` of a mailbox brings pages, as no report does."""
    octets = base64.b64decode(ask(lab, "mail.message", user=user, number=number))
    return any(part.get_content_type() == "image/tiff" for part in message_from_bytes(octets).walk())


def _report(lab: RunningLab, user: str, number: int) -> str:
    """All that message `number` of a mailbox says, with the headers of what it returns; "" where it is no report."""
    octets = base64.b64decode(ask(lab, "mail.message", user=user, number=number))
    is_report = message_from_bytes(octets, policy=policy.default).get_content_type() == "multipart/report"
    return octets.decode("utf-8", "replace").replace("\r\n", "\n") if is_report else ""


def _count(lab: RunningLab, mailbox: str) -> int:
    listed: list[Any] = ask(lab, "mail.list", user=mailbox) if mailbox else []
    return len(listed)


def _wait(deadline: float, otherwise: str) -> None:
    if time.monotonic() > deadline:
        raise _Failed(otherwise)
    time.sleep(POLL_S)
