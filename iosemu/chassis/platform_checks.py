"""What is wrong in a platform file that fits the schema: texts that do not have their form, names that name nothing.

Rule: each fault is one line that begins with its key; whoever reads files says in which one it is. Nothing is checked
here that the types of the schema check already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import TYPE_CHECKING

from iosemu.chassis.schema import ANALOG_KINDS, LEAST_MEMORY_MB, MULTIPLEXED_KIND, TRUNK_KINDS
from iosemu.cli.interface_names import KINDS
from iosemu.cli.release import BadRelease, Release

if TYPE_CHECKING:
    from iosemu.chassis.schema import Environment, Module, Platform

_HEX = re.compile(r"0x[0-9A-Fa-f]{1,8}")
_FORMS = {
    "image": (re.compile(r"\w+-\w+-\w+"), "FAMILY-FEATURES-KIND, as C3660-JS-M"),
    "image_file": (re.compile(r"[a-z]\w*:\S+"), "DEVICE:FILE, as flash:c3660-js-mz.122-15.T9.bin"),
    "compiled": (
        re.compile(r"[A-Z]\w\w \d\d-[A-Z]\w\w-\d\d \d\d:\d\d by \w+"),
        "a day, a date, a time and a name, as Sat 01-Nov-03 07:30 by ccai",
    ),
    "configuration_register": (_HEX, "a number as 0x2102"),
    "text_base": (_HEX, "a number as 0x60008954"),
    "data_base": (_HEX, "a number as 0x61A2A000"),
}
_SLOT = re.compile(r"\d+(/\d+)?|AIM\d")
_PORTS = (*TRUNK_KINDS, MULTIPLEXED_KIND, *ANALOG_KINDS, *KINDS)
_POSITIVE = ("memory_kb", "io_memory_kb", "nvram_kb", "flash_kb", "aux_line")
SOFTWARE = "{software}"
"""The line of `processor` that stands for the lines on the software of the image."""


def faults(platform: Platform) -> Iterator[str]:
    """All that is wrong, in the order of the keys."""
    yield from _texts(platform)
    for key in _POSITIVE:
        if getattr(platform, key) < 1:
            yield f"{key} is {getattr(platform, key)}, not a positive number"
    if platform.memory_kb + platform.io_memory_kb < LEAST_MEMORY_MB * 1024:
        yield f"memory_kb is {platform.memory_kb}, too little: an image needs {LEAST_MEMORY_MB} MB"
    units = [(interface.kind, interface.unit) for interface in platform.builtin_interfaces]
    for kind, unit in dict.fromkeys(units):
        if units.count((kind, unit)) > 1:
            yield f"builtin_interfaces has {kind}{unit} twice"
    for number, slot in platform.slots.items():
        if _SLOT.fullmatch(number) is None:
            yield f"slots.{number}: {number!r} is no slot: write SLOT, SLOT/BAY or AIMn"
        for wanted in slot.accepts:
            if not platform.fitting((wanted,)):
                yield f"slots.{number} accepts {wanted!r}, no module and no form of one"
        if slot.default and slot.default not in platform.fitting(slot.accepts):
            yield f"slots.{number} does not accept its default {slot.default!r}"
    for name, module in platform.modules.items():
        yield from _module(platform, name, module)
    for at, bound in enumerate(platform.limit.any_of):
        if bound.fax_mail < 1 or (bound.total is not None and bound.total < 1):
            yield f"limit.any_of[{at}]: a weight and a total are positive numbers"
        if bound.needs_mb < 0 or (bound.most_fax_mail is not None and bound.most_fax_mail < 0):
            yield f"limit.any_of[{at}]: a number of faxes and an amount of memory are not negative"
    if platform.environment is not None:
        yield from _environment(platform.environment)


def _environment(found: Environment) -> Iterator[str]:
    if found.fans < 0:
        yield f"environment.fans is {found.fans}, not a number of fans"
    if found.supplies > found.supply_bays:
        yield f"environment.supplies is {found.supplies}, more than the {found.supply_bays} of supply_bays"


def _texts(platform: Platform) -> Iterator[str]:
    try:
        if Release.of(platform.version).is_version:
            yield f"version is {platform.version!r}, not a release as 12.2(15)T9"
    except BadRelease as error:
        yield f"version: {error}"
    for key, (form, text) in _FORMS.items():
        if form.fullmatch(getattr(platform, key)) is None:
            yield f"{key} is {getattr(platform, key)!r}, not {text}"
    for key in ("entry_point", "image_size"):
        if _HEX.fullmatch(getattr(platform.boot, key)) is None:
            yield f"boot.{key} is {getattr(platform.boot, key)!r}, not a number as 0x80008000"
    for line in platform.processor:
        if line != SOFTWARE:
            yield from _template("processor", line, "product", "dram", "io")
    for line in platform.boot.lines:
        yield from _template("boot.lines", line, "dram", "io", "memory")
    yield from _template("port_naming", platform.port_naming, "slot", "port")
    yield from _template("voice_port_naming", platform.voice_port_naming, "slot", "bay", "port")


def _template(key: str, text: str, *known: str) -> Iterator[str]:
    """What stands in braces is known."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        yield f"{key}: {text!r}: {str(error).lower()}"
        return
    for name in names:
        if name not in known:
            yield f"{key}: {{{name}}} is none of {', '.join(f'{{{one}}}' for one in known)}"


def _module(platform: Platform, name: str, module: Module) -> Iterator[str]:
    for said, names in (("a chip", module.chips), ("a count", module.counted)):
        for kind in names:
            if kind not in module.ports:
                yield f"modules.{name}: {said} for {kind}, of which it has no port"
    for kind, count in module.ports.items():
        if kind not in _PORTS:
            yield f"modules.{name}: {kind!r} is no kind of port: {', '.join(_PORTS)}"
        if count < 1:
            yield f"modules.{name}: {count} ports of {kind}, not a positive number"
    for number, accepts in enumerate(module.bays):
        for wanted in accepts:
            if not platform.fitting((wanted,)):
                yield f"modules.{name}.bays[{number}] accepts {wanted!r}, no module and no form of one"
    if module.lines < 0:
        yield f"modules.{name}.lines is {module.lines}, not a number of lines"
    if module.modems and not module.lines:
        yield f"modules.{name}: modems, but no lines"
    if (module.dsp is None) != (module.dsp_channels < 1):
        yield f"modules.{name}: dsp and dsp_channels go together"
