"""Tables of the dial plan: `show voice translation-rule|translation-profile|source-group|enum-match-table|dnis-map`,
`show voice class uri`, `show dial-peer cor`, `show crm`, `test voice translation-rule`.

Rule: each is the configuration read back, in the form of the command reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from iosemu.cli.session import Refused
from iosemu.commands.registry import handlers
from iosemu.voice.number_translation import BadRule, NumberRule, translate

if TYPE_CHECKING:
    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block


def _blocks(call: Invocation[Device], command: str, name: str) -> list[tuple[str, Block]]:
    """The blocks of a command by their names, in order; the one that was asked for, where one was."""
    wanted, found = call.values.get("name"), []
    for block in call.device.config.root.children(command):
        assert block.header is not None
        said = str(block.header.values[name])
        if wanted is None or str(wanted) == said:
            found.append((said, block))

    def order(item: tuple[str, Block]) -> tuple[int, str]:
        return (int(item[0]), "") if item[0].isdigit() else (0, item[0])

    return sorted(found, key=order, reverse="descending" in call.match.tokens)


def rules_of(block: Block) -> list[NumberRule]:
    """The rules of a `voice translation-rule`."""
    rules = []
    for line in block.all("rule"):
        values = {name: str(value) for name, value in line.values.items()}
        reject = "reject" in line.tokens
        rules.append(
            NumberRule(
                int(values["precedence"]),
                values["pattern" if reject else "match"].strip("/"),
                values.get("replace", "").removeprefix("/").removesuffix("/"),
                reject,
                *(values.get(name, "") for name in ("from_type", "to_type", "from_plan", "to_plan")),
            )
        )
    return sorted(rules)


def _rule_lines(rule: NumberRule) -> Iterator[str]:
    yield f"   Rule {rule.precedence}:"
    yield f"   Match pattern: {rule.match}"
    yield f"   Replace pattern: {'reject' if rule.reject else rule.replacement}"
    yield f"   Match type: {rule.from_type or 'none'}   Replace type: {rule.to_type or 'none'}"
    yield f"   Match plan: {rule.from_plan or 'none'}   Replace plan: {rule.to_plan or 'none'}"


@handlers.register("show_voice_translation_rule")
def _rules(call: Invocation[Device]) -> None:
    for name, block in _blocks(call, "voice translation-rule", "tag"):
        lines = [line for rule in rules_of(block) for line in _rule_lines(rule)]
        call.write("\n".join([f"Translation-rule tag: {name}", *lines]) + "\n")


@handlers.register("test_voice_translation_rule")
def _test(call: Invocation[Device]) -> None:
    blocks = _blocks(call, "voice translation-rule", "tag")
    if not blocks:
        raise Refused(f"Translation rule {call.values['name']} does not exist")  # inferred
    number = str(call.values["number"])
    kind, plan = (str(call.values.get(what, "")) for what in ("kind", "plan"))
    try:
        result = translate(rules_of(blocks[0][1]), number, kind, plan)
    except BadRule:
        result = None
    if result is None:
        call.write(f"{number} Didn't match with any of rules\n")
    elif result.rule.reject:
        call.write(f"{number} blocked on rule {result.rule.precedence}\n")
    else:
        rows = (
            (f"Original number: {number}", f"Translated number: {result.number}"),
            (f"Original number type: {kind or 'none'}", f"Translated number type: {result.kind or 'none'}"),
            (f"Original number plan: {plan or 'none'}", f"Translated number plan: {result.plan or 'none'}"),
        )
        call.write(f"Matched with rule {result.rule.precedence}\n")
        call.write("".join(f"{left:<31} {right}\n" for left, right in rows))


_NUMBERS = {
    "Calling": "calling",
    "Called": "called",
    "Redirect": "redirect-called",
}


@handlers.register("show_voice_translation_profile")
def _profiles(call: Invocation[Device]) -> None:
    for name, block in _blocks(call, "voice translation-profile", "name"):
        rules = {str(line.values["what"]): f" {line.values['rule']}" for line in block.all("translate")}
        call.write(f"Translation Profile: {name}\n")
        call.write("".join(f"\tRule for {said} number:{rules.get(what, '')}\n" for said, what in _NUMBERS.items()))


@handlers.register("show_voice_source_group")
def _source_groups(call: Invocation[Device]) -> None:
    for name, block in _blocks(call, "voice source-group", "name"):

        def of(command: str, way: str, block: Block = block) -> str:
            line = next((line for line in block.all(command) if line.values["way"] == way), None)
            return "" if line is None else str(line.values["name"])

        fields = {
            "description": f'"{block.value("description", "text", "")}"',
            "carrier-id source": f'"{of("carrier-id", "source")}"',
            "carrier-id target": f'"{of("carrier-id", "target")}"',
            "trunk-group-label source": f'"{of("trunk-group-label", "source")}"',
            "trunk-group-label target": f'"{of("trunk-group-label", "target")}"',
            "h323zone-id": f'"{block.value("h323zone-id", "name", "")}"',
            "access-list": f"{block.value('access-list', 'list', '')}",
            "disconnect-cause": f'"{block.value("disconnect-cause", "cause", "no-service")}"',
            "translation-profile": f'"{block.value("translation-profile incoming", "name", "")}"',
        }
        call.write(f"Source Group: {name}\n" + "".join(f"    {key}={value},\n" for key, value in fields.items()))


@handlers.register("show_voice_enum")
def _enum(call: Invocation[Device]) -> None:
    # Asked for one table, it spells its heading otherwise.
    word = "enum-match-table" if call.values.get("name") is None else "enum_match_table"
    for name, block in _blocks(call, "voice enum-match-table", "table"):
        call.write(f"voice {word} {name}\n")
        for line in block.all("rule"):
            row = [str(line.values[name]) for name in ("number", "preference", "pattern", "replacement", "domain")]
            call.write(f"rule {' '.join(row)}\n")


@handlers.register("show_voice_class_uri")
def _uris(call: Invocation[Device]) -> None:
    blocks = _blocks(call, "voice class uri", "tag")
    if "summary" in call.match.tokens:
        call.write(f"{'_' * 61}\n{'Class Name':<33}{'Schema':<11}SNMP\n{'-' * 61}\n")
    for name, block in blocks:
        assert block.header is not None
        scheme = str(block.header.values["scheme"])
        if "summary" in call.match.tokens:
            call.write(f"{name:<33}{scheme:<10}Active\n")
            continue
        fields = {"SNMP status": "Active", "Schema": scheme}
        pattern = block.value("pattern", "pattern")
        if pattern is not None:
            fields["pattern"] = str(pattern)
        elif scheme == "sip":
            fields |= {"user-id": str(block.value("user-id", "user", "")), "host": str(block.value("host", "name", ""))}
        else:
            fields["phone number"] = str(block.value("phone number", "number", ""))
        if pattern is None:
            fields["phone context"] = str(block.value("phone context", "context", ""))
        call.write(f"Voice URI class: {name}\n" + "".join(f"     {key} = {value}\n" for key, value in fields.items()))


@handlers.register("show_voice_dnis_map")
def _dnis(call: Invocation[Device]) -> None:
    summary = "summary" in call.match.tokens
    blocks = _blocks(call, "voice dnis-map", "name")
    if call.values.get("name") is None:
        call.write(f"There are {len(blocks)} dnis-maps configured\n\n")
    if summary:
        call.write(f"{'dnis-map':<20}{'Entries':<11}URL\n{'--------':<20}{'-------':<11}---\n")
    for name, block in blocks:
        assert block.header is not None
        entries, url = block.all("dnis"), str(block.header.values.get("url", ""))
        if summary:
            call.write(f"{name:<20}{len(entries):<11}{url}".rstrip() + "\n")
            continue
        origin = f"It is populated from url {url}" if url else "It is not populated from a file."
        call.write(
            f"Dnis-map {name}\n{'-' * 41}\n  It has {len(entries)} entries\n  {origin}\n\n"
            f"{'DNIS':<22}URL\n{'----':<22}---\n"
        )
        for line in entries:
            call.write(f" {line.values['number']!s:<21}{line.values.get('location', '')}".rstrip() + "\n")
        call.write("\n")


@handlers.register("show_dial_peer_cor")
def _cor(call: Invocation[Device]) -> None:
    root = call.device.config.root
    names = [str(line.values["class"]) for block in root.children("dial-peer cor custom") for line in block.all("name")]
    call.write("Class of Restriction\n" + "".join(f"  name: {name}\n" for name in names))
    for block in root.children("dial-peer cor list"):
        assert block.header is not None
        members = "".join(f"  member: {line.values['name']}\n" for line in block.all("member"))
        call.write(f"\nCOR list <{block.header.values['name']}>\n{members}")


@handlers.register("show_crm")
def _carriers(call: Invocation[Device]) -> None:
    """Carrier resources: the trunk groups, by their carrier where they have one, with as many calls as they have
    channels, and what stands on them."""
    from iosemu.voice.legs import Origin, Telephony
    from iosemu.voice.trunk_groups import members

    device = call.device
    active = [leg for leg in device.voice.control.active if isinstance(leg.detail, Telephony)]
    for block in device.config.root.children("trunk group"):
        assert block.header is not None
        name, carrier = str(block.header.values["name"]), block.value("carrier-id", "name")
        ports = members(device.config.root, device.voice.ports, name)
        most = sum(len(port.channels) for port in ports)
        names = {port.name for port in ports}
        origins = [leg.origin for leg in active if isinstance(leg.detail, Telephony) and leg.detail.port in names]
        coming = origins.count(Origin.ANSWER)
        counts = {
            "Voice (in) ": coming,
            "Voice (out)": len(origins) - coming,
            "Data (in)  ": 0,
            "Data (out) ": 0,
        }
        rows = (f"    Max {what}: {most:>6}    Cur {what}: {count:>6}\n" for what, count in counts.items())
        heading = f"Trunk Group Label: {name}" if carrier is None else f"Carrier:{carrier}"
        call.write(f"{heading}\n    Max calls:{most}\n{''.join(rows)}")


# By category of an internal error: the cause that it becomes by itself, and what it is.
_ERRORS = {
    128: (3, "Destination address resolution failure"),
    129: (102, "Call setup timeout"),
    178: (41, "Internal Communication Error"),
    179: (41, "External communication Error"),
    180: (47, "Software Error"),
    181: (47, "Software Resources Unavailable"),
    182: (47, "Hardware Resources Unavailable"),
    183: (41, "Capability Exchange Failure"),
    184: (49, "QoS Error"),
    185: (41, "RTP/RTCP receive timer expired or bearer layer failure"),
    186: (38, "Signaling socket failure"),
    187: (38, "Gateway or signaling interface taken out of service"),
    228: (50, "User is denied access to this service"),
    278: (65, "Media Negotiation Failure due to non-existing Codec"),
}


@handlers.register("show_voice_cause_code")
def _causes(call: Invocation[Device]) -> None:
    blocks = call.device.config.root.children("voice cause-code")
    lines = blocks[0].all("error-category") if blocks else []
    said = {int(str(line.values["category"])): int(str(line.values["cause"])) for line in lines}
    call.write(
        "The Internal Error Category to Q850 cause code mapping table:-\n"
        " Error Configured Default    Description\nCategory  Q850     Q850\n"
    )
    for category, (usual, text) in _ERRORS.items():
        call.write(f"{category:>6}{said.get(category, usual):>7}{usual:>9}  {text:<55}\n")
