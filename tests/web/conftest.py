"""The page of a lab that runs within a test, and a browser's side of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from iosemu.app.lab_file import packaged_lab
from iosemu.lab.run import Lab
from iosemu.lab.topology import load
from iosemu.web.server import LabPage
from tests.lab.labs import running_lab


@dataclass
class Visitor:
    """Somebody with a page open: the lab, the link, and an HTTP session that has the cookie."""

    lab: Lab
    link: str
    session: Any

    @property
    def base(self) -> str:
        return self.link.partition("/?")[0].rstrip("/")

    @property
    def own(self) -> dict[str, str]:
        """The header that a request of the page itself has."""
        return {"Origin": self.base}

    async def post(self, path: str, *files: tuple[str, bytes], **fields: str) -> tuple[int, Any]:
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name.rstrip("_"), value)
        for name, octets in files:
            form.add_field("file", octets, filename=name)
        async with self.session.post(self.base + path, data=form, headers=self.own) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(self.base + path) as answer:
            return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.read())

    def socket(self, path: str) -> Any:
        return self.session.ws_connect(self.base + path, headers=self.own)


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labs that run are looked for in the test's own folder."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def visit(tmp_path: Path) -> Callable[[Callable[[Visitor], Coroutine[Any, Any, None]]], None]:
    """Run a scenario as a visitor of the two-gateway lab's page, at instant pace, at most twenty seconds."""

    @contextlib.asynccontextmanager
    async def visitor(**settings: Any) -> AsyncIterator[Visitor]:
        source = packaged_lab()
        async with running_lab(tmp_path, load(source), source) as lab:
            page = LabPage(lab, **settings)
            link = await page.start()
            jar = aiohttp.CookieJar(unsafe=True)
            try:
                async with aiohttp.ClientSession(cookie_jar=jar) as session:
                    async with session.get(link) as answer:
                        assert answer.status == 200
                    yield Visitor(lab, link, session)
            finally:
                await page.stop()

    def runner(scenario: Callable[[Visitor], Coroutine[Any, Any, None]], **settings: Any) -> None:
        async def limited() -> None:
            async with asyncio.timeout(20), visitor(**settings) as one:
                await scenario(one)

        asyncio.run(limited())

    return runner
