"""Configuration lines that keep passwords and keys; and `service password-encryption`.

Rule: a secret is kept as type 5, a password as it was typed or, under `service password-encryption`, as type 7: of
`enable`, of users and lines, of PPP, of routing protocols, of servers that are asked who somebody is. What several
lines say of a user is one line of the running-config, beside one for each thing that only few users have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iosemu.cli.handlers import Refused
from iosemu.cli.match import Match, match
from iosemu.cli.release import Release
from iosemu.commands.aaa.users import HIGHEST, enable_line, opens
from iosemu.commands.config.values import check, rewritten
from iosemu.commands.registry import handlers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iosemu.cli.session import Invocation
    from iosemu.commands.context import Device
    from iosemu.config.tree import Block

_BAD_SECRET = """\
ERROR: The secret you entered is not a valid encrypted secret.
To enter an UNENCRYPTED secret, do not specify type 5 encryption.
When you properly enter an UNENCRYPTED secret, it will be encrypted."""
_SAME = """\
The enable password you have chosen is the same as your enable secret.
This is not recommended.  Re-enter the enable password.
"""
_BOTH = """\
ERROR: Can not have both a user password and a user secret.
Please choose one or the other."""
_FLAGS = ("nohangup", "noescape")
_PASSWORDS = ("nopassword", "secret", "hash", "password", "hidden", "text")
_CLEAR = ("text", "secret", "key")
"""How the catalogue names a password that is typed as it is; beside it stands `hidden`."""
_SERVERS = ("radius-server", "server-private", "tacacs-server")
_SERVER_KEYS_SINCE = Release.of("12.2")
"""Before, the keys of servers stand in clear whatever is asked for."""
_CHECKS = ("password", "enable_password", "radius_host")
"""Those that keep a password as it is to be kept."""


def _kept_secret(values: Mapping[str, object]) -> str:
    """`5 HASH`, of a hash that was given or of a text."""
    from iosemu.commands.aaa import passwords

    kept = values.get("hash")
    if kept is None:
        return f"5 {passwords.new_secret(str(values['text']))}"
    if not passwords.is_secret(str(kept)):
        raise Refused(_BAD_SECRET)
    return f"5 {kept}"


def kept_password(device: Device, command: str, values: Mapping[str, object], clear: str = "") -> str:
    """A password of a command as it is to be stored: `7 HIDDEN`, or what `clear` is put in front of."""
    from iosemu.commands.aaa import passwords

    hidden = values.get("hidden")
    if hidden is not None:
        try:
            passwords.unveil(str(hidden))
        except passwords.BadHash as error:
            raise Refused(str(error)) from None
        return f"7 {hidden}"
    text = str(values["text"])
    early = command in _SERVERS and Release.of(device.chassis.platform.version) < _SERVER_KEYS_SINCE
    if device.config.root.flag("service password-encryption") and not early:
        return f"7 {passwords.veil(text)}"
    return f"{clear}{text}"


def _level(values: Mapping[str, object]) -> str:
    """`level N ` of a line of `enable`; nothing for the highest, which needs none."""
    level = values.get("level", HIGHEST)
    return "" if level == HIGHEST else f"level {level} "


@check("enable_secret")
def _enable_secret(call: Invocation[Device]) -> Match | None:
    return rewritten(call, f"enable secret {_level(call.values)}{_kept_secret(call.values)}")


@check("enable_password")
def _enable_password(call: Invocation[Device]) -> Match | None:
    level = int(str(call.values.get("level", HIGHEST)))
    # A file is read with nobody there to be warned, and to compare is a thousand rounds of MD5.
    secret = enable_line(call.device.config, "secret", level) if call.session in call.device.sessions else None
    if secret is not None and opens(secret.values, str(call.values.get("text", ""))):
        call.write(_SAME)
    return rewritten(call, f"enable password {_level(call.values)}{kept_password(call.device, 'enable', call.values)}")


@check("password")
def _password(call: Invocation[Device]) -> Match | None:
    text = _with_password(call.device, call.tokens, call.values)
    return None if text == " ".join(call.tokens) else rewritten(call, text)


def _with_password(device: Device, tokens: tuple[str, ...], values: Mapping[str, object]) -> str:
    """A line with its password, if it has one, as it is to be kept."""
    words = list(tokens)
    name = next((name for name in ("hidden", *_CLEAR) if name in values), None)
    if name is not None:
        said = {"hidden" if name == "hidden" else "text": values[name]}
        at = len(words) - 1 - words[::-1].index(str(values[name]))
        begin = at - 1 if name == "hidden" or words[at - 1] == "0" else at
        words[begin : at + 1] = [kept_password(device, words[0], said)]
    return " ".join(words)


@handlers.register("username")
def _username(call: Invocation[Device]) -> None:
    device, said = call.device, call.values
    config, name = device.config, str(said["name"])
    lines = config.root.forms("username", (name,))
    if call.negated or call.defaulted:
        for line in lines:
            config.apply(config.root, match(call.mode, f"no {line.text}"))
        return
    before = next((line.values for line in lines if "command" not in line.values), {})
    text = _user_line(device, before, said)
    config.apply(config.root, match(call.mode, text))
    if "command" in said:
        config.apply(config.root, match(call.mode, f"username {name} autocommand {said['command']}"))


def _user_line(device: Device, before: Mapping[str, object], said: Mapping[str, object]) -> str:
    """The one line of a user, of what it said before and what is said now."""
    if ("secret" in said and "password" in before) or ("password" in said and "secret" in before):
        raise Refused(_BOTH)
    if any(name in said for name in _PASSWORDS):
        before = {name: value for name, value in before.items() if name not in _PASSWORDS}
    values = {**before, **said}
    words = [f"username {values['name']}"]
    if "class" in values or "expanded" in values:
        words.append(f"access-class {values.get('class', values.get('expanded'))}")
    words += [flag for flag in _FLAGS if flag in values]
    if "level" in values:
        words.append(f"privilege {values['level']}")
    if "secret" in values:
        words.append(f"secret {_kept_secret(values)}")
    elif "password" in values:
        words.append(f"password {kept_password(device, 'username', values, '0 ')}")
    elif "nopassword" in values:
        words.append("nopassword")
    return " ".join(words)


def veil(device: Device) -> None:
    """Under `service password-encryption`, which has just been said: veil what is there already. Nothing takes the veil
    off again."""
    config = device.config
    for line in config.root.all("username"):
        if "text" in line.values:
            text = _user_line(device, {}, line.values)
            config.apply(config.root, match(device.catalogue.mode(config.root.mode), text))
    for block in _blocks(config.root):
        for line in block.lines:
            if line.command.check in _CHECKS and not line.negated:
                text = _with_password(device, line.tokens, line.values)
                if text != " ".join(line.tokens):
                    config.apply(block, match(device.catalogue.mode(block.mode), text))


def _blocks(block: Block) -> list[Block]:
    """A block and all within it."""
    return [block, *(found for inner in block.blocks for found in _blocks(inner))]
