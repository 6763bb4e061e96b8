"""What happened, as one step of a call ladder: which way it went, a name, a detail.

Rule: a step is told from its router, so its way is out of the router, into it, or neither (a note); an event that is
no step of a call, or one of very many, has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import singledispatch

from iosemu.fax import events as fax
from iosemu.lab import events as lab
from iosemu.mail import events as mail
from iosemu.voice.circuit import Cause
from iosemu.voice.events import (
    CallRefused,
    FaxMedia,
    FaxStep,
    LegClosed,
    LegConnected,
    LegOpened,
    RelayMedia,
    RelayStarted,
    SignallingMessage,
)
from iosemu.voice.events import Step as Stage
from iosemu.voice.legs import Origin, Telephony, Voip
from iosemu.voice.q931 import Q931Message


class Kind(Enum):
    """What language a step speaks; the value is its name."""

    CALL = "call"
    Q931 = "Q.931"
    T30 = "T.30"
    SIP = "SIP"
    SMTP = "SMTP"
    FAX = "fax machine"
    MAIL = "mail"


class Way(Enum):
    """Where a step goes, seen from the node that it is told of; NOTE: nowhere."""

    OUT = "out"
    IN = "in"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `label` is short, `detail` one line."""

    kind: Kind
    way: Way
    label: str
    detail: str = ""


# The events of a router that can be steps.
ROUTER_EVENTS: tuple[type, ...] = (
    Q931Message,
    LegOpened,
    LegConnected,
    LegClosed,
    CallRefused,
    FaxStep,
    FaxMedia,
    SignallingMessage,
    RelayStarted,
    RelayMedia,
    mail.ClientOpened,
    mail.ClientConnecting,
    mail.ClientConnected,
    mail.ClientUnresolved,
    mail.ClientSent,
    mail.ClientReceived,
    mail.ClientDataSent,
    mail.ClientFailed,
    mail.ServerOpened,
    mail.ServerReceived,
    mail.ServerSent,
    mail.ServerMessage,
    mail.ServerVerdict,
)
LAB_EVENTS: tuple[type, ...] = (
    lab.FaxDialled,
    lab.FaxRinging,
    lab.FaxSent,
    lab.FaxReceived,
    lab.MailStored,
    lab.RelayTried,
)

_STAGES = {
    Stage.HANDOFF: "application takes the call",
    Stage.PEER_CHOSEN: "dial peer chosen",
    Stage.CONFERENCE: "DSP joined",
    Stage.CONNECTED: "fax connected",
    Stage.MAIL_STARTED: "mail begins",
    Stage.MAIL_ANSWERED: "mail server answered",
    Stage.DISCONNECTED: "call over",
}


def pages(count: int) -> str:
    return f"{count} page" if count == 1 else f"{count} pages"


@singledispatch
def step(event: object) -> Step | None:
    """The step that an event is, or None."""
    return None


@step.register
def _(event: Q931Message) -> Step:
    cause = next((Cause(element.octets[1] & 0x7F) for element in event.elements if element.name == "Cause"), None)
    detail = event.interface if cause is None else f"{event.interface}, {cause.text} ({cause.value})"
    return Step(Kind.Q931, Way.OUT if event.sent else Way.IN, event.name, detail)


@step.register
def _(event: LegOpened) -> Step | None:
    leg = event.leg
    if isinstance(leg.detail, Voip):
        protocol = "SIP" if leg.detail.sip else "H.323"
        return Step(Kind.CALL, Way.NOTE, "call over IP", f"{protocol}, {leg.detail.remote}, peer {leg.tag}")
    if not isinstance(leg.detail, Telephony):
        return None
    way = Way.IN if leg.origin is Origin.ANSWER else Way.OUT
    numbers = f"{leg.detail.calling or 'unknown'} calls {leg.detail.called or 'no number'}"
    return Step(Kind.CALL, way, "call", f"{numbers}, port {leg.detail.port}")


@step.register
def _(event: LegConnected) -> Step | None:
    """A fax leg is connected when T.30 has trained, which other steps tell."""
    leg = event.leg
    if not isinstance(leg.detail, Telephony) or not leg.detail.speech:
        return None
    return Step(Kind.CALL, Way.OUT if leg.origin is Origin.ANSWER else Way.IN, "answered")


@step.register
def _(event: LegClosed) -> Step | None:
    leg = event.leg
    if not isinstance(leg.detail, Telephony):
        return None
    return Step(Kind.CALL, Way.OUT if leg.released_by_us else Way.IN, "hang up", leg.text)


@step.register
def _(event: CallRefused) -> Step:
    return Step(Kind.CALL, Way.OUT, "refused", f"{event.reason}: {event.cause.text} ({event.cause.value})")


@step.register
def _(event: FaxStep) -> Step | None:
    label = _STAGES.get(event.step)
    peer = f"peer {event.peer_tag}" if event.peer_tag else ""
    detail = ", ".join(filter(None, (event.text, peer)))
    return Step(Kind.CALL, Way.NOTE, label, detail) if label else None


@step.register
def _(event: FaxMedia) -> Step | None:
    return _t30(event.event)


@step.register
def _(event: RelayMedia) -> Step | None:
    return _t30(event.event)


@step.register
def _(event: RelayStarted) -> Step:
    return Step(Kind.CALL, Way.NOTE, "fax relay begins")


@step.register
def _(event: SignallingMessage) -> Step | None:
    """A request by its method, a response by its status; what stands for H.323 is not shown."""
    if not event.sip:
        return None
    lines = event.octets.decode("utf-8", "replace").split("\r\n")
    name, _, rest = lines[0].partition(" ")
    label = rest if name == "SIP/2.0" else name
    media = next((line[2:] for line in lines if line.startswith("m=")), "")
    return Step(Kind.SIP, Way.OUT if event.sent else Way.IN, label, media)


def _t30(event: object) -> Step | None:
    match event:
        case fax.FrameSent(name, octets):
            return Step(Kind.T30, Way.OUT, name, octets.hex(" ").upper())
        case fax.FrameReceived(name, octets, fcs_ok):
            damage = "" if fcs_ok else " (damaged)"
            return Step(Kind.T30, Way.IN, name + damage, octets.hex(" ").upper())
        case fax.RemoteId(frame, text):
            return Step(Kind.T30, Way.NOTE, f"{frame} reads", text)
        case fax.Negotiated(modulation, rate, form, _):
            picture = f"{form.coding.value}, {form.width_px} pixels, {form.resolution.y_dpi} dpi"
            return Step(Kind.T30, Way.NOTE, f"{modulation}, {rate} bit/s", picture)
        case fax.TrainingChecked(ok, rate):
            return Step(Kind.T30, Way.NOTE, "training good" if ok else "training bad", f"{rate} bit/s")
        case fax.PageStarted(index, _):
            return Step(Kind.T30, Way.IN, f"page {index + 1}", "begins")
        case fax.PageEnded(index, _):
            return Step(Kind.T30, Way.NOTE, f"page {index + 1} received")
        case fax.PageSent(index, octets):
            return Step(Kind.T30, Way.OUT, f"page {index + 1}", f"{octets} octets")
        case fax.PageConfirmed(index):
            return Step(Kind.T30, Way.NOTE, f"page {index + 1} confirmed")
        case fax.PageRefused(index):
            return Step(Kind.T30, Way.NOTE, f"page {index + 1} refused")
        case fax.Finished(_, cause, count):
            return Step(Kind.T30, Way.NOTE, "fax over", f"{pages(count)}, {cause.text}")
    return None


@step.register(mail.ClientConnecting)
@step.register(mail.ClientConnected)
def _(event: mail.ClientConnecting | mail.ClientConnected) -> Step:
    label = "connect" if isinstance(event, mail.ClientConnecting) else "connected"
    return Step(Kind.SMTP, Way.OUT if label == "connect" else Way.IN, label, f"{event.address}:25")


@step.register
def _(event: mail.ClientUnresolved) -> Step:
    return Step(Kind.SMTP, Way.NOTE, "no such host", event.name)


@step.register(mail.ClientSent)
@step.register(mail.ServerSent)
def _(event: mail.ClientSent | mail.ServerSent) -> Step:
    return _line(Way.OUT, event.line)


@step.register(mail.ClientReceived)
@step.register(mail.ServerReceived)
def _(event: mail.ClientReceived | mail.ServerReceived) -> Step:
    return _line(Way.IN, event.line)


def _line(way: Way, line: str) -> Step:
    """A command by its verb, a reply by its code ("250-" where more of it follows)."""
    verb, _, rest = (line[:4].rstrip(), "", line[4:]) if line[:3].isdigit() else line.partition(" ")
    return Step(Kind.SMTP, way, verb[:40], rest[:400])


@step.register
def _(event: mail.ClientDataSent) -> Step:
    return Step(Kind.SMTP, Way.OUT, "message", f"{event.octets} octets")


@step.register
def _(event: mail.ClientFailed) -> Step:
    return Step(Kind.SMTP, Way.NOTE, "failed", event.reason)


@step.register
def _(event: mail.ServerMessage) -> Step:
    return Step(Kind.SMTP, Way.IN, "message", f"{event.octets} octets")


@step.register
def _(event: mail.ServerVerdict) -> Step:
    return Step(Kind.SMTP, Way.NOTE, "verdict", f"{event.recipient}: {event.line}")


@step.register
def _(event: lab.FaxDialled) -> Step:
    return Step(Kind.FAX, Way.NOTE, "dials", event.called)


@step.register
def _(event: lab.FaxRinging) -> Step:
    return Step(Kind.FAX, Way.NOTE, "rings", f"called by {event.calling or 'an unknown number'}")


@step.register
def _(event: lab.FaxSent) -> Step:
    return Step(Kind.FAX, Way.NOTE, f"sent {pages(event.pages)}", event.cause or "all confirmed")


@step.register
def _(event: lab.FaxReceived) -> Step:
    return Step(Kind.FAX, Way.NOTE, f"received {pages(event.pages)}", f"job {event.job}, {event.cause or 'complete'}")


@step.register
def _(event: lab.MailStored) -> Step:
    return Step(Kind.MAIL, Way.NOTE, f"mail for {event.user}", event.subject)


@step.register
def _(event: lab.RelayTried) -> Step:
    then = "" if event.final else ", will try again"
    code = event.code or "no connection"
    return Step(Kind.MAIL, Way.NOTE, "relay", f"{event.recipient}: {code} {event.text}{then}")
