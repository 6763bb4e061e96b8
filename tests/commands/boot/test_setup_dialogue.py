"""The System Configuration Dialog."""

from __future__ import annotations

from pathlib import Path

import pytest

from iosemu.cli.session import run_now
from iosemu.cli.terminal import Transcript
from iosemu.commands.boot.setup_dialogue import at_power_on
from tests.commands.routers import User, device

TRANSCRIPT = Path(__file__).parents[4] / "shared" / "corpus" / "transcripts/setup-dialog__1941-and-3640.txt"
BASIC = ("yes", "yes", "test", "", "1234", "1234", "4321", "123", "", "", "fastethernet0/0", "")


def flat(text: str) -> str:
    """The words, however the lines are broken and indented."""
    return " ".join(text.split())


def test_no_is_an_answer_and_changes_nothing() -> None:
    router = device("3640")
    terminal = Transcript(("", "perhaps", "no"))
    run_now(at_power_on(router, terminal))
    question = "Would you like to enter the initial configuration dialog? [yes/no]: "
    again = f"% Please answer 'yes' or 'no'.\n{question}"
    assert terminal.text == (
        f"\n\n         --- System Configuration Dialog ---\n\n{question}\n{again}perhaps\n{again}no\n"
    )
    assert router.files.startup_config is None


def test_basic_management_setup_makes_a_configuration_and_keeps_it() -> None:
    router = device("3660")
    terminal = Transcript((*BASIC, "192.168.0.2", "", "2"))
    run_now(at_power_on(router, terminal))
    text = terminal.text
    assert "  Enter enable secret: \n% No defaulting allowed\n  Enter enable secret: 1234\n" in text
    assert "is different from the enable secret\n  Enter enable password: 4321\n" in text
    assert "    Class C network is 192.168.0.0, 24 subnet bits; mask is /24\n" in text
    script = text.partition("script was created:\n\n")[2].partition("\n\n[0] Go to")[0].splitlines()
    assert script[0] == "hostname test"
    assert script[1].startswith("enable secret 5 $1$")
    assert script[2:6] == ["enable password 4321", "line vty 0 4", "password 123", "snmp-server community public"]
    assert script[8:11] == ["interface FastEthernet0/0", "no shutdown", "ip address 192.168.0.2 255.255.255.0"]
    assert script[12:15] == ["interface FastEthernet0/1", "shutdown", "no ip address"]
    assert script[-1] == "end"
    assert text.endswith(
        "Enter your selection [2]: 2\nBuilding configuration...\n[OK]\n"
        "Use the enabled mode 'configure' command to modify this configuration.\n\n"
    )
    kept = router.files.startup_config or ""
    for line in ("hostname test", "enable password 4321", " ip address 192.168.0.2 255.255.255.0", " password 123"):
        assert f"{line}\n" in kept
    assert "snmp-server community public RO\n" in kept
    assert User(router, "1234", privilege=1).type("enable", "show privilege").endswith("level is 15\n")


def test_zero_drops_the_script() -> None:
    router = device("3660")
    terminal = Transcript((*BASIC, "192.168.0.2", "", "0"))
    run_now(at_power_on(router, terminal))
    assert terminal.text.endswith("% You can enter the setup, by typing setup at IOS command prompt\n")
    assert (router.hostname, router.files.startup_config) == ("Router", None)


def test_one_goes_back_to_the_questions() -> None:
    router = device("3660")
    terminal = Transcript((*BASIC, "192.168.0.2", "", "1", *BASIC[1:], "10.1.2.3", "255.255.0.0", "2"))
    run_now(at_power_on(router, terminal))
    assert "Subnet mask for this interface [255.0.0.0] : 255.255.0.0\n" in terminal.text
    assert "    Class A network is 10.0.0.0, 16 subnet bits; mask is /16\n" in terminal.text
    assert " ip address 10.1.2.3 255.255.0.0\n" in (router.files.startup_config or "")


@pytest.mark.parametrize("address", ["1203210321", "255.255.255.128", "0.1.2.3", "x", "127.0.0.1"])
def test_a_bad_address_is_asked_again(address: str) -> None:
    terminal = Transcript((*BASIC, address, "192.168.0.2", "", "0"))
    run_now(at_power_on(device("3660"), terminal))
    asked = "    IP address for this interface: "
    bad = "% Bad Internet address.\n% Enter an Internet address of the form 'X.X.X.X', where each\n"
    assert f"{asked}{address}\n{bad}" in terminal.text
    assert f"\n\n{asked}192.168.0.2\n" in terminal.text


@pytest.mark.parametrize("mask", ["255.255.255.255", "255.0.255.0", "24", "0.0.0.0", "0.0.0.255"])
def test_a_bad_mask_asks_for_the_address_again(mask: str) -> None:
    terminal = Transcript((*BASIC, "192.168.0.2", mask, "192.168.0.3", "", "0"))
    run_now(at_power_on(device("3660"), terminal))
    assert f"[255.255.255.0] : {mask}\n% Bad subnet mask.\n% Enter a subnet mask of the form" in terminal.text
    assert "    IP address for this interface: 192.168.0.3\n" in terminal.text


def test_extended_setup_asks_for_each_interface() -> None:
    router = device("3660")
    answers = ("yes", "no", "", "r1", "one", "two", "three", "no", "", "yes")
    terminal = Transcript((*answers, "", "", "192.0.2.1", "", "no", "0"))
    run_now(at_power_on(router, terminal))
    text = terminal.text
    assert "First, would you like to see the current interface summary? [yes]: \n" in text
    assert "Do you want to configure FastEthernet0/1 interface? [yes]: no\n" in text
    assert "no snmp-server\n!\nip routing\n!\n" in text
    assert "router rip\nnetwork 192.0.2.0\n!\nend\n" in text


def test_setup_of_a_running_router_offers_what_it_is_called() -> None:
    user = User(device("3660"), "yes", "yes", "", "a")
    user.configure("hostname lab1")
    printed = user.type("setup")
    assert printed.startswith("\n\n         --- System Configuration Dialog ---\n\nContinue with configuration")
    assert "  Enter host name [lab1]: \n" in printed


def test_the_words_are_those_of_a_captured_dialogue() -> None:
    if not TRANSCRIPT.exists():
        pytest.skip("the captured dialogue is not here")
    terminal = Transcript(
        (*BASIC[:10], "", "FastEthernet0/0", "yes", "1203210321", "192.168.0.2", "255.255.255.255", "192.168.0.2", "")
    )
    with pytest.raises(EOFError):
        run_now(at_power_on(device("3660"), terminal))
    printed = flat(terminal.text)
    captured = flat(TRANSCRIPT.read_text().partition("--- 3640 12.1(2)T")[0])
    for start, end in (
        ("At any point you may", "Enter host name [Router]:"),
        ("The enable secret is", "Enter enable secret:"),
        ("The enable password is", "Enter enable password:"),
        ("% Please choose a password", "Enter enable password:"),
        ("The virtual terminal password", "Configure SNMP Network Management? [yes]:"),
        ("Community string [public]:", "Current interface summary"),
        ("Any interface listed", "Method Status Protocol"),
        ("Enter interface name used", "summary: % No defaulting allowed"),
        ("Configure IP on this interface?", "[yes]:"),
        ("% Bad Internet address.", "Subnet mask for this interface [255.255.255.0] :"),
    ):
        words = start + captured.partition(start)[2].partition(end)[0] + end
        assert words in printed, words
