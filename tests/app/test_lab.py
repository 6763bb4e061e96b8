"""`iosemu lab` prints the link to the lab page where the library for it is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

MAIN = """
import sys, iosemu.web
if sys.argv[1] == "bare":
    iosemu.web.available = lambda: False
from iosemu.app import main
sys.exit(main(sys.argv[2:]))
"""


def lab(folder: Path, extra: str, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MAIN, extra, "lab", "--json", "--dir", str(folder / "state"), *options]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.parametrize(
    ("extra", "options", "link"), [("web", [], "/?token="), ("web", ["--open"], "/"), ("bare", [], None)]
)
def test_the_link_is_among_the_endpoints(tmp_path: Path, extra: str, options: list[str], link: str | None) -> None:
    if extra == "web":
        pytest.importorskip("aiohttp")
    with lab(tmp_path, extra, *options) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["web"]
        try:
            if link is None:
                assert url is None
            else:
                assert url.startswith("http://127.0.0.1:")
                assert link in url
                browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
                with browser.open(url, timeout=10) as answer:
                    assert b"<title>iosemu lab</title>" in answer.read()
        finally:
            process.terminate()
            assert process.wait(20) == 0
