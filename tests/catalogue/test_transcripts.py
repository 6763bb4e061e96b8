"""Help listings and refusals of real routers, replayed: what our catalogue has in common with them reads the same.

Rule: a listing of the emulated release is compared whole and letter by letter. One of another release is compared
entry by entry where we have the entry too: same word, same help text, same order, and where it has nothing more than
ours, the layout too. What is left out is counted with its reason in the table that the test prints (`pytest -s`).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from iosemu.commands.context import Device
from tests.catalogue.transcripts import Entry, Exchange, is_argument, listing, read
from tests.commands.routers import User, device

FOLDER = Path(__file__).parents[3] / "shared" / "corpus" / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
RELEASE = "12.2"

# How one gets to a prompt whose way a transcript does not show.
WAYS = {
    "(config)": (),
    "(config-if)": ("interface FastEthernet0/0",),
    "(config-line)": ("line vty 0 4",),
    "(config-dial-peer)": ("dial-peer voice 1 voip",),
    "(config-voiceport)": ("voice-port 1/0:23",),
    "(config-controller)": ("controller T1 1/0",),
    "(conf-voi-serv)": ("voice service voip",),
    "(conf-serv-sip)": ("voice service voip", "sip"),
    "(conf-serv-h323)": ("voice service voip", "h323"),
    "(config-sip-ua)": ("sip-ua",),
    "(config-telephony)": ("telephony-service",),
    "(config-ephone)": ("ephone 1",),
    "(config-ephone-dn)": ("ephone-dn 1",),
    "(config-cm-fallback)": ("call-manager-fallback",),
    "(config-register-pool)": ("voice register pool 1",),
    "(config-register-global)": ("voice register global",),
    "(config-class)": ("voice class codec 1",),
    "(config-router)": ("router ospf 1",),
}

# Words of documents that are known to differ from what a router of 12.2 prints, with the reason.
KNOWN = {
    ("?", "dir"): "12.0 and before: on a directory",
    ("?", "erase"): "12.0 and before: a file",
    ("?", "exit"): "set by the book",
    ("?", "disconnect"): "set by the book: two columns run together",
    ("(conf-voi-serv)?", "supplementary-service"): "line ends lost: three rows in one",
}


class Verdict(NamedTuple):
    file: str
    prompt: str
    word: str
    """`same`, `common`, `left out` or `differs`."""
    why: str = ""


def router() -> Device:
    made = device("3660")
    user = User(made)
    user.configure("no ip domain lookup", "controller T1 1/0", "pri-group timeslots 1-24")
    return made


class Replay:
    """A user who goes through the documents of a transcript as their authors went."""

    def __init__(self) -> None:
        self._user = User(router())
        self._place = ("", -1)

    def judge(self, exchange: Exchange) -> Verdict | None:
        """The verdict of an exchange that can be judged; what only leads on is entered."""
        if self._place != (exchange.file, exchange.document):
            self._place = (exchange.file, exchange.document)
            self._user.session.end()
        self._user.session.privilege = 15 if exchange.privileged else 1
        there = self._go_to(exchange)
        name = f"{exchange.host}{exchange.mode}{'#' if exchange.privileged else '>'}{exchange.line}"
        if exchange.asks or (exchange.line and exchange.error):
            if not there:
                return Verdict(exchange.file, name, "left out", "no such mode in the catalogue")
            word, why = self._help(exchange) if exchange.asks else self._refusal(exchange)
            return Verdict(exchange.file, name, word, why)
        if there and exchange.mode and exchange.line:
            self._user.type(exchange.line)
        return None

    def _go_to(self, exchange: Exchange) -> bool:
        session = self._user.session
        block = session.block
        if not exchange.mode:
            session.end()
            return True
        if block is not None and session.mode.prompt == exchange.mode:
            return True
        if block is None:
            session.configure()
        if session.mode.prompt != exchange.mode:
            self._user.type(*WAYS.get(exchange.mode, ()))
        return session.mode.prompt == exchange.mode

    def _refusal(self, exchange: Exchange) -> tuple[str, str]:
        session = self._user.session
        # The caret's column counts from the start of the prompt.
        User(session.device).configure(f"hostname {exchange.host}")
        printed = self._user.type(exchange.line).splitlines()
        theirs = [line for line in exchange.answer if line.strip()]
        ours = [line for line in printed if line.strip()]
        caret = next((line for line in theirs if line.strip() == "^"), "")
        width = len(exchange.host) + len(exchange.mode) + 1 + len(exchange.line)
        if len(caret) > width + 1:
            # The caret stands behind the line: its columns were not kept.
            theirs, ours = [line.strip() for line in theirs], [line.strip() for line in ours]
        return ("same", "") if theirs[: len(ours)] == ours else ("differs", f"{theirs} / {ours}")

    def _help(self, exchange: Exchange) -> tuple[str, str]:
        typed = exchange.line.rstrip()[:-1]
        heading, theirs = listing(exchange.answer)
        if not theirs:
            return "left out", "no listing in the document"
        printed = self._user.session.help(typed)
        if printed.startswith("%"):
            return "left out", "not in the catalogue"
        if typed.strip() and not typed.endswith(" "):
            return _words(theirs, printed)
        ours_heading, ours = listing(tuple(printed.splitlines()))
        if exchange.release == RELEASE or _covers(ours, theirs):
            return _whole(exchange, printed, (heading, theirs), (ours_heading, ours))
        return _common(exchange.mode + (typed.strip() or "?"), heading, theirs, ours_heading, ours)


def _words(theirs: list[Entry], printed: str) -> tuple[str, str]:
    wanted = [word for entry in theirs for word in (entry.word, *entry.text.split())]
    found = printed.split()
    missing = [word for word in wanted if word not in found]
    return ("left out", f"other words: {' '.join(missing)}") if missing else ("same", "")


def _covers(ours: list[Entry], theirs: list[Entry]) -> bool:
    return [entry.word for entry in ours] == [entry.word for entry in theirs]


def _whole(
    exchange: Exchange, printed: str, theirs: tuple[str, list[Entry]], ours: tuple[str, list[Entry]]
) -> tuple[str, str]:
    literal = [line.rstrip().replace("<cr>  <cr>", "<cr>") for line in exchange.answer if line.strip()]
    if literal == [line.rstrip() for line in printed.splitlines() if line.strip()]:
        return "same", "letter by letter"
    return ("same", "words and texts; the document's layout is damaged") if theirs == ours else (
        "differs", f"{theirs} / {ours}"
    )  # fmt: skip


def _common(line: str, heading: str, theirs: list[Entry], ours_heading: str, ours: list[Entry]) -> tuple[str, str]:
    known = {entry.word: entry.text for entry in ours}
    shared = [entry for entry in theirs if entry.word in known and not is_argument(entry.word)]
    shared = [entry for entry in shared if entry.word != "<cr>"]
    if not shared:
        return "left out", "another release: no keyword in common"
    wrong = [
        f"{entry.word}: {entry.text!r} is {known[entry.word]!r}"
        for entry in shared
        if entry.text != known[entry.word] and (line, entry.word) not in KNOWN
    ]
    order = [entry.word for entry in theirs if entry in shared]
    ours_order = [entry.word for entry in ours if entry.word in order]
    if order == sorted(order) != ours_order:
        wrong.append(f"order {ours_order}")
    if heading and heading != ours_heading:
        wrong.append(f"heading {heading!r} is {ours_heading!r}")
    return ("differs", "; ".join(wrong)) if wrong else ("common", f"{len(shared)} of {len(theirs)} entries")


@pytest.mark.skipif(not FILES, reason="the transcripts are not beside this source tree")
def test_what_we_share_with_real_routers_reads_the_same() -> None:
    replay = Replay()
    verdicts = [verdict for file in FILES for exchange in read(file) if (verdict := replay.judge(exchange))]
    for verdict in verdicts:
        print(f"{verdict.file[:28]:28} {verdict.prompt[:60]:60} {verdict.word} {verdict.why}")
    assert [verdict for verdict in verdicts if verdict.word == "differs"] == []
    assert sum(verdict.word in ("same", "common") for verdict in verdicts) >= 10


SAMPLE = """\
##### source: a document of 12.4
Router# configure terminal Router(config)#dial-peer voice 1 voip
Router(config-dial-peer)# dtmf-relay ?
  cisco-rtp    Cisco Proprietary RTP
  h245-signal  DTMF Relay via
               H245 Signal IE rtp-nte      RTP Named Telephone Event
  <cr>         <cr>

R1>show sun
         ^
% Invalid input detected at '^' marker.
"""


def test_a_transcript_is_read_as_prompts_lines_and_answers(tmp_path: Path) -> None:
    file = tmp_path / "sample.txt"
    file.write_text(SAMPLE, "utf-8")
    configure, enter, asked, refused = read(file)
    assert (configure.line, enter.mode, enter.line) == ("configure terminal", "(config)", "dial-peer voice 1 voip")
    assert (asked.mode, asked.asks, asked.release) == ("(config-dial-peer)", True, "12.4")
    assert listing(asked.answer) == (
        "",
        [
            Entry("cisco-rtp", "Cisco Proprietary RTP"),
            Entry("h245-signal", "DTMF Relay via H245 Signal IE"),
            Entry("rtp-nte", "RTP Named Telephone Event"),
            Entry("<cr>", ""),
        ],
    )
    assert (refused.host, refused.privileged, refused.error) == (
        "R1",
        False,
        "% Invalid input detected at '^' marker.",
    )


def test_a_text_that_is_not_ours_differs(tmp_path: Path) -> None:
    file = tmp_path / "sample.txt"
    file.write_text(
        "R1#ping ?\n  WORD  Ping destination address or hostname\n  ip    Something else\n  ipv6  x\n", "utf-8"
    )
    (exchange,) = read(file)
    verdict = Replay().judge(exchange)
    assert verdict is not None
    assert (verdict.word, verdict.why) == ("differs", "ip: 'Something else' is 'IP echo'")
