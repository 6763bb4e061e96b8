"""The commands that belong to the command line itself: every mode has them, and the session runs them.

Rule: they are declared like any other, in the catalogue's own format, so that `?`, abbreviations and ambiguity count
them in; a catalogue that declares one of them (for another help text, say) keeps its own. `no`, `default` and `do`
stand in front of other commands and are no commands by themselves.
"""

from __future__ import annotations

PREFIX_HELP = {
    "default": "Set a command to its defaults",
    "do": "To run exec commands in config mode",
    "no": "Negate a command or set its defaults",
}
"""By prefix: its line in `?` of a configuration mode."""

_EXEC = """
mode exec "Exec commands:"
configure
    configure  Enter configuration mode
    .run configure
configure terminal
    configure  Enter configuration mode
    terminal   Configure from the terminal
    .run configure_terminal
disable [level:<0-15>]
    disable  Turn off privileged commands
    level    Privilege level to go to
    .privilege 0
    .run disable
exit
    exit  Exit from the EXEC
    .privilege 0
    .run logout
help
    help  Description of the interactive help system
    .privilege 0
    .run help
logout
    logout  Exit from the EXEC
    .privilege 0
    .run logout
quit
    .privilege 0
    .hidden
    .run logout
"""

_CONFIG = """
mode {mode} "-"
end
    end  Exit from configure mode
    .privilege 0
    .run end
exit
    exit  {exit}
    .privilege 0
    .run exit
help
    help  Description of the interactive help system
    .privilege 0
    .run help
"""


def text(mode: str, heading: str) -> str:
    """The built-in commands of a mode as catalogue text; `heading` is the mode's own in `?`."""
    if mode == "exec":
        return _EXEC
    what = heading.lower().removesuffix(" commands:").replace("voiceclass", "voice class")
    leave = "Exit from configure mode" if mode == "config" else f"Exit from {what} mode"
    return _CONFIG.format(mode=mode, exit=leave)


HELP_TEXT = """\
Help may be requested at any point in a command by entering
a question mark '?'.  If nothing matches, the help list will
be empty and you must backup until entering a '?' shows the
available options.
Two styles of help are provided:
1. Full help is available when you are ready to enter a
   command argument (e.g. 'show ?') and describes each possible
   argument.
2. Partial help is provided when an abbreviated argument is entered
   and you want to know what arguments match the input
   (e.g. 'show pr?'.)

"""
"""What `help` prints: device text, literal."""
