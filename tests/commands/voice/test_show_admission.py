"""Fallback, spikes and templates of call admission, as they are configured."""

from __future__ import annotations

from tests.commands.show_scenarios import Scene


def test_fallback_tells_the_threshold_that_is_in_use() -> None:
    usual = Scene().user.type("show call fallback config").splitlines()
    assert usual[:2] == ["VoIP fallback config:", "Fallback is OFF"]
    assert usual[2:5] == [
        "Using ICPIF threshold:",
        "        ICPIF value timeout:30 seconds",
        "        ICPIF threshold:5",
    ]
    said = Scene("call fallback active\ncall fallback threshold delay 150 loss 5\ncall fallback key-chain secret\n")
    told = said.user.type("show call fallback config").splitlines()
    assert told[1:5] == [
        "Fallback is ON",
        "Using delay/loss threshold:",
        "        Delay threshold:150",
        "        Loss threshold:5",
    ]
    assert told[-1] == "MD5 Keychain:secret"


def test_spiking_is_told_of_the_router_and_of_a_peer() -> None:
    peers = "dial-peer voice 400 pots\n call spike 4\ndial-peer voice 401 pots\n"
    user = Scene(f"call spike 30\n{peers}", release="12.3(8)T").user
    assert user.type("show call spike status").startswith("Call Spiking:Configured\n Call spiking :NOT TRIGGERED\n")
    assert user.type("show call spike status dial-peer 400").splitlines()[1].split() == ["400", "YES", "NO", "0", "0"]
    assert user.type("show call spike status dial-peer 401").splitlines()[1].split()[1] == "NO"


def test_a_template_of_another_machine_was_not_loaded() -> None:
    user = Scene("call accounting-template voice cdr1 tftp://10.1.1.1/cdr1.cdr\n").user
    assert user.type("show call accounting-template voice summary").splitlines()[2] == (
        "cdr1         tftp://10.1.1.1/cdr1.cdr               fail       is not running"
    )
    assert user.type("show call accounting-template voice cdr1").startswith("CDR template cdr1 is not running\n")
    assert user.type("show call accounting-template voice other") == ""


def test_prompts_have_the_memory_that_was_set() -> None:
    told = Scene("ivr prompt memory 1024 files 100\n").user.type("show call prompt-mem-usage").splitlines()
    assert told[2].split()[1] == "0100"
    assert told[3].split()[1] == "01048576"
