"""The grammar of the command line: which sub-commands there are, what they take, which function runs them.

Rule: `iosemu lab [LAB]` starts a lab, whatever it is called, unless the word after `lab` is one of LAB_VERBS; a lab
file of such a name is given as `./check`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

from iosemu import __version__
from iosemu.chassis.schema import LEAST_MEMORY_MB, MOST_MEMORY_MB


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


LAB_VERBS = ("check", "reset", "save", "restore", "schema")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of one sub-command; `module` and `function` name what runs it. Exits where they make no sense."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["lab"] and words[1:2] and words[1] in LAB_VERBS:
        words[:2] = [" ".join(words[:2])]
    return parser(words[0] if words else "").parse_args(words)


def endpoint(text: str) -> tuple[str, int]:
    """`[HOST:]PORT`, loopback where no host is given."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not [HOST:]PORT")
    return host.strip("[]") or "127.0.0.1", int(port)


def megabytes(text: str) -> int:
    """How much memory a router has."""
    if not text.isdigit() or not LEAST_MEMORY_MB <= int(text) <= MOST_MEMORY_MB:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {LEAST_MEMORY_MB} to {MOST_MEMORY_MB}")
    return int(text)


def due(text: str) -> datetime:
    """`HH:MM` of this machine's clock, when it is next that time, or `+MINUTES` from now."""
    now = datetime.now().astimezone()
    try:
        if text.startswith("+"):
            return now + timedelta(minutes=float(text[1:]))
        wanted = datetime.strptime(text, "%H:%M")
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is not HH:MM or +MINUTES") from None
    then = now.replace(hour=wanted.hour, minute=wanted.minute, second=0, microsecond=0)
    return then if then > now else then + timedelta(days=1)


def module(text: str) -> tuple[str, str]:
    """`SLOT=NAME` of a card."""
    place, equals, name = text.partition("=")
    if not (place and equals and name):
        raise argparse.ArgumentTypeError(f"{text!r} is not SLOT=NAME")
    return place, name


def parser(wanted: str = "") -> argparse.ArgumentParser:
    """The whole grammar, or that of the `wanted` command alone; what is done to a lab is a command of two words."""
    parser = _Parser(prog="iosemu", description="An IOS-style router emulator with T.37 store-and-forward fax.")
    parser.add_argument("--version", action="version", version=f"iosemu {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in [wanted] if wanted in _COMMANDS else _COMMANDS:
        arguments, told = _COMMANDS[name]
        arguments(commands.add_parser(name, help=told))
    return parser


def _lab(lab: argparse.ArgumentParser) -> None:
    lab.set_defaults(module="lab", function="run")
    _lab_file(lab)
    lab.add_argument("--headless", action="store_true", help="run as a service, without the live view")
    lab.add_argument("--json", action="store_true", help="once all is ready, print every endpoint as one line of JSON")
    lab.add_argument("--pace", choices=("line", "instant"), default="line", help="as a telephone line, or at once")
    lab.add_argument("--capture", type=Path, metavar="FILE.pcapng", help="record T.38 and SMTP")
    lab.add_argument("--open", action="store_true", help="let every program of this machine use the lab page")
    lab.add_argument("--web", type=endpoint, metavar="[HOST:]PORT", help="where the lab page is served")
    lab.add_argument(
        "--ports",
        type=endpoint,
        metavar="[HOST:]FIRST",
        help="give each node ten ports from FIRST on: console, telnet, ssh, snmp, smtp, ntp; mail: smtp, imap, pop3",
    )


def _lab_check(check: argparse.ArgumentParser) -> None:
    check.set_defaults(module="lab_check", function="check")
    _lab_file(check)
    check.add_argument("--json", action="store_true", help="print one line of JSON")
    check.add_argument("--pace", choices=("line", "instant"), default="instant", help="of a lab that is not running")


def _lab_reset(reset: argparse.ArgumentParser) -> None:
    reset.set_defaults(module="lab_state", function="reset")
    _lab_file(reset)


def _lab_save(save: argparse.ArgumentParser) -> None:
    save.set_defaults(module="lab_state", function="save")
    save.add_argument("name", metavar="NAME", help="of the snapshot")
    _lab_file(save)


def _lab_restore(restore: argparse.ArgumentParser) -> None:
    restore.set_defaults(module="lab_state", function="restore")
    restore.add_argument("name", metavar="NAME", help="of the snapshot")
    _lab_file(restore)


def _lab_schema(schema: argparse.ArgumentParser) -> None:
    schema.set_defaults(module="lab_state", function="print_schema")


def _lab_file(lab: argparse.ArgumentParser) -> None:
    """Which lab, in which state."""
    lab.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="LAB.toml",
        help="a lab file, its directory, or the name of a packaged lab; default: the two-gateway lab",
    )
    lab.add_argument("--fault", type=int, metavar="N", help="with fault N of faults.toml beside the lab file")
    lab.add_argument("--dir", type=Path, metavar="DIR", help="where the lab keeps its state")


def _router(router: argparse.ArgumentParser) -> None:
    router.set_defaults(module="router", function="run")
    router.add_argument("platform", metavar="PLATFORM")
    router.add_argument("config", nargs="?", metavar="CONFIG")
    router.add_argument("--telnet", type=endpoint, metavar="[HOST:]PORT", help="serve the vty lines")
    router.add_argument("--ssh", type=endpoint, metavar="[HOST:]PORT", help="serve the vty lines over SSH")
    router.add_argument("--snmp", type=endpoint, metavar="[HOST:]PORT", help="serve the SNMP agent")
    router.add_argument("--smtp", type=endpoint, metavar="[HOST:]PORT", help="serve the off-ramp's mail port")
    router.add_argument("--state", type=Path, metavar="DIR", help="where NVRAM and flash are kept")
    router.add_argument("--headless", action="store_true", help="no console on this terminal")
    _fitted(router)


def _config(config: argparse.ArgumentParser) -> None:
    config.set_defaults(module="offline", function="config")
    config.add_argument("platform", metavar="PLATFORM")
    config.add_argument("config", metavar="CONFIG", help="a file, or - for the standard input")
    _fitted(config)


def _exec(exec_: argparse.ArgumentParser) -> None:
    exec_.set_defaults(module="offline", function="execute")
    exec_.add_argument("platform", metavar="PLATFORM")
    exec_.add_argument("config", nargs="?", metavar="CONFIG", help="a file, or - for the standard input")
    exec_.add_argument("-c", dest="commands", action="append", required=True, metavar="COMMAND")
    _fitted(exec_)


def _fitted(command: argparse.ArgumentParser) -> None:
    """What a router may be given beside its platform."""
    command.add_argument("--memory", type=megabytes, metavar="MB", help="main memory; default: the platform's")
    command.add_argument(
        "--unit",
        default="",
        metavar="NAME",
        help="which one of its kind: each has its own MAC addresses, serial numbers",
    )
    command.add_argument(
        "--release", metavar="RELEASE", help="e.g. 12.3(9), or 12.3; default: what the configuration tells"
    )
    command.add_argument(
        "--features", default="", metavar="SET", help="of the image, e.g. IS or IK9O3S; default: the platform's"
    )
    command.add_argument(
        "--module",
        dest="modules",
        type=module,
        action="append",
        default=[],
        metavar="SLOT=NAME",
        help="a card, e.g. 1=NM-2V or 1/0=VIC-2FXS; default: what the configuration names",
    )


def _fax(fax: argparse.ArgumentParser) -> None:
    actions = fax.add_subparsers(title="actions", metavar="ACTION", required=True)
    send = actions.add_parser("send", help="have a fax machine send a file")
    send.set_defaults(module="fax", function="send")
    send.add_argument("--from", dest="sender", required=True, metavar="NUMBER", help="the machine that sends")
    send.add_argument(
        "--to", required=True, action="append", metavar="NUMBER", help="a number, or a name or group of the phone book"
    )
    send.add_argument("--at", type=due, metavar="HH:MM", help="when it is next that time, or +MINUTES from now")
    send.add_argument("file", type=Path, metavar="FILE", help="TIFF, PDF, PNG or text")
    listing = actions.add_parser("list", help="what the fax machines received")
    listing.set_defaults(module="fax", function="list_jobs")
    listing.add_argument("--json", action="store_true", help="print one line of JSON")
    pages = actions.add_parser("pages", help="the pages of a received fax")
    pages.set_defaults(module="fax", function="pages")
    pages.add_argument("job", metavar="JOB")
    pages.add_argument("--out", type=Path, required=True, metavar="DIR")
    pages.add_argument(
        "--format", choices=("png", "pdf", "tiff"), default="png", help="a picture a page, or all in one file"
    )
    waiting = actions.add_parser("queue", help="what is to be sent later, and how that went")
    waiting.set_defaults(module="fax", function="queue")
    waiting.add_argument("--json", action="store_true", help="print one line of JSON")
    cancel = actions.add_parser("cancel", help="forget a fax that is to be sent later")
    cancel.set_defaults(module="fax", function="cancel")
    cancel.add_argument("number", type=int, metavar="N", help="as `iosemu fax queue` tells it")
    machines = actions.add_parser("machines", help="the fax machines, what they do, how much paper they have")
    machines.set_defaults(module="fax", function="machines")
    machines.add_argument("--json", action="store_true", help="print one line of JSON")
    paper = actions.add_parser("paper", help="put paper into a fax machine, and take out what is stuck")
    paper.set_defaults(module="fax", function="paper")
    paper.add_argument("number", metavar="NUMBER")
    paper.add_argument("sheets", type=int, nargs="?", metavar="SHEETS", help="default: they never end")
    for action in (send, listing, pages, waiting, cancel, machines, paper):
        _which_lab(action)


def _mail(mail: argparse.ArgumentParser) -> None:
    actions = mail.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what lies in a user's mailbox")
    listing.set_defaults(module="mail", function="list_messages")
    listing.add_argument("user", metavar="USER")
    listing.add_argument("--json", action="store_true", help="print one line of JSON")
    show = actions.add_parser("show", help="a whole message as it was stored")
    show.set_defaults(module="mail", function="show")
    show.add_argument("user", metavar="USER")
    show.add_argument("number", metavar="N")
    send = actions.add_parser("send", help="send a message with files through the lab's mail server")
    send.set_defaults(module="mail", function="send")
    send.add_argument("--from", dest="sender", required=True, metavar="USER")
    send.add_argument("--to", action="append", required=True, metavar="ADDRESS")
    send.add_argument("--subject", default="Fax", metavar="TEXT")
    send.add_argument("--text", metavar="TEXT", help="the message's own words")
    send.add_argument("files", nargs="*", type=Path, metavar="FILE", help="- reads text from the standard input")
    for action in (listing, show, send):
        _which_lab(action)


def _explain(explain: argparse.ArgumentParser) -> None:
    explain.set_defaults(module="explain", function="explain")
    explain.add_argument("call", nargs="?", default="", metavar="CALL", help="e.g. ROUTER:1; default: list the calls")
    _which_lab(explain)


def _capture(capture: argparse.ArgumentParser) -> None:
    capture.set_defaults(module="capture", function="capture")
    capture.add_argument("call", metavar="CALL", help="e.g. ROUTER:1; `iosemu explain` lists them")
    capture.add_argument("file", type=Path, metavar="FILE.pcapng")
    _which_lab(capture)


def _platforms(platforms: argparse.ArgumentParser) -> None:
    platforms.set_defaults(module="offline", function="platforms")


def _completion(completion: argparse.ArgumentParser) -> None:
    completion.set_defaults(module="completion", function="run")
    completion.add_argument("of", choices=("bash", "zsh", "man"), help="the shell, or the page")


def _card(card: argparse.ArgumentParser) -> None:
    card.set_defaults(module="card", function="move")
    card.add_argument("action", choices=("pull", "put"))
    card.add_argument("router", metavar="ROUTER")
    card.add_argument("slot", metavar="SLOT")
    _which_lab(card)


def _which_lab(action: argparse.ArgumentParser) -> None:
    action.add_argument("--lab", type=Path, metavar="DIR", help="its state directory (default: the running lab)")


_COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], str]] = {
    "lab": (_lab, "start a lab: routers, telephone network, fax machines, mail server"),
    "lab check": (_lab_check, "try a lab's objectives and grade them"),
    "lab reset": (_lab_reset, "have a lab start anew"),
    "lab save": (_lab_save, "keep what a lab has, under a name"),
    "lab restore": (_lab_restore, "put a lab back to what was saved"),
    "lab schema": (_lab_schema, "print the JSON Schema of lab files"),
    "router": (_router, "start one router, its console on this terminal"),
    "config": (_config, "load a configuration and print the running-config it results in"),
    "exec": (_exec, "run EXEC commands on a router and print what it prints"),
    "fax": (_fax, "use the fax machines of a running lab"),
    "explain": (_explain, "draw the ladder of a call of a running lab"),
    "capture": (_capture, "write the packets of a call of a running lab to a file"),
    "mail": (_mail, "use the mailboxes of a running lab"),
    "card": (_card, "take a card out of a router of a running lab, or put it back"),
    "platforms": (_platforms, "print the chassis table"),
    "completion": (_completion, "print what completes these commands in a shell, or the man page"),
}
"""By name: what adds its arguments, and what is told of it."""
