"""Error correction mode: a page as numbered frames, checked block by block, of which only the damaged ones come again.

Rule: a block is at most 256 frames of at most 256 octets; blocks of a page and pages of a call are counted modulo 256.
Numbers and page bits go out with their first bit rightmost, frames are written with it leftmost, so both are turned
round here. Source: ITU-T T.30 annex A (frames A.3.6, PPS and PPR A.4.3 and A.4.4), T.4 annex A.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from iosemu.fax.bit_order import reverse_bits
from iosemu.fax.t30.frames import ADDRESS, CONTROL_MORE, Fcf, FrameError

FRAME_OCTETS: Final = 256
BLOCK_FRAMES: Final = 256
RCP_REPEATS: Final = 3
PPR_LIMIT: Final = 4
"""So many refusals of one block, then the sender says CTC (A.4.4)."""

_FCD: Final = 0x60
_RCP: Final = 0x61
IMAGE_FIELDS: Final = (_FCD, _RCP)
"""The control fields of an error-corrected page; T.30 has no frames of these names."""
_HEADER: Final = bytes((ADDRESS, CONTROL_MORE))
RCP: Final = _HEADER + bytes((_RCP,))

NULL: Final = 0
"""The second control field of a PPS behind which the page goes on."""
_SECOND_FIELD: Final = {None: NULL, Fcf.EOM: 0xF1, Fcf.MPS: 0xF2, Fcf.EOP: 0xF4}
_X_BIT: Final = 0x80


def image_frame(number: int, octets: bytes) -> bytes:
    """Frame `number` (from 0) of a block, without FCS; `octets` have their first bit rightmost."""
    return _HEADER + bytes((_FCD,)) + reverse_bits(bytes((number,)) + octets)


def read_image_frame(octets: bytes) -> tuple[int, bytes] | None:
    """Number and page octets of an image frame, None for an RCP; raises FrameError for anything else."""
    if octets == RCP:
        return None
    if len(octets) <= 4 or octets[:3] != _HEADER + bytes((_FCD,)):
        raise FrameError("not a frame of an error-corrected page")
    numbered = reverse_bits(octets[3:])
    return numbered[0], numbered[1:]


@dataclass(frozen=True, slots=True)
class PartialPage:
    """What a PPS says: `command` is what follows the block (None: more blocks of this page), then the counters of page
    and block, and how many frames were sent this time, 1 to 256: all of the block, later those that came again."""

    command: Fcf | None
    page: int
    block: int
    frames: int

    def encode(self) -> bytes:
        """The FIF of the PPS."""
        counters = bytes((self.page % 256, self.block % 256, self.frames - 1))
        return bytes((_SECOND_FIELD[self.command],)) + reverse_bits(counters)


def read_partial_page(fif: bytes, plain: Mapping[int, Fcf]) -> PartialPage:
    """The content of a PPS; `plain` names the command that stands for each second field.

    Raises FrameError where it is too short or its second field unknown.
    """
    if len(fif) < 4:
        raise FrameError(f"a PPS of {len(fif)} octets")
    command = second_field(fif, plain)
    page, block, last = reverse_bits(fif[1:4])
    return PartialPage(command, page, block, last + 1)


def second_field(fif: bytes, plain: Mapping[int, Fcf]) -> Fcf | None:
    """The command in the second control field of a PPS or EOR; raises FrameError where there is none that is known."""
    code = fif[0] & ~_X_BIT if fif else -1
    if code == NULL:
        return None
    found = plain.get(code)
    if found is None:
        raise FrameError("an unknown second control field")
    return found


def encode_refusal(damaged: Iterable[int]) -> bytes:
    """The FIF of a PPR: a bit for each of 256 frames, set where the frame has to come again."""
    bits = bytearray(BLOCK_FRAMES // 8)
    for number in damaged:
        bits[number // 8] |= 0x80 >> number % 8
    return bytes(bits)


def read_refusal(fif: bytes) -> list[int]:
    """The numbers of the frames that a PPR asks for; what the field is short of was not asked for."""
    return [8 * at + bit for at, octet in enumerate(fif[:32]) for bit in range(8) if octet & (0x80 >> bit)]


class OutgoingPage:
    """A page on its way out; `pending` are the frames of the block in turn that still have to go."""

    def __init__(self, octets: bytes, page: int, frame_octets: int = FRAME_OCTETS) -> None:
        self._frame_octets = frame_octets
        size = frame_octets * BLOCK_FRAMES
        self._blocks = [octets[at : at + size] for at in range(0, len(octets), size)]
        self._page = page
        self.size = len(octets)
        self.block = 0
        self.refusals = 0
        self.pending: list[int] = []
        self._pending_at_limit = 0
        self._begin()

    def _begin(self) -> None:
        self.refusals = 0
        self.pending = list(range(self._frame_count))
        self._pending_at_limit = len(self.pending)

    @property
    def _frame_count(self) -> int:
        return -(-len(self._blocks[self.block]) // self._frame_octets)

    @property
    def last_block(self) -> bool:
        return self.block == len(self._blocks) - 1

    def frames(self) -> tuple[bytes, ...]:
        """The pending frames, then what ends them."""
        block, size = self._blocks[self.block], self._frame_octets
        numbered = (image_frame(number, block[number * size : (number + 1) * size]) for number in self.pending)
        return (*numbered, *[RCP] * RCP_REPEATS)

    def question(self, command: Fcf) -> PartialPage:
        """What the PPS behind the frames says; `command` is what follows the page."""
        return PartialPage(command if self.last_block else None, self._page, self.block, len(self.pending))

    def refused(self, numbers: Iterable[int]) -> None:
        """Only these frames have to come again; all of them where the refusal names none that exists."""
        self.refusals += 1
        count = self._frame_count
        self.pending = [number for number in numbers if number < count] or list(range(count))

    def gained(self) -> bool:
        """Whether frames have arrived since this was asked last."""
        before, self._pending_at_limit = self._pending_at_limit, len(self.pending)
        return self._pending_at_limit < before

    def next_block(self) -> None:
        """The block has arrived whole."""
        self.block += 1
        self._begin()


class IncomingBlock:
    """The frames of one block as they come in."""

    def __init__(self) -> None:
        self._frames: dict[int, bytes] = {}
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._frames)

    def take(self, number: int, octets: bytes) -> None:
        """A sound frame; one of a number that is there already changes nothing."""
        self._frames.setdefault(number, octets)

    def missing(self, sent: int) -> list[int]:
        """Which frames have not come; `sent` were sent this time, which is less than the block when some come again."""
        self._count = max(self._count, sent)
        return [number for number in range(self._count) if number not in self._frames]

    def octets(self) -> bytes:
        """The page octets of the frames, without those that are missing."""
        return b"".join(self._frames.get(number, b"") for number in range(self._count))
