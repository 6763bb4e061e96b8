"""A session: modes, prompts, errors as printed, output modifiers, handlers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iosemu.cli.match import match
from iosemu.cli.session import Handlers, Invocation, Refused, run_now
from iosemu.config import nvgen

from .small import CATALOGUE, Desk, Device

HANDLERS: Handlers[Device] = Handlers()


@HANDLERS.register("show_clock")
def show_clock(invocation: Invocation[Device]) -> None:
    invocation.write("*00:00:01.000 UTC Mon Mar 1 1993\n")


@HANDLERS.register("show_running")
async def show_running(invocation: Invocation[Device]) -> None:
    invocation.write("hostname Router\ninterface Ethernet0\n ip address 10.0.0.1 255.0.0.0\nend\n")


@HANDLERS.register("hostname")
def hostname(invocation: Invocation[Device]) -> object:
    name = str(invocation.values.get("name", ""))
    if name.startswith("!"):
        raise invocation.invalid("name", 1)
    if name.startswith("-"):
        raise Refused("% Hostname contains one or more illegal characters.")
    return match(CATALOGUE.mode("config"), "hostname Made") if name == "make" else None


def desk(*answers: str, privilege: int = 15) -> Desk:
    return Desk(*answers, privilege=privilege, handlers=HANDLERS)


def test_the_caret_stands_under_the_bad_character_of_the_typed_line() -> None:
    assert desk().type("show xyz") == " " * len("Router#show ") + "^\n% Invalid input detected at '^' marker.\n\n"
    assert desk().type("conf t", "do show xyz").startswith(" " * len("Router(config)#do show ") + "^\n")


def test_ambiguous_and_incomplete_lines_are_answered_as_ios_does() -> None:
    assert desk().type("show i") == '% Ambiguous command:  "show i"\n'
    assert desk().type("show ip") == "% Incomplete command.\n\n"


def test_prompts_follow_privilege_and_mode() -> None:
    user = desk(privilege=1)
    assert user.session.prompt == "Router>"
    screen = desk()
    prompts = []
    for line in ("conf t", "int fa0/0", "dial-peer voice 1 pots", "exit", "hostname " + "x" * 30, "end", "exit"):
        screen.type(line)
        prompts.append(screen.session.prompt)
    assert prompts == [
        "Router(config)#",
        "Router(config-if)#",
        "Router(config-dial-peer)#",
        "Router(config)#",
        "x" * 20 + "(config)#",
        "x" * 30 + "#",
        "x" * 30 + "#",
    ]
    assert screen.session.closed


def test_configure_terminal_says_how_to_end() -> None:
    assert desk().type("conf t") == "Enter configuration commands, one per line.  End with CNTL/Z.\n"


def test_leaving_configuration_is_announced_once() -> None:
    screen = desk()
    screen.type("conf t", "int fa0/0", "end", "conf t", "hostname A\x1a", "conf t", "exit")
    assert screen.device.configured == 3
    assert screen.session.prompt == "A#"


def test_ctrl_z_leaves_configuration_behind_a_refused_line_too() -> None:
    screen = desk()
    assert "^" in screen.type("conf t", "int fa0/0", "bogus\x1a")
    assert screen.session.refused
    assert screen.session.prompt == "Router#"


def test_a_global_line_in_a_sub_mode_goes_to_global_configuration() -> None:
    screen = desk()
    screen.type("conf t", "int fa0/0", "mta send server mail")
    assert screen.session.prompt == "Router(config)#"
    assert [line.text for line in screen.device.config.root.all("mta send server")] == ["mta send server mail"]


def test_a_line_that_no_mode_knows_keeps_the_sub_mode() -> None:
    screen = desk()
    assert "^" in screen.type("conf t", "int fa0/0", "bogus")
    assert screen.session.prompt == "Router(config-if)#"


def test_the_error_that_got_farther_is_shown() -> None:
    answer = desk().type("conf t", "int fa0/0", "mta receive maximum-recipients x")
    assert answer.startswith(" " * len("Router(config-if)#mta receive maximum-recipients ") + "^\n")


def test_comments_and_blank_lines_do_nothing() -> None:
    assert desk().type("conf t", "! a comment") == desk().type("   ") == ""


@pytest.mark.parametrize(
    ("modifier", "lines"),
    [
        ("include ip|end", [" ip address 10.0.0.1 255.0.0.0", "end"]),
        ("exclude ^ ip", ["hostname Router", "interface Ethernet0", "end"]),
        ("beg interface", ["interface Ethernet0", " ip address 10.0.0.1 255.0.0.0", "end"]),
        ("i _10.0.0.1_", [" ip address 10.0.0.1 255.0.0.0"]),
    ],
)
def test_output_is_filtered(modifier: str, lines: list[str]) -> None:
    assert desk().type(f"show running-config | {modifier}").splitlines() == lines


def test_a_bad_modifier_is_refused() -> None:
    assert desk().type("show run | hostname").startswith(" " * len("Router#show run | ") + "^\n")
    assert desk().type("show run |") == desk().type("show run | include") == "% Incomplete command.\n\n"
    assert desk().type("show run | include (a+)+$").startswith("% Failed")
    assert desk().type("show run | include [").startswith("% Failed")
    assert "^" in desk().type("show run | section x")  # a later release's


def test_a_handler_may_refuse_or_replace_a_line() -> None:
    assert desk().type("conf t", "hostname -x") == "% Hostname contains one or more illegal characters.\n"
    screen = desk()
    screen.type("conf t", "hostname make")
    assert screen.session.prompt == "Made(config)#"


def test_a_handler_may_put_the_caret_under_a_value() -> None:
    assert desk().type("conf t", "  host  !x").startswith(" " * len("Router(config)#  host  !") + "^\n% Invalid")


def test_a_missing_handler_is_said_and_harmless() -> None:
    assert desk().type("enable").startswith("% ")


def test_handlers_are_found_when_first_needed() -> None:
    found: list[str] = []

    def find(name: str) -> None:
        found.append(name)
        handlers.register(name)(lambda invocation: invocation.write("late\n"))

    handlers: Handlers[Device] = Handlers(find)
    late = Desk(handlers=handlers)
    assert late.type("show clock", "show clock") == "late\n"
    assert found == ["show_clock"]
    with pytest.raises(ValueError, match="twice"):
        handlers.register("show_clock")(show_clock)


def test_questions_come_after_what_was_written_and_hang_up_closes() -> None:
    handlers: Handlers[Device] = Handlers()

    @handlers.register("show_clock")
    async def ask(invocation: Invocation[Device]) -> None:
        invocation.write("first\n")
        answer = await invocation.terminal.read_line("Sure? ")
        invocation.write(f"<{answer}>\n")

    assert Desk("yes", handlers=handlers).type("show clock") == "first\nSure? yes\n<yes>\n"
    gone = Desk(handlers=handlers)
    gone.type("show clock")
    assert gone.session.closed


def test_disable_goes_back_to_user_exec() -> None:
    screen = desk()
    screen.type("disable")
    assert screen.session.prompt == "Router>"
    assert "^" in screen.type("configure terminal")


@given(
    lines=st.lists(
        st.text(max_size=20) | st.sampled_from(["conf t", "int fa0/0", "no hostname", "end\x1a"]), max_size=6
    )
)
def test_any_lines_leave_the_session_usable(lines: list[str]) -> None:
    screen = desk()
    screen.type(*lines)
    assert screen.session.prompt.endswith(("#", ">"))


def test_a_session_needs_neither_an_event_loop_nor_a_grammar() -> None:
    code = (
        "import sys\n"
        "from iosemu.cli import catalogue; c = catalogue.load()\n"
        "from iosemu.cli.match import match; match(c.mode('exec'), 'show clock')\n"
        "import iosemu.cli.session, iosemu.config.nvgen\n"
        "print(sorted({'asyncio', 'pyparsing', 'logging'} & set(sys.modules)))"
    )
    for _ in range(2):  # the first run may have to compile
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_waiting_handler_needs_an_event_loop() -> None:
    class Pending:
        def __await__(self):  # type: ignore[no-untyped-def]
            yield

    async def wait() -> None:
        await Pending()

    with pytest.raises(RuntimeError, match="event loop"):
        run_now(wait())


def test_a_text_over_several_lines_is_one_line_of_the_configuration() -> None:
    screen = desk()
    assert screen.type("conf t", "banner #a") == "Enter TEXT message.  End with the character '#'.\n"
    assert screen.session.collecting
    assert screen.type("", "do show clock", " ! x", "hostname b#") == ""
    assert screen.device.config.root.value("banner", "text") == "a\n\ndo show clock\n ! x\nhostname b"
    assert (screen.session.prompt, screen.device.configured) == ("Router(config)#", 0)
    screen.type("banner #half\x1a")
    assert (screen.session.collecting, screen.session.prompt) == (False, "Router#")


def test_a_line_tells_whether_it_was_refused() -> None:
    screen = desk()
    outcomes = []
    for line in ("show clock", "show xyz", "", "conf t", "hostname -a", "hostname a", "hostname"):
        screen.type(line)
        outcomes.append(screen.session.refused)
    assert outcomes == [False, True, False, False, True, False, True]


def test_hooks_give_aliases_and_what_runs_in_place_of_an_unknown_word() -> None:
    screen = desk()
    asked: list[str] = []

    def unknown(session: object, word: str) -> str:
        asked.append(word)
        return "show clock" if word == "when" else ""

    screen.session._hooks.aliases = lambda mode: {"t": "show clock | include 1993", "x": "show xyz"}
    screen.session._hooks.unknown = unknown
    clock = "*00:00:01.000 UTC Mon Mar 1 1993\n"
    assert [screen.type(line) for line in ("t", "when", "  t")] == [clock, clock, clock]
    assert screen.type("x") == " " * len("Router#show ") + "^\n% Invalid input detected at '^' marker.\n\n"
    assert screen.type("never").endswith("marker.\n\n")
    assert "marker" in screen.type("when ever")
    assert asked == ["when", "never"]


def test_configure_alone_asks_where_from() -> None:
    question = "Configuring from terminal, memory, or network [terminal]? "
    screen = desk("", "t", "tape")
    assert screen.type("configure").startswith(f"{question}\nEnter configuration commands")
    screen.type("end")
    assert screen.type("conf").endswith("End with CNTL/Z.\n")
    screen.type("end")
    assert screen.type("conf").endswith('\n?Must be "terminal", "memory" or "network"\n')
    assert screen.session.block is None


def test_do_and_its_help_work_in_every_mode() -> None:
    screen = desk()
    clock = "*00:00:01.000 UTC Mon Mar 1 1993\n"
    assert screen.type("conf t", "int fa0/0", "do show clock") == clock
    assert screen.session.prompt == "Router(config-if)#"
    assert screen.session.help("do show cl") == "clock  \n\n"
    assert screen.session.complete("  do sh cloc") == "  do sh clock "
    assert screen.session.help("do ").startswith("Exec commands:\n")
    assert screen.type("do") == "% Incomplete command.\n\n"


def test_the_error_of_an_unknown_word_in_configuration_is_a_caret() -> None:
    screen = desk()
    screen.session._hooks.unknown = lambda session, word: "show clock"
    assert "marker" in screen.type("conf t", "when")
    assert "marker" in screen.type("do when")


def test_an_alias_belongs_to_its_mode() -> None:
    screen = desk()
    screen.session._hooks.aliases = lambda mode: {"off": "description off"} if mode == "interface" else {}
    assert "marker" in screen.type("conf t", "off")
    assert screen.type("int fa0/0", "off") == ""
    assert screen.session.help("of") == '*off="description off"  \n\n'
    assert "*off" not in screen.session.help("do of")


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("logging 10.0.0.1", True),
        ("", True),
        ("! text", True),
        ("interface Ethernet0", True),
        ("hostname x", True),
        ("loging 10.0.0.1", True),
        ("logging", True),
        ("do show clock", False),
        ("Do", False),
        ("end", False),
        ("logging 10.0.0.1\x1a", False),
        ("banner ^C", False),
    ],
)
def test_a_pasted_line_is_done_at_once_unless_it_may_wait_for_somebody(line: str, done: bool) -> None:
    pasted, typed = Desk(handlers=HANDLERS), Desk(handlers=HANDLERS)
    assert not pasted.session.paste(line)
    for desk in (pasted, typed):
        desk.type("configure terminal")
        desk.terminal.take()
    assert pasted.session.paste(line) is done
    if done:
        # What was done, and what was said of it, is what typing the line does.
        printed = typed.type(line)
        assert pasted.session.refused is typed.session.refused
        assert pasted.terminal.take() == printed
        assert nvgen.render(pasted.device.config) == nvgen.render(typed.device.config)
    else:
        assert pasted.terminal.take() == ""
