"""T.4 data: what is read is what was coded, damage is mended and counted, rubbish is one error."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iosemu.fax import t4, t4_rows
from iosemu.fax.bitmap import Bitmap
from iosemu.fax.document import Coding, PageFormat, Quality, Resolution
from iosemu.fax.t4_codes import BLACK_RUNS, EOFB, EOL, WHITE_RUNS
from tests.fax_documents.samples import FORMATS, bitmaps, negative, page

MH = PageFormat()
MR = PageFormat(coding=Coding.MR)
MMR = PageFormat(coding=Coding.MMR)


def bits(octets: bytes) -> str:
    return "".join(f"{octet:08b}" for octet in octets)


def octets(text: str) -> bytes:
    text += "0" * (-len(text) % 8)
    return bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))


@pytest.mark.parametrize("page_format", FORMATS, ids=lambda form: f"{form.coding.name}-{form.resolution.name}")
def test_every_coding_gives_the_pixels_back(page_format: PageFormat) -> None:
    bitmap = page(120)
    coded = t4.encode(bitmap, page_format)
    assert coded.bitmap() == bitmap
    assert t4.read_wire(coded.wire(), page_format) == coded
    assert t4.read(coded.strip(), page_format) == coded


@settings(max_examples=60, deadline=None)
@given(bitmaps(), st.sampled_from(FORMATS))
def test_any_page_survives_the_line(bitmap: Bitmap, page_format: PageFormat) -> None:
    read = t4.read_wire(t4.encode(bitmap, page_format).wire(), page_format)
    assert (read.bitmap(), read.damage) == (bitmap, t4.Damage())


def test_every_run_length_is_coded_as_the_tables_say() -> None:
    """libtiff is the judge of the code tables."""
    width = 2432
    rows = [((1 << width - white) - 1).to_bytes(width // 8, "big") for white in range(width)]
    coded = t4.encode(Bitmap(width, b"".join(rows)), PageFormat(width))
    words = [{run: word for word, run in table.items()} for table in (WHITE_RUNS, BLACK_RUNS)]

    def word(run: int, colour: int) -> str:
        make_up = words[colour][run // 64 * 64] if run >= 64 else ""
        return make_up + words[colour][run % 64]

    assert list(coded.codes) == [word(white, 0) + word(width - white, 1) for white in range(width)]


def test_the_strip_begins_as_a_real_gateways_and_each_eol_ends_an_octet() -> None:
    assert t4.encode(Bitmap.blank(1728, 3), MH).strip() == bytes.fromhex("0001 4d9a80 01 4d9a80 01 4d9a80")


def test_the_wire_has_the_first_bit_in_the_least_significant_place() -> None:
    wire = t4.encode(Bitmap.blank(1728, 1), MH).wire()
    assert bits(wire[::-1])[::-1].startswith(EOL + "010011011" + "00110101")


@pytest.mark.parametrize("page_format", [MH, MR], ids=["MH", "MR"])
def test_fill_bits_and_rtc_are_no_part_of_the_page(page_format: PageFormat) -> None:
    coded = t4.encode(page(30), page_format)
    tag = "1" if page_format.coding is Coding.MR else ""
    line = "".join("0" * 37 + EOL + code for code in coded.codes) + (EOL + tag) * 6 + "0" * 90
    assert t4.read(octets(line), page_format) == coded


def test_eofb_and_padding_are_no_part_of_the_page() -> None:
    coded = t4.encode(page(30), MMR)
    assert t4.read(octets(coded.codes[0] + EOFB + "0" * 60), MMR) == coded


def test_a_bad_row_is_replaced_by_the_row_above_and_counted() -> None:
    coded = t4.encode(page(10), MH)
    codes = list(coded.codes)
    codes[4] = codes[4][:-3]
    codes[5] = "1" * 40
    codes[8] = codes[7] + codes[8]  # an EOL was lost
    read = t4.read(octets("".join(EOL + code for code in codes)), MH)
    assert read.rows == 10
    assert read.damage == t4.Damage(bad_rows=3, longest_run=2)
    assert read.codes[4] == read.codes[5] == coded.codes[3]
    assert read.codes[6:8] == coded.codes[6:8]


def test_a_bad_row_of_mr_costs_the_rows_that_refer_to_it() -> None:
    bitmap = page(12)
    coded = t4.encode(bitmap, MR)
    tags = [code[0] for code in coded.codes]
    assert tags[:9] == list("100010001")
    codes = list(coded.codes)
    codes[5] = codes[5] + "1"
    read = t4.read(octets("".join(EOL + code for code in codes)), MR)
    assert read.damage == t4.Damage(bad_rows=3, longest_run=3)
    mended = read.bitmap()
    assert [mended.row(n) for n in (5, 6, 7)] == [bitmap.row(4)] * 3
    assert [mended.row(n) for n in (8, 9, 11)] == [bitmap.row(n) for n in (8, 9, 11)]


def test_a_damaged_first_row_is_blank() -> None:
    coded = t4.encode(page(3), MH)
    read = t4.read(octets(EOL + "101" + "".join(EOL + code for code in coded.codes[1:])), MH)
    assert read.bitmap().row(0) == bytes(216)


def test_a_damaged_mmr_page_ends_at_the_damage() -> None:
    bitmap = page(40)
    line = t4.encode(bitmap, MMR).codes[0]
    read = t4.read(octets(line[: len(line) // 2] + "0000000000000" + line[len(line) // 2 :]), MMR)
    assert 0 < read.rows < 40
    assert read.damage.bad_rows == 1
    assert read.bitmap().octets == bitmap.octets[: len(read.bitmap().octets)]


def test_recoding_changes_density_and_coding_only() -> None:
    bitmap = page(20)
    standard = t4.encode(bitmap, PageFormat(resolution=Resolution.STANDARD))
    fine = standard.recoded(MMR)
    assert fine.page_format == MMR
    assert fine.bitmap() == bitmap.at(Resolution.STANDARD, Resolution.FINE)
    assert standard.recoded(standard.page_format) is standard


@pytest.mark.parametrize("page_format", [MH, MR, MMR], ids=lambda form: form.coding.name)
@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
@example(b"")
@example(bytes(300))
@example(b"\xff" * 300)
def test_random_octets_are_a_page_or_one_error(page_format: PageFormat, noise: bytes) -> None:
    try:
        read = t4.read_wire(noise, page_format)
    except t4.PageDataError:
        return
    assert read.bitmap().rows == read.rows  # whatever was read is sound


@pytest.mark.parametrize("page_format", [MH, MR, MMR], ids=lambda form: form.coding.name)
def test_flipped_bits_never_break_the_reader(page_format: PageFormat, capfd: pytest.CaptureFixture[str]) -> None:
    wire = bytearray(t4.encode(page(60), page_format).wire())
    source = random.Random(7)
    for _ in range(60):
        damaged = bytearray(wire)
        for _ in range(source.randrange(1, 20)):
            damaged[source.randrange(len(damaged))] ^= 1 << source.randrange(8)
        try:
            read = t4.read_wire(bytes(damaged), page_format)
        except t4.PageDataError:
            continue
        assert t4.read_wire(read.wire(), page_format) == replace(read, damage=t4.Damage())
        assert read.bitmap().rows == read.rows
    assert capfd.readouterr().err == ""  # libtiff was never shown bad data


def test_few_octets_do_not_unfold_without_bound() -> None:
    with pytest.raises(t4.PageDataError, match="more than 20000 rows"):
        t4.read(b"\xff" * 10_000, MMR)
    with pytest.raises(t4.PageDataError):
        t4.encode(Bitmap.blank(1728, 20_001), MH)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, len(WHITE_RUNS) - 1), st.integers(0, 12), st.just(0)), min_size=1, max_size=24),
    st.integers(0, 2),
)
def test_a_row_ends_for_the_quick_reader_where_it_ends_for_the_careful_one(runs: list[int], off: int) -> None:
    words, colour, widths = "", 0, [0]
    for index in runs:
        word, run = list((WHITE_RUNS, BLACK_RUNS)[colour].items())[index]
        words += word
        widths.append(widths[-1] + run)
        colour ^= run < 64
    for width in {max(place + off - 1, 1) for place in widths}:
        careful = t4_rows.read_1d(words + "0" * 32, 0, width, len(words))
        quick = t4_rows.end_of_row(words + "0" * 32, 0, width, len(words))
        assert quick == (careful and careful[1])


@pytest.mark.parametrize("page_format", [MH, MR, MMR], ids=lambda form: form.coding.name)
def test_an_inverted_page_is_black_where_it_was_white(page_format: PageFormat) -> None:
    bitmap = page(40)
    inverted = t4.encode(bitmap, page_format).inverted()
    assert inverted == t4.encode(negative(bitmap), page_format)
    assert inverted.bitmap() == negative(bitmap)


@pytest.mark.parametrize("wanted", [MH, MR, MMR], ids=lambda form: form.coding.name)
@pytest.mark.parametrize("page_format", [MH, MR, MMR], ids=lambda form: form.coding.name)
def test_another_coding_is_the_one_that_the_pixels_would_get(page_format: PageFormat, wanted: PageFormat) -> None:
    bitmap = page(40)
    assert t4.encode(bitmap, page_format).recoded(wanted) == t4.encode(bitmap, wanted)


def test_what_is_remembered_of_windows_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(t4_rows, "_PAIRS_KEPT", 50)
    t4_rows.tables().pairs.clear()
    coded = t4.encode(page(60), MH)
    assert t4.read(coded.strip(), MH) == coded
    assert len(t4_rows.tables().pairs) <= 50 + 1


def test_the_grade_of_a_page_is_that_of_its_share_of_bad_rows() -> None:
    grades = [Quality.of(bad, 1000) for bad in (0, 49, 50, 150, 151, 1000)]
    assert grades == [Quality.GOOD] * 2 + [Quality.POOR] * 2 + [Quality.BAD] * 2


@pytest.mark.parametrize("ones", [1, 8, 4097])
@pytest.mark.parametrize("coding", [Coding.MH, Coding.MR], ids=lambda coding: coding.name)
def test_what_a_modem_sends_before_it_is_given_the_page_is_no_row(coding: Coding, ones: int) -> None:
    coded = t4.encode(page(20), PageFormat(coding=coding))
    assert t4.read_wire(b"\xff" * ones + bytes(2) + coded.wire(), coded.page_format) == coded


def test_a_run_of_nothing_inside_a_row_is_refused_where_the_next_row_builds_on_it() -> None:
    """Black 5, white 0, black 6: libtiff sees a change there for the row below, T.6 does not."""
    white, black = ({run: word for word, run in runs.items()} for runs in (WHITE_RUNS, BLACK_RUNS))
    row = "001" + white[256] + white[16] + black[5] + "001" + white[0] + black[6] + "1"
    assert t4_rows.read_2d(row + "0" * 32, 0, [1728], 1728, len(row)) is None
    plain = white[256] + white[16] + black[5] + white[0] + black[6] + white[1408] + white[37]
    for reference, read in ((False, ([272, 283, 1728], len(plain))), (True, None)):
        assert t4_rows.read_1d(plain + "0" * 32, 0, 1728, len(plain), reference=reference) == read
