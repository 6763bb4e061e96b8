"""The lab page: a running lab seen and used in a browser (extra `web`).

Rule: the page shows what the lab's own values and events say, and acts through the lab's operations only; nothing
about a lab is known here that its other tools cannot ask for. aiohttp is imported when a page is served, not before.
"""

from __future__ import annotations

from importlib.util import find_spec


def available() -> bool:
    """Is the library there that serves the page?"""
    return find_spec("aiohttp") is not None
