"""The voice side of one router on a manual clock, with a small exchange, fax machines and a mail server that obeys."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from iosemu.chassis import platform
from iosemu.chassis.hardware import Chassis
from iosemu.cli import catalogue
from iosemu.cli.catalogue import Catalogue
from iosemu.cli.match import match
from iosemu.clock import ManualClock
from iosemu.config.tree import RunningConfig
from iosemu.events import EventBus
from iosemu.fax import t4
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import PageFormat, StoredDocument
from iosemu.fax.events import Finished, PageData, PageEnded, PageStarted
from iosemu.fax.line import LineSignal
from iosemu.fax.t30 import FaxTerminal, Profile
from iosemu.mail.address import parse_fax, parse_mailbox
from iosemu.mail.envelope import Envelope, Failure, FaxMail, FaxRecipient, Outcome, Recipient
from iosemu.mail.mime import parse
from iosemu.mail.settings import SendSettings
from iosemu.mail.spool import Spool
from iosemu.voice.circuit import CallSetup, Cause, Circuit, End
from iosemu.voice.offramp import OffRampDelivery
from iosemu.voice.service import VoiceService
from iosemu.voice.verdicts import FaxResult

TRUNK = """
hostname gw
ip domain-name example.com
controller T1 0
 pri-group timeslots 1-24
voice-port 0:D
"""
ON_RAMP = (
    TRUNK
    + """
fax receive called-subscriber $d$
mta send server 10.0.0.25
mta send mail-from username $s$
mta send mail-from hostname gw.example.com
call application voice onramp flash:app_faxmail_onramp.2.0.1.3.tcl
dial-peer voice 1 pots
 application onramp
 incoming called-number 555....
 direct-inward-dial
 port 0:D
dial-peer voice 2 mmoip
 application fax_on_vfc_onramp_app out-bound
 destination-pattern 555....
 session target mailto:tom@example.org
 dsn failure
"""
)
OFF_RAMP = (
    TRUNK
    + """
fax send transmitting-subscriber +1 408 555 0000
mta send server 10.0.0.25
mta send postmaster postmaster@example.com
mta receive aliases gw.example.com
mta receive maximum-recipients 10
call application voice offramp flash:app_faxmail_offramp.2.0.1.1.tcl
dial-peer voice 3 mmoip
 application offramp
 incoming called-number 9T
dial-peer voice 4 pots
 destination-pattern 9.......
 port 0:D
"""
)


@dataclass
class Machine:
    """A fax machine at the far end: `mood` is answer, busy, silent, gone (unallocated), rejects, cut (the trunk
    is out of order), deaf (off-hook, no fax) or
    breaks (hangs up inside a page)."""

    clock: ManualClock
    mood: str = "answer"
    number: str = "15551234"
    setup: CallSetup | None = None
    result: Finished | None = None
    released: Cause | None = None
    pages: list[bytes] = field(default_factory=list)
    _page: bytearray = field(default_factory=bytearray)
    formats: list[PageFormat] = field(default_factory=list)
    hang_up: Callable[[], object] = lambda: None
    line: Callable[[LineSignal], LineSignal] = lambda signal: signal
    """What becomes of the signals that it sends."""

    def send(self, offer: Callable[[End], None], called: str, document: StoredDocument) -> None:
        circuit = Circuit(CallSetup(called, self.number))
        end = circuit.calling
        self.hang_up = lambda: (end.release(), terminal.abort())
        profile = Profile(self.number)
        speak: Callable[[LineSignal], None] = lambda signal: end.send(self.line(signal))  # noqa: E731
        terminal = FaxTerminal(self.clock, speak, lambda event: self._sent(event, end), profile)
        end.on_answer = lambda: terminal.call(document)
        end.on_signal = terminal.receive
        end.on_release = lambda cause: self._gone(cause, terminal)
        offer(circuit.called)

    def place(self, setup: CallSetup) -> End:
        self.setup = setup
        circuit = Circuit(setup)
        self.clock.call_later(0.4, lambda: self._ring(circuit.called))
        return circuit.calling

    def _ring(self, end: End) -> None:
        refusals = {
            "busy": Cause.USER_BUSY,
            "gone": Cause.UNALLOCATED,
            "rejects": Cause.REJECTED,
            "cut": Cause.OUT_OF_ORDER,
        }
        if self.mood in refusals:
            end.release(refusals[self.mood])
            return
        end.alert()
        if self.mood == "deaf":
            self.clock.call_later(4.0, end.answer)
        elif self.mood != "silent":
            self.clock.call_later(4.0, lambda: self._pick_up(end))

    def _pick_up(self, end: End) -> None:
        terminal = FaxTerminal(self.clock, end.send, lambda event: self._received(event, end), Profile(self.number))
        end.on_signal = terminal.receive
        end.on_release = lambda cause: self._gone(cause, terminal)
        end.answer()
        terminal.answer(lambda event: self._took(event, end, terminal))

    def _took(self, event: object, end: End, terminal: FaxTerminal) -> None:
        match event:
            case PageStarted(_, page_format):
                self.formats.append(page_format)
                self._page.clear()
                if self.mood == "breaks":
                    end.release(Cause.NORMAL)
                    terminal.abort()
            case PageData(octets):
                self._page += octets
            case PageEnded(_, more):
                self.pages.append(bytes(self._page))
                if not more:
                    terminal.confirm(True)

    def _sent(self, event: object, end: End) -> None:
        if isinstance(event, Finished):
            self.result = event
            end.release()

    def _received(self, event: object, end: End) -> None:
        if isinstance(event, Finished):
            self.result = event
            end.release()

    def _gone(self, cause: Cause, terminal: FaxTerminal) -> None:
        self.released = cause
        terminal.abort()


class Rig:
    """A router's voice side; mail is answered at once with `outcome`, or when `finish_mail` is called."""

    def __init__(self, text: str, commands: Catalogue, name: str = "as5300") -> None:
        self.clock = ManualClock(datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC))
        self.bus = EventBus()
        self.events: list[object] = []
        self.config = RunningConfig(commands)
        self._commands = commands
        self.configure(text)
        self.mails: list[tuple[Envelope, bytes]] = []
        self.outcome = Outcome(True, 250, "2.6.0 Queued mail for delivery", "10.0.0.25")
        self.slow_mail = False
        self._waiting: list[Coroutine[Any, Any, None]] = []
        self.voice = VoiceService(
            config=self.config,
            chassis=Chassis(platform.load(name)),
            clock=self.clock,
            emit=self._emit,
            mailer=self._mail,
            post=lambda recipient, message: self.mails.append((Envelope("", (Recipient(recipient),)), message)),
            spawn=self._spawn,
            now=self.clock.wall,
        )

    def configure(self, text: str) -> None:
        block = self.config.root
        for line in filter(str.strip, text.splitlines()):
            if not line.startswith(" "):
                block = self.config.root
            opened = self.config.apply(block, match(self._commands.mode(block.mode), line.strip(), 15))
            block = opened if opened is not None else block

    def machine(self, mood: str = "answer", number: str = "15551234") -> Machine:
        return Machine(self.clock, mood, number)

    def fax(
        self, called: str = "5550199", pages: int = 1, machine: Machine | None = None, jack: str = "T1 0"
    ) -> Machine:
        """A machine calls the router and sends; the clock is not run."""
        self.voice.plug(jack, machine := machine or self.machine())
        machine.send(lambda end: self.voice.offer(jack, end), called, document(pages))
        return machine

    def deliver(self, mail: FaxMail, machine: Machine | None = None) -> FaxResult:
        """The result of one mail, on the manual clock."""
        if machine is not None:
            self.voice.plug("T1 0", machine)
        results: list[FaxResult] = []
        OffRampDelivery(self.voice._context, self.voice.port_for, mail, results.append).start()
        self.clock.run()
        assert len(results) == 1
        return results[0]

    def history(self) -> list[Any]:
        return [entry.leg for entry in self.voice.control.history.entries(self.voice.control.uptime())]

    def at_rest(self) -> bool:
        """Nothing is held any more: no leg, no DSP channel, no bearer channel."""
        idle = all(channel.idle for port in self.voice.ports.values() for channel in port.channels)
        return idle and not self.voice.control.active and not self.voice.chassis.dsp.in_use

    def finish_mail(self) -> None:
        self.slow_mail = False
        waiting, self._waiting = self._waiting, []
        for coroutine in waiting:
            self._spawn(coroutine)

    def break_mail(self) -> None:
        """Whoever waits for the mail server is cancelled."""
        waiting, self._waiting = self._waiting, []
        for coroutine in waiting:
            coroutine.close()

    async def _mail(self, settings: SendSettings, envelope: Envelope, message: Spool) -> Outcome:
        self.mails.append((envelope, message.read()))
        while self.slow_mail:
            await _Pause()
        return self.outcome

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        try:
            coroutine.send(None)
        except StopIteration:
            return
        self._waiting.append(coroutine)

    def _emit(self, event: object) -> None:
        self.events.append(event)
        self.bus.publish(event)


class _Pause:
    def __await__(self) -> Any:
        yield


def document(pages: int = 1) -> StoredDocument:
    """Pages of a few rows: black rows at places that tell them apart."""
    page_format = PageFormat()
    made = []
    for page in range(pages):
        rows = [bytes(216) if row % (page + 3) else b"\xff" * 100 + bytes(116) for row in range(60)]
        bitmap = Bitmap(1728, b"".join(rows))
        made.append((page_format, t4.encode(bitmap, page_format).wire()))
    return StoredDocument(tuple(made))


DOWN = Outcome(False, 0, "", "", Failure.UNREACHABLE)


def mail_to(
    number: str, body: bytes = b"Subject: x\r\nFrom: Tom <tom@example.org>\r\n\r\nHello\r\n", **fields: Any
) -> FaxMail:
    text = f"FAX={number}@gw.example.com"
    recipient = FaxRecipient(text, parse_fax(parse_mailbox(text)))
    arrived = datetime(2002, 3, 5, 17, 10, 1, tzinfo=UTC)
    return FaxMail(
        "tom@example.org", recipient, parse(body), arrived, "gw.example.com", **{"peer": "10.0.0.25"} | fields
    )


@pytest.fixture(scope="session")
def commands() -> Catalogue:
    return catalogue.load().for_platform("as5300")


@pytest.fixture
def on_ramp(commands: Catalogue) -> Rig:
    return Rig(ON_RAMP, commands)


@pytest.fixture
def off_ramp(commands: Catalogue) -> Rig:
    return Rig(OFF_RAMP, commands)


@pytest.fixture
def mail() -> Callable[..., FaxMail]:
    return mail_to
