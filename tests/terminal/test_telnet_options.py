from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.terminal.telnet_options import (
    CLIENT,
    Command,
    Data,
    Option,
    Signal,
    TelnetOptions,
    TerminalType,
    WindowSize,
    escape,
)


def data_of(events: list[object]) -> bytes:
    return b"".join(event.octets for event in events if isinstance(event, Data))


def test_the_greeting_is_the_one_that_service_probes_recorded() -> None:
    assert TelnetOptions().greeting() == bytes.fromhex("fffb01 fffb03 fffd18 fffd1f")


def test_the_answers_of_a_library_that_refuses_everything_need_no_answer() -> None:
    options = TelnetOptions()
    assert options.receive(bytes.fromhex("fffe01 fffe03 fffc18 fffc1f") + b"x")[-1] == Data(b"x")
    assert options.take_output() == b""


def test_a_client_that_agrees_is_asked_for_its_type_and_tells_its_window() -> None:
    options = TelnetOptions()
    options.receive(bytes.fromhex("fffd01 fffd03 fffb18 fffb1f"))
    assert options.take_output() == bytes.fromhex("fffa1801fff0")
    events = options.receive(bytes.fromhex("fffa1800") + b"xterm" + bytes.fromhex("fff0 fffa1f00ffff0028fff0"))
    assert events == [TerminalType("xterm"), WindowSize(255, 40)]


def test_unknown_options_are_refused_each_way() -> None:
    options = TelnetOptions()
    options.receive(bytes.fromhex("fffb27 fffd05"))
    assert options.take_output() == bytes.fromhex("fffe27 fffc05")


def test_an_iac_split_over_packets_is_one_octet_of_data() -> None:
    options = TelnetOptions()
    assert data_of(options.receive(b"a\xff")) + data_of(options.receive(b"\xffb")) == b"a\xffb"


def test_commands_without_operand_are_signals_and_are_you_there_is_answered() -> None:
    options = TelnetOptions()
    assert options.receive(bytes.fromhex("fff4 fff6 fff1")) == [Signal(Command.INTERRUPT)]
    assert b"[Yes]" in options.take_output()


def test_an_overlong_subnegotiation_is_read_to_its_end_and_dropped() -> None:
    options = TelnetOptions()
    options.receive(bytes.fromhex("fffb18"))
    assert options.receive(bytes.fromhex("fffa1800") + b"x" * 100_000 + bytes.fromhex("fff0") + b"after") == [
        Data(b"after")
    ]


def test_client_and_router_agree_and_fall_silent() -> None:
    router, client = TelnetOptions(), TelnetOptions(CLIENT)
    client.window = (132, 50)
    told = []
    to_client = router.greeting()
    for _ in range(4):
        client.receive(to_client)
        told += router.receive(client.take_output())
        to_client = router.take_output()
    assert to_client == b""
    assert client.takes_part(Option.ECHO, ours=False)
    assert WindowSize(132, 50) in told
    assert TerminalType("VT100") in told


@given(st.binary(max_size=200), st.lists(st.integers(1, 50), max_size=6))
def test_the_cut_into_packets_does_not_matter(octets: bytes, cuts: list[int]) -> None:
    whole, pieces = TelnetOptions(), TelnetOptions()
    data = data_of(whole.receive(octets))
    parts, start = b"", 0
    for cut in [*cuts, len(octets)]:
        parts += data_of(pieces.receive(octets[start : start + cut]))
        start += cut
    assert parts == data
    assert pieces.take_output() == whole.take_output()


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_after_any_octets_the_session_is_still_usable(noise: bytes, text: bytes) -> None:
    options = TelnetOptions()
    options.receive(noise)
    options.receive(b"\xff\xf0\xff\xf0")  # ends whatever was open
    assert data_of(options.receive(escape(text))) == text
