"""The readers of the fax engines: T.38, T.30, the stream of a media service, T.4 pages, TIFF files.

Rule: a reader gives a value or raises the errors named here, and what it accepts it accepts again when it is written
anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from iosemu.fax import dle, ifp, t4, t4_rows, udptl
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, DocumentError, PageFormat
from iosemu.fax.ifp import DataPacket, DataType, Field, FieldType, IfpError, Indicator, Syntax
from iosemu.fax.t4 import PageDataError
from iosemu.fax.t30 import ecm, frames
from iosemu.fax.t30.capabilities import decode_capabilities, decode_command
from iosemu.fax.t30.frames import Fcf, Frame, FrameError
from iosemu.fax.t38 import Depacketizer
from iosemu.fax.tiff_reader import read_tiff
from iosemu.fax.tiff_writer import TiffWriter
from iosemu.fax.udptl import UdptlError
from tests.fax_documents.samples import page

from .surface import reader


def _read_ifp(octets: bytes) -> None:
    for syntax in Syntax:
        for padded in (False, True):
            try:
                packet = ifp.decode(octets, syntax, padded=padded)
            except IfpError:
                continue
            assert ifp.decode(ifp.encode(packet, syntax), syntax) == packet
            Depacketizer(lambda signal: None).feed(packet)


def _read_udptl(octets: bytes) -> None:
    receiver = udptl.Receiver()
    for piece in (octets, octets[::-1], octets):
        try:
            given = receiver.unwrap(piece)
        except UdptlError:
            continue
        assert len(given) <= 2 * udptl.MAX_JUMP


def _read_frame(octets: bytes) -> None:
    frames.label(octets)
    frame = frames.decode(octets)
    assert frames.decode(frame.encode()).fcf is frame.fcf
    frames.decode_identifier(frame.fif)
    for read in (
        decode_capabilities,
        decode_command,
        ecm.read_refusal,
        lambda fif: ecm.read_partial_page(fif, {int(fcf): fcf for fcf in (Fcf.MPS, Fcf.EOM, Fcf.EOP)}),
    ):
        try:
            read(frame.fif)
        except FrameError:
            continue


def _read_dle(octets: bytes) -> None:
    whole = dle.Decoder().feed(octets)
    cut, decoder = [], dle.Decoder()
    for at in range(0, len(octets), 3):
        cut += decoder.feed(octets[at : at + 3])
    assert _joined(whole) == _joined(cut)


def _joined(items: list[dle.Item]) -> list[bytes]:
    pages = [b""]
    for item in items:
        if isinstance(item, bytes):
            pages[-1] += item
        else:
            pages.append(b"")
    return pages


def _read_page(coding: Coding) -> Callable[[bytes], object]:
    page_format = PageFormat(coding=coding)

    def read(octets: bytes) -> None:
        coded = t4.read_wire(octets, page_format)
        # What was mended is sound: it is read again without a bad row, and libtiff finds the same pixels in it.
        again = t4.read_wire(coded.wire(), page_format)
        assert (again.rows, again.damage) == (coded.rows, t4.Damage())
        assert coded.bitmap() == painted(coded)

    return read


def painted(coded: t4.CodedPage) -> Bitmap:
    """The pixels of a page by our own reading of its rows, beside which libtiff's are held."""
    width, coding = coded.page_format.width_px, coded.page_format.coding
    above: t4_rows.Row = [width]
    octets = bytearray()
    for code in coded.codes:
        bits, at = code + "0" * 32, 1 if coding is Coding.MR else 0
        while at < len(code):
            if coding is Coding.MH or (coding is Coding.MR and bits[0] == "1"):
                found = t4_rows.read_1d(bits, at, width, len(code))
            else:
                found = t4_rows.read_2d(bits, at, above, width, len(code))
            assert found is not None
            above, at = found
            black = 0
            for begins, ends in zip(above[0::2], above[1::2], strict=False):
                black |= (1 << (width - begins)) - (1 << (width - ends))
            octets += black.to_bytes(width // 8, "big")
    return Bitmap(width, bytes(octets))


def _read_tiff(octets: bytes) -> None:
    for found in read_tiff(octets)[:4]:
        try:
            found.coded(found.page_format)
        except DocumentError:
            continue


_PACKETS = (
    DataPacket(DataType.V21, (Field(FieldType.HDLC_DATA, b"\xff\xc8\x01"), Field(FieldType.HDLC_FCS_OK_SIG_END))),
    DataPacket(DataType.V17_14400, (Field(FieldType.T4_NON_ECM_DATA, bytes(20)),)),
    DataPacket(DataType.V34_PRI_CH, (Field(FieldType.V34RATE, b"x"), Field(FieldType.CM_MESSAGE))),
)
_IFP = tuple(ifp.encode(packet) for packet in (*_PACKETS, *Indicator))


def _datagrams() -> tuple[bytes, ...]:
    copies, parity = udptl.Sender(3), udptl.Sender(protection=udptl.Protection(3, 3))
    return tuple(sender.wrap(packet) for packet in _IFP[:8] for sender in (copies, parity))


def _tiffs() -> tuple[bytes, ...]:
    files = []
    for coding in Coding:
        writer = TiffWriter()
        for seed in (1, 2):
            writer.add_page(t4.encode(page(4, seed=seed), PageFormat(coding=coding)), datetime(2003, 2, 14))
        files.append(writer.octets())
    return tuple(files)


def _wires(coding: Coding) -> tuple[bytes, ...]:
    return tuple(t4.encode(page(4, seed=seed), PageFormat(coding=coding)).wire() for seed in (1, 2, 3))


_FRAMES = tuple(Frame(fcf, bytes(range(1, 9))).encode() for fcf in Fcf)

READERS = (
    reader("ifp", _read_ifp, (), _IFP, 30),
    reader("udptl", _read_udptl, (), _datagrams(), 30),
    reader("frames", _read_frame, (FrameError,), _FRAMES, 25),
    reader("dle", _read_dle, (), (dle.encode(bytes(range(32))) + dle.END_OF_PAGE,), 12),
    *(reader(coding.name, _read_page(coding), (PageDataError,), _wires(coding)) for coding in Coding),
    reader("tiff", _read_tiff, (DocumentError,), _tiffs()),
)
