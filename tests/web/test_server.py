"""What the page asks of the lab is done; what is not a request is refused in words."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from iosemu.web import server
from iosemu.web.snapshot import snapshot

TEXT = b"A line of text.\n" * 5


async def told(socket: Any, wanted: Callable[[dict[str, Any]], Any]) -> Any:
    """The first message of the live socket that is wanted."""
    async for message in socket:
        found = wanted(json.loads(message.data))
        if found:
            return found
    raise AssertionError("the live socket closed")


def over(message: dict[str, Any]) -> Any:
    sending = message.get("sending", {})
    return sending if sending.get("state") == "over" else None


def test_a_fax_goes_out_and_its_page_is_a_picture_in_the_mail(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.socket("/live") as live:
            status, answer = await visitor.post("/fax", ("a.txt", TEXT), from_="555-0100", to="555-0199")
            assert status == 202
            end = await told(live, over)
            assert (end["number"], end["machine"], end["pages"], end["cause"]) == (answer["number"], "555-0100", 1, "")
            await told(live, lambda message: message.get("state", {"servers": []})["servers"] and mails(message) == 1)
        _, (summary,) = await visitor.get("/mail/tom")
        _, letter = await visitor.get(f"/mail/tom/{summary['number']}")
        assert ["Subject", "Fax from the PSTN"] in letter["fields"]
        assert letter["faxes"] == [1]
        _, picture = await visitor.get("/mail/tom/1/0/1.png")
        with Image.open(io.BytesIO(picture)) as image:
            assert image.format == "PNG"
            assert image.width == 1728
            assert image.convert("L").getextrema() == (0, 255)
        _, octets = await visitor.get("/mail/tom/1.eml")
        assert b"Subject: Fax from the PSTN" in octets

    def mails(message: dict[str, Any]) -> int:
        return message["state"]["servers"][0]["users"]["tom"]

    visit(scenario)


def test_a_mail_written_on_the_page_arrives_at_a_fax_machine(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        async with visitor.socket("/live") as live:
            fields = {"to": "FAX=9-555-8354@15.80.7.107", "subject": "Fax", "text": "see below"}
            assert await visitor.post("/mail/tom", ("b.txt", TEXT), **fields) == (202, {"from": "tom@testlab-t37.com"})
            await told(live, lambda message: "received" in message.get("rung", {}).get("label", ""))
        _, (job,) = await visitor.get("/fax")
        assert (job["machine"], job["cause"]) == ("5558354", "")
        status, picture = await visitor.get(f"/fax/{job['job']}/1.png")
        assert (status, picture[:4]) == (200, b"\x89PNG")
        _, tiff = await visitor.get(f"/fax/{job['job']}.tif")
        assert tiff[:4] == b"II*\0"
        _, document = await visitor.get(f"/fax/{job['job']}.pdf")
        assert document.startswith(b"%PDF-")
        _, capture = await visitor.get("/capture.pcapng")
        assert capture[:4] == b"\x0a\x0d\x0d\x0a"
        assert len(capture) > 1000

    visit(scenario)


def test_paper_is_taken_out_and_put_in(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        machine = visitor.lab.machine("555-8354")
        for sheets, left, trouble in (("0", 0, "out of paper"), ("20", 20, ""), ("", None, "")):
            assert await visitor.post("/fax/machines/555-8354/paper", sheets=sheets) == (200, {})
            assert (machine.feed.sheets, machine.feed.trouble) == (left, trouble)
            shown = next(each for each in snapshot(visitor.lab)["machines"] if each["number"] == "555-8354")
            assert (shown["paper"], shown["trouble"]) == (left, trouble)
        for sheets in ("-1", "many", "9" * 9):
            status, answer = await visitor.post("/fax/machines/555-8354/paper", sheets=sheets)
            assert (status, answer["error"]) == (400, f"{sheets!r} is not a number of sheets")
        assert (await visitor.post("/fax/machines/555-9999/paper", sheets="1"))[0] == 404

    visit(scenario)


def test_the_phone_book_lies_beside_the_machine(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        book = snapshot(visitor.lab)["phone_book"]
        assert book["everybody"] == ["555-0199", "555-8354"]
        assert book["tom"] == ["555-0199"]

    visit(scenario)


def test_a_sending_can_be_hung_up(visit: Any) -> None:
    async def scenario(visitor: Any) -> None:
        with visitor.lab.clock.hold():  # the call stands still while the test looks at it
            async with visitor.socket("/live") as live:
                _, answer = await visitor.post("/fax", ("a.txt", TEXT), from_="555-0100", to="555-8356")
                busy = await visitor.post("/fax", ("a.txt", TEXT), from_="555-0100", to="555-8356")
                assert busy == (400, {"error": "fax machine 555-0100 is busy"})
                where = f"{visitor.base}/fax/sending/{answer['number']}"
                async with visitor.session.delete(where, headers=visitor.own) as ended:
                    assert ended.status == 200
                assert (await told(live, over))["cause"] == "cancelled"
                await asyncio.sleep(0)
                assert not visitor.lab.machine("555-0100").busy
                async with visitor.session.delete(where, headers=visitor.own) as ended:
                    assert ended.status == 404

    visit(scenario)


WRONG = [
    ("/fax/0/1.png", 400),
    ("/fax/99/1.png", 400),
    ("/fax/99.pdf", 400),
    ("/fax/x.pdf", 404),
    ("/fax/-1/1.png", 404),
    (f"/fax/{'9' * 300}/1.png", 404),
    ("/fax/%D9%A1/1.png", 404),
    ("/fax/..%2f..%2flab/1.png", 404),
    ("/mail/nobody", 404),
    ("/mail/%00", 404),
    ("/mail/..%2F..", 404),
    ("/mail/tom@elsewhere.example", 404),
    ("/mail/tom/1", 400),
    ("/mail/tom/x", 404),
    ("/mail/tom/1/0/1.png", 400),
    ("/static/../server.py", 404),
    ("/static/%2e%2e/server.py", 404),
    ("/static/..%2f__init__.py", 404),
    ("/terminal/vdtl-5300-7a/console", 400),
    ("/terminal/vdtl-5300-7a/aux", 404),
    ("/terminal/nobody/console", 404),
    ("/live", 400),
    ("/fax/sending/1", 405),
]


def test_what_is_not_there_is_told_in_words(visit: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(visitor: Any) -> None:
        for path, expected in WRONG:
            from yarl import URL

            async with visitor.session.get(URL(visitor.base + path, encoded=True)) as answer:
                assert answer.status == expected, path
                assert set(await answer.json()) == {"error"}, path

    visit(scenario)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


BAD_FORMS: list[tuple[str, list[tuple[str, bytes]], dict[str, str]]] = [
    ("/fax", [], {"from_": "555-0100", "to": "555-0199"}),
    ("/fax", [("a.txt", TEXT), ("b.txt", TEXT)], {"from_": "555-0100", "to": "555-0199"}),
    ("/fax", [("a.txt", TEXT)], {"to": "555-0199"}),
    ("/fax", [("a.txt", TEXT)], {"from_": "555-0100"}),
    ("/fax", [("a.txt", TEXT)], {"from_": "555-0100", "to": "'; drop"}),
    ("/fax", [("a.txt", b"")], {"from_": "555-0100", "to": "555-0199"}),
    ("/fax", [("a.pdf", b"%PDF-1.4 nothing")], {"from_": "555-0100", "to": "555-0199"}),
    ("/fax", [("a.tif", b"II*\0" + b"\xff" * 40)], {"from_": "555-0100", "to": "555-0199"}),
    ("/fax", [("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)], {"from_": "555-0100", "to": "555-0199"}),
    ("/fax", [("a.bin", bytes(range(256)))], {"from_": "555-0100", "to": "555-0199"}),
    ("/mail/tom", [], {"to": "", "subject": "", "text": "x"}),
    ("/mail/tom", [], {"to": "a@b", "subject": "x"}),
    ("/mail/tom", [], {"to": "FAX=1@15.80.7.107", "subject": "a\r\nBcc: all", "text": "x"}),
    ("/mail/tom", [], {"to": "FAX=1@15.80.7.107\r\nRCPT TO:<x>", "subject": "", "text": "x"}),
    ("/mail/tom", [], {"to": "nobody@elsewhere.example", "subject": "", "text": "x"}),
    ("/mail/tom", [], {"to": "é@<", "subject": "", "text": "x"}),
    ("/mail/tom", [], {"to": "john", "subject": "", "text": ""}),
    ("/mail/tom", [("a.tif", b"none")], {"to": "john@testlab-t37.com", "subject": "", "text": ""}),
]


def test_a_form_that_makes_no_sense_is_refused_in_words(visit: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(visitor: Any) -> None:
        for path, files, fields in BAD_FORMS:
            status, answer = await visitor.post(path, *files, **fields)
            assert 400 <= status < 500, (path, fields, answer)
            assert answer["error"], (path, fields)
        assert (await visitor.post("/fax", ("a.txt", TEXT), from_="1", to="2"))[0] == 404
        for body, kind in (
            (b"{}", "application/json"),
            (b"", "multipart/form-data"),
            (b"--x", "multipart/form-data; boundary=x"),
            (b"--x\r\n\r\n" + b"y" * 9000, "multipart/form-data; boundary=x"),
            (
                b'--x\r\nContent-Disposition: form-data; name="to"\r\n'
                b"Content-Type: text/plain; charset=none\r\n\r\na\r\n--x--",
                "multipart/form-data; boundary=x",
            ),
            (
                b'--x\r\nContent-Disposition: form-data; name="to"\r\n\r\n\xff\xfe\r\n--x--',
                "multipart/form-data; boundary=x",
            ),
        ):
            header = {**visitor.own, "Content-Type": kind}
            for path in ("/fax", "/mail/tom"):
                async with visitor.session.post(visitor.base + path, data=body, headers=header) as answer:
                    assert 400 <= answer.status < 500, body
        _, mails = await visitor.get("/mail/john")
        assert mails == []

    visit(scenario)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_an_upload_that_is_too_large_is_cut_off(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_UPLOAD", 10_000)

    async def scenario(visitor: Any) -> None:
        status, _ = await visitor.post("/fax", ("a.txt", b"x" * 20_000), from_="555-0100", to="555-0199")
        assert status == 413

    visit(scenario)
