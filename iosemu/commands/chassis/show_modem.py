"""`show modem` and its forms: the modems of an access server, and what they have done.

Rule: a modem is named by slot and port, as the terminal line that belongs to it; what is counted follows from the
store-and-forward faxes that it carried, since the lab has no calls of data. The row of a modem is that of an AS5300
of 12.3, all else recalled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.commands.chassis.modems import Modem, modem_asked_for, modems
from iosemu.commands.chassis.nextport import in_use, leg_on
from iosemu.commands.registry import handlers
from iosemu.dates import clock_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.voice.processor_statistics import ChannelRecord

_CODES = """\
Codes:
* - Modem has an active call
C - Call in setup
T - Back-to-Back test in progress
R - Modem is being Reset
p - Download request is pending and modem cannot be used for taking calls
D - Download in progress
B - Modem is marked bad and cannot be used for taking calls
b - Modem is either busied out or shut-down
d - DSP software download is required for achieving K56flex connections
! - Upgrade request is pending

"""
_HEAD = """\
        Avg Hold      Inc calls     Out calls  Busied   Failed      No    Succ
  Mdm     Time     Succ   Fail   Succ   Fail     Out      Dial  Answer    Pct.
"""
_SUMMARY_HEAD = """\
               Incoming calls       Outgoing calls      Busied   Failed   No     Succ
Usage          Succ   Fail  Avail   Succ   Fail  Avail   Out      Dial     Ans    Pct.
"""
_FIRMWARE = "2.7.3.0"
_SINGLE, _DOUBLE, _MOST_SINGLE = 6, 12, 60
"""Modems of a module, of which a card has up to ten: those of cards with more modems are of double density."""
_STATUS = (
    "#0  Disconnect Reason Info:  (0x0)",
    "#1  Connect Protocol:  SYNC Mode",
    "#2  Compression:  None",
    "#3  EC Retransmission Count:  0",
    "#4  Self Test Error Count:  0",
    "#5  Call Timer:  {seconds} secs",
    "#6  Total Retrains:  0",
    "#7  Sq Value:  0",
    "#8  Connected Standard:  {standard}",
    "#9  TX,RX Bit Rate:  {rate}, {rate}",
)
_REASONS = ("compress", "retrain", "lostCarr", "userHgup", "rmtLink", "trainup", "hostDrop", "wdogTimr", "inacTout")


def _done(device: Device, modem: Modem) -> ChannelRecord:
    card, number = modem
    return device.voice.processors.of(card.slot, number)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part // whole if whole else 0}%"


def modem_text(device: Device, wanted: Iterable[Modem]) -> str:
    """The text of `show modem`."""
    return _CODES + _HEAD + "".join(_row(device, modem) for modem in wanted)


def _row(device: Device, modem: Modem) -> str:
    card, number = modem
    channel, done = in_use(device).get((card.slot, number)), _done(device, modem)
    leg = leg_on(device, channel)
    mark = " " if channel is None else "*" if leg is not None and leg.connect_s is not None else "C"
    good = done.connected_in + done.connected_out
    held = done.held_s // good if good else 0
    return (
        f"{mark} {f'{card.slot}/{number}':<5} {clock_digits(int(held))} {done.connected_in:>7} {done.failed_in:>6} "
        f"{done.connected_out:>6} {done.failed_out:>6} {0:>7} {0:>8} {0:>7} "
        f"{_percent(good, done.incoming + done.outgoing):>7}\n"
    )


def summary_text(device: Device) -> str:
    """The text of `show modem summary`."""
    every = modems(device)
    done = [_done(device, modem) for modem in every]
    good_in, good_out = (sum(getattr(one, f"connected_{way}") for one in done) for way in ("in", "out"))
    bad_in, bad_out = (sum(getattr(one, f"failed_{way}") for one in done) for way in ("in", "out"))
    busy = sum((card.slot, number) in in_use(device) for card, number in every)
    free = len(every) - busy
    return _SUMMARY_HEAD + (
        f"{_percent(busy, len(every)):>5} {good_in:>13} {bad_in:>6} {free:>6} {good_out:>6} {bad_out:>6} {free:>6} "
        f"{0:>5} {0:>9} {0:>7} {_percent(good_in + good_out, good_in + good_out + bad_in + bad_out):>7}\n"
    )


def version_text(device: Device) -> str:
    """The text of `show modem version`."""
    lines = [
        "           Modem module    Firmware     Boot       DSP",
        "  Mdm      Number          Rev          Rev        Rev",
    ]
    for card, number in modems(device):
        module = number // (_SINGLE if card.channels <= _MOST_SINGLE else _DOUBLE)
        lines.append(f"  {f'{card.slot}/{number}':<9}{module:>2}              {_FIRMWARE}")
    return "\n".join(lines) + "\n"


def status_text(device: Device, modem: Modem) -> str:
    """The text of `show modem operational-status`."""
    card, number = modem
    leg = leg_on(device, in_use(device).get((card.slot, number)))
    connected = leg is not None and leg.connect_s is not None
    rate = getattr(leg.detail, "rate_bps", 0) if leg is not None else 0
    figures = {
        "seconds": int(leg.duration_s()) if leg is not None and connected else 0,
        "standard": "V.17" if connected else "<unknown>",
        "rate": rate,
    }
    lines = [f"Modem({card.slot}/{number}) Operational-Status:"]
    return "\n".join([*lines, *(f"Parameter {line.format(**figures)}" for line in _STATUS)]) + "\n"


def call_statistics_text(device: Device) -> str:
    """The text of `show modem call-stats`: why calls ended; a fax ends by one of its sides."""
    rows = ["dial-in/dial-out call statistics\n", "           " + "".join(f"{reason:>9}" for reason in _REASONS)]
    rows.append("Mdm        " + "    #   %" * len(_REASONS))
    ended = [(modem, done) for modem in modems(device) if (done := _done(device, modem)).last is not None]
    total = sum(done.incoming + done.outgoing for _, done in ended)
    for (card, number), done in ended:
        own = done.incoming + done.outgoing
        rows.append(f"  {f'{card.slot}/{number}':<9}" + "".join(_shares(own, total)))
    rows.append(
        "Total      " + "".join(f"{total if reason == 'rmtLink' else 0:>5}    " for reason in _REASONS).rstrip()
    )
    return "\n".join(rows) + "\n"


def _shares(own: int, total: int) -> Iterator[str]:
    for reason in _REASONS:
        count = own if reason == "rmtLink" else 0
        yield f"{count:>5} {100 * count // total if total else 0:>3}"


@handlers.register("show_modem")
def _modem(call: Invocation[Device]) -> None:
    call.write(modem_text(call.device, [modem_asked_for(call)] if call.values.get("modem") else modems(call.device)))


@handlers.register("show_modem_summary")
def _summary(call: Invocation[Device]) -> None:
    call.write(summary_text(call.device))


@handlers.register("show_modem_version")
def _version(call: Invocation[Device]) -> None:
    call.write(version_text(call.device))


@handlers.register("show_modem_operational_status")
def _status(call: Invocation[Device]) -> None:
    call.write(status_text(call.device, modem_asked_for(call)))


@handlers.register("show_modem_call_stats")
def _call_statistics(call: Invocation[Device]) -> None:
    call.write(call_statistics_text(call.device))
