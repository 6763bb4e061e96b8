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
    ],
)
def test_fax_numbers_lose_their_punctuation_and_give_their_options(local: str, expected: FaxAddress) -> None:
    assert parse_fax(Mailbox(local, "gw.example.com")) == expected


@pytest.mark.parametrize(
    "local",
    [
        "FAX=",
        "FAX=+",
        "FAX=12a",
        "FAX=-12",
        "FAX=12-",
        "FAX=12/",
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
        ("<postmaster>", Mailbox("postmaster", ""), ""),
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
        "<@relay:a@b>",
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
