"""Logins that are watched: what is logged, when nobody may try any more, and what `show login` says."""

from __future__ import annotations

from iosemu.chassis.releases import release_for
from iosemu.clock import ManualClock
from iosemu.commands.context import Device
from iosemu.commands.lines.lines import configured, login_watch
from iosemu.commands.lines.numbers import named
from iosemu.config.store import FileStore
from iosemu.network import NoNetwork
from iosemu.router import Router
from tests.commands.routers import START, User

BLOCK = "login block-for 60 attempts 2 within 30"
ATTACKER, ADMIN = "192.0.2.66", "10.0.0.9"


class Watched:
    """A router of 12.4, its clock, and what its log says."""

    def __init__(self, *lines: str) -> None:
        self.clock = ManualClock(START)
        release = release_for("3660", "12.4(9)T", None)
        router = Router(
            "3660", clock=self.clock, network=NoNetwork(), store=FileStore(None), modules={}, release=release
        )
        self.device: Device = router.device
        self.logged: list[str] = []
        self.device.log.attach_console(self.logged.append)
        self.user = User(self.device)
        self.user.type("configure terminal", "line vty 0 4", "password cisco", "login", "exit", *lines, "end")
        self.logged.clear()
        self.watch = login_watch(self.device)

    def lets_on(self, address: str, line: str = "vty 0") -> bool:
        admits = configured(self.device, named(self.device, line)).admits
        return admits is None or admits(address)

    def fail(self, times: int = 1, user: str = "") -> None:
        for _ in range(times):
            self.watch.refused(user, ATTACKER, 23)

    def pass_time(self, seconds: float) -> None:
        self.clock.run(self.clock.now() + seconds)

    def said(self) -> list[str]:
        """The messages since last asked, from their `%` on."""
        said = [line[line.index("%") :] for line in self.logged]
        self.logged.clear()
        return said


def test_a_router_that_does_not_watch_only_slows_wrong_answers() -> None:
    router = Watched()
    assert router.watch.refused("", ATTACKER, 23) == 1
    router.fail(50)
    assert router.lets_on(ATTACKER)
    assert router.said() == []
    assert router.watch.failures == []
    assert router.user.type("show login").splitlines() == [
        "     No login delay has been applied.",
        "     No Quiet-Mode access list has been configured.",
        "",
        "     Router NOT enabled to watch for login Attacks",
    ]


def test_too_many_failures_close_the_vtys_for_a_while() -> None:
    router = Watched(BLOCK)
    router.fail()
    assert router.lets_on(ATTACKER)
    router.pass_time(10)
    router.fail(user="root")
    assert not router.lets_on(ATTACKER)
    assert router.said() == [
        "%SEC_LOGIN-1-QUIET_MODE_ON: Still timeleft for watching failures is 20 secs, [user:root] [Source:192.0.2.66] "
        "[localport:23] [Reason:Invalid login], [ACL:sl_def_acl] at 16:16:51 UTC Tue Nov 18 2003"
    ]
    router.pass_time(59)
    assert not router.lets_on(ATTACKER)
    assert "Router presently in Quiet-Mode, will remain in Quiet-Mode for 1 seconds." in router.user.type("show login")
    router.pass_time(1)
    assert router.lets_on(ATTACKER)
    assert router.said() == [
        "%SEC_LOGIN-5-QUIET_MODE_OFF: Quiet Mode is OFF, because block period timed out at 16:17:51 UTC Tue Nov 18 2003"
    ]


def test_failures_far_apart_are_not_counted_together() -> None:
    router = Watched(BLOCK)
    for _ in range(5):
        router.fail()
        router.pass_time(30)
    assert router.lets_on(ATTACKER)
    assert "Present login failure count 0." in router.user.type("show login")


def test_the_console_stays_open_and_so_do_the_vtys_for_the_list() -> None:
    router = Watched(BLOCK, f"access-list 12 permit {ADMIN}", "login quiet-mode access-class 12")
    router.fail(2)
    assert not router.lets_on(ATTACKER)
    assert router.lets_on(ADMIN)
    assert router.lets_on("", "con 0")


def test_an_access_class_holds_in_quiet_mode_too() -> None:
    router = Watched(
        BLOCK,
        f"access-list 12 permit {ADMIN}",
        "access-list 13 permit 10.0.0.0 0.0.0.7",
        "login quiet-mode access-class 12",
        "line vty 0 4",
        "access-class 13 in",
    )
    router.fail(2)
    assert not router.lets_on(ADMIN)


def test_a_delay_may_be_chosen() -> None:
    router = Watched(BLOCK, "login delay 7")
    assert router.watch.refused("", ATTACKER, 23) == 7
    assert router.user.type("show login").startswith("     A login delay of 7 seconds is applied.\n")


def test_logins_are_logged_every_so_often() -> None:
    router = Watched(BLOCK, "login on-failure log every 3", "login on-success log")
    router.fail(3, user="eve")
    router.watch.accepted("tom", ADMIN, 22)
    failed, success = [line for line in router.said() if "QUIET" not in line]
    assert failed == (
        "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user:eve] [Source:192.0.2.66] [localport:23] "
        "[Reason:Invalid login] at 16:16:41 UTC Tue Nov 18 2003"
    )
    assert success.startswith("%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user:tom] [Source:10.0.0.9] [localport:22]")


def test_failures_are_shown_by_user_and_source_and_not_without_end() -> None:
    router = Watched("login block-for 60 attempts 60000 within 30")
    assert router.user.type("show login failures") == "*** No logged failed login attempts with the device.***\n"
    router.fail(2, user="eve")
    for number in range(60):
        router.watch.refused(f"user{number}", ATTACKER, 22)
    router.fail(user="eve")
    shown = router.user.type("terminal length 0", "show login failures").splitlines()
    assert shown[3] == "Username        Source IPAddr   lPort Count TimeStamp"
    assert len(shown) == 4 + 50
    assert shown[-1].split()[:4] == ["eve", "192.0.2.66", "23", "1"]


def test_a_release_before_it_does_not_know_it() -> None:
    router = Watched()
    old = Router("3660", clock=ManualClock(START), network=NoNetwork(), store=FileStore(None), modules={})
    assert "Invalid input" in User(old.device).type("show login")
    assert "Invalid input" not in router.user.type("show login")
