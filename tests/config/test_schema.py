"""What the catalogue says of a mode's defaults and of what it prints by itself."""

from __future__ import annotations

from iosemu.cli.catalogue import Catalogue
from iosemu.config.schema import Layout, Schema

CATALOGUE = Catalogue.parse("""
mode config (config) "Configure commands:"
hostname name:WORD
    .default hostname Router
    .shown
group
group 12.2.. of ip cef
ip classless
    .default ip classless
ip cef
interface name:WORD!
    .enters interface
    .default interface Null0
    .shown
mode interface (config-if) "Interface configuration commands:"
duplex how:{auto | full | half}
    .default duplex auto
keepalive
    .default no keepalive
""").for_platform()


def test_a_layout_tells_shown_lines_and_the_places_behind_each_group() -> None:
    assert Schema.of(CATALOGUE).layout("config") == Layout((0,), ((1, ""), (1, "ip cef")))


def test_a_default_may_be_refusable() -> None:
    schema = Schema.of(CATALOGUE)
    config, interface = schema.mode("config"), schema.mode("interface")
    defaults = [schema.default(config, 1), schema.default(interface, 0), schema.default(interface, 1)]
    assert [(one.line.text, one.refused is not None) for one in defaults if one is not None] == [
        ("ip classless", True), ("duplex auto", False), ("no keepalive", False),
    ]  # fmt: skip
    assert schema.default(config, 2) is None


def test_a_catalogue_has_one_schema() -> None:
    assert Schema.of(CATALOGUE) is Schema.of(CATALOGUE)
