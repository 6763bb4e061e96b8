"""Records of accounts as TACACS+ arguments.

Rule: what RADIUS says with attributes, TACACS+ says with words of its own (RFC 8907, 8.3); what has no word there is
left out. A record counts as stopped when its attributes say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.management.tacacs import Account, Flag, Subject

if TYPE_CHECKING:
    from iosemu.commands.aaa.accounts import Record
    from iosemu.management.radius import Attributes

_FLAGS = {
    "Start": Flag.START,
    "Stop": Flag.STOP,
    "Watchdog": Flag.WATCHDOG,
    "Accounting-On": Flag.START,
    "Accounting-Off": Flag.STOP,
}
_SERVICES = {
    "exec": ("service=shell",),
    "connection": ("service=connection",),
    "system": ("service=system", "event=sys_acct"),
    "commands": ("service=shell",),
}
_REASONS = {"Accounting-On": "reload", "Accounting-Off": "reload"}
_CAUSES = {"user-request": 1, "lost-carrier": 2, "idle-timeout": 4, "session-timeout": 5}


def record(kept: Record, attributes: Attributes) -> Account:
    """The packet's content for a record that RADIUS would be told with these attributes."""
    said = dict(attributes)
    status = str(said["Acct-Status-Type"])
    arguments = [
        f"task_id={kept.task}",
        f"timezone={kept.zone}",
        *_SERVICES.get(kept.service, (f"service={kept.service}",)),
    ]
    if "Login-IP-Host" in said:
        arguments += ["protocol=telnet", f"addr={said['Login-IP-Host']}", f"cmd=telnet {said['Login-IP-Host']}"]
    if "Command" in said:
        arguments += [f"priv-lvl={kept.privilege}", f"cmd={said['Command']}"]
    if status in _REASONS:
        arguments.append(f"reason={_REASONS[status]}")
    if "Acct-Terminate-Cause" in said:
        arguments.append(f"disc-cause={_CAUSES[str(said['Acct-Terminate-Cause'])]}")
    if "Acct-Session-Time" in said and "Command" not in said:  # which takes no time
        arguments.append(f"elapsed_time={said['Acct-Session-Time']}")
    subject = Subject(kept.user, kept.where, str(said.get("Calling-Station-Id", "async")), kept.privilege)
    return Account(subject, _FLAGS[status], tuple(arguments))
