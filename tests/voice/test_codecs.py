"""The table of codecs against what `codec` takes."""

from __future__ import annotations

import re
from importlib import resources

from iosemu.voice.codecs import CODECS, codec_of


def test_every_codec_that_a_dial_peer_may_name_is_known() -> None:
    files = resources.files("iosemu").joinpath("catalogue").iterdir()
    text = "".join(file.read_text("utf-8") for file in files if file.name.endswith(".ios"))
    # Those of dial peers and voice classes have a size, which other codecs have not.
    named = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^codec .*codec:\{([^}]*)\} \[bytes", text, re.M))))
    assert named - {"transparent"} <= CODECS.keys()
    assert len(named) > 10


def test_of_what_is_no_codec_only_v21_comes_through() -> None:
    assert codec_of("") == codec_of("transparent") == (0, "PCMU", 40, 300)
    assert codec_of("g711alaw").fastest_bps == 14400
