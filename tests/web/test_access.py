"""Only who has the link comes in, and only from the page itself."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest


def test_the_link_gives_a_cookie_that_scripts_cannot_read_and_other_sites_do_not_send(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        async with aiohttp.ClientSession() as fresh, fresh.get(visitor.link, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie

    visit(scenario)


@pytest.mark.parametrize(
    "path", ["/", "/?token=x", "/?token=%C3%A9", "/fax", "/mail/tom", "/static/app.js", "/live", "/no"]
)
def test_nobody_comes_in_without_the_token(visit: Any, path: str) -> None:
    async def scenario(visitor: Any) -> None:
        async with aiohttp.ClientSession() as fresh, fresh.get(visitor.base + path) as answer:
            assert answer.status == 403

    visit(scenario)


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
def test_another_page_can_change_nothing_and_hear_nothing(visit: Any, headers: dict[str, str]) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.session.post(f"{visitor.base}/fax", headers=headers) as answer:
            assert answer.status == 403
        for path in ("/live", "/terminal/vdtl-5300-7a/console"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await visitor.session.ws_connect(visitor.base + path, headers=headers)
            assert refused.value.status == 403

    visit(scenario, open_=bool(headers))


def test_a_name_bent_towards_the_server_is_not_served(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.session.get(visitor.base, headers={"Host": "rebound.example"}) as answer:
            assert answer.status == 403
        async with visitor.session.get(visitor.link, headers={"Host": "rebound.example"}) as answer:
            assert answer.status == 403

    visit(scenario)


def test_an_open_lab_asks_for_no_token(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        assert "token" not in visitor.link
        async with aiohttp.ClientSession() as fresh, fresh.get(visitor.link) as answer:
            assert answer.status == 200

    visit(scenario, open_=True)


@pytest.mark.parametrize("path", ["/", "/fax", "/nothing", "/static/app.js"])
def test_every_answer_says_what_a_page_may_do(visit: Any, path: str) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.session.get(visitor.base + path) as answer:
            policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
            assert policy["default-src"] == "'none'"
            assert policy["script-src"] == policy["connect-src"] == "'self'"
            assert policy["frame-ancestors"] == "'none'"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "aiohttp" not in answer.headers["Server"]

    visit(scenario)
