"""Who may use the lab page: whoever has the link, from a page of this very server.

Rule: a request must name this server as its host (a name that was bent towards it does not), bring the token, and,
where it changes something or opens a websocket, come from this origin. What is refused is refused before it is read.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Middleware

SAFE_METHODS = ("GET", "HEAD")
HEADERS = {
    # Scripts are files of this server. Styles may be inline: the terminal (xterm.js) writes its colours that way.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "iosemu",
}


@dataclass(slots=True)
class Access:
    """The token of one server and its port; `open_`: no token is asked for."""

    open_: bool = False
    port: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def cookie(self) -> str:
        """Cookies do not tell ports apart, so each lab has a name of its own."""
        return f"iosemu-{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        return (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    def url(self) -> str:
        """The link for the person at the lab."""
        return f"http://127.0.0.1:{self.port}/" + ("" if self.open_ else f"?token={self.token}")

    def knows(self, token: str | None) -> bool:
        return token is not None and hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def refusal(self, request: web.Request) -> str:
        """Why a request is refused; "" where it is not."""
        if not all(value.isascii() for _, value in request.raw_headers):  # aiohttp stumbles over others here and there
            return "the header of the request is not plain text"
        if request.headers.get("Host") not in self.hosts:
            return "this is not the address of the lab page"
        changes = request.method not in SAFE_METHODS or "Upgrade" in request.headers
        if changes and request.headers.get("Origin") != f"http://{request.headers['Host']}":
            return "the request comes from another page"
        if not self.open_ and not self.knows(request.cookies.get(self.cookie)):
            return "open the lab page with the link that the lab printed"
        return ""


def guard(access: Access) -> Middleware:
    """Refuses what may not be, takes the token of the link into a cookie, and puts the security headers on answers."""

    @web.middleware
    async def guarded(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.path == "/" and access.knows(request.query.get("token")) and _named(request, access):
            response: web.Response = web.Response(status=303, headers={"Location": "/"})
            response.set_cookie(access.cookie, access.token, httponly=True, samesite="Strict", path="/")
            return response
        refusal = access.refusal(request)
        if refusal:
            return web.Response(status=403, text=f"{refusal}\n")
        return await handler(request)

    return guarded


def _named(request: web.Request, access: Access) -> bool:
    return request.method in SAFE_METHODS and request.headers.get("Host") in access.hosts


async def put_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal of the server: every answer, errors too, carries the security headers."""
    response.headers.update(HEADERS)
