"""`show ntp`: what the router knows of the time, and of those that it asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli import internet4
from iosemu.commands.registry import handlers
from iosemu.commands.system.ntp import ntp_of
from iosemu.commands.system.router_time import zoned_milliseconds
from iosemu.management.ntp.association import MOST_S, Association
from iosemu.management.ntp.packet import NO_STRATUM, Mode, moment
from iosemu.management.ntp.service import NtpService

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device

_HEADING = "\n      address         ref clock     st  when  poll reach  delay  offset    disp\n"
_LEGEND = " * master (synced), # master (unsynced), + selected, - candidate, ~ configured\n"
_FREQUENCY = "nominal freq is 250.0000 Hz, actual freq is 250.0000 Hz, precision is 2**18\n"


def ntp_status_text(device: Device) -> str:
    """The text of `show ntp status`."""
    service = ntp_of(device)
    system, master = service.system, service.master
    if service.synchronized and master is not None:
        reference = reference_text(system.stratum - 1, system.reference_id, text_below=0)
        first = f"Clock is synchronized, stratum {system.stratum}, reference is {reference}\n"
        spread = master.dispersion
        dispersion = system.root_dispersion
    else:
        first, spread, dispersion = "Clock is unsynchronized, stratum 16, no reference clock\n", 0.0, 0.0
    return (
        f"{first}{_FREQUENCY}"
        f"reference time is {time_text(device, system.reference)}\n"
        f"clock offset is {service.offset * 1000:.4f} msec, root delay is {system.root_delay * 1000:.2f} msec\n"
        f"root dispersion is {dispersion * 1000:.2f} msec, peer dispersion is {spread * 1000:.2f} msec\n"
    )


def ntp_associations_text(device: Device) -> str:
    """The text of `show ntp associations`; "" where there are none."""
    service = ntp_of(device)
    if not service.associations:
        return ""
    rows = "".join(_row(device, service, one) for one in service.associations)
    return f"{_HEADING}{rows}{_LEGEND}"


def ntp_detail_text(device: Device) -> str:
    """The text of `show ntp associations detail`."""
    service = ntp_of(device)
    return "".join(f"{_detail(device, service, one)}\n" for one in service.associations)


def reference_text(stratum: int, reference_id: int, *, text_below: int = 2) -> str:
    """Whom a clock follows: an address, of a primary clock its name, `.LOCL.`."""
    if 0 <= stratum < text_below and reference_id:
        name = reference_id.to_bytes(4, "big").rstrip(b"\0").decode("ascii", "replace")
        return f".{name}."
    return internet4.text(reference_id)


def time_text(device: Device, stamp: int) -> str:
    """`AFE2525E.70597B34 (00:10:22.438 PDT Mon Jul 5 1993)`."""
    return f"{stamp >> 32:08X}.{stamp & 0xFFFFFFFF:08X} ({zoned_milliseconds(device, moment(stamp))})"


def _row(device: Device, service: NtpService, one: Association) -> str:
    last = one.last
    when = "-" if one.heard_at is None else f"{device.clock.now() - one.heard_at:.0f}"
    own = "~" if one.configured else " "
    dispersion = one.dispersion * 1000
    spread = f"{dispersion:.0f}." if dispersion >= 10_000 else f"{dispersion:.1f}"
    return (
        f"{_flag(service, one)}{own}{one.said.address:<17}{reference_text(last.stratum, last.reference_id):<17}"
        f"{last.stratum:>2}{when:>6}{1 << one.poll:>6}{one.reach:>5o}"
        f"{one.delay * 1000:>8.1f}{one.offset * 1000:>8.2f}{spread:>8}\n"
    )


def _flag(service: NtpService, one: Association) -> str:
    if one is service.master:
        return "*" if service.synchronized else "#"
    if one in service.selected:
        return "+"
    return "-" if one in service.believed else " "


_ROLES = {"*": " our_master,", "#": " our_master,", "+": " selected,", "-": " candidate,", " ": ""}
_PARTNERS = {Mode.CLIENT: "server", Mode.ACTIVE: "active", Mode.PASSIVE: "active"}


def _detail(device: Device, service: NtpService, one: Association) -> str:
    last, at = one.last, device.clock.now()
    sane, valid = one.is_sane(at), last.stratum < NO_STRATUM and one.reach
    state = (
        f"{'configured' if one.configured else 'dynamic'},{' authenticated,' if last.key else ''}"
        f"{_ROLES[_flag(service, one)]} {'sane' if sane else 'insane'}, {'valid' if valid else 'invalid'},"
        f"{' unsynced,' if last.leap == 3 else ''} stratum {last.stratum}"
    )
    partner = _PARTNERS[one.said.mode] if one.heard_at is not None else "unspec"
    errors = [min(error, MOST_S) * 1000 for error in one.errors(at)]
    return (
        f"{one.said.address} {state}\n"
        f"ref ID {reference_text(last.stratum, last.reference_id)}, time {time_text(device, last.reference)}\n"
        f"our mode {one.said.mode.name.lower()}, peer mode {partner},"
        f" our poll intvl {1 << one.poll}, peer poll intvl {1 << max(0, min(last.poll, 17))}\n"
        f"root delay {last.root_delay * 1000:.2f} msec, root disp {last.root_dispersion * 1000:.2f},"
        f" reach {one.reach:o}, sync dist {one.distance(at) * 1000:.3f}\n"
        f"delay {one.delay * 1000:.2f} msec, offset {one.offset * 1000:.4f} msec,"
        f" dispersion {one.dispersion * 1000:.2f}\n"
        f"precision 2**{-last.precision}, version {one.said.version}\n"
        f"org time {time_text(device, last.transmit)}\n"
        f"rcv time {time_text(device, one.arrived)}\n"
        f"xmt time {time_text(device, one.transmitted)}\n"
        f"filtdelay = {_columns(0.0 if sample is None else sample.delay * 1000 for sample in one.samples)}\n"
        f"filtoffset ={_columns(0.0 if sample is None else sample.offset * 1000 for sample in one.samples)}\n"
        f"filterror = {_columns(errors)}\n"
    )


def _columns(milliseconds: Iterable[float]) -> str:
    return "".join(f"{one:>8.1f}" if one >= 10_000 else f"{one:>8.2f}" for one in milliseconds)


@handlers.register("show_ntp_status")
def _status(call: Invocation[Device]) -> None:
    call.write(ntp_status_text(call.device))


@handlers.register("show_ntp_associations")
def _associations(call: Invocation[Device]) -> None:
    call.write(ntp_detail_text(call.device) if "detail" in call.tokens else ntp_associations_text(call.device))
