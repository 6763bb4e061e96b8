"""Watching logins (`login block-for`, `login delay`, `login on-failure`): who failed, and when nobody may try any more.

Rule: failures are counted over all lines and transports; the console stays open in quiet mode. Times are the lab's.
Source: Cisco IOS Login Enhancements, 12.3(4)T; a release without it slows wrong answers in the same way, which no
router of its time did.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iosemu.clock import Clock
    from iosemu.config.tree import Line, RunningConfig
    from iosemu.management.logging import Logging
    from iosemu.terminal.line_settings import LineSettings

_DELAY_S = 1
_MOST_FAILURES_KEPT = 50  # inferred
_DEFAULT_LIST = "sl_def_acl"
"""What a router calls the list that lets nobody in, where no list is configured."""


@dataclass(slots=True)
class Failures:
    """What went wrong for one user name from one address: how often, and when last."""

    user: str
    source: str
    port: int
    count: int = 0
    last: str = ""


class LoginWatch:
    """The logins of one router since its start; `moment()` tells its date and time."""

    def __init__(self, clock: Clock, config: RunningConfig, log: Logging, moment: Callable[[], str]) -> None:
        self._clock, self._config, self._log, self._now = clock, config, log, moment
        self._recent: deque[float] = deque()
        self._since = clock.now()
        self._quiet_until = 0.0
        self._counts = {"on-failure": 0, "on-success": 0}
        self._failures: dict[tuple[str, str, int], Failures] = {}

    def watched(self, settings: LineSettings, kind: str) -> LineSettings:
        """The settings of a line, with its logins counted and, where it is a vty, closed in quiet mode."""
        if kind != "vty":
            return replace(settings, watch=self)
        return replace(settings, watch=self, admits=self._admission(settings.admits))

    def accepted(self, user: str, source: str, port: int) -> None:
        """Somebody was let in."""
        if self._told("on-success"):
            where = f"[user:{user}] [Source:{source}] [localport:{port}]"
            self._log.event("SEC_LOGIN", 5, "LOGIN_SUCCESS", f"Login Success {where} at {self._now()}")

    def refused(self, user: str, source: str, port: int) -> float:
        """A login failed; gives the seconds after which the next may be tried."""
        where = f"[user:{user}] [Source:{source}] [localport:{port}] [Reason:Invalid login]"
        if self._told("on-failure"):
            self._log.event("SEC_LOGIN", 4, "LOGIN_FAILED", f"Login failed {where} at {self._now()}")
        if self._limit is not None:
            self._remember(user, source, port)
            self._count(self._limit, where)
        return self.delay_s

    @property
    def failures(self) -> list[Failures]:
        """What failed while logins were watched, the latest last."""
        return list(self._failures.values())

    @property
    def delay_s(self) -> int:
        """What lies between a wrong answer and the next try."""
        return int(str(self._config.root.value("login delay", "seconds", _DELAY_S)))

    @property
    def quiet_s(self) -> float:
        """How long the router stays in quiet mode; 0 in none."""
        return max(0.0, self._quiet_until - self._clock.now())

    @property
    def window_left_s(self) -> float:
        """How long failures of the present watch period are still counted together."""
        line = self._limit
        if line is None:
            return 0.0
        window, now = float(str(line.values["window"])), self._clock.now()
        self._forget(now - window)
        return self._recent[0] + window - now if self._recent else window - (now - self._since) % window

    @property
    def present_count(self) -> int:
        """The failures of the present watch period."""
        return len(self._recent)

    @property
    def quiet_list(self) -> str:
        """Whom the quiet mode spares; "" for nobody."""
        line = self._config.root.get("login quiet-mode access-class")
        return "" if line is None else str(line.values.get("list") or line.values.get("name"))

    @property
    def _limit(self) -> Line | None:
        return self._config.root.get("login block-for")

    def _told(self, event: str) -> bool:
        """Is this login one of those that are logged (`every N`)?"""
        line = self._config.root.line("login", (event, "log"))
        if line is None:
            return False
        self._counts[event] += 1
        return self._counts[event] % int(str(line.values.get("count", 1))) == 0

    def _remember(self, user: str, source: str, port: int) -> None:
        one = self._failures.pop((user, source, port), None) or Failures(user, source, port)
        one.count, one.last = one.count + 1, self._now()
        self._failures[user, source, port] = one
        if len(self._failures) > _MOST_FAILURES_KEPT:
            del self._failures[next(iter(self._failures))]

    def _count(self, limit: Line, where: str) -> None:
        now, window = self._clock.now(), float(str(limit.values["window"]))
        self._forget(now - window)
        self._recent.append(now)
        if len(self._recent) < int(str(limit.values["tries"])) or self.quiet_s:
            return
        left = round(self._recent[0] + window - now)
        told = f"Still timeleft for watching failures is {left} secs, {where}, [ACL:{self.quiet_list or _DEFAULT_LIST}]"
        self._log.event("SEC_LOGIN", 1, "QUIET_MODE_ON", f"{told} at {self._now()}")
        self._recent.clear()
        seconds = int(str(limit.values["seconds"]))
        self._quiet_until = now + seconds
        self._clock.call_later(seconds, self._open_again)

    def _open_again(self) -> None:
        self._since = self._clock.now()
        told = f"Quiet Mode is OFF, because block period timed out at {self._now()}"
        self._log.event("SEC_LOGIN", 5, "QUIET_MODE_OFF", told)

    def _forget(self, before_s: float) -> None:
        while self._recent and self._recent[0] <= before_s:
            self._recent.popleft()

    def _admission(self, admits: Callable[[str], bool] | None) -> Callable[[str], bool] | None:
        """Whom a vty lets on: in quiet mode those of the quiet-mode list, who pass `access-class` as ever."""
        if self._limit is None:
            return admits

        def admitted(address: str) -> bool:
            from iosemu.commands.ip.access_lists import permits

            if self.quiet_s:
                try:
                    if not self.quiet_list or not permits(self._config, self.quiet_list, address):
                        return False
                except ValueError:  # no IPv4 address, so none that an entry could let in
                    return False
            return admits is None or admits(address)

        return admitted
