"""Addresses: what is a path, what is a fax number, and whose it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.mail.address import AddressError, FaxAddress, Mailbox, is_ours, parse_fax, parse_mailbox, parse_path


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("FAX=9-555-8354", FaxAddress("95558354")),
        ("fax=+1.408.555-0134", FaxAddress("14085550134", international=True)),
        ("Fax=+14085550112/T33S=12-3/cover=no", FaxAddress("14085550112", True, "123", False)),
        ("FAX=5551212/COVER=Yes", FaxAddress("5551212", cover=True)),
        ("FAX=5551212/ATTN=Front.Desk/q", FaxAddress("5551212", options=(("attn", "Front.Desk"), ("q", "")))),
        ("FAX=*70#12", FaxAddress("*70#12")),
        ("FAX=9p555w0134", FaxAddress("95550134")),
        ("FAX=12a", FaxAddress("12A")),
        ("FAX=+1-", FaxAddress("1", international=True)),
        ("/FAX=+12/", FaxAddress("12", international=True)),
        ("/fax=12/t33s=3.4*/ATTN=x/", FaxAddress("12", subaddress="34*", options=(("attn", "x"),))),
    ],
)
def test_fax_numbers_lose_their_punctuation_and_give_their_options(local: str, expected: FaxAddress) -> None:
    assert parse_fax(Mailbox(local, "gw.example.com")) == expected


@pytest.mark.parametrize(
    "local",
    [
        "FAX=",
        "FAX=+",
        "FAX=-",
        "FAX=12e",
        "FAX=+12p3",
        "FAX=+12*",
        "FAX=1+2",
        "FAX=12%other.example.com",
        "other!FAX=12",
        "FAX=//",
        "FAX=12//T33S=3",
        "FAX=12/cover=maybe",
        "FAX=12/T33S=x",
        "tom",
        "VOICE=12",
    ],
)
def test_what_cannot_be_dialled_is_no_fax_address(local: str) -> None:
    with pytest.raises(AddressError):
        parse_fax(Mailbox(local, "gw.example.com"))


@pytest.mark.parametrize(
    ("text", "mailbox", "rest"),
    [
        ("<tom@example.com>", Mailbox("tom", "example.com"), ""),
        (" <tom@example.com> SIZE=12 BODY=7BIT", Mailbox("tom", "example.com"), "SIZE=12 BODY=7BIT"),
        ("FAX=9-555-8354@15.80.7.107", Mailbox("FAX=9-555-8354", "15.80.7.107"), ""),
        ("<FAX=1@[15.80.7.107]>", Mailbox("FAX=1", "[15.80.7.107]"), ""),
        ('<"FAX=1 2"@example.com>', Mailbox("FAX=1 2", "example.com"), ""),
        ('<"FAX=1\\"2"@example.com>', Mailbox('FAX=1"2', "example.com"), ""),
        ("<postmaster>", Mailbox("postmaster", ""), ""),
        ("<@relay:a@b>", Mailbox("a", "b"), ""),
        ("<@relay.example.com,@[10.0.0.1]:a@b> X=1", Mailbox("a", "b"), "X=1"),
        ("<>", None, ""),
    ],
)
def test_paths_are_read_with_what_follows_them(text: str, mailbox: Mailbox | None, rest: str) -> None:
    assert parse_path(text) == (mailbox, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<",
        "<a@b",
        "<@relay>",
        "<@relay:>",
        "<@relay,:a@b>",
        "<@:a@b>",
        "<@relay a@b>",
        "<" + "@a," * 2000 + "@a:b@c>",
        "<a@b>x",
        "<a b@c>",
        '<"a@b>',
        "<a@>",
        "<a@-b>",
        "<a@b..c>",
        "<..a@b>",
        "<" + "a" * 300 + "@b>",
    ],
)
def test_malformed_paths_are_refused(text: str) -> None:
    with pytest.raises(AddressError):
        parse_path(text)


def test_an_address_of_the_router_is_ours_only_when_configured_in_brackets() -> None:
    by_number = Mailbox("FAX=1", "15.80.7.107")
    assert is_ours(by_number, ("gw.example.com", "[15.80.7.107]"))
    assert is_ours(Mailbox("FAX=1", "[15.80.7.107]"), ("[15.80.7.107]",))
    assert not is_ours(by_number, ("gw.example.com",))
    assert not is_ours(by_number, ("15.80.7.107",))


def test_host_names_compare_without_case_and_final_dot() -> None:
    assert is_ours(Mailbox("FAX=1", "GW.Example.COM."), ("gw.example.com",))
    assert not is_ours(Mailbox("FAX=1", "example.com"), ("gw.example.com",))
    assert not is_ours(Mailbox("FAX=1", ""), ("gw.example.com",))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=60))
def test_any_text_is_an_address_or_an_address_error(text: str) -> None:
    try:
        mailbox, _ = parse_path(text)
    except AddressError:
        return
    if mailbox is not None:
        assert parse_mailbox(str(mailbox)) == mailbox


_digits = st.text("0123456789", min_size=1, max_size=15)
_written = st.text("0123456789-.", max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    international=st.booleans(),
    written=_written,
    digit=_digits,
    subaddress=st.none() | _digits,
    cover=st.none() | st.booleans(),
    slashes=st.booleans(),
    upper=st.booleans(),
)
def test_whatever_is_written_as_a_fax_address_is_read_back(
    international: bool,
    written: str,
    digit: str,
    subaddress: str | None,
    cover: bool | None,
    slashes: bool,
    upper: bool,
) -> None:
    text = "fax=" + "+" * international + written + digit
    text += f"/t33s={subaddress}" if subaddress else ""
    text += f"/cover={'yes' if cover else 'no'}" if cover is not None else ""
    text = f"/{text}/" if slashes else text
    written_as = Mailbox(text.upper() if upper else text, "gw.example.com")  # quoted where dots stand side by side
    mailbox, rest = parse_path(f"<{written_as}> NOTIFY=NEVER")
    assert mailbox is not None
    number = written.replace("-", "").replace(".", "") + digit
    assert parse_fax(mailbox) == FaxAddress(number, international, subaddress or "", cover)
    assert rest == "NOTIFY=NEVER"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40))
def test_any_local_part_survives_quoting(local: str) -> None:
    mailbox = Mailbox(local, "gw.example.com")
    assert parse_path(f"<{mailbox}>") == (mailbox, "")
