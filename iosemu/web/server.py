"""The web server of the lab page: which address does what, each through an operation of the lab.

Rule: what is wrong with a request is a 4xx with one line in JSON; a file travels in a form field called `file`.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from pathlib import Path
from typing import Any

from aiohttp import web

from iosemu.fax.document import DocumentError
from iosemu.fax.render import MAX_FILE_OCTETS, pdf, png_page
from iosemu.fax.tiff_reader import read_tiff
from iosemu.lab.errors import LabError, NoSuchMachine, NoSuchMailbox
from iosemu.lab.operations import operations
from iosemu.lab.run import Lab
from iosemu.lab.traffic import pcapng
from iosemu.web.access import Access, guard, put_headers
from iosemu.web.ladder import plain
from iosemu.web.letters import read
from iosemu.web.live import Live
from iosemu.web.snapshot import snapshot
from iosemu.web.terminals import bridge

STATIC = Path(__file__).parent / "static"
MAX_UPLOAD = MAX_FILE_OCTETS + 1024 * 1024
MAX_SENDINGS = 100
_REQUESTS = logging.getLogger("iosemu.web.requests")
_REQUESTS.setLevel(logging.CRITICAL)  # octets that are no request are answered; their traceback tells nobody anything


class LabPage:
    """Serves the page of one running lab. `url` is the link to it, from this machine, once it has started."""

    def __init__(self, lab: Lab, *, open_: bool = False) -> None:
        self._lab = lab
        self._operations = operations(lab)
        self._access = Access(open_)
        self._live = Live(lambda: snapshot(lab), lambda: [plain(news) for news in lab.ladders.backlog()])
        self._sendings: dict[int, asyncio.Task[Any]] = {}
        self._last_sending = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return self._access.url()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; gives the link. Raises LabError where the port is not to be had."""
        lab = self._lab
        lab.ladders.subscribe(lambda news: self._live.tell(plain(news)))
        app = web.Application(middlewares=[_errors, guard(self._access)], client_max_size=MAX_UPLOAD)
        app.on_response_prepare.append(put_headers)
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, access_log=None, logger=_REQUESTS, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise LabError(f"cannot serve the lab page: {(error.strerror or str(error)).lower()}") from None
        self._access.port = self._runner.addresses[0][1]
        return self.url

    async def stop(self) -> None:
        """Close the port and every page."""
        for sending in tuple(self._sendings.values()):
            sending.cancel()
        await asyncio.gather(*self._sendings.values(), return_exceptions=True)
        await self._live.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", _front),
            web.static("/static", STATIC),
            web.get("/live", self._live.serve),
            web.get("/terminal/{router}/{line}", self._terminal),
            web.get("/fax", self._faxes),
            web.post("/fax", self._send_fax),
            web.delete("/fax/sending/{number}", self._hang_up),
            web.get("/fax/{job}/{page}.png", self._fax_page),
            web.get("/fax/{job}.tif", self._fax_tiff),
            web.get("/fax/{job}.pdf", self._fax_pdf),
            web.post("/fax/machines/{machine}/paper", self._paper),
            web.get("/mail/{user}", self._mails),
            web.post("/mail/{user}", self._send_mail),
            web.get("/mail/{user}/{number}.eml", self._mail_octets),
            web.get("/mail/{user}/{number}", self._mail),
            web.get("/mail/{user}/{number}/{part}/{page}.png", self._mail_page),
            web.get("/capture.pcapng", self._capture),
        ]

    async def _ask(self, op: str, /, **values: Any) -> Any:
        return await self._operations[op](values, lambda progress: None)

    # Routers.

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        router = self._lab.routers.get(request.match_info["router"])
        lines = {} if router is None else {"console": router.console, "vty": router.telnet}
        endpoint = lines.get(request.match_info["line"])
        if endpoint is None:
            raise web.HTTPNotFound(text="no such router or line\n")
        if not web.WebSocketResponse().can_prepare(request).ok:
            raise web.HTTPBadRequest(text="a websocket is wanted here\n")
        return await bridge(request, endpoint)

    # Fax machines.

    async def _faxes(self, request: web.Request) -> web.StreamResponse:
        return web.json_response((await self._ask("fax.list"))[::-1])

    async def _send_fax(self, request: web.Request) -> web.StreamResponse:
        """Begin a sending; its progress and end are told to every page under the number that is the answer."""
        form = await _form(request)
        files = await asyncio.to_thread(_files, form)
        if len(files) != 1:
            raise LabError("one file is wanted")
        if len(self._sendings) >= MAX_SENDINGS:
            raise LabError("too many faxes are being sent")
        sender = _field(form, "from")
        self._last_sending += 1
        number = self._last_sending
        dialled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def tell(progress: Any) -> None:
            if not dialled.done():
                dialled.set_result(None)
            self._live.tell({"sending": {"number": number, "machine": sender, **progress}})

        wanted = {"from": sender, "to": _field(form, "to"), **files[0]}
        work = asyncio.ensure_future(self._operations["fax.send"](wanted, tell))
        self._sendings[number] = work
        try:
            await asyncio.wait((work, dialled), return_when=asyncio.FIRST_COMPLETED)
            if not dialled.done():
                work.result()  # what was wrong before the call
        finally:
            work.add_done_callback(lambda done: self._sent(number, sender, done))
        return web.json_response({"number": number}, status=202)

    def _sent(self, number: int, machine: str, work: asyncio.Task[Any]) -> None:
        self._sendings.pop(number, None)
        if work.cancelled():
            result = {"pages": 0, "cause": "cancelled"}
        elif work.exception() is not None:
            return  # told to who asked, before anything was dialled
        else:
            result = work.result()
        self._live.tell({"sending": {"number": number, "machine": machine, "state": "over", **result}})

    async def _hang_up(self, request: web.Request) -> web.StreamResponse:
        sending = self._sendings.get(_number(request, "number"))
        if sending is None:
            raise web.HTTPNotFound(text="no such sending\n")
        sending.cancel()
        return web.json_response({})

    async def _paper(self, request: web.Request) -> web.StreamResponse:
        """So many `sheets` lie in a machine now, "" for a stack that never ends; what jammed is taken out."""
        text = _field(await _form(request), "sheets").strip()
        if not (text == "" or (text.isascii() and text.isdigit() and len(text) < 7)):
            raise LabError(f"{text!r} is not a number of sheets")
        sheets = int(text) if text else None
        return web.json_response(await self._ask("fax.refill", machine=request.match_info["machine"], sheets=sheets))

    async def _fax_octets(self, request: web.Request) -> tuple[str, bytes]:
        """A received document: the name of its file without the ending, and the file."""
        path = Path(await self._ask("fax.document", job=str(_number(request, "job"))))
        return path.stem, await asyncio.to_thread(path.read_bytes)

    async def _fax_page(self, request: web.Request) -> web.StreamResponse:
        return await _picture((await self._fax_octets(request))[1], _number(request, "page"))

    async def _fax_tiff(self, request: web.Request) -> web.StreamResponse:
        name, tiff = await self._fax_octets(request)
        return _download(tiff, "image/tiff", f"fax-{name}.tif")

    async def _fax_pdf(self, request: web.Request) -> web.StreamResponse:
        name, tiff = await self._fax_octets(request)
        try:
            octets = await asyncio.to_thread(pdf, tiff)
        except DocumentError as error:
            raise LabError(str(error)) from None
        return _download(octets, "application/pdf", f"fax-{name}.pdf")

    # Mail.

    async def _mails(self, request: web.Request) -> web.StreamResponse:
        return web.json_response((await self._ask("mail.list", user=request.match_info["user"]))[::-1])

    async def _send_mail(self, request: web.Request) -> web.StreamResponse:
        form = await _form(request)
        to = [address.strip() for address in _field(form, "to").split(",") if address.strip()]
        values = {"user": request.match_info["user"], "subject": _field(form, "subject"), "text": _field(form, "text")}
        files = await asyncio.to_thread(_files, form)
        return web.json_response(await self._ask("mail.send", to=to, files=files, **values), status=202)

    async def _octets(self, request: web.Request) -> bytes:
        user, number = request.match_info["user"], _number(request, "number")
        return base64.b64decode(await self._ask("mail.message", user=user, number=number))

    async def _mail(self, request: web.Request) -> web.StreamResponse:
        letter = await asyncio.to_thread(read, await self._octets(request))
        pages = [await asyncio.to_thread(_pages, tiff) for tiff in letter.tiffs]
        return web.json_response(letter.plain(pages))

    async def _mail_page(self, request: web.Request) -> web.StreamResponse:
        letter = await asyncio.to_thread(read, await self._octets(request))
        part = _number(request, "part")
        if part >= len(letter.tiffs):
            raise web.HTTPNotFound(text="no such part\n")
        return await _picture(letter.tiffs[part], _number(request, "page"))

    async def _mail_octets(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.match_info['user']}-{request.match_info['number']}.eml"
        return _download(await self._octets(request), "message/rfc822", name)

    async def _capture(self, request: web.Request) -> web.StreamResponse:
        comment = f"T.38 and SMTP of the last calls of {self._lab.topology.name}"
        octets = await asyncio.to_thread(pcapng, self._lab.traffic.all(), comment)
        return _download(octets, "application/octet-stream", f"{self._lab.topology.name}.pcapng")


@web.middleware
async def _errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """What the lab refuses, and what aiohttp does, as one line of JSON."""
    try:
        answer: web.StreamResponse = await handler(request)
    except LabError as error:
        missing = isinstance(error, (NoSuchMachine, NoSuchMailbox))
        return web.json_response({"error": str(error)}, status=404 if missing else 400)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return web.json_response({"error": (error.text or error.reason).strip()}, status=error.status)
    except Exception:
        logging.getLogger(__name__).exception("%s %s", request.method, request.path)
        return web.json_response({"error": "the lab page failed; the lab's log tells more"}, status=500)
    return answer


async def _front(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html")


async def _form(request: web.Request) -> Any:
    if request.content_type != "multipart/form-data":
        raise LabError("a form is wanted")
    try:
        return await request.post()
    except web.HTTPException:
        raise
    except Exception:  # aiohttp's reader of forms raises nearly anything for a malformed one
        raise LabError("the form cannot be read") from None


def _field(form: Any, name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str):
        raise LabError(f"the form lacks {name!r}")
    return value


def _files(form: Any) -> list[dict[str, str]]:
    """The files of a form, those that were left empty aside, as operations take them."""
    found = [value for value in form.getall("file", []) if isinstance(value, web.FileField) and value.filename]
    return [{"name": each.filename, "data": base64.b64encode(each.file.read()).decode("ascii")} for each in found]


def _number(request: web.Request, name: str) -> int:
    text = request.match_info[name]
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise web.HTTPNotFound(text=f"no such {name}\n")
    return int(text)


def _pages(tiff: bytes) -> int:
    try:
        return len(read_tiff(tiff))
    except DocumentError:
        return 0


async def _picture(tiff: bytes, page: int) -> web.StreamResponse:
    """Page `page` of a fax, from 1, as PNG."""
    if not page:
        raise web.HTTPNotFound(text="no such page\n")
    try:
        picture = await asyncio.to_thread(png_page, tiff, page - 1)
    except DocumentError as error:
        raise LabError(str(error)) from None
    except IndexError:
        raise web.HTTPNotFound(text="no such page\n") from None
    return web.Response(body=picture, content_type="image/png")


def _download(octets: bytes, kind: str, name: str) -> web.Response:
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in ".-_") else "_" for letter in name)
    header = {"Content-Disposition": f'attachment; filename="{safe}"'}
    return web.Response(body=octets, content_type=kind, headers=header)
