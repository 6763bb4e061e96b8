"""Every open page hears the state and the steps; one that does not keep up is cut off."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import WSMsgType

from iosemu.web import live as lives


def test_a_page_is_told_everything_at_once_and_then_what_changes(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        lab = visitor.lab
        async with visitor.socket("/live") as live:
            state = json.loads((await live.receive()).data)["state"]
            assert [router["name"] for router in state["routers"]] == ["vdtl-5300-7a", "vdtl-5350-8a"]
            assert json.loads((await live.receive()).data) == {"backlog": []}
            lab.routers["vdtl-5300-7a"].router.load("hostname other\n")
            changed = json.loads((await live.receive()).data)["state"]
            assert changed["routers"][0]["hostname"] == "other"

    visit(scenario)


@pytest.mark.parametrize("typed", ["{}", "x" * 900])
def test_what_a_page_says_is_of_no_interest(visit: Any, typed: str) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.socket("/live") as live:
            await live.send_str(typed)
            await live.receive()
            assert "backlog" in json.loads((await live.receive()).data)

    visit(scenario)


def test_a_page_that_says_too_much_is_cut_off(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.socket("/live") as live:
            await live.send_str("x" * 5000)
            while (message := await live.receive(timeout=5)).type is WSMsgType.TEXT:
                pass
            assert live.close_code == 1009, message

    visit(scenario)


def test_a_page_that_does_not_keep_up_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "MAX_BEHIND", 3)
    live = lives.Live(dict, list)
    page: asyncio.Queue[str | None] = asyncio.Queue()
    live._pages.add(page)
    for number in range(5):
        live.tell({"number": number})
    told = [page.get_nowait() for _ in range(page.qsize())]
    assert told == ['{"number": 0}', '{"number": 1}', '{"number": 2}', None]
