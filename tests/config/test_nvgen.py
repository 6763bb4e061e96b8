"""The running-config as text."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.match import match
from iosemu.cli.release import Release
from iosemu.config.nvgen import render, running_config
from iosemu.config.tree import RunningConfig

from .test_tree import Editor

WHOLE = """\
hostname a
!
ip subnet-zero
ip http server
ip name-server 1.1.1.1
!
interface Ethernet0
 no ip address
 duplex auto
!
interface Ethernet1
 ip address 10.0.0.1 255.0.0.0
 shutdown
 duplex full
!
dial-peer voice 1 pots
 port 0:D
!
!
line con 0
line vty 0
 login
!
end
"""


def pasted(text: str) -> Editor:
    return Editor()(*(line for line in text.splitlines() if line not in ("!", "end")))


def test_blocks_groups_and_defaults_print_as_ios_prints_them() -> None:
    assert render(pasted(WHOLE).config) == WHOLE


def test_a_blank_configuration_shows_its_shown_defaults() -> None:
    assert render(Editor().config) == "hostname Router\n!\nip subnet-zero\nno ip http server\n!\n!\nend\n"


def test_input_order_does_not_matter_where_the_catalogue_gives_the_order() -> None:
    parts = [["hostname a"], ["ip http server"], ["dial-peer voice 1 pots", " port 0:D"], ["line vty 0", " login"]]
    texts = {render(Editor()(*(line for part in order for line in part)).config) for order in permutations(parts)}
    assert len(texts) == 1


def test_the_size_is_that_of_the_text_behind_it() -> None:
    text = running_config(Editor().config)
    head, _, kept = text.partition(" bytes\n")
    assert head.startswith("Building configuration...\n\nCurrent configuration : ")
    assert int(head.rpartition(" ")[2]) == len(kept)
    assert kept.startswith("!\nhostname")
    assert kept.endswith("end\n\n")


def test_blocks_may_be_put_in_the_order_of_the_chassis() -> None:
    editor = Editor()("interface Ethernet1", "interface Ethernet0")
    editor.config.orders["interface"] = lambda line: (int(str(line.values["name"])[-1]),)
    assert [line for line in editor.printed() if line.startswith("interface")] == [
        "interface Ethernet0", "interface Ethernet1",
    ]  # fmt: skip


OF_IMAGE = """
mode config (config) "Configure commands:"
hostname name:WORD
group
group 12.4.. of ip http secure-server
group ..12.4 of ip http secure-server
ip http secure-server
    .negatable
"""


def test_a_section_may_belong_to_images_that_have_a_command() -> None:
    config = RunningConfig(Catalogue.parse(OF_IMAGE).for_platform(release=Release.of("12.4(3)")))
    mode = config.schema.mode("config")
    config.apply(config.root, match(mode, "hostname a"))
    assert render(config) == "hostname a\n!\nend\n"
    config.apply(config.root, match(mode, "no ip http secure-server"))
    assert render(config) == "hostname a\n!\n!\nno ip http secure-server\nend\n"


LINES = st.sampled_from(
    ["hostname a", "no ip subnet-zero", "ip http server", "no logging console", "ip name-server 1.1.1.1", "vlan 7"]
)


@given(lines=st.lists(LINES, max_size=8))
def test_pasting_the_running_config_gives_it_back(lines: list[str]) -> None:
    text = render(Editor()(*lines).config)
    assert render(pasted(text).config) == text


JOINED = """
mode config (config) "Configure commands:"
hostname name:WORD
interface number:<0-9>!
    .enters interface
banner text:BANNER
    .joined
alias name:WORD!
    .joined
line number:<0-9>!
    .enters interface
    .joined
mode interface (config-if) "-"
shutdown
"""


def test_joined_lines_stand_as_one_block_between_others() -> None:
    catalogue = Catalogue.parse(JOINED)
    config = RunningConfig(catalogue)
    mode = catalogue.mode("config")
    for line in ("hostname a", "interface 1", "line 0", "line 1", "alias x", "banner #a\n b#"):
        config.apply(config.root, match(mode, line))
    assert render(config) == ("hostname a\ninterface 1\n!\nbanner ^Ca\n b^C\nalias x\n!\nline 0\nline 1\n!\nend\n")


SECTIONS = """
mode config (config) "Configure commands:"
aaa new-model
    .default no aaa new-model
    .shown
    .gap 2
fax interface-type fax-mail
    .default fax interface-type fax-mail
    .shown
list name:WORD!
    .enters block
    .alike
group
map name:WORD!
    .enters block
    .apart
logging trap
mode block (config-block) "-"
shutdown
"""


def printed_of_sections(*lines: str, absent: frozenset[str] = frozenset()) -> list[str]:
    """What is printed of SECTIONS, `!` as they stand, without `end`."""
    catalogue = Catalogue.parse(SECTIONS)
    config = RunningConfig(catalogue)
    config.absent = absent
    for line in lines:
        config.apply(config.root, match(catalogue.mode("config"), line))
    return render(config).splitlines()[:-1]


def test_a_line_may_have_separators_behind_it_when_it_is_on() -> None:
    assert printed_of_sections()[:2] == ["no aaa new-model", "fax interface-type fax-mail"]
    assert printed_of_sections("aaa new-model")[:4] == ["aaa new-model", "!", "!", "fax interface-type fax-mail"]


def test_the_default_of_missing_hardware_is_not_printed_and_what_is_set_is() -> None:
    without = frozenset({"fax interface-type fax-mail"})
    assert printed_of_sections(absent=without) == ["no aaa new-model", "!"]
    assert printed_of_sections("no fax interface-type fax-mail", absent=without)[1] == "no fax interface-type fax-mail"


def test_an_empty_section_prints_its_separator_and_blocks_that_are_alike_share_it() -> None:
    assert printed_of_sections("logging trap")[2:] == ["!", "logging trap"]
    assert printed_of_sections("list a", "list b", "logging trap")[2:] == ["list a", "list b", "!", "logging trap"]


def test_a_block_that_stands_apart_has_its_separator_in_front_where_none_is() -> None:
    assert printed_of_sections("map a", "map b", "logging trap")[2:] == ["!", "map a", "!", "map b", "logging trap"]
