"""MAIL, RCPT and VRFY without a connection: what is taken, what is refused and in which words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iosemu.mail.address import FaxAddress
from iosemu.mail.envelope import Notify, Verdict
from iosemu.mail.transaction import Refused, open_transaction, read_recipient, verify

HOST = "gw.example.com"
NAMES = (HOST, "[10.0.0.1]")
NO_ROUTE = Verdict(550, "5.1.2", "No route")


def screen(address: FaxAddress) -> Verdict | None:
    return NO_ROUTE if address.number == "666" else None


@pytest.mark.parametrize(
    ("argument", "text", "number"),
    [
        (f"TO:<FAX=1@{HOST}>", f"FAX=1@{HOST}", "1"),
        (f"to: <fax=1@{HOST.upper()}.>", f"fax=1@{HOST.upper()}.", "1"),
        ("TO:FAX=1@10.0.0.1", "FAX=1@10.0.0.1", "1"),
        ("TO:<FAX=1@[10.0.0.1]>", "FAX=1@[10.0.0.1]", "1"),
        (f"TO:<@relay,@[10.0.0.2]:FAX=1@{HOST}>", f"FAX=1@{HOST}", "1"),
        (f'TO:<"FAX=+1-408"@{HOST}>', f"FAX=+1-408@{HOST}", "1408"),
        (f"TO:</FAX=1/T33S=2/@{HOST}>", f"/FAX=1/T33S=2/@{HOST}", "1"),
    ],
)
def test_every_way_to_write_our_fax_numbers_is_taken(argument: str, text: str, number: str) -> None:
    recipient, _ = read_recipient(argument, NAMES, screen)
    assert (recipient.text, recipient.address.number) == (text, number)


def test_what_is_asked_for_a_recipient_is_kept() -> None:
    argument = f"TO:<FAX=1@{HOST}> notify=success,FAILURE ORCPT=rfc822;a+2Bb@example.com"
    recipient, _ = read_recipient(argument, NAMES, screen)
    assert (recipient.notify, recipient.original) == (Notify.SUCCESS | Notify.FAILURE, "rfc822;a+b@example.com")


@pytest.mark.parametrize(
    "parameters",
    [
        "NOTIFY", "NOTIFY=", "NOTIFY=NONE", "NOTIFY=NEVER,SUCCESS", "NOTIFY=SUCCESS,", "NOTIFY=NEVER NOTIFY=NEVER",
        "ORCPT=a@b", "ORCPT=;a@b", "ORCPT=rf c", "ORCPT=rfc822;a=b", "ORCPT=rfc822;a+2b", "ORCPT=rfc822;a+0D+0Ab",
        "ORCPT=(x);a", "ORCPT=rfc822;" + "a" * 500,
    ],
)  # fmt: skip
def test_malformed_notification_parameters_of_a_recipient_are_refused(parameters: str) -> None:
    with pytest.raises(Refused) as refused:
        read_recipient(f"TO:<FAX=1@{HOST}> {parameters}", NAMES, screen)
    assert refused.value.reply[:9] in ("501 5.5.4", "504 5.5.4")


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ("RET=ALL", 501), ("RET", 501), ("RET=FULL RET=FULL", 501), ("ENVID=", 501), ("ENVID=a=b", 501),
        ("ENVID=a+0D", 501), ("ENVID=" + "a" * 101, 501), ("SIZE=x", 501), ("SIZE=-1", 501), ("BODY=", 501),
        ("SIZE=1001", 552), ("AUTH=<>", 504), ("SMTPUTF8", 504), ("NOTIFY=NEVER", 504),
    ],
)  # fmt: skip
def test_malformed_parameters_of_a_transaction_are_refused(parameters: str, code: int) -> None:
    with pytest.raises(Refused) as refused:
        open_transaction(f"FROM:<a@b> {parameters}", 1000)
    assert refused.value.reply.startswith(f"{code} 5.")


def test_the_parameters_of_a_transaction_are_kept() -> None:
    transaction = open_transaction("from:<a@b> SIZE=1000 ret=hdrs ENVID=QQ+2B1 BODY=7BIT", 1000)
    assert transaction.sender == "a@b"
    assert (transaction.parameters.envelope_id, transaction.parameters.return_full) == ("QQ+1", False)
    assert open_transaction("FROM:<>", 1000).sender == ""


@pytest.mark.parametrize(
    ("argument", "reply"),
    [
        ("FAX=1-2", f"250 2.1.5 <FAX=1-2@{HOST}>"),
        (f"<FAX=1@{HOST}>", f"250 2.1.5 <FAX=1@{HOST}>"),
        ("tom", f"550 5.1.1 tom@{HOST} User unknown"),
        ("FAX=666", "550 5.1.2 No route"),
        ("FAX=none", "553 5.1.3 Mailbox name is not a fax number"),
        ("tom@example.org", "551 5.7.1 User not local; please try <tom@example.org>"),
        ("Tom Smith", "501 5.5.4 Syntax error in parameters or arguments"),
        ("<>", "501 5.5.4 Syntax error in parameters or arguments"),
        ("<tom", "501 5.1.3 Syntax error in recipient address"),
    ],
)
def test_vrfy_tells_what_rcpt_would_take(argument: str, reply: str) -> None:
    assert verify(argument, NAMES, screen) == reply


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.sampled_from('<>@:,"\\/=+;% TOFRMAX19.gwz\x00\xe9\udc80'), max_size=40))
def test_any_argument_is_taken_or_refused_on_one_line(argument: str) -> None:
    for command in (
        lambda: open_transaction("FROM:" + argument, 1000).sender,
        lambda: read_recipient("TO:" + argument, NAMES, screen)[0].text,
        lambda: verify(argument, NAMES, screen),
    ):
        try:
            answer = command()
        except Refused as refusal:
            answer = refusal.reply
            assert answer[0] in "45"
        assert "\r" not in answer
        assert "\n" not in answer
