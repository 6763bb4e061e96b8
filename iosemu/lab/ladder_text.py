"""The ladder of a call, drawn as text: the telephone line on the left, the gateway in the middle, mail or SIP on the
right.

Rule: what is drawn is what the lab has gathered; an arrow points away from the gateway for what it sends.
"""

from __future__ import annotations

from collections.abc import Sequence

from iosemu.lab.ladder import Call, Rung
from iosemu.lab.steps import Kind

_WIDTH = 34


def draw(call: Call, rungs: Sequence[Rung]) -> str:
    """The ladder as lines of text, times in seconds from its first rung."""
    right = "SIP" if any(rung.kind is Kind.SIP for rung in rungs) else "mail"
    rows = [
        f"{call.name}  {call.title}",
        "",
        f"{'seconds':>9}  {'telephone line':<{_WIDTH}}  {'gateway':<{_WIDTH}}  {right}",
        "",
    ]
    for rung in rungs:
        columns = {"line": "", "gateway": "", "mail": ""}
        columns[_column(rung)] = _arrow(rung, call.router)
        line, gateway, mail = columns.values()
        seconds = (rung.at - rungs[0].at).total_seconds()
        rows.append(f"{seconds:9.3f}  {line:<{_WIDTH}}  {gateway:<{_WIDTH}}  {mail}".rstrip())
    if call.datagrams:
        rows += ["", f"T.38 datagrams: {', '.join(f'{way} {count}' for way, count in call.datagrams.items())}"]
    return "\n".join(rows) + "\n"


def _column(rung: Rung) -> str:
    if rung.kind in (Kind.SMTP, Kind.MAIL, Kind.SIP):
        return "mail"
    return "line" if rung.target or rung.kind is Kind.FAX else "gateway"


def _arrow(rung: Rung, router: str) -> str:
    if not rung.target:
        return _text(rung)
    leftwards = (rung.source == router) == (_column(rung) == "line")
    return f"<-- {_text(rung)}" if leftwards else f"{_text(rung)} -->"


def _text(rung: Rung) -> str:
    """A line of a mail dialogue as it was spoken; a message or a frame by its name; all else with what it was about."""
    if rung.target and rung.kind is Kind.SMTP:
        return f"{rung.label}{'' if rung.label.endswith('-') else ' '}{rung.detail}".rstrip()
    if not rung.detail or (rung.target and rung.kind in (Kind.Q931, Kind.T30)):
        return rung.label
    return f"{rung.label}: {rung.detail}"
