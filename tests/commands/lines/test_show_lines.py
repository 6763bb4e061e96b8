"""What `show users`, `show line` and `show terminal` tell of lines and their settings."""

from __future__ import annotations

from tests.commands.routers import CARET, User, device

HEAD = "   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int"


def test_all_lines_are_listed_used_or_not() -> None:
    router = device("3640")
    user = User(router, line="vty 1")
    assert user.type("show users all").splitlines() == [
        "    Line       User       Host(s)              Idle       Location",
        "   0 con 0                                     00:00:00",
        " 129 aux 0                                     00:00:00",
        " 130 vty 0                                     00:00:00",
        "*131 vty 1                idle                 00:00:00",
        " 132 vty 2                                     00:00:00",
        " 133 vty 3                                     00:00:00",
        " 134 vty 4                                     00:00:00",
        "",
        "  Interface    User               Mode         Idle     Peer Address",
    ]
    assert user.type("who") == user.type("systat") == user.type("show users")


def test_the_table_of_lines_follows_their_configuration() -> None:
    router = device("3640")
    user = User(router)
    user.configure("line aux 0", "speed 38400", "modem InOut", "rotary 3", "line vty 4", "access-class 12 in")
    router.lines.uses["vty 4"] = 7
    table = user.type("show line").splitlines()
    assert table[0] == HEAD
    assert table[1] == "*     0 CTY              -    -      -    -    -      0       0     0/0       -"
    assert table[2] == "    129 AUX 38400/38400  - InOut     3    -    -      0       0     0/0       -"
    assert table[7] == "    134 VTY              -    -      -    -   12      7       0     0/0       -"
    assert table[8:] == ["", "Line(s) not in async mode -or- with no hardware support:", "1-128"]
    user.configure("line tty 2 127")
    assert user.type("show line").splitlines()[-1] == "1, 128"
    assert "hardware support" not in User(device("as5300")).type("show line 0")


def test_one_line_is_told_in_full() -> None:
    router = device()
    user = User(router)
    user.configure("line vty 0 4", "exec-timeout 5 30", "location cellar", "history size 99", "transport input ssh")
    told = user.type("show line vty 3")
    assert told == user.type("show line 5")
    assert told.splitlines()[3:5] == ['Line 5, Location: "cellar", Type: ""', "Length: 24 lines, Width: 80 columns"]
    assert "\n               00:05:30        never                        none     not set \n" in told
    assert "Modem hardware state" not in told
    assert "History is enabled, history size is 99.\n" in told
    assert "Allowed input transports are ssh.\n" in told
    assert "Time since activation: never\n" in told
    assert CARET in user.type("show line vty 9")
    assert CARET in user.type("show line 70")


def test_a_line_with_a_connector_has_signals() -> None:
    user = User(device())
    assert "\nModem state: Ready\nModem hardware state: CTS* noDSR  DTR RTS\nSpecial" in user.type(
        "show line console 0"
    )
    assert "\nModem state: Idle\nModem hardware state: noCTS noDSR  DTR RTS\n" in user.type("show line aux 0")


def test_show_terminal_tells_what_was_set_for_the_session() -> None:
    user = User(device(), line="vty 0")
    user.type("terminal length 30", "terminal width 100")
    assert "Length: 30 lines, Width: 100 columns\n" in user.type("show terminal")
    user.configure("line con 0", "stopbits 1", "speed 19200")
    told = User(user.session.device).type("show terminal")
    assert "Baud rate (TX/RX) is 19200/19200, no parity, 1 stopbits, 8 databits\n" in told


def test_the_summary_counts_who_is_there() -> None:
    router = device()
    user = User(router, line="vty 0")
    router.lines.uses.update({"vty 0": 1, "vty 2": 4})
    assert user.type("show line summary").splitlines() == [
        "   0: ??U? -??",
        "",
        "1 character mode users.            (U)",
        "5 lines never used                 (?)",
        "1 total lines in use",
    ]


def test_terminal_offers_what_the_release_has() -> None:
    offered = User(device()).session.help("terminal ")
    for word in ("autohangup", "databits", "default", "editing", "escape-character", "history", "no", "transport"):
        assert f"\n  {word} " in offered or offered.startswith(f"  {word} ")
    assert User(device()).type("terminal databits 7", "terminal no databits", "terminal default width") == ""
