"""The states of SIP calls, from their messages alone."""

from __future__ import annotations

import pytest

from iosemu.commands.voice.sip_states import SipStates


def walk(*messages: str, call_id: str = "c") -> list[str]:
    """The states that messages lead through; ">" is sent, "<" received."""
    states, found = SipStates(), []
    for message in messages:
        first = f"SIP/2.0 {message[1:]} X" if message[1:].isdigit() else f"{message[1:]} sip:x@y SIP/2.0"
        change = states.see(f"{first}\r\nCall-ID: {call_id}\r\n\r\n".encode(), message[0] == ">")
        if change is not None:
            assert change[0] == 1
            found.append(change[2])
    return found


@pytest.mark.parametrize(
    ("messages", "states"),
    [
        (
            ">INVITE <100 <180 <200 >ACK >INVITE <200 >ACK >BYE <200",
            "SENT_INVITE RECD_PROCEEDING ACTIVE DISCONNECTING DEAD",
        ),
        (
            "<INVITE >100 >180 >200 <ACK <INVITE >200 <ACK <BYE >200",
            "RECD_INVITE SENT_ALERTING SENT_SUCCESS ACTIVE DISCONNECTING DEAD",
        ),
        (">INVITE <100 <486 >ACK", "SENT_INVITE RECD_PROCEEDING DISCONNECTING DEAD"),
        ("<INVITE >100 >488 <ACK", "RECD_INVITE DISCONNECTING DEAD"),
        (">INVITE <180 >CANCEL <200 <487 >ACK", "SENT_INVITE RECD_PROCEEDING DISCONNECTING DEAD"),
        ("<OPTIONS >200 <BYE >481", ""),
    ],
)
def test_a_call_goes_through_its_states(messages: str, states: str) -> None:
    assert walk(*messages.split()) == states.split()


def test_messages_without_a_call_change_nothing() -> None:
    assert walk(">INVITE", "<200", call_id="") == []
