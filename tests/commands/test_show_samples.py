"""Published samples of show commands against what our router prints in a scene that has what the sample tells.

Rule: a line counts as matched where its words, its fields and the columns in which they start are those of the sample,
and it stands in the same order; figures, addresses, names and states are masked. `show_samples.toml` keeps how many
matched last time: fewer is a failure, more is a number to raise there. Every file of the samples is either in it or has
its reason in `ELSEWHERE`.
"""

from __future__ import annotations

import re
import tomllib
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from tests.commands.show_scenarios import told

SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = SHARED / "reference" / "show-samples"
CORPUS = SHARED / "corpus" / "show"
KEPT = tomllib.loads(Path(__file__).with_name("show_samples.toml").read_text("utf-8"))

ELSEWHERE = {
    "no message waits, no settlement, no video": (
        r"show_(sip-ua_(mwi|register)|call_leg|raw|rawmsg|dial-peer_video|settlement)"
    ),
    "of a later release, where the corpus has one of this": r"show_sip-ua_(status|timers)",
    "call manager, phones and LMR are of other routers": (
        r"show_(ccm|pots|voice_lmr|interface_dspfarm|call_history_video)"
    ),
    "of a later release": (
        r"show_(call_application_(app-level|gateway|interface|serv|session)|dialplan_(incall_uri|uri))"
    ),
    "tried with trunks and signal processors": (r"show_(csm_call|spe|controllers_timeslots|voice_dsp)"),
    "signalling and cross-connects are not emulated": (
        r"show_(connect|controllers_(rs366|voice)|trunk_hdlc|vrm|modem|voice_trunk)"
    ),
}
"""By reason: what of the samples does not apply, or is tried elsewhere."""
OF_OTHERS = {
    "no output, or that of another make or a switch": (
        r".*(-empty|_asa_|_iosxr_|_junos_|_nxos_|_viptella_|_wireless_|_cat6k|c3750|c3850|_ap_)"
        r"|show-(boot|crypto|file-systems|ip-dns|running)|.*g_customer"
    ),
    "video, telepresence, call manager and phones": (
        r"show-(call-(active|history)-video|call-active-voice|ip-address|interfaces-cable|voice-class-sip)"
        r"|show-voice-class-(dial-peer|called)|.*(telepresence|cmebasic|cmetoll|cmetrans|vg410)"
    ),
    "of a later release": (
        r"show-(call-application-(active|history|interface|sessions)|call-(history-(stats|watermark|disconnect)|leg)"
        r"|sip-ua-(calls|history|regist|service|status__.*(asr|bind|config|s8)|timers__.*s8)|call-history-voice"
        r"|sip-ua-(statistics__.*mitig|map__)|inventory|processes|voice-call-rate|call-prompt|debug|snmp-group"
        r"|dial-peer-voice|controller-t1|ip-(cef|interface__ntc|route)|dialplan-incall|ip-bgp|policy-map|ntp"
        r"|voice-dsp-(group|summary|channel|active|cap|crash|dsp)|modem|h323|call-application-voice|ip-eigrp"
        r"|version__(ciscodoc|genie|ntc)|voice-statistics|voice-port-(020|111|isdn|101__.*(debug|s9.*-4))|voice-port__)"
    ),
    "tried where the command has its own tests": (
        r"show-(cdp|clock|interfaces?|line|logging|tacacs|trunk-group|isdn-status|ip-(access|interface-brief|arp|route|sockets)|arp"
        r"|access-list|users|controllers-t1|spe|voice-call|voice-dsp|controllers-timeslots|voice-source-group)"
    ),
    "neither hardware nor protocol of it is there": (
        r"show-(controllers-voice|trunk-hdlc|ip-rsvp|voice-trunk|vfc|archive)"
    ),
    "a text around another sample": (
        r"show-(dialplan-number|voice-port-summary|call-active-fax|sip-ua-statistics__.*dtmf)"
    ),
}
"""The same of the corpus, the first reason that fits."""

_VALUES = (
    (r"\b(?:Fast|Gigabit)?Ethernet\d[\d/.]*|\b(?=[0-9a-f.]*\d)[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b", "#"),
    (r"(?<=Originate )\S.*$|(?<=Answer )\S+(?: \S+)*?(?= active$|$)", "#"),
    (r"\(The e-mail was not sent.*|\(service or option not.*", "(#)"),
    (r"'[^']*'|`[^']*'", "#"),
    (r"\b0x[0-9A-Fa-f]+\b", "#"),
    (r"\bSe\d\S*", "#"),
    (r"\b\d[\w.:/*-]*", "#"),
    (r"(?<==)\S.*$", "#"),
    (r"\b(up|down|dorm|enabled|disabled|Enabled|Disabled|best-effort|system|voice|video|y|n)\b", "#"),
    (r"\bmailto:\S+|\bipv4:\S+", "#"),
    (r"#(\s#)+", "#"),
)


def samples(name: str, typed: str) -> list[str]:
    """The lines of a sample, without the prompt and what was `typed` in front of the first; empty ones do not count."""
    if "#" not in name:
        text = (CORPUS / name).read_text("utf-8", "replace")
    else:
        file, _, number = name.partition("#")
        parts = re.split(r"^=== sample \d+\n", (SAMPLES / file).read_text("utf-8", "replace"), flags=re.MULTILINE)
        text = parts[int(number)]
    text = re.sub(rf"\A\S+ ?# ?(?:{re.escape(typed)} ?)?", "", text)
    return [line for line in text.splitlines() if line.strip() and line.strip() not in (".", "...")]


def shape(line: str) -> tuple[tuple[int, str], ...]:
    """The fields of a line, each with the column in which it starts, values masked.

    What stands behind a single space moves with the value before it; a column of its own starts behind two. Behind a
    value that is told by its name (`tx:5/20`) nothing has a column, and the indentation of whole blocks does not count.
    """
    wide = re.search(r"\S(?: {2,}|\t)\s*\S", line.rstrip())
    line = line.rstrip().expandtabs()
    if not wide:
        line = line.lstrip()
    fields: list[tuple[int, str]] = []
    moves = False
    for found in re.finditer(r"\S+(?: \S+)*", line):
        text = found[0]
        for pattern, put in _VALUES:
            text = re.sub(pattern, put, text)
        named = bool(re.search(r"[:=/+] ?#", text))
        fields.append((-1 if moves or (named and not fields) else found.start(), text))
        moves = moves or named
    return tuple(fields)


def result(name: str) -> tuple[list[str], list[str]]:
    """The lines of the sample that apply, and those of them that our output has."""
    kept = KEPT[name]
    without = [re.compile(pattern) for pattern in kept.get("without", [])]
    wanted = [
        line
        for line in samples(name, kept.get("typed", kept["command"]))
        if not any(one.search(line) for one in without)
    ]
    ours = [shape(line) for line in told(kept["scene"], kept["command"]) if line.strip()]
    blocks = SequenceMatcher(None, [shape(line) for line in wanted], ours, autojunk=False).get_matching_blocks()
    return wanted, [wanted[block.a + offset] for block in blocks for offset in range(block.size)]


@pytest.mark.parametrize("name", KEPT)
def test_no_less_of_a_sample_is_printed_than_before(name: str, show_row: list[str]) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the samples are not beside the source tree")
    wanted, matched = result(name)
    if not show_row:
        show_row.append(f"{'sample':<58}{'matched':>8}{'of':>5}  command")
    kept = KEPT[name]
    show_row.append(f"{name[:57]:<58}{len(matched):>8}{len(wanted):>5}  {kept['command']}")
    if kept.get("why"):
        show_row.append(f"    {kept['why']}")
    missing = [line for line in wanted if line not in matched]
    assert len(matched) >= kept["matched"], "\n".join(missing)
    assert kept["matched"] > 0


def test_every_file_of_the_corpus_is_tried_or_has_its_reason(show_row: list[str]) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the source tree")
    left: list[str] = []
    lines: dict[str, list[int]] = {}
    for file in sorted(CORPUS.glob("show-*.txt")):
        if file.name in KEPT:
            continue
        reason = next((reason for reason, pattern in OF_OTHERS.items() if re.match(pattern, file.name)), "")
        left += [file.name] if not reason else []
        lines.setdefault(reason, []).append(len(samples(file.name, "")))
    show_row.extend(f"not tried: {len(counts)} files of {sum(counts)} lines: {why}" for why, counts in lines.items())
    assert left == []


def test_every_file_of_the_samples_is_tried_or_has_its_reason() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the samples are not beside the source tree")
    tried = {name.partition("#")[0] for name in KEPT}
    left = [
        file.name
        for file in SAMPLES.glob("*.txt")
        if file.name not in tried and not any(re.match(pattern, file.name) for pattern in ELSEWHERE.values())
    ]
    assert left == []
