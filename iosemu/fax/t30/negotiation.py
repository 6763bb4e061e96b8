"""Phase B decisions: what a terminal offers, what a sender takes of the far end's offer, whether a training was good.

Rule: pure functions of both profiles; T.30 clauses 5.3.6.2 (DIS, DCS) and 5.3.6.1.3 (training
check: 1.5 s of zeros at the rate of the page).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from iosemu.fax.document import WIDTH_A4_PX, Coding, PageFormat, Resolution
from iosemu.fax.line import Modulation
from iosemu.fax.t30.capabilities import BITS_ADDRESSING, FALLBACK, Capabilities, Command

TCF_S: Final = 1.5
"""Duration of a training check."""

TCF_CLEAN_S: Final = 1.0
"""A training check is good where zeros stood without a break for this long."""

_ZERO_RUN: Final = re.compile(rb"\x00+")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a terminal is told to be.

    `subscriber_id` goes out as CSI or TSI (up to 20 characters; empty: no such frame), `max_rate_bps` caps training,
    `min_scan_ms` is what it asks of its senders as a receiver (0, 5, 10, 20 or 40). `ecm` has pages corrected where the
    far end can, in frames of `ecm_frame_octets` (256 or 64); MMR stands only inside error correction.

    `sub_address` goes out as SUB and `password` as SID to a receiver that takes them; who polls says `polled_address`
    as SEP and `password` as PWD, and a document to poll is given only to who says both as this profile has them.
    `addressable` announces that such frames are taken (up to 20 characters each).
    """

    subscriber_id: str = ""
    max_rate_bps: int = 14400
    resolutions: frozenset[Resolution] = frozenset(Resolution)
    codings: frozenset[Coding] = frozenset({Coding.MH, Coding.MR})
    widths_px: frozenset[int] = frozenset({WIDTH_A4_PX})
    min_scan_ms: int = 0
    ecm: bool = False
    ecm_frame_octets: int = 256
    sub_address: str = ""
    password: str = ""
    polled_address: str = ""
    addressable: bool = False

    @property
    def modulations(self) -> tuple[Modulation, ...]:
        """What it trains with, best first; 2400 bit/s is always among them."""
        return tuple(m for m in FALLBACK if m.rate_bps <= self.max_rate_bps) or FALLBACK[-1:]


def capabilities(profile: Profile, *, has_document: bool = False) -> Capabilities:
    """What a receiver with this profile announces; `has_document`: it can be polled."""
    return Capabilities(
        profile.modulations,
        profile.resolutions | {Resolution.STANDARD},
        (profile.codings | {Coding.MH}) - (set() if profile.ecm else {Coding.MMR}),
        profile.widths_px | {WIDTH_A4_PX},
        (profile.min_scan_ms, profile.min_scan_ms),
        ecm=profile.ecm,
        has_document=has_document,
        addressing=frozenset(BITS_ADDRESSING) if profile.addressable else frozenset(),
    )


def common_modulations(profile: Profile, far: Capabilities) -> tuple[Modulation, ...]:
    """The rates that both ends have, best first. A DIS with V.17 says nothing about a cap: training finds it."""
    return tuple(m for m in profile.modulations if m in far.modulations)


def common_format(natural: PageFormat, profile: Profile, far: Capabilities) -> PageFormat | None:
    """How to send a page of `natural` format so that the far end can take it; None where it is too wide for it."""
    if natural.width_px not in far.widths_px:
        return None
    return PageFormat(
        natural.width_px,
        _best_resolution(natural.resolution, far.resolutions),
        _best_coding(natural.coding, profile, far),
    )


def accepts(command: Command, own: Capabilities) -> bool:
    """Whether a receiver that announced `own` can do what a DCS commands."""
    page_format = command.page_format
    return (
        not command.foreign
        and command.ecm <= own.ecm
        and page_format.width_px in own.widths_px
        and page_format.resolution in own.resolutions
        and page_format.coding in own.codings
    )


def training_check(modulation: Modulation) -> bytes:
    """The bits of a TCF."""
    return bytes(round(modulation.rate_bps * TCF_S / 8))


def training_is_good(octets: bytes, modulation: Modulation) -> bool:
    """The verdict on a received TCF: zeros in one run of at least `TCF_CLEAN_S`."""
    longest = max((len(run) for run in _ZERO_RUN.findall(octets)), default=0)
    return longest * 8 >= modulation.rate_bps * TCF_CLEAN_S


def _best_resolution(wanted: Resolution, offered: frozenset[Resolution]) -> Resolution:
    for resolution in sorted(offered, key=lambda r: r.y_dpi, reverse=True):
        if resolution.y_dpi <= wanted.y_dpi:
            return resolution
    return Resolution.STANDARD


def _best_coding(natural: Coding, profile: Profile, far: Capabilities) -> Coding:
    """The page's own coding where that works, so that nothing is coded anew; else the plainest."""
    corrected = profile.ecm and far.ecm
    if natural in profile.codings & far.codings and (corrected or natural is not Coding.MMR):
        return natural
    return Coding.MH
