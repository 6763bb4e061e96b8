"""`iosemu lab` prints the link to the lab page where the library for it is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
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


def test_endpoints_are_where_they_were_asked_for(tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    start = 20000 + os.getpid() % 10000  # below those that are given out
    page = start + 50
    with lab(tmp_path, "web", "--ports", f"localhost:{start}", "--web", f"0.0.0.0:{page}") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            assert told["routers"]["vdtl-5350-8a"]["telnet"] == f"127.0.0.1:{start + 11}"
            assert told["mail"]["testlab-smtp"]["smtp"] == f"127.0.0.1:{start + 20}"
            assert told["web"].startswith(f"http://127.0.0.1:{page}/?token=")
            with pytest.raises(urllib.error.HTTPError, match="403"):  # after the redirect, without the cookie
                urllib.request.urlopen(told["web"], timeout=10)
        finally:
            process.terminate()
            assert process.wait(20) == 0


def test_a_page_without_its_library_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAIN, "bare", "lab", "--web", "8080", "--dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stderr) == (2, "iosemu: --web needs aiohttp: pip install 'iosemu[web]'\n")


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
