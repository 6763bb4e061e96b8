"""A router's lines over a websocket: the same sessions as by telnet, with the window of the browser."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import WSMsgType
from hypothesis import given
from hypothesis import strategies as st

from iosemu.web.terminals import _size


async def until(socket: Any, text: str) -> str:
    """Read a terminal until it shows a text."""
    shown = ""
    while text not in shown:
        message = await socket.receive(timeout=10)
        assert message.type is WSMsgType.BINARY, (message, shown)
        shown += message.data.decode("latin-1")
    return shown


def test_the_console_answers_what_is_typed(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.socket("/terminal/vdtl-5300-7a/console") as console:
            await console.send_bytes(b"\r")
            await until(console, "vdtl-5300-7a>")
            await console.send_bytes(b"show version | include uptime\r")
            assert "vdtl-5300-7a uptime is" in await until(console, "minute")

    visit(scenario)


def test_a_vty_knows_the_window_and_hears_of_its_change(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.socket("/terminal/vdtl-5350-8a/vty") as vty:
            await vty.send_str("[101, 33]")
            await until(vty, "Password:")
            await vty.send_bytes(b"cisco\r")
            await until(vty, ">")
            for window, told in (
                ("[101, 33]", "Length: 33 lines, Width: 101"),
                ("[90, 50]", "Length: 50 lines, Width: 90"),
            ):
                await vty.send_str(window)
                await vty.send_bytes(b"show terminal | include Length\r")
                assert told in await until(vty, "8a>")
            await vty.send_bytes(b"exit\r")
            while (message := await vty.receive(timeout=10)).type is WSMsgType.BINARY:
                pass
            assert message.type is WSMsgType.CLOSE

    visit(scenario)


@pytest.mark.parametrize(
    "text", ["", "x", "[1]", "[0, 0]", "[1, 2, 3]", '["80", 24]', "[true, true]", "[" * 5000, "[1e9, 1]"]
)
def test_text_that_tells_no_window_ends_the_connection(visit: Any, text: str) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.socket("/terminal/vdtl-5300-7a/vty") as vty:
            await vty.send_str(text)
            while (message := await vty.receive(timeout=10)).type is WSMsgType.BINARY:
                pass
            assert message.type is WSMsgType.CLOSE
            assert vty.close_code == 1003

    visit(scenario)


@given(st.text())
def test_a_window_is_two_sides_or_nothing(text: str) -> None:
    size = _size(text)
    assert size is None or all(1 <= side <= 1000 for side in size)
