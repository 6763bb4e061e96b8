"""A small catalogue and a session on it, for the tests of the command line."""

from __future__ import annotations

from iosemu.cli.catalogue import Catalogue
from iosemu.cli.session import Handlers, Hooks, Session, run_now
from iosemu.cli.terminal import Transcript
from iosemu.config.tree import RunningConfig

TEXT = """
mode exec "Exec commands:"
clear counters
    clear     Reset functions
    counters  Clear counters on one or all interfaces
clock set time:TIME
    clock  Manage the system clock
    set    Set the time and date
    time   Current Time
enable
    enable  Turn on privileged commands
    .privilege 1
show clock [detail]
    show    Show running system information
    clock   Display the system clock
    detail  Display detailed information
    .privilege 1
    .run show_clock
show call active fax [brief]
show interfaces [name:INTERFACE]
    .privilege 1
show ip interface brief
show running-config
    running-config  Current operating configuration
    .run show_running
show secrets
    .hidden

mode config (config) "Configure commands:"
hostname name:WORD
    name  This system's network name
    .default hostname Router
    .shown
    .check hostname
logging host:HOST!
logging console
access-list number:<1-199>! {permit | deny} LINE
aaa new-model
ip domain name name:WORD
ip domain-name name:WORD
    .as ip domain name
    .hidden
banner text:BANNER
interface name:INTERFACE!
    .enters interface
    .stays
mta send server host:HOST!
mta receive maximum-recipients count:<0-1024>
    count  Recipients
    .default mta receive maximum-recipients 0
    .shown
dial-peer voice tag:<1-2147483647>! type:{pots | mmoip}
    .enters dial-peer-{type}

mode interface (config-if) "Interface configuration commands:"
description text:LINE
ip address address:A.B.C.D mask:A.B.C.D
mode dial-peer-pots (config-dial-peer) "DIAL-PEER configuration commands:"
destination-pattern pattern:DIGITS
description text:LINE
mode dial-peer-mmoip (config-dial-peer) "DIAL-PEER configuration commands:"
session target target:MAILTO
fax rate rate:{disable | <2400-14400>} [bytes size:<20-48>]
""".replace(" LINE\naaa", " rest:LINE\naaa")

CATALOGUE = Catalogue.parse(TEXT)


class Device:
    """What the handlers of these tests act on."""

    def __init__(self) -> None:
        self.config = RunningConfig(CATALOGUE)
        self.configured = 0


class Desk:
    """A session and its screen."""

    def __init__(self, *answers: str, privilege: int = 15, handlers: Handlers[Device] | None = None) -> None:
        self.device = Device()
        self.terminal = Transcript(answers)
        self.handlers: Handlers[Device] = handlers if handlers is not None else Handlers()
        self.session = Session(
            self.device,
            CATALOGUE,
            self.handlers,
            self.device.config,
            self.terminal,
            hooks=Hooks(hostname=self._hostname, configured=self._configured),
            privilege=privilege,
        )

    def _hostname(self) -> str:
        return str(self.device.config.root.value("hostname", "name"))

    def _configured(self, session: Session[Device]) -> None:
        self.device.configured += 1

    def type(self, *lines: str) -> str:
        """Execute lines; what the last one printed."""
        for line in lines:
            self.terminal.take()
            run_now(self.session.execute(line))
        return self.terminal.take()
